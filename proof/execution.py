"""Execute chapters, and hold their notebooks to what came out.

A chapter imports no file of this repository. So its result depends on its own code and on what
`proof.cache` adds to every name: what has not changed is not run again, and what is found is not stale.
"""

from __future__ import annotations

import ast
import contextlib
import hashlib
import io
import json
import re
import sys
import warnings
from dataclasses import asdict, dataclass, replace
from itertools import zip_longest
from pathlib import Path
from types import ModuleType
from typing import Any

from proof import cache, chapters, figures, runner
from proof.chapters import Shown
from proof.files import Cell, Chapter
from proof.problem import Problem, written
from proof.project import House

KILL_AFTER = 120.0  # seconds of wall time for a chapter


@dataclass
class Refused(Exception):
    """A cell shows what a page cannot show, or what is another one in every run."""

    what: str
    lineno: int

    def __str__(self) -> str:
        return self.what


def execute(chapter: Chapter) -> list[Shown] | Problem:
    """Run a chapter from top to bottom; return what each cell of code showed, or why it failed."""
    result = runner.alone(_run, chapter.path, KILL_AFTER)
    if isinstance(result, list):
        return result
    error, line = (result, 1) if isinstance(result, str) else result
    return Problem(
        chapter.name, line, f"the chapter fails: {error}",
        "Readers run this file as it stands: no warning, no network, no file written.",
        f"Mend this line, then: make update PAGE={chapter.path.stem}",
    )  # fmt: skip


def _run(path: Path, folder: str, sender: Any) -> None:
    """Run the cells of a chapter in this process; send what they showed, or error and line."""
    import matplotlib
    import matplotlib.pyplot  # writes its cache of fonts, if there is none, before the rules begin

    runner.stand_alone(folder)
    matplotlib.use("svg")
    matplotlib.rcParams.update(figures.style())
    chapter = Chapter(path, path.parent)
    forbidden = runner.obey(chapter.source)
    # A script shows its figures in windows; here the end of a cell collects them.
    warnings.filterwarnings("ignore", message="FigureCanvas.* is non-interactive")
    module = sys.modules["__main__"] = ModuleType("__main__")
    try:
        with runner.seeded(chapter.source):
            shown = [_run_cell(cell, path, module) for cell in chapter.cells if not cell.is_text]
        if forbidden:  # a cell caught the error, but it did try
            raise PermissionError(forbidden[0])
    except BaseException as error:  # noqa: BLE001 - whatever it raises is the result
        sender.send(runner.failure(error, path))
    else:
        sender.send(shown)


def _run_cell(cell: Cell, path: Path, module: ModuleType) -> Shown:
    """Run a cell as both a notebook and a script would, and refuse what only one of them shows."""
    tree = ast.parse("\n" * (cell.line - 1) + cell.source)
    last = tree.body[-1] if tree.body else None
    if isinstance(last, ast.Expr):  # a notebook keeps its value in `_`, and shows it
        kept = ast.Assign([ast.Name("_", ast.Store())], last.value)
        tree.body[-1] = ast.fix_missing_locations(ast.copy_location(kept, last))
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        exec(compile(tree, path, "exec", dont_inherit=True), module.__dict__)
    value = vars(module).pop("_", None) if isinstance(last, ast.Expr) else None
    if last and value is not None:
        raise Refused(
            f"a cell ends with a value, {type(value).__name__}, which a notebook shows and a "
            "script does not: print it, or end a figure with plt.show()", last.lineno,
        )  # fmt: skip
    if err.getvalue():
        raise Refused(f"a cell writes to stderr: {err.getvalue().strip()[:200]!r}", cell.line)
    if address := re.search(r"\b0x[0-9a-f]{6,}", out.getvalue()):
        raise Refused(f"a cell prints an address in memory, {address[0]}", cell.line)
    return Shown(out.getvalue(), _drawn(cell))


def _drawn(cell: Cell) -> str:
    """Return the figure that a cell left open, and close it."""
    from matplotlib import pyplot

    numbers = pyplot.get_fignums()
    if len(numbers) > 1:
        raise Refused("a cell draws two figures; the caption below belongs to one", cell.line)
    stream = io.StringIO()
    for number in numbers:
        pyplot.figure(number).savefig(stream, format="svg", metadata={"Date": None, "Creator": None})  # fmt: skip
    pyplot.close("all")
    name = "drawing-" + hashlib.sha256(cell.source.encode()).hexdigest()[:6]
    return figures.compact(stream.getvalue(), name) if numbers else ""


def executed(chapter: Chapter) -> list[Shown] | Problem:
    """Return what each cell shows, from the cache or by executing the chapter now."""
    # Named before the run: what changes meanwhile has another name.
    kept = cache.place("chapter", [c.source.encode() for c in chapter.cells if not c.is_text])
    if not kept.exists():
        ran = execute(chapter)
        if isinstance(ran, Problem):
            return ran
        cache.keep(kept, json.dumps([asdict(shown) for shown in ran]))
    code = (Shown(**shown) for shown in json.loads(kept.read_text("utf-8")))
    return [Shown() if cell.is_text else next(code) for cell in chapter.cells]


def check_chapter(chapter: Chapter, house: House) -> list[Problem]:
    """Execute a chapter, if its result is not known, and compare with the committed notebook."""
    shown = executed(chapter)
    if isinstance(shown, Problem):
        return [shown]
    return [
        Problem(chapter.name, cell.line, _difference(old, new),
                "A page shows what its cells print and draw under the locked versions.",
                f"make update PAGE={chapter.path.stem}")
        for cell, old, new in zip(chapter.cells, chapters.committed(chapter), shown, strict=False)
        if old.printed != new.printed or not figures.same(old.drawing, new.drawing)
    ]  # fmt: skip


def _difference(old: Shown, new: Shown) -> str:
    """Return the first line that differs, or that the drawings do."""
    lines = zip_longest(old.printed.splitlines(), new.printed.splitlines(), fillvalue="nothing")
    for one, other in lines:
        if one != other:
            return f"the notebook shows {one!r}, the run printed {other!r}"
    return "the figure in the notebook is not what the run draws"


def renew(chapter: Chapter) -> list[Path | Problem]:
    """Write the notebook of a chapter; return it if it changed, or why the chapter failed."""
    shown = executed(chapter)
    if isinstance(shown, Problem):
        return [shown]
    # A coordinate may differ in its last digit on this machine: the committed drawing stays.
    drawn = [old.drawing for old in chapters.committed(chapter) if old.drawing]
    kept = [
        next((replace(new, drawing=old) for old in drawn if figures.same(old, new.drawing)), new)
        for new in shown
    ]
    return [*written(chapter.notebook, chapters.written(chapter, kept))]
