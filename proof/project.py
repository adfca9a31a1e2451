"""A project: where its pages, snippets, figures and tests live, and what pyproject.toml says of it."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from proof.files import Chapter, Embed, File, Page, Section, Snippet
from proof.problem import ROOT


@dataclass(frozen=True)
class Settings:
    """What ``[tool.proof]`` in pyproject.toml says of a project; the defaults are those of this site."""

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
