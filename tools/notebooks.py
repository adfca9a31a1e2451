"""The story's chapters: hold their copies of snippets, execute them, keep what came out.

A chapter is self-contained: it imports no file of this repository, and holds what it uses of the
snippets as copies. So its result depends on its own bytes, the installed libraries, Python and
this machinery, and on nothing else. These four name its file in `.cache/story`; when one of them
changes the name changes, and nothing stale can be found.

`python -m tools.notebooks` executes what the cache lacks.
"""

from __future__ import annotations

import asyncio
import copy
import hashlib
import os
import platform
import re
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

from proof import figures
from proof.outputs import check_source
from proof.project import HELD, ROOT, Cell, Chapter, House, Problem, Snippet, nothing_found, report

CACHE = ".cache/story"
KEPT = 8  # executed versions of a chapter: two Pythons, a few branches
KILL_AFTER = 120  # seconds of wall time for one cell
MACHINERY = [Path(__file__), Path(figures.__file__)]
KERNEL_CONFIG = """\
from cycler import cycler
c.HistoryManager.enabled = False
c.InlineBackend.figure_formats = {{"svg"}}
c.InlineBackend.print_figure_kwargs = {{"bbox_inches": None, "metadata": {{"Date": None, "Creator": None}}}}
c.InlineBackend.rc = {style!r}
"""
# What may differ between two machines without changing a result.
PASSED_ON = (
    "PATH",
    "HOME",
    "USERPROFILE",
    "SYSTEMROOT",
    "TMPDIR",
    "TEMP",
    "TMP",
    "LD_LIBRARY_PATH",
)
FIXED = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "PYTHONHASHSEED": "0", "TZ": "UTC"}
TRACE = re.compile(r"Cell In\[(\d+)\], line (\d+)")
SVG = "image/svg+xml"
LIGHT_COLOURS = re.compile(r"--(fig-\w+): (#\w{6});")


class Broken(Exception):
    """A chapter cannot be executed as it should; holds all that speaks against it."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__(report(problems))
        self.problems = problems


# Copies of snippets


def _held_code(cell: Cell, snippets: dict[str, Snippet]) -> str | None:
    """Return what a held cell should be, None if there is no such snippet or section."""
    match = cell.held
    assert match is not None
    file = snippets.get(match["file"])
    section = file.sections.get(match["section"]) if file else None
    return None if section is None else f"{match[0]}\n{section.code}".rstrip("\n")


def update(house: House) -> list[Path]:
    """Renew every cell that holds a copy of a snippet; return the files that changed."""
    snippets = {snippet.name: snippet for snippet in house.snippets}
    changed = []
    for chapter in house.chapters:
        lines = chapter.source.splitlines()
        for cell in reversed(chapter.cells):  # from the end, so that line numbers keep
            fresh = _held_code(cell, snippets) if cell.held else None
            if fresh is not None and fresh != cell.source:
                start = cell.line - 1
                lines[start : start + len(cell.source.splitlines())] = fresh.splitlines()
        text = "\n".join(lines) + "\n"
        if text != chapter.source:
            chapter.path.write_text(text, "utf-8", newline="\n")
            changed.append(chapter.path)
    return changed


def check_chapter(chapter: Chapter, house: House) -> list[Problem]:
    """Check, without running it, that a chapter stands alone and its copies are what they copy."""
    snippets = {snippet.name: snippet for snippet in house.snippets}
    found = list(check_source(chapter))

    def add(line: int, what: str, why: str, mend: str) -> None:
        found.append(Problem(chapter.name, line, what, why, mend))

    for cell in chapter.cells:
        if cell.held:
            fresh = _held_code(cell, snippets)
            if fresh is None:
                add(cell.line, f"holds {cell.held[0][2:]}, which does not exist",
                    "Readers follow the name to the page that explains it.",
                    "Begin the cell with `# snippets/<section>/<file>.py:<name of a section>`.")  # fmt: skip
            elif fresh != cell.source:
                add(cell.line, f"is not the code of {cell.held[0][2:]}",
                    "The story runs what the pages teach.", "make update")  # fmt: skip
        elif not cell.is_text:
            for offset, text in enumerate(cell.source.splitlines()):
                if HELD.match(text):
                    add(cell.line + offset, "names a snippet, but not in the first line of a cell",
                        "Only a whole cell is held to what it copies.",
                        'Put `# %% tags=["snippet"]` above this line.')  # fmt: skip
    try:
        compile(chapter.source, chapter.name, "exec")
    except SyntaxError as error:
        add(error.lineno or 1, f"is no Python program: {error.msg}",
            "Readers also run it as one: `uv run`.",
            "Leave out magics, and put future imports into the snippet's first section.")  # fmt: skip
    for number, text, fenced in chapter.lines:
        if fenced is None and re.search(r"\[\^[\w-]+\]", text):
            add(number, "has a footnote, which notebooks do not know", "It would be printed as it stands.",
                "Link to the page of this site that cites the source.")  # fmt: skip
    return found


# Execution


def environment() -> list[str]:
    """Return all that a chapter's result depends on, besides the chapter."""
    # An installed library is a folder `name-version.dist-info`; reading them all takes far longer.
    libraries = {path.name for folder in sys.path for path in Path(folder).glob("*.*-info")}
    machinery = [hashlib.sha256(path.read_bytes()).hexdigest() for path in MACHINERY]
    return [sys.version, sys.platform, platform.machine(), *machinery, *sorted(libraries)]


