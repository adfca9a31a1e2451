"""The built page, for `make check`: what only the finished HTML shows."""

from __future__ import annotations

import tempfile
from pathlib import Path

from proof.files import Page
from proof.problem import Problem
from proof.project import House
from tools import safety, shown, site


def check_built(page: Page, house: House) -> list[Problem]:
    """Build the site, and return what is wrong on one page of it."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            site.build(Path(folder), house.root)
        except site.BuildFailed as failed:
            return failed.problems
        result = site.built_from(page.name, Path(folder))
        files = {file.name: file for file in (*house.snippets, *house.figures)}
        return [
            *site.check_structure(result),
            *site.check_budget(result),
            *safety.check_html(result),
            *shown.check_page(result, files)[0],
        ]
