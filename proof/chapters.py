"""Chapters: a notebook written as text, and the executed notebook that is committed beside it.

People edit `1-name.py`, in percent format. `1-name.ipynb` holds the same cells and what they
printed and drew; pages show it, and the number check reads it. `written` makes the one from the
other, so that a notebook that differs in any byte is stale or was edited by hand.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from proof.figures import check_svg, themed
from proof.files import Cell, Chapter
from proof.problem import Problem, nothing_found
from proof.project import House

SVG = "image/svg+xml"
LANGUAGE = {"name": "python3", "display_name": "Python 3", "language": "python"}
CAPTION = re.compile(r"\*\*Figure\.\*\* (?P<title>[^\n]+?[.?!])\s+(?P<text>.+?)\s*(?:\n\n|\Z)", re.DOTALL)  # fmt: skip
HOW_TO_DRAW = (
    "End the cell with plt.show(), and begin the text cell below it with "
    "`**Figure.** A title. A sentence with the numbers that it shows.`"
)


@dataclass(frozen=True)
class Shown:
    """What a cell showed when it ran."""

    printed: str = ""
    drawing: str = ""  # SVG, as `proof.figures.compact` leaves it


@dataclass(frozen=True)
class Drawing:
    """A figure of a chapter: named and described by the text cell below it."""

    line: int  # of the cell that draws it
    svg: str
    title: str
    description: str

    def themed(self, number: int) -> str:
        """Return it as pages draw it, in the colours of the scheme."""
        return themed(self.svg, self.title, self.description, f"figure-{number}").strip()


# The committed file


def written(chapter: Chapter, shown: Iterable[Shown]) -> str:
    """Return the notebook of a chapter whose cells showed this; the same for the same bytes."""
    cells = [
        _cell(number, cell, what)
        for number, (cell, what) in enumerate(zip(chapter.cells, shown, strict=True), start=1)
    ]
    notebook = {"cells": cells, "metadata": {"kernelspec": LANGUAGE}, "nbformat": 4, "nbformat_minor": 5}  # fmt: skip
    return json.dumps(notebook, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def _cell(number: int, cell: Cell, shown: Shown) -> dict[str, Any]:
    source = {"id": f"cell-{number}", "source": cell.source.splitlines(keepends=True)}
    if cell.is_text:
        return {**source, "cell_type": "markdown", "metadata": {}}
    outputs: list[dict[str, Any]] = []
    if shown.printed:
        text = shown.printed.splitlines(keepends=True)
        outputs.append({"output_type": "stream", "name": "stdout", "text": text})
    if shown.drawing:
        outputs.append(
            {"output_type": "display_data", "data": {SVG: [shown.drawing]}, "metadata": {}}
        )
    metadata = {"tags": ["snippet"]} if cell.held else {}
    # A count would say nothing: the cells ran once, in their order.
    return {**source, "cell_type": "code", "metadata": metadata, "outputs": outputs, "execution_count": None}  # fmt: skip


def _committed_cells(chapter: Chapter) -> list[dict[str, Any]]:
    """Return the cells of the committed notebook; none if it can't be read: `check_notebook` says so."""
    try:
        cells: list[dict[str, Any]] = json.loads(chapter.notebook.read_text("utf-8"))["cells"]
    except (OSError, ValueError, KeyError, TypeError):
        return []
    return cells


def committed(chapter: Chapter) -> list[Shown]:
    """Return what each cell of the committed notebook shows."""
    shown = []
    for cell in _committed_cells(chapter):
        outputs = cell.get("outputs", [])
        text = "".join(line for output in outputs for line in output.get("text", ()))
        drawing = "".join(part for output in outputs for part in output.get("data", {}).get(SVG, ()))  # fmt: skip
        shown.append(Shown(text, drawing))
    return shown


def printed(chapter: Chapter) -> list[tuple[str, str]]:
    """Return every line that a chapter's code printed, with where it was."""
    return [
        (f"{chapter.name}:{cell.line}", line)
        for cell, shown in zip(chapter.cells, committed(chapter), strict=False)
        for line in shown.printed.splitlines()
        if line
    ]


def drawings(chapter: Chapter) -> Iterator[Drawing]:
    """Yield the figures of a chapter; one without a caption has no title and no description."""
    cells = [*zip(chapter.cells, committed(chapter), strict=False)]
    for (cell, shown), below in zip(cells, [*chapter.cells[1:], None], strict=False):
        if shown.drawing:
            caption = CAPTION.match(below.source) if below and below.is_text else None
            title, text = caption.groups() if caption else ("", "")
            yield Drawing(cell.line, shown.drawing, plain(title).rstrip("."), plain(text))


def plain(markdown: str) -> str:
    """Return a paragraph as one line of text."""
    return re.sub(r"[`*]|\[|\]\([^)]*\)", "", " ".join(markdown.split()))


# Checks


def check_notebook(chapter: Chapter) -> list[Problem]:
    """Check that the committed notebook is, to the byte, what its cells and their outputs make."""
    name = chapter.notebook.relative_to(chapter.root).as_posix()
    why = "Pages and downloads show the executed notebook, so it must be of this very text."
    mend = f"make update PAGE={chapter.path.stem}"
    if not chapter.notebook.exists():
        return [Problem(chapter.name, 1, f"there is no {name}", why, mend)]
    shown = committed(chapter)
    if len(shown) == len(chapter.cells) and written(chapter, shown) == chapter.notebook.read_text(
        "utf-8"
    ):
        return []
    held = {"".join(cell["source"]) for cell in _committed_cells(chapter)}
    line = next((cell.line for cell in chapter.cells if cell.source not in held), None)
    what = f"{name} lacks this cell, or holds an earlier one" if line else f"{name} holds something else than cells, text and drawings of this file"  # fmt: skip
    return [Problem(chapter.name, line or 1, what, why, mend)]


def check_figures(chapter: Chapter) -> Iterator[Problem]:
    """Check that every figure has a caption, and follows both colour schemes."""
    drawn = list(drawings(chapter))
    for number, drawing in enumerate(drawn, start=1):
        for problem in check_svg(chapter.name, drawing.themed(number)):
            yield replace(problem, line=drawing.line, what=f"a figure {problem.what}", mend=HOW_TO_DRAW)  # fmt: skip
    captions = [cell for cell in chapter.cells if cell.is_text and cell.source.startswith("**Figure.**")]  # fmt: skip
    if len(captions) > len(drawn):
        yield Problem(chapter.name, captions[-1].line, "a caption without a figure",
                      "Readers look for what it describes.", HOW_TO_DRAW)  # fmt: skip


def check(house: House) -> list[Problem]:
    """Check the committed notebook of every chapter, without running it."""
    if not (house.root / "docs/story").is_dir():
        return []
    if not house.chapters:
        return [nothing_found("chapters")]
    return [p for one in house.chapters for p in (*check_notebook(one), *check_figures(one))]