def key(chapter: Chapter) -> str:
    """Return the name under which the result of a chapter is kept."""
    parts = [hashlib.sha256(chapter.path.read_bytes()).hexdigest(), *environment()]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]


def _folder(chapter: Chapter) -> Path:
    return chapter.root / CACHE / chapter.path.stem


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:32]


def cached(chapter: Chapter) -> Path | None:
    """Return the executed notebook of a chapter as it stands now, None if there is none.

    Its name carries the key and a digest of its bytes: a damaged file is not used.
    """
    for path in sorted(_folder(chapter).glob(f"{key(chapter)}.*.ipynb")):
        if path.name.split(".")[1] == _digest(path.read_bytes()):
            return path
    return None


def executed(chapter: Chapter) -> Path:
    """Return the executed notebook of a chapter, from the cache or by executing it now.

    Raises
    ------
    Broken
        If a cell fails, warns, or shows what a page cannot show. Nothing is kept then.
    """
    if path := cached(chapter):
        return path
    import nbformat

    name = key(chapter)  # before the run: whatever changes meanwhile makes another name
    data = nbformat.writes(_run(chapter)).encode()
    folder = _folder(chapter)
    path = folder / f"{name}.{_digest(data)}.ipynb"
    _write(path, data)
    others = sorted(folder.glob("*.*.ipynb"), key=lambda p: p.stat().st_mtime, reverse=True)
    for old in others[KEPT:]:
        old.unlink(missing_ok=True)
    return path


def run(chapter: Chapter) -> list[Problem]:
    """Execute a chapter if the cache lacks it; return what is wrong."""
    try:
        executed(chapter)
    except Broken as error:
        return list(error.problems)
    return []


def execute_all(chapters: list[Chapter]) -> list[Path]:
    """Return the executed notebooks of several chapters, two at a time."""
    with ThreadPoolExecutor(max_workers=2) as pool:
        return list(pool.map(executed, chapters))


def unexecuted(chapter: Chapter) -> Any:
    """Return a chapter as a notebook without outputs, the same for the same bytes."""
    import jupytext

    notebook = jupytext.reads(chapter.source, fmt="py:percent")
    notebook.metadata = {
        "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}
    }
    for number, cell in enumerate(notebook.cells, start=1):
        cell["id"] = f"cell-{number}"
    return notebook


def text_cells(chapter: Chapter) -> Path:
    """Write the notebook of the text cells alone, which is all that a page needs rendered."""
    import nbformat

    notebook = unexecuted(chapter)
    notebook.cells = [cell for cell in notebook.cells if cell.cell_type == "markdown"]
    data = nbformat.writes(notebook).encode()
    path = chapter.root / CACHE / "text" / f"{chapter.path.stem}.{_digest(data)}.ipynb"
    if not path.exists():
        _write(path, data)
    return path


