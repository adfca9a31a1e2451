"""The house: where pages, snippets, figures and tests live, and how a check reports a problem."""

from __future__ import annotations

import ast
import inspect
import re
import textwrap
import tomllib
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent

# The pages of an explained section live in a folder of the same name in docs, snippets and tests.
SECTION = re.compile(r"^ *# --8<-- \[(?P<edge>start|end):(?P<name>[\w-]+)\]$")
EMBED = re.compile(r'^ *--8<-- "(?P<path>[^":]+)(?::(?P<section>[^"]*))?"$')
FENCE = re.compile(r"^(?P<indent> *)(?P<ticks>`{3,}|~{3,})(?P<info>.*)$")
CELL = re.compile(r"^# %%(?P<text> \[markdown\])?")
HELD = re.compile(r"^# (?P<file>snippets/[\w/]+\.py):(?P<section>[\w-]+)$")


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong: where, what, why it matters, and how to mend it."""

    file: Path | str
    line: int
    what: str
    why: str
    mend: str

    def __post_init__(self) -> None:
        """Refuse a problem that teaches nothing."""
        if not (self.what and self.why and self.mend and self.line >= 1):
            raise ValueError(f"a problem needs a line, a what, a why and a mend: {self!r}")

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.what}\n    why:  {self.why}\n    mend: {self.mend}"


def nothing_found(what: str) -> Problem:
    """Return the problem of a check that had nothing to look at."""
    return Problem(
        ".", 1, f"found no {what} to check", "A check that checks nothing always passes.",
        "Run it from the repository's root; if things moved, tell proof/project.py where.",
    )  # fmt: skip


def report(problems: Iterable[Problem]) -> str:
    """Return all problems as one message, in the order of their files."""
    return "\n\n".join(
        str(problem) for problem in sorted(problems, key=lambda p: (str(p.file), p.line, p.what))
    )


def where(function: Callable[..., object]) -> tuple[str, int]:
    """Return the file, from the root, and the first line of a function."""
    code = inspect.unwrap(function).__code__
    path = Path(code.co_filename)
    name = path.relative_to(ROOT) if path.is_relative_to(ROOT) else path
    return name.as_posix(), code.co_firstlineno


def demand(problems: Collection[Problem]) -> None:
    """Fail the running test with all problems as its message."""
    __tracebackhide__ = True
    if problems:
        raise AssertionError(report(problems))


@dataclass(frozen=True)
class Section:
    """A named part of a snippet, shown on pages: its code without indentation."""

    name: str
    line: int
    code: str


@dataclass(frozen=True)
class File:
    """A text file of the house."""

    path: Path
    root: Path

    @property
    def name(self) -> str:
        """Path from the root, with forward slashes, as pages write it."""
        return self.path.relative_to(self.root).as_posix()

    @cached_property
    def source(self) -> str:
        """The whole file."""
        return self.path.read_text("utf-8", errors="replace")

    @cached_property
    def tree(self) -> ast.Module:
        """The parsed Python; empty if it does not parse."""
        return ast.Module(body=[], type_ignores=[]) if self.fault else ast.parse(self.source)

    @cached_property
    def fault(self) -> SyntaxError | None:
        """Why the Python does not parse; `tools.mirror` says so, other checks pass it over."""
        try:
            ast.parse(self.source)
        except SyntaxError as error:
            return error
        return None


class Snippet(File):
    """A Python file that pages embed by section."""

    @cached_property
    def markers(self) -> list[tuple[int, str, str]]:
        """All section markers as (line, "start" or "end", section name)."""
        found = []
        for line, text in enumerate(self.source.splitlines(), start=1):
            if match := SECTION.match(text):
                found.append((line, match["edge"], match["name"]))
        return found

    @cached_property
    def sections(self) -> dict[str, Section]:
        """The properly closed sections, in the order of the file."""
        lines = self.source.splitlines()
        starts = {name: line for line, edge, name in reversed(self.markers) if edge == "start"}
        sections = {}
        for end, edge, name in self.markers:
            if edge == "end" and starts.get(name, end) < end:
                body = "\n".join(lines[starts[name] : end - 1])
                code = textwrap.dedent(body).strip("\n")
                sections[name] = Section(name, starts[name], code)
        return dict(sorted(sections.items(), key=lambda item: item[1].line))

    def field(self, name: str) -> tuple[int, str] | None:
        """Line and text of a field of the docstring: Page, Source, Task, Graduate to."""
        for line, text in enumerate(self.source.splitlines(), start=1):
            if text.startswith(f"{name}: "):
                return line, text.removeprefix(f"{name}: ").strip()
        return None

    @cached_property
    def page(self) -> tuple[int, str] | None:
        """Line and path of the page that the docstring names."""
        return self.field("Page")

    @property
    def drawing(self) -> Path:
        """What a figure script draws, beside it: a drawing, or a knob with its drawing."""
        turns = re.search(r"^KNOB\b", self.source, re.MULTILINE)
        return self.path.with_suffix(".html" if turns else ".svg")

    @cached_property
    def needs(self) -> dict[str, str]:
        """The script header's libraries with their lowest version: {"numpy": "2.0"}."""
        header = re.search(r"^# dependencies = \[(.*)\]$", self.source, re.MULTILINE)
        return dict(re.findall(r'"([\w-]+)>=([\w.]+)"', header[1] if header else ""))


