"""The files of a project: snippets with their sections, pages with their embeds, chapters with their cells."""

from __future__ import annotations

import ast
import re
import textwrap
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

SECTION = re.compile(r"^ *# --8<-- \[(?P<edge>start|end):(?P<name>[\w-]+)\]$")
EMBED = re.compile(r'^ *--8<-- "(?P<path>[^":]+)(?::(?P<section>[^"]*))?"$')
FENCE = re.compile(r"^(?P<indent> *)(?P<ticks>`{3,}|~{3,})(?P<info>.*)$")
# A knob in a chapter, alone in its line: notebooks hide a comment.
KNOB = re.compile(r"<!-- (?P<path>docs/[\w/-]+\.html) -->")
CELL = re.compile(r"^# %%(?P<text> \[markdown\])?")
HELD = re.compile(r"^# (?P<file>snippets/[\w/]+\.py):(?P<section>[\w-]+)$")


@cache
def parse(source: str) -> ast.Module | SyntaxError:
    """Return parsed Python, or why it does not parse; many checks read the same files, and change no tree."""
    try:
        return ast.parse(source)
    except SyntaxError as error:
        return error


def names_in(node: ast.AST) -> set[str]:
    """Return every name and attribute of a piece of code."""
    return {
        part.id if isinstance(part, ast.Name) else part.attr
        for part in ast.walk(node)
        if isinstance(part, (ast.Name, ast.Attribute))
    }


def imports(nodes: Iterable[ast.AST]) -> Iterator[tuple[int, str]]:
    """Yield line and dotted name of every import; that of a neighbour begins with a dot."""
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.lineno, "." * node.level + (node.module or "")


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

    @cached_property
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
        return ast.Module([], []) if isinstance(tree := parse(self.source), SyntaxError) else tree

    @cached_property
    def nodes(self) -> list[ast.AST]:
        """Every node of the parsed Python."""
        return [*ast.walk(self.tree)]

    @property
    def fault(self) -> SyntaxError | None:
        """Why the Python does not parse; `tools.mirror` says so, other checks pass it over."""
        return tree if isinstance(tree := parse(self.source), SyntaxError) else None

    @cached_property
    def needs(self) -> dict[str, str]:
        """The script header's libraries with their lowest version: {"numpy": "2.0"}."""
        header = re.search(r"^# dependencies = \[(.*)\]$", self.source, re.MULTILINE)
        return dict(re.findall(r'"([\w-]+)>=([\w.]+)"', header[1] if header else ""))


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

    @cached_property
    def embeds(self) -> list[Embed]:
        """Every knob of the chapter, and the code that draws it."""
        found = []
        for number, text in self.numbered:
            if match := KNOB.fullmatch(text):
                script = Path(match["path"]).with_suffix(".py").as_posix()
                found += [
                    Embed(number, match["path"], None, None),
                    Embed(number, script, "figure", f'python title="{script}"'),
                ]
        return found

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