def _write(path: Path, data: bytes) -> None:
    """Write a file whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".part", delete=False) as file:
        file.write(data)
    os.replace(file.name, path)


def _run(chapter: Chapter) -> Any:
    """Execute a chapter in a fresh kernel and an empty folder; return the notebook."""
    from jupyter_client.kernelspec import KernelSpecManager
    from jupyter_client.manager import AsyncKernelManager
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

    notebook = unexecuted(chapter)
    with tempfile.TemporaryDirectory() as folder:
        work, profile = Path(folder, "work"), Path(folder, "ipython/profile_default")
        work.mkdir()
        profile.mkdir(parents=True)
        config = KERNEL_CONFIG.format(style=figures.style())
        (profile / "ipython_kernel_config.py").write_text(config, "utf-8")
        (profile / "matplotlibrc").touch()
        kernel = AsyncKernelManager(
            kernel_name="python3",
            kernel_spec_manager=KernelSpecManager(kernel_dirs=[]),  # this Python's own kernel
        )
        if os.name != "nt":  # no ports, and no network to build
            kernel.transport, kernel.ip = "ipc", str(Path(folder, "kernel"))
        client = NotebookClient(
            notebook, km=kernel, timeout=KILL_AFTER, record_timing=False, store_widget_state=False,
            shutdown_kernel="immediate", resources={"metadata": {"path": str(work)}},
        )  # fmt: skip
        variables = {name: os.environ[name] for name in PASSED_ON if name in os.environ} | FIXED
        variables |= {
            "IPYTHONDIR": str(profile.parent),
            "MATPLOTLIBRC": str(profile / "matplotlibrc"),
        }
        try:
            asyncio.run(client.async_execute(env=variables, cleanup_kc=True))  # closes its loop
        except CellExecutionError as error:
            raise Broken(_failure(chapter, notebook, error)) from None
        except (CellTimeoutError, DeadKernelError) as error:
            line = chapter.cells[len(_done(notebook))].line
            what = f"the kernel gave up: {str(error).splitlines()[0]}"
            mend = f"Give the work of each cell less than {KILL_AFTER} s."
            raise Broken(Problem(chapter.name, line, what, "Readers wait for it.", mend)) from None
    if problems := list(_check_outputs(chapter, notebook)):
        raise Broken(*problems)
    return notebook


def _done(notebook: Any) -> list[Any]:
    return [c for c in notebook.cells if c.cell_type != "code" or c.execution_count is not None]


def _failure(chapter: Chapter, notebook: Any, error: Any) -> Problem:
    """Say at which line of the chapter a cell failed."""
    ran = {
        cell.execution_count: chapter.cells[place]
        for place, cell in enumerate(notebook.cells)
        if cell.cell_type == "code" and cell.execution_count is not None
    }
    trace = [
        (int(m[1]), int(m[2])) for m in TRACE.finditer(re.sub(r"\x1b\[[\d;]*m", "", str(error)))
    ]
    last = max(ran, default=0)
    number, offset = next(((n, line) for n, line in reversed(trace) if n in ran), (last, 1))
    line = ran[number].line + offset - 1 if number in ran else 1
    return Problem(
        chapter.name, line, f"the chapter fails: {error.ename}: {error.evalue}",
        "Errors in a cell fail the build; nothing of this run is kept.",
        f"Mend the cell, then: make check PAGE={chapter.path.stem}",
    )  # fmt: skip


def outputs(chapter: Chapter, notebook: Any) -> Iterator[tuple[Cell, Any]]:
    """Yield every output of a notebook with the cell that made it."""
    for cell, ran in zip(chapter.cells, notebook.cells, strict=True):
        for output in ran.get("outputs", ()):
            yield cell, output


def _check_outputs(chapter: Chapter, notebook: Any) -> Iterator[Problem]:
    """Check that every output can be shown, and is the same in every run."""
    drawn = _figures(chapter, notebook)
    for cell, output in outputs(chapter, notebook):
        data = output.get("data", {})
        text = output.get("text") or data.get("text/plain", "")
        at = f"{chapter.name}", cell.line
        if output.output_type == "stream" and output.name == "stderr":
            yield Problem(*at, f"writes to stderr: {text.strip()[:200]!r}",
                          "Readers would see a warning and wonder.", "Mend its cause.")  # fmt: skip
        elif SVG in data:
            title, description, svg = next(drawn)
            drawing = themed(title, description, svg, 1)
            for problem in figures.check_svg(chapter.name, drawing):
                mend = (
                    "End the cell with display(figure, metadata={'image/svg+xml': {'alt': text}}) and "
                    "pyplot.close(figure); text is a sentence with the numbers that the figure shows."
                )
                yield replace(problem, line=at[1], what=f"a figure {problem.what}",
                              mend=mend)  # fmt: skip
        elif "text/html" in data and "<table" not in data["text/html"]:
            yield Problem(*at, "shows HTML that is no table", "It brings styles and scripts of its own.",
                          "Print what matters of it.")  # fmt: skip
        elif not text:
            yield Problem(*at, f"shows {', '.join(data) or 'nothing'}", "The page shows text, tables and SVG.",
                          "Print it, or draw it with matplotlib.")  # fmt: skip
        elif re.search(r"\b0x[0-9a-f]{6,}", text):
            yield Problem(*at, "prints an address in memory", "It is another one in every run.",
                          "Print what matters of the object.")  # fmt: skip


def load(path: Path) -> Any:
    """Read an executed notebook."""
    import nbformat

    return nbformat.read(path, as_version=4)


def printed(chapter: Chapter) -> list[tuple[str, str]]:
    """Return every line that a chapter's code printed, with where it was."""
    lines = []
    for cell, output in outputs(chapter, load(executed(chapter))):
        text = output.get("text") or output.get("data", {}).get("text/plain", "")
        if SVG not in output.get("data", {}):
            lines += [(f"{chapter.name}:{cell.line}", line) for line in text.splitlines() if line]
    return lines


