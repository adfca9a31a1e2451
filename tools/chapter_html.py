"""Turn what mkdocs-jupyter renders of a chapter into a page of this site.

It renders for JupyterLab: 600 kB of styles and scripts, two copies of each code cell, and three
seconds for each chapter. So it gets the text cells alone, and only their text is kept. Code is
highlighted as on all pages; outputs and figures come from the executed notebook.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from html import escape
from typing import Any

from bs4 import BeautifulSoup, Tag
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from proof.project import Cell, Chapter, House
from tools import notebooks

NOISE = re.compile(r"<(style|script)\b.*?</\1>", re.DOTALL)
NOT_EXECUTED = """\
<div class="admonition warning"><p class="admonition-title">Not executed</p>
<p>This chapter or what it depends on has changed since it last ran, so it has no outputs here.
<code>make check PAGE={name}</code> executes it; no build publishes it like this.</p></div>"""
RUN_IT = """\
<p class="house-meta">Download: <a href="{stem}.py" download>{stem}.py</a> ·
<a href="{stem}.ipynb" download>{stem}.ipynb</a>, with these outputs</p>
<details class="house-run"><summary>Run this chapter</summary>
<p>As a program, from its address:</p>
<div class="highlight"><pre><code>uv run {address}{stem}.py</code></pre></div>
<p>Downloaded, in JupyterLab:</p>
<div class="highlight"><pre><code>uvx {libraries} --from jupyterlab jupyter-lab {stem}.ipynb</code></pre></div>
</details>"""


@dataclass(frozen=True)
class Content:
    """What a page shows of a chapter."""

    html: str
    title: str
    description: str
    headings: list[Any]  # as Python-Markdown's toc extension lists them


def content(rendered: str, chapter: Chapter, notebook: Any, address: str) -> Content:
    """Return the page of a chapter.

    Parameters
    ----------
    rendered : str
        What mkdocs-jupyter made of the notebook.
    chapter : Chapter
        The chapter.
    notebook : NotebookNode
        Its notebook, executed or not.
    address : str
        Where the page will stand, with a slash at its end.
    """
    soup = BeautifulSoup(NOISE.sub("", rendered), "html.parser")
    by_id = {str(tag["id"]): tag for tag in soup.select(".jp-Cell[id]")}
    figures = iter(notebooks.figures_of(chapter, notebook))
    parts, headings = list[str](), list[dict[str, Any]]()
    for cell, ran in zip(chapter.cells, notebook.cells, strict=True):
        if cell.is_text:
            parts.append(_text(by_id[f"cell-id={ran.id}"], headings))
        elif not cell.is_comment:
            parts += [_code(cell, chapter, ran), *_outputs(ran, figures)]
    title = next((item["name"] for item in headings if item["level"] == 1), chapter.path.stem)
    top = _top(chapter, address)
    if not any(cell.get("execution_count") for cell in notebook.cells):
        top = NOT_EXECUTED.format(name=chapter.path.stem) + top
    html = re.sub("</h1>", lambda m: m[0] + top, "\n".join(parts), count=1)
    return Content(html, title, _description(soup) or title, _nested(headings))


def _description(soup: BeautifulSoup) -> str:
    """Return the first sentences of a chapter, as many as say something."""
    first = soup.select_one(".jp-MarkdownOutput p")
    sentences = re.split(r"(?<=[.!?]) ", " ".join(first.get_text().split())) if first else []
    text = ""
    while sentences and len(text) < 60:
        text = f"{text} {sentences.pop(0)}".strip()
    return text


def _top(chapter: Chapter, address: str) -> str:
    header = re.search(r"^# dependencies = \[(.*)\]$", chapter.source, re.MULTILINE)
    names = re.findall(r'"([\w-]+)', header[1]) if header else []
    libraries = " ".join(f"--with {name}" for name in names if name != "ipython")
    return RUN_IT.format(stem=chapter.path.stem, address=escape(address), libraries=libraries)


def _text(tag: Tag, headings: list[dict[str, Any]]) -> str:
    body = tag.select_one(".jp-MarkdownOutput")
    assert body is not None
    for heading in body.select("h1, h2, h3, h4, h5, h6"):
        if anchor := heading.select_one("a.anchor-link"):
            anchor["class"], anchor["title"] = "headerlink", "Permanent link"
        name = heading.get_text().removesuffix("¶")
        level, identifier = int(heading.name[1]), heading["id"]
        headings.append(
            {"level": level, "id": identifier, "name": name, "html": escape(name), "children": []}
        )
    for quote in body.select("blockquote"):
        strong = quote.select_one("p > strong")
        if strong and strong.get_text() == "Claim.":
            strong.extract()
            quote.name, quote["class"] = "div", "admonition claim"
            sentence = quote.select_one("p")
            assert sentence is not None
            sentence["class"] = "admonition-title"
            if sentence.contents and isinstance(sentence.contents[0], str):
                sentence.contents[0].replace_with(sentence.contents[0].lstrip())
    return body.decode_contents().strip()


def _nested(headings: list[dict[str, Any]]) -> list[Any]:
    """Return the headings as a tree, down to the second level."""
    top = [item for item in headings if item["level"] == 1]
    if top:
        top[0]["children"] = [item for item in headings if item["level"] == 2]
    return top


def _code(cell: Cell, chapter: Chapter, ran: Any) -> str:
    # A copy is folded, and in colours on its own page: a thousand elements less.
    plain = escape(cell.source, quote=False) + "\n"
    code = plain if cell.held else highlight(cell.source, PythonLexer(), HtmlFormatter(nowrap=True))
    block = (
        f'<div class="language-python highlight"><pre><span></span><code>{code}</code></pre></div>'
    )
    if cell.held:
        return _copy(cell, block, chapter)
    if any(notebooks.SVG in output.get("data", {}) for output in ran.outputs):
        return f'<details class="house-held"><summary>How this figure is drawn</summary>{block}</details>'
    return block


def _copy(cell: Cell, block: str, chapter: Chapter) -> str:
    """Return the copy of a snippet, folded, with a link to the page that explains it."""
    assert cell.held is not None
    file = cell.held["file"]
    names = [
        f"<code>{node.name}</code>"
        for node in ast.parse(cell.source).body
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and not node.name.startswith("_")
    ]
    house = House(chapter.root)
    snippet = next(s for s in house.snippets if s.name == file)
    _, name = snippet.page or (1, "docs/index.md")
    page = next(page for page in house.pages if page.name == name)
    heading = re.search(r"^# (.+)$", page.source, re.MULTILINE)
    address = name.removeprefix("docs/").removesuffix(".md").removesuffix("index").strip("/")
    return (
        f'<details class="house-held" data-search-exclude><summary>{", ".join(names) or file}</summary>'
        f'<p>From <a href="../../{file}" download>{file}</a>, explained on '
        f'<a href="../../{address}/">{escape(heading[1] if heading else name)}</a>.</p>{block}</details>'
    )


def _outputs(ran: Any, figures: Any) -> list[str]:
    parts, printed = list[str](), ""
    for output in ran.outputs:
        data = output.get("data", {})
        if notebooks.SVG in data:
            parts.append(f"<figure>{next(figures)}</figure>")
        elif "text/html" in data:
            parts.append(_table(data["text/html"]))
        else:
            printed += output.get("text") or data.get("text/plain", "") + "\n"
            continue
        printed, before = "", printed
        parts[-1:-1] = _printed(before)
    return parts + _printed(printed)


def _printed(text: str) -> list[str]:
    if not text.strip():
        return []
    return [f'<pre class="house-output"><samp>{escape(text.rstrip(), quote=False)}</samp></pre>']


def _table(html: str) -> str:
    """Return the table of a data frame without its own style."""
    table = BeautifulSoup(NOISE.sub("", html), "html.parser").table
    assert table is not None
    for tag in [table, *table.find_all(True)]:
        tag.attrs = {name: tag[name] for name in ("colspan", "rowspan") if name in tag.attrs}
    for head in table.find_all("th"):
        if not head.get_text(strip=True):
            head.name = "td"  # a corner is no heading
    return str(table)
