"""A function is folded below what it is, a further demo above its output; each has its command and file.

A MkDocs hook. It adds apparatus, never content: without it the pages read the same, unfolded.
Versions are those of the lock, under which the tests prove the output; the range is the snippet's header; the
date comes from the variable VERIFIED, which the publishing workflow sets after the tests passed.
"""

from __future__ import annotations

import os
import platform
import re
import sys
from collections.abc import Iterable
from datetime import date
from functools import cache
from html import escape, unescape
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from proof.files import Snippet  # noqa: E402
from proof.outputs import recorded  # noqa: E402
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


@cache
def locked(lock: str) -> dict[str, str]:
    """Return the locked version of each library for the Python that builds."""
    pins = [Requirement(line.strip()) for line in PIN.findall(lock)]
    return {
        pin.name: str(pin.specifier).removeprefix("==")
        for pin in pins
        if pin.marker is None or pin.marker.evaluate()
    }


def provenance(snippets: Iterable[Snippet], versions: dict[str, str], verified: str | None) -> str:
    """Return which versions made the output of a page, and when a run last held it.

    Raises
    ------
    ValueError
        If `verified` is no date.
    """
    python = ".".join(platform.python_version_tuple()[:2])
    needs = sorted({name for snippet in snippets for name in snippet.needs})
    made = ", ".join([f"Python {python}", *(f"{name} {versions[name]}" for name in needs)])
    day = (
        f"verified {date.fromisoformat(verified)}"
        if verified
        else "not verified by a published run"
    )
    return (
        f"Output of this page: {made} · {day}. "
        "The header of each file names the oldest versions that its tests cover."
    )


def line(snippet: Snippet, site: str, up: str) -> str:
    """Return the HTML of the line below a snippet."""
    command, file = escape(f"uv run {site}{snippet.name}"), snippet.path.name
    return (
        f'<div class="run" data-search-exclude><code>{command}</code> '
        f'<button type="button" data-clipboard-text="{command}" aria-label="Copy command of {file}">'
        "Copy command</button> "
        f'<button type="button" class="copies" aria-label="Copy whole file {file}">Copy whole file'
        f'</button> <a href="{up}{snippet.name}" download aria-label="Download {file}">Download</a></div>'
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


def behind_output(block: str, code: str) -> str:
    """Return the block of a demo behind the lines that it prints."""
    printed = [text for _, text in recorded(code)]
    length = code.count("\n") + 1 - len(printed)
    summary = f"<summary>Code that prints this, {length} lines</summary>"
    said = escape("\n".join(printed), quote=False)
    return (
        f'<details class="demo">{summary}{block}</details>'
        f'<pre class="house-output" data-search-exclude><samp>{said}</samp></pre>'
    )


def text_of(code: str) -> str:
    """Return the text of the HTML of a code block."""
    return unescape(TAG.sub("", code)).rstrip()


def is_function(snippet: Snippet, code: str) -> bool:
    """Return whether the HTML of a code block shows the function of a snippet, to the letter."""
    function = snippet.sections.get("function")
    return function is not None and text_of(code) == function.code.rstrip()


def is_within(html: str, place: int) -> bool:
    """Return whether a place of a page lies within a fold, or a set of tabs."""
    before = html[:place]
    tabs = before.rfind('<div class="tabbed-set')
    return before.count("<details") > before.count("</details>") or (
        tabs >= 0 and before.count("<div", tabs) > before.count("</div>", tabs)
    )


def on_page_content(html: str, page: Any, config: Any, **_: Any) -> str:
    """Fold functions and all demos but the first, add the line below each snippet, mark output."""
    site, up = config["site_url"], "../" * page.url.count("/")
    shown = [(m, Snippet(ROOT / m["path"], ROOT)) for m in BLOCK.finditer(html)]
    functions = {m["path"]: m for m, snippet in shown if is_function(snippet, m["code"])}
    demos = [m for m, _ in shown if m not in functions.values()]
    further = [
        m for m in demos[1:] if recorded(text_of(m["code"])) and not is_within(html, m.start())
    ]
    # The line stands below the function, or below the last block if there is none.
    below = {match["path"]: match for match, _ in shown} | functions
    for match, snippet in reversed(shown):
        path, made = match["path"], match[0]
        if match in functions.values():
            made = folded(snippet, made)
        elif match in further:
            made = behind_output(made, text_of(match["code"]))
        made += line(snippet, site, up) if below[path] is match else ""
        html = html[: match.start()] + made + html[match.end() :]
    html = COMMAND.sub(lambda m: line(Snippet(ROOT / m["path"], ROOT), site, up), html)
    html = FILE.sub(rf'<a href="{up}\g<path>" download>\g<0></a>', html)
    if shown:
        versions = locked((ROOT / "requirements-test.txt").read_text("utf-8"))
        made = provenance((s for _, s in shown), versions, os.environ.get("VERIFIED"))
        html += f'<p class="made" data-search-exclude>{escape(made)}</p>'
    return OUTPUT.sub('<span class="out">', html)