# Figures


def _figures(chapter: Chapter, notebook: Any) -> Iterator[tuple[str, str, str]]:
    """Yield title (the heading above it), description and SVG of every figure."""
    heading = chapter.path.stem
    for cell, ran in zip(chapter.cells, notebook.cells, strict=True):
        if cell.is_text:
            headings = re.findall(r"^#+ (?:\d+ · )?(.+)$", cell.source, re.MULTILINE)
            heading = headings[-1] if headings else heading
        for output in ran.get("outputs", ()):
            if SVG in output.get("data", {}):
                description = output.metadata.get(SVG, {}).get("alt", "")
                yield f"Figure: {heading}", description, output.data[SVG]


def themed(title: str, description: str, svg: str, number: int) -> str:
    """Return a figure as the site draws them: named, described, in the colours of the scheme."""
    return figures.themed(svg, title, description, f"figure-{number}").strip()


def figures_of(chapter: Chapter, notebook: Any) -> list[str]:
    """Return the figures of an executed chapter, ready for its page."""
    return [
        themed(*figure, number)
        for number, figure in enumerate(_figures(chapter, notebook), start=1)
    ]


def for_download(notebook: Any) -> str:
    """Return an executed notebook as others open it: figures in plain colours on white."""
    import nbformat

    notebook = copy.deepcopy(notebook)
    css = (ROOT / "theme/assets/house.css").read_text("utf-8")
    light = dict(reversed(LIGHT_COLOURS.findall(css)))  # the light scheme comes first
    for cell in notebook.cells:
        for output in cell.get("outputs", ()):
            if SVG in output.get("data", {}):
                svg = output.data[SVG]
                for colour, variable in figures.CSS.items():
                    svg = svg.replace(colour, light[variable[6:-1]])
                output.data[SVG] = svg.replace("<svg ", '<svg style="background: #ffffff" ', 1)
    return str(nbformat.writes(notebook)) + "\n"


def check(house: House) -> list[Problem]:
    """Check every chapter without running it."""
    if not (house.root / "docs/story").is_dir():
        return []
    if not house.chapters:
        return [nothing_found("chapters")]
    return [problem for chapter in house.chapters for problem in check_chapter(chapter, house)]


if __name__ == "__main__":
    for one in House().chapters:
        start = time.perf_counter()
        state = "kept" if cached(one) else "executed"
        executed(one)
        print(f"{one.name}: {state}, {time.perf_counter() - start:.1f} s")
