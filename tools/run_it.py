"""Below each shown snippet: the command that runs it, the file, and what its output came from.

A MkDocs hook. It adds apparatus, never content: without it the pages read the same. Versions are
those of the lock, under which the tests prove the output; the range is the snippet's header; the
date comes from the variable VERIFIED, which the publishing workflow sets after the tests passed.
"""

from __future__ import annotations

import os
import platform
import re
import sys
from datetime import date
from html import escape
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from proof.project import ROOT, Snippet  # noqa: E402

BLOCK = re.compile(
    r'<div class="(?:language-python )?highlight"><span class="filename">(?:<a [^>]*>)?'
    r"(?P<path>snippets/[\w/-]+\.py)\b.*?</code></pre></div>",
    re.DOTALL,
)
OUTPUT = re.compile(r'<span class="c1">(?=#&gt;)')
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
    command = escape(f"uv run {site}{snippet.name}")
    said = escape(provenance(snippet, versions, os.environ.get("VERIFIED")))
    return (
        f'<div class="run" data-search-exclude><code>{command}</code> '
        f'<button type="button" data-clipboard-text="{command}">Copy</button> '
        f'<a href="{up}{snippet.name}" download>Download</a><small>{said}</small></div>'
    )


def on_page_content(html: str, page: Any, config: Any, **_: Any) -> str:
    """Add the line below the last shown block of each snippet, and mark output as output."""
    site, up = config["site_url"], "../" * page.url.count("/")
    versions = locked((ROOT / "requirements-test.txt").read_text("utf-8"))
    last = {match["path"]: match.end() for match in BLOCK.finditer(html)}
    for name, end in sorted(last.items(), key=lambda item: -item[1]):
        below = line(Snippet(ROOT / name, ROOT), site, up, versions)
        html = html[:end] + below + html[end:]
    html = FILE.sub(rf'<a href="{up}\g<path>" download>\g<0></a>', html)
    return OUTPUT.sub('<span class="out">', html)
