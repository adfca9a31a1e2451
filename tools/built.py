"""The built page, for `make check`: what only the finished HTML shows."""

from __future__ import annotations

import tempfile
from pathlib import Path

from proof.files import Page
from proof.problem import Problem
from proof.project import House
from tools import safety, shown, site


def check_built(page: Page, house: House) -> list[Problem]:
    """Build one page of the site, and return what is wrong on it."""
    with tempfile.TemporaryDirectory() as folder:
        result = site.built_from(page.name, Path(folder))
        others = {other.name for other in house.texts} - {page.name}
        try:
            site.build(Path(folder), house.root, page=page)
        except site.BuildFailed as failed:
            # Another page may point at a heading of a third, which was left out.
            own = [problem for problem in failed.problems if problem.file not in others]
            if own or not result.path.exists():
                return own or failed.problems
        files = {file.name: file for file in (*house.snippets, *house.figures)}
        return [
            *site.check_structure(result),
            *site.check_budget(result),
            *safety.check_html(result),
            *shown.check_page(result, files)[0],
        ]
