"""MkDocs hooks of the story: execute its chapters, and make pages of what mkdocs-jupyter renders.

`mkdocs build` executes what the cache lacks; `mkdocs serve` never waits, and says so on the page.
"""

from __future__ import annotations

import hashlib
import sys
from html import escape
from pathlib import Path
from typing import Any

from mkdocs.exceptions import PluginError
from mkdocs.plugins import event_priority
from mkdocs.structure.files import File
from mkdocs.structure.toc import get_toc

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from proof.project import Chapter, House  # noqa: E402
from tools import chapter_html, notebooks  # noqa: E402

_serving = False
_notebooks: dict[str, Any] = {}  # of this build, by the address of the chapter


def on_startup(command: str, **_: Any) -> None:
    """Remember whether somebody waits."""
    global _serving
    _serving = command == "serve"


def on_config(config: Any) -> None:
    """Let mkdocs-jupyter keep what it rendered while somebody waits, for these very libraries."""
    libraries = hashlib.sha256("".join(notebooks.environment()).encode()).hexdigest()[:16]
    options = config.plugins["mkdocs-jupyter"].config
    options["cache"] = _serving
    options["cache_dir"] = str(_root(config) / ".cache/mkdocs-jupyter" / libraries)


@event_priority(-100)  # after mkdocs-jupyter made each chapter a page
def on_files(files: Any, config: Any) -> Any:
    """Find or make what each chapter printed and drew, and put both downloads beside its page."""
    chapters = House(_root(config)).chapters
    for chapter, notebook in zip(chapters, read(chapters), strict=True):
        address = chapter.path.relative_to(config.docs_dir).as_posix()
        files.get_file_from_path(address).abs_src_path = str(notebooks.text_cells(chapter))
        _notebooks[address] = notebook
        download = notebooks.for_download(notebook)
        beside = f"{address.removesuffix('.py')}/{chapter.path.stem}"
        files.append(File.generated(config, f"{beside}.py", content=chapter.path.read_bytes()))
        files.append(File.generated(config, f"{beside}.ipynb", content=download))
    return files


@event_priority(100)  # before the hooks of all pages
def on_page_content(html: str, page: Any, config: Any, **_: Any) -> str | None:
    """Make the page of a chapter."""
    address = page.file.src_uri
    if address not in _notebooks:
        return None
    chapter = Chapter(Path(config.docs_dir, address), _root(config))
    made = chapter_html.content(html, chapter, _notebooks[address], page.canonical_url or page.url)
    page.meta |= {"title": escape(made.title), "description": escape(made.description)}
    page.meta["search"] = {"boost": 0.5}  # whoever asks a question wants the page that answers it
    page.toc = get_toc(made.headings)
    return made.html


def read(chapters: list[Chapter]) -> list[Any]:
    """Return the notebooks of chapters, executed; while serving, as far as they are."""
    if _serving:
        paths = [notebooks.cached(chapter) for chapter in chapters]
        return [
            notebooks.load(path) if path else notebooks.unexecuted(chapter)
            for chapter, path in zip(chapters, paths, strict=True)
        ]
    try:
        return [notebooks.load(path) for path in notebooks.execute_all(chapters)]
    except notebooks.Broken as error:
        raise PluginError(str(error)) from error
    except ImportError as error:
        raise PluginError(
            f"{error}: to execute the story, run python3 tools/bootstrap.py test"
        ) from error


def _root(config: Any) -> Path:
    return Path(config.config_file_path).resolve().parent
