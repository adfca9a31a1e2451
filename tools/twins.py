"""Every page as Markdown, for readers who bring an assistant: data/drift-threshold.md beside data/drift-threshold/.

A MkDocs hook. The twin of a page is its source with every embed resolved, that of a chapter its
notebook with what it printed. It stands where the source stands in docs/, so that links between
pages lead from twin to twin; llms.txt lists them as https://llmstxt.org asks. mkdocs-llmstxt makes
Markdown of the HTML instead, where the titles of code, the footnotes and the figures are lost.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from proof.files import EMBED, KNOB, Page  # noqa: E402
from proof.problem import ROOT  # noqa: E402
from proof.project import House  # noqa: E402

CHAPTER = re.compile(r"(\]\((?:[\w./-]*/)?\d-[\w-]+)\.(?:py|ipynb)(?=[)#])")
SAYS = re.compile(r"(?:<title[^>]*>|<desc[^>]*>|<p data-says=[^>]*>)(.*?)</", re.DOTALL)

_nav: Any = None


def on_nav(nav: Any, **_: Any) -> None:
    """Keep the order of the pages."""
    global _nav
    _nav = nav


def on_post_build(config: Any) -> None:
    """Write the twin of every page, and the list of them."""
    site, house = Path(config["site_dir"]), House(ROOT)
    for page in house.pages:
        _write(site / page.path.relative_to(house.root / "docs"), of_page(page, house))
    for chapter in house.chapters:
        path = site / chapter.path.relative_to(house.root / "docs").with_suffix("")
        notebook = json.loads((path / f"{path.name}.ipynb").read_text("utf-8"))
        _write(path.with_suffix(".md"), of_notebook(notebook))
    _write(site / "llms.txt", "\n".join(llms(config)) + "\n")


def _write(path: Path, text: str) -> None:
    path.write_text(text, "utf-8", newline="\n")


def of_page(page: Page, house: House) -> str:
    """Return the Markdown of a page with all that it embeds."""
    lines = []
    for _, text, fenced in page.lines:
        match = None if fenced == "markdown" else EMBED.match(text)
        if match is None:
            lines.append(text if fenced else CHAPTER.sub(r"\1.md", text))
            continue
        indent = " " * (len(text) - len(text.lstrip()))
        lines += [line and indent + line for line in embedded(match, house).splitlines()]
    return "\n".join(lines) + "\n"


def embedded(match: re.Match[str], house: House) -> str:
    """Return what an embed shows: the code of a section, or what a figure says."""
    for file in (*house.snippets, *house.figures):
        if file.name == match["path"]:
            return file.sections[match["section"]].code
    return said((house.root / match["path"]).read_text("utf-8"))


def said(drawing: str) -> str:
    """Return the title of a figure and what it says, of a knob at each stop."""
    return "\n".join(unescape(text).strip() for text in SAYS.findall(drawing)) or drawing


def of_notebook(notebook: dict[str, Any]) -> str:
    """Return the Markdown of a notebook, with what it printed below each cell."""
    parts = []
    for cell in notebook["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] == "markdown":
            source = KNOB.sub(lambda knob: said((ROOT / knob["path"]).read_text("utf-8")), source)
            parts.append(CHAPTER.sub(r"\1.md", source))
            continue
        parts.append(f"```python\n{source}\n```")
        outputs = cell.get("outputs", [])
        printed = [
            "".join(o.get("text") or o.get("data", {}).get("text/plain", "")) for o in outputs
        ]
        if "".join(printed).strip():
            parts.append("```text\n" + "\n".join(text.rstrip("\n") for text in printed) + "\n```")
    return "\n\n".join(parts) + "\n"


def llms(config: Any) -> Iterator[str]:
    """Yield the lines of llms.txt: every page in the order of the navigation, with its description."""
    yield from (f"# {config['site_name']}", "", f"> {config['site_description']}")
    for item in _nav.items:
        yield from ("", f"## {item.title}", "")
        for page in _pages(item):
            address = config["site_url"] + page.file.src_uri.rpartition(".")[0] + ".md"
            title, says = (
                unescape(str(page.meta.get(key, ""))) for key in ("title", "description")
            )
            yield f"- [{title}]({address}): {says}"


def _pages(item: Any) -> Iterator[Any]:
    if item.is_page:
        yield item
    for child in item.children or []:
        yield from _pages(child)
