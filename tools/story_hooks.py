"""MkDocs hooks of the story: mkdocs-jupyter renders the committed notebooks, with our template.

Nothing is executed. A notebook that is not of its source, to the byte, stops the build.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import Any

import mkdocs_jupyter.config
from mkdocs.exceptions import PluginError
from mkdocs.plugins import event_priority
from nbconvert.exporters.templateexporter import default_filters
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from proof import chapters  # noqa: E402
from proof.files import KNOB, Cell, Chapter, Snippet  # noqa: E402
from proof.problem import report  # noqa: E402
from proof.project import House  # noqa: E402

TEMPLATES = Path(__file__).resolve().parent / "templates/chapter"
# A quote that begins with **Claim.** looks like the claims of other pages.
CLAIM = re.compile(r"<blockquote>\s*<p><strong>Claim\.</strong>\s*(.*?)</p>(.*?)</blockquote>", re.DOTALL)  # fmt: skip
CLAIMED = r'<div class="admonition claim"><p class="admonition-title">\1</p>\2</div>'
CAPTIONED = re.compile(rf"{KNOB.pattern}\s*<p>(?P<caption>.*?)</p>", re.DOTALL)
KNOB_SHOWN = """<figure data-search-exclude>{drawing}<figcaption>{caption}</figcaption></figure>
<details class="house-run" data-search-exclude><summary>How this figure is drawn</summary>
<div class="language-python highlight"><pre><span></span><code>{code}</code></pre></div></details>"""
FIGURE = re.compile(r"<figure></figure>\s*<p><strong>Figure\.</strong>\s*(.*?)</p>", re.DOTALL)
TOP = """</h1>
<p class="house-meta">Download the whole chapter: <a href="{stem}.py" download>{stem}.py</a>, to run or to edit ·
<a href="{stem}.ipynb" download>{stem}.ipynb</a>, with these outputs</p>
<details class="house-run"><summary>Run this chapter</summary>
<p>As a program, from its address:</p>
<div class="highlight"><pre><code>uv run {address}{stem}.py</code></pre></div>
<p>Downloaded, in JupyterLab:</p>
<div class="highlight"><pre><code>uvx {libraries} --from jupyterlab jupyter-lab {stem}.ipynb</code></pre></div>
</details>"""


def on_config(config: Any) -> None:
    """Give mkdocs-jupyter our template, and the template what it asks for."""
    house = House()
    mkdocs_jupyter.config.settings.templates_dir = str(TEMPLATES)
    default_filters["copied"] = lambda source: copied(source, house)
    default_filters["in_colours"] = in_colours
    default_filters["only_comments"] = lambda source: Cell(1, False, source).is_comment


def on_files(files: Any, config: Any) -> None:
    """Refuse a stale chapter, and put its source beside its page, where its notebook goes too."""
    for chapter in House().chapters:
        if problems := chapters.check_notebook(chapter):
            raise PluginError(report(problems))
        source = files.get_file_from_path(f"story/{chapter.path.name}")
        source.dest_uri = f"story/{chapter.path.stem}/{chapter.path.name}"


def on_pre_page(page: Any, config: Any, **_: Any) -> None:
    """Let the pen of a chapter lead to its source."""
    if chapter := chapter_of(page):
        notebook, source = chapter.notebook.name, chapter.path.name
        page.edit_url = page.edit_url and page.edit_url.replace(notebook, source)


@event_priority(100)  # before the hooks of all pages
def on_page_content(html: str, page: Any, **_: Any) -> str | None:
    """Make the page of a chapter."""
    chapter = chapter_of(page)
    if chapter is None:
        return None
    title, description = head(chapter)
    page.meta |= {"title": escape(title), "description": escape(description)}
    page.meta["search"] = {"boost": 0.5}  # whoever asks a question wants the page that answers it
    return content(html, chapter, page.canonical_url or page.url)


def chapter_of(page: Any) -> Chapter | None:
    """Return the chapter that a page shows, None if it is another page."""
    chapters_by_page = {f"story/{one.notebook.name}": one for one in House().chapters}
    return chapters_by_page.get(page.file.src_uri)


def head(chapter: Chapter) -> tuple[str, str]:
    """Return the title of a chapter, and as many of its first sentences as say something."""
    title, first = next(cell.source for cell in chapter.cells if cell.is_text).split("\n\n")[:2]
    sentences, description = re.split(r"(?<=[.!?])\s+", chapters.plain(first)), ""
    while sentences and len(description) < 60:
        description = f"{description} {sentences.pop(0)}".strip()
    return title.removeprefix("# "), description


def content(rendered: str, chapter: Chapter, address: str) -> str:
    """Return the page of a chapter, of what mkdocs-jupyter made of our template.

    Parameters
    ----------
    rendered : str
        The cells; then styles for JupyterLab, which mkdocs-jupyter adds below any template.
    chapter : Chapter
        The chapter.
    address : str
        Where the page will stand, with a slash at its end.
    """
    drawings = enumerate(chapters.drawings(chapter), start=1)
    libraries = Snippet(chapter.path, chapter.root).needs
    options = " ".join(f"--with {name}" for name in libraries)
    top = TOP.format(stem=chapter.path.stem, address=escape(address), libraries=options)

    def figure(caption: re.Match[str]) -> str:
        number, drawing = next(drawings)
        return f"<figure>{drawing.themed(number)}<figcaption>{caption[1]}</figcaption></figure>"

    cells, _, _ = rendered.partition("<style>")
    knobs = CAPTIONED.sub(lambda knob: turned(knob, chapter), cells)
    html = FIGURE.sub(figure, CLAIM.sub(CLAIMED, knobs))
    html = html.replace('class="anchor-link"', 'class="headerlink" title="Permanent link"')
    return html.replace("</h1>", top, 1)


def turned(knob: re.Match[str], chapter: Chapter) -> str:
    """Return a knob with its caption and the code that draws it."""
    path = chapter.root / knob["path"]
    code = Snippet(path.with_suffix(".py"), chapter.root).sections["figure"].code
    drawing = path.read_text("utf-8")
    return KNOB_SHOWN.format(drawing=drawing, caption=knob["caption"], code=escape(code))


def in_colours(source: str) -> str:
    """Return Python code as HTML."""
    return str(highlight(source, PythonLexer(), HtmlFormatter(nowrap=True)))


def copied(source: str, house: House) -> dict[str, str]:
    """Return what the page says of a cell that holds a copy: its functions, its file, its page."""
    match = Cell(1, False, source).held
    assert match is not None
    snippet = next(s for s in house.snippets if s.name == match["file"])
    _, name = snippet.page or (1, "docs/index.md")
    page = next(page for page in house.pages if page.name == name)
    heading = re.search(r"^# (.+)$", page.source, re.MULTILINE)
    address = name.removeprefix("docs/").removesuffix(".md").removesuffix("index").strip("/")
    return {
        "names": ", ".join(public(source)) or snippet.name,
        "file": snippet.name,
        "address": f"{address}/",
        "title": heading[1] if heading else name,
    }


def public(source: str) -> Iterator[str]:
    """Yield, as HTML, the functions and classes of a source that others may call."""
    for node in ast.parse(source).body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and not node.name.startswith("_"):
            yield f"<code>{node.name}</code>"