@dataclass(frozen=True)
class Embed:
    """A line of a page that embeds a file or one of its sections."""

    line: int
    path: str
    section: str | None
    fenced: str | None  # the info string of the fence around it, None outside a fence


class Page(File):
    """A Markdown page."""

    @property
    def shown(self) -> Path:
        """The file to which other pages link."""
        return self.path

    @property
    def numbered(self) -> Iterable[tuple[int, str]]:
        """Every line of Markdown with its number."""
        return enumerate(self.source.splitlines(), start=1)

    @cached_property
    def lines(self) -> list[tuple[int, str, str | None]]:
        """Every line as (number, text, info string of the fence it is in or None)."""
        result: list[tuple[int, str, str | None]] = []
        fence: re.Match[str] | None = None
        for number, text in self.numbered:
            match = FENCE.match(text)
            if fence is None and match:
                fence = match
                result.append((number, text, match["info"].strip()))
            elif fence is not None:
                result.append((number, text, fence["info"].strip()))
                if match and match["ticks"] == fence["ticks"] and not match["info"].strip():
                    fence = None
            else:
                result.append((number, text, None))
        return result

    @cached_property
    def embeds(self) -> list[Embed]:
        """Every embed of the page, in order."""
        return [
            Embed(number, match["path"], match["section"], info)
            for number, text, info in self.lines
            if (match := EMBED.match(text))
        ]


@dataclass(frozen=True)
class Cell:
    """A cell of a chapter."""

    line: int  # of its first line in the file
    is_text: bool
    source: str  # as in a notebook: text cells without the leading hashes

    @property
    def held(self) -> re.Match[str] | None:
        """The file and the section of which this cell is a copy, None if it is its own."""
        return None if self.is_text else HELD.match(self.source.partition("\n")[0])

    @property
    def is_comment(self) -> bool:
        """Whether it holds nothing but comments, such as the script header."""
        return not self.is_text and all(
            line.startswith("#") or not line for line in self.source.splitlines()
        )


class Chapter(Page):
    """A chapter of the story: a notebook, written as a percent-format Python file."""

    @property
    def notebook(self) -> Path:
        """The executed notebook, committed beside it: what its page shows."""
        return self.path.with_suffix(".ipynb")

    @property
    def shown(self) -> Path:
        """The file to which other pages link."""
        return self.notebook

    @cached_property
    def cells(self) -> list[Cell]:
        """The cells, in order; what stands above the first marker is a cell too."""
        lines = self.source.splitlines()
        starts = [(0, False)] if lines and not CELL.match(lines[0]) else []
        for number, line in enumerate(lines, start=1):
            if match := CELL.match(line):
                starts.append((number, match["text"] is not None))
        ends = [number - 1 for number, _ in starts[1:]] + [len(lines)]
        cells = []
        for (start, is_text), end in zip(starts, ends, strict=True):
            body = lines[start:end]
            if is_text:
                body = [line.removeprefix("#").removeprefix(" ") for line in body]
            cells.append(Cell(start + 1, is_text, "\n".join(body).rstrip("\n")))
        return cells

    @property
    def numbered(self) -> Iterable[tuple[int, str]]:
        """Every line of the text cells with its number, and a blank line after each cell."""
        for cell in self.cells:
            if cell.is_text:
                yield from enumerate([*cell.source.splitlines(), ""], start=cell.line)

    @property
    def code(self) -> list[tuple[int, str]]:
        """Every line of the code cells with its number."""
        return [
            numbered
            for cell in self.cells
            if not cell.is_text
            for numbered in enumerate(cell.source.splitlines(), start=cell.line)
        ]


