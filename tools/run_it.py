"""A function is folded below what it is; beside it stand its command, its file, and what made its output.

A MkDocs hook. It adds apparatus, never content: without it the pages read the same, unfolded.
Versions are those of the lock, under which the tests prove the output; the range is the snippet's header; the
date comes from the variable VERIFIED, which the publishing workflow sets after the tests passed.
"""

from __future__ import annotations

import os
import platform
import re
import sys
from datetime import date
from html import escape, unescape
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from proof.files import Snippet  # noqa: E402
from proof.problem import ROOT  # noqa: E402
from tools import catalogue  # noqa: E402

BLOCK = re.compile(
    r'<div class="(?:language-python )?highlight"[^>]*><span class="filename">(?:<a [^>]*>)?'
    r"(?P<path>snippets/[\w/-]+\.py)\b.*?<code>(?P<code>.*?)</code></pre></div>",
    re.DOTALL,
)
TAG = re.compile(r"<[^>]+>")
OUTPUT = re.compile(r'<span class="c1">(?=#&gt;)')
# A command alone in its paragraph gets the address of the file, and what comes below a snippet.
COMMAND = re.compile(r"<p><code>uv run (?P<path>snippets/[\w/-]+\.py)</code></p>")
FILE = re.compile(r"<code>(?P<path>snippets/[\w/-]+\.py)</code>")
PIN = re.compile(r"^[\w.-]+==[^\\\n]+", re.MULTILINE)


def locked(lock: str) -> dict[str, str]:
    """Return the locked version of each library for the Python that builds."""
    pins = [Requirement(line.strip()) for line in PIN.findall(lock)]
    return {
        pin.name: str(pin.specifier).removeprefix("==")
        for pin in pins
        if pin.marker is None or pin.marker.evaluate()
    }


def provenance(snippet: Snippet, versions: dict[str, str], verified: str | None) -> str:
    """Return which versions made the output, which the tests cover, and when a run last held it.

    Raises
    ------
    ValueError
        If `verified` is no date.
    """
    python = ".".join(platform.python_version_tuple()[:2])
    made = [f"Python {python}", *(f"{name} {versions[name]}" for name in snippet.needs)]
    tested = [f"{name} {version}" for name, version in snippet.needs.items()]
    day = (
        f"verified {date.fromisoformat(verified)}"
        if verified
        else "not verified by a published run"
    )
    since = f" · tested from {', '.join(tested)}" if tested else ""
    return f"Output: {', '.join(made)}{since} · {day}"


def line(snippet: Snippet, site: str, up: str, versions: dict[str, str]) -> str:
    """Return the HTML of the line below a snippet."""
    command, file = escape(f"uv run {site}{snippet.name}"), snippet.path.name
    said = escape(provenance(snippet, versions, os.environ.get("VERIFIED")))
    return (
        f'<div class="run" data-search-exclude><code>{command}</code> '
        f'<button type="button" data-clipboard-text="{command}" aria-label="Copy command of {file}">'
        "Copy command</button> "
        f'<button type="button" class="copies" aria-label="Copy whole file {file}">Copy whole file'
        f'</button> <a href="{up}{snippet.name}" download aria-label="Download {file}">Download</a>'
        f"<small>{said}</small></div>"
    )


def folded(snippet: Snippet, block: str) -> str:
    """Return the block of a snippet's function behind what it is, what it says, and how long it is."""
    functions = "".join(
        f"<code>{escape(f'{f.name}{f.takes} → {f.returns}').replace('(', '(<wbr>')}</code> {escape(f.says)}<br>"
        for f in catalogue.functions(snippet)
    )
    length = snippet.sections["function"].code.count("\n") + 1
    summary = f"<summary>{functions}<small>{length} lines</small></summary>"
    return f'<details class="function">{summary}{block}</details>'


def is_function(snippet: Snippet, code: str) -> bool:
    """Return whether the HTML of a code block shows the function of a snippet, to the letter."""
    function = snippet.sections.get("function")
    return function is not None and unescape(TAG.sub("", code)).rstrip() == function.code.rstrip()


def on_page_content(html: str, page: Any, config: Any, **_: Any) -> str:
    """Fold functions, add the line below each snippet once, and mark output as output."""
    site, up = config["site_url"], "../" * page.url.count("/")
    versions = locked((ROOT / "requirements-test.txt").read_text("utf-8"))
    shown = [(m, Snippet(ROOT / m["path"], ROOT)) for m in BLOCK.finditer(html)]
    below = {
        match["path"]: match for match, _ in shown
    }  # the last block, unless there is a function
    functions = {m["path"]: m for m, snippet in shown if is_function(snippet, m["code"])}
    below |= functions
    for match, snippet in reversed(shown):
        path, block = match["path"], match[0]
        made = folded(snippet, block) if functions.get(path) is match else block
        made += line(snippet, site, up, versions) if below[path] is match else ""
        html = html[: match.start()] + made + html[match.end() :]
    html = COMMAND.sub(lambda m: line(Snippet(ROOT / m["path"], ROOT), site, up, versions), html)
    html = FILE.sub(rf'<a href="{up}\g<path>" download>\g<0></a>', html)
    return OUTPUT.sub('<span class="out">', html)
