"""MkDocs hooks of the story: hand its executed chapters to mkdocs-jupyter, lighten what returns.

`mkdocs build` executes what the cache lacks; `mkdocs serve` never waits, and says so on the page.
"""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path
from typing import Any

from mkdocs.exceptions import PluginError
from mkdocs.plugins import event_priority
from mkdocs.structure.files import File
from mkdocs.structure.toc import get_toc

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tools import chapter_html, notebooks  # noqa: E402
from tools.house import Chapter, House  # noqa: E402

_serving = False


def on_startup(command: str, **_: Any) -> None:
    """Remember whether somebody waits."""
    global _serving
    _serving = command == "serve"


def on_config(config: Any) -> None:
    """Let mkdocs-jupyter keep what it rendered while serving, per version of all libraries."""
    options = config.plugins["mkdocs-jupyter"].config
    libraries = hashlib.sha256("".join(notebooks.environment()).encode()).hexdigest()[:16]
    options["cache"] = _serving
    options["cache_dir"] = str(_root(config) / ".cache/mkdocs-jupyter" / libraries)


@event_priority(-100)  # after mkdocs-jupyter made each chapter a page
def on_files(files: Any, config: Any) -> Any:
    """Let each chapter's page be made of its executed notebook, and put both downloads beside it."""
    chapters = House(_root(config)).chapters
    for chapter, path in zip(chapters, _notebooks(chapters), strict=True):
        address = chapter.path.relative_to(config.docs_dir).as_posix()
        page = files.get_file_from_path(address)
        page.abs_src_path = str(path)
        download = notebooks.for_download(notebooks.load(path))
        beside = f"{address.removesuffix('.py')}/{chapter.path.stem}"
        files.append(File.generated(config, f"{beside}.py", content=chapter.path.read_bytes()))
        files.append(File.generated(config, f"{beside}.ipynb", content=download))
    return files


@event_priority(100)  # before the hooks of all pages
def on_page_content(html: str, page: Any, config: Any, **_: Any) -> str | None:
    """Make the page of a chapter."""
    if not page.file.src_uri.endswith(".py"):
        return None
    chapter = Chapter(Path(config.docs_dir, page.file.src_uri), _root(config))
    notebook = notebooks.load(Path(page.file.abs_src_path))
    made = chapter_html.content(html, chapter, notebook, page.canonical_url or page.url)
    page.meta |= {"title": made.title, "description": made.description}
    page.toc = get_toc(made.headings)
    return made.html


def _root(config: Any) -> Path:
    return Path(config.config_file_path).resolve().parent


def _notebooks(chapters: list[Chapter]) -> list[Path]:
    if _serving:
        return [notebooks.cached(chapter) or notebooks.draft(chapter) for chapter in chapters]
    try:
        return notebooks.execute_all(chapters)
    except notebooks.Broken as error:
        raise PluginError(str(error)) from error
    except ImportError as error:
        raise PluginError(
            f"{error}: the story needs requirements-test.txt, see tools/bootstrap.py"
        ) from error
