"""Checks and tests become fewer only by an edit that a review sees."""

from collections import Counter
from pathlib import PurePosixPath

import pytest

from proof.problem import demand, report
from tools import counts


def covered(config: pytest.Config, folders: set[str]) -> set[str]:
    """Return the folders that a run was asked for as a whole."""
    options = config.option
    if options.keyword or options.markexpr or options.deselect or options.ignore_glob:
        return set()
    root = config.rootpath.as_posix()
    asked = [PurePosixPath(one.removeprefix(f"{root}/")) for one in config.args]
    ignored = {str(PurePosixPath(one.removeprefix(f"{root}/"))) for one in options.ignore or ()}
    whole = {f for f in folders if any(PurePosixPath(f).is_relative_to(one) for one in asked)}
    return {
        f for f in whole if not any(one.startswith(f) for one in ignored if "browser" not in one)
    }


def test_none_was_lost(request: pytest.FixtureRequest) -> None:
    found = counts.count(item.nodeid for item in request.session.items)
    folders = covered(request.config, {*found, *counts.listed()})
    demand(counts.check(found, folders))


def test_fewer_and_many_more_are_seen() -> None:
    known = counts.listed()
    assert counts.check(Counter(known), known) == []
    folder = max(known, key=known.__getitem__)
    for other in (known[folder] - 1, known[folder] * 2, 0):
        assert f"{other} checks and tests in {folder}" in report(
            counts.check(Counter({**known, folder: other}), known)
        )
    assert "tests/new is not listed" in report(
        counts.check(Counter({**known, "tests/new": 1}), [*known, "tests/new"])
    )


def test_a_part_of_a_folder_is_not_counted(request: pytest.FixtureRequest) -> None:
    assert counts.count(["docs/a.md::x", "docs/b/c.md::y", "tests/house/test_browser.py::z"]) == {
        "docs": 1,
        "docs/b": 1,
    }
