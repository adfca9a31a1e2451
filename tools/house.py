"""The house: where pages, snippets, figures and tests live, and how a check reports a problem."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

# The pages of an explained section live in a folder of the same name in docs, snippets and tests.
SECTION = re.compile(r"^ *# --8<-- \[(?P<edge>start|end):(?P<name>[\w-]+)\]$")
EMBED = re.compile(r'^ *--8<-- "(?P<path>[^":]+)(?::(?P<section>[^"]*))?"$')
FENCE = re.compile(r"^(?P<indent> *)(?P<ticks>`{3,}|~{3,})(?P<info>.*)$")


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong: where, what, why it matters, and how to mend it."""

    file: Path | str
    line: int
    what: str
    why: str
    mend: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.what}\n    why:  {self.why}\n    mend: {self.mend}"


def nothing_found(what: str) -> Problem:
    """Return the problem of a check that had nothing to look at."""
    return Problem(
        ".", 1, f"found no {what} to check", "A check that checks nothing always passes.",
        "Run it from the repository's root; if things moved, tell tools/house.py where.",
    )  # fmt: skip


def report(problems: Iterable[Problem]) -> str:
    """Return all problems as one message, in the order of their files."""
    return "\n\n".join(
        str(problem) for problem in sorted(problems, key=lambda p: (str(p.file), p.line, p.what))
    )


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
        return self.path.read_text("utf-8")


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

    @cached_property
    def lines(self) -> list[tuple[int, str, str | None]]:
        """Every line as (number, text, info string of the fence it is in or None)."""
        result: list[tuple[int, str, str | None]] = []
        fence: re.Match[str] | None = None
        for number, text in enumerate(self.source.splitlines(), start=1):
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
class House:
    """A checkout of this repository."""

    root: Path = ROOT

    @cached_property
    def pages(self) -> list[Page]:
        """All Markdown pages."""
        return [Page(path, self.root) for path in sorted((self.root / "docs").rglob("*.md"))]

    @cached_property
    def snippets(self) -> list[Snippet]:
        """All files that readers copy."""
        return [Snippet(p, self.root) for p in sorted((self.root / "snippets").rglob("*.py"))]

    @cached_property
    def figures(self) -> list[Snippet]:
        """All scripts that draw a figure."""
        return [Snippet(p, self.root) for p in sorted((self.root / "docs").rglob("figures/*.py"))]

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