@dataclass(frozen=True)
class Settings:
    """What ``[tool.proof]`` in pyproject.toml says of a project; the defaults are those of this site."""

    docs: str = "docs"
    snippets: str = "snippets"
    tests: str = "tests"
    sources: tuple[str, ...] = ("docs/reference/sources.md",)  # pages that hold the cited sources
    claims: str = "docs/reference/claims.md"  # the generated list of claims
    hand_typed: str = "docs/contributing/"  # pages that show how a snippet looks
    preload: tuple[str, ...] = ("numpy",)  # libraries that most snippets import, loaded once
    checks: tuple[str, ...] = ()  # modules, in the order of their reports


@dataclass(frozen=True)
class House:
    """A checkout of this repository."""

    root: Path = ROOT
    only_files: frozenset[str] | None = None

    @cached_property
    def settings(self) -> Settings:
        """The project's own settings."""
        path = self.root / "pyproject.toml"
        told = tomllib.loads(path.read_text("utf-8")) if path.exists() else {}
        given: dict[str, Any] = told.get("tool", {}).get("proof", {})
        lists = {name: tuple(v) if isinstance(v, list) else v for name, v in given.items()}
        return Settings(**lists)  # type: ignore[arg-type] # whatever stands in the file

    @cached_property
    def pages(self) -> list[Page]:
        """All Markdown pages."""
        return [Page(path, self.root) for path in sorted((self.root / "docs").rglob("*.md"))]

    @cached_property
    def chapters(self) -> list[Chapter]:
        """The chapters of the story."""
        every = [Chapter(p, self.root) for p in sorted((self.root / "docs/story").glob("*.py"))]
        return [c for c in every if self.only_files is None or c.name in self.only_files]

    @property
    def texts(self) -> list[Page]:
        """All that a reader reads: the pages, then the chapters."""
        return [*self.pages, *self.chapters]

    @cached_property
    def snippets(self) -> list[Snippet]:
        """All files that readers copy."""
        return self._scripts("snippets", "*.py")

    @cached_property
    def figures(self) -> list[Snippet]:
        """All scripts that draw a figure."""
        return self._scripts("docs", "figures/*.py")

    def _scripts(self, folder: str, pattern: str) -> list[Snippet]:
        every = [Snippet(p, self.root) for p in sorted((self.root / folder).rglob(pattern))]
        return [s for s in every if self.only_files is None or s.name in self.only_files]

    @cached_property
    def tests(self) -> list[File]:
        """All test files."""
        return [File(p, self.root) for p in sorted((self.root / "tests").rglob("test_*.py"))]

    @cached_property
    def unreadable(self) -> set[str]:
        """Names of the test files that do not parse."""
        return {file.name for file in self.tests if file.fault}

    def only(self, page: Page) -> House:
        """Return this house with no other snippets and figures than those of one page."""
        embedded = {Path(embed.path).with_suffix(".py").as_posix() for embed in page.embeds}
        files = (*self.snippets, *self.figures)
        own = {file.name for file in files if file.page and file.page[1] == page.name} | embedded
        return replace(self, only_files=frozenset({page.name, *own}))

    @cached_property
    def sections(self) -> list[str]:
        """Names of the sections: the folders that hold snippets."""
        return sorted(
            path.name
            for path in (self.root / "snippets").iterdir()
            if path.is_dir() and any(path.glob("*.py"))
        )

    def embedded(self, page: Page) -> Iterator[tuple[Embed, Snippet, Section]]:
        """Yield every embed of a page that shows a section of a snippet or a figure script."""
        files = {file.name: file for file in (*self.snippets, *self.figures)}
        for embed in page.embeds:
            file = files.get(embed.path)
            if file is not None and embed.section in file.sections:
                yield embed, file, file.sections[embed.section]


def page_named(house: House, name: str) -> Page:
    """Return the page or chapter of a name, an address or a path: my-page, data/my-page, docs/data/my-page.md.

    Raises
    ------
    SystemExit
        If there is no such page, or more than one.
    """
    wanted = Path("docs", name.replace("\\", "/").removeprefix("docs/").rstrip("/"))
    wanted = wanted.with_suffix("")
    found = [page for page in house.texts if Path(page.name).with_suffix("") == wanted]
    found = found or [page for page in house.texts if page.path.stem == wanted.name]
    if len(found) != 1:
        which = ", ".join(page.name for page in found) or "none"
        raise SystemExit(
            f"PAGE={name}: name one page, such as data/drift-threshold. Found: {which}."
        )
    return found[0]
