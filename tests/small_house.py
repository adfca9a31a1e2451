"""A small house that every check accepts, for tests that break one thing in it."""

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

import pytest

from proof import figures, sources, stated
from proof.problem import ROOT, Problem, report
from proof.project import House
from proof.registry import everything
from tools import catalogue

SNIPPET = '''\
# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0"]
# ///
"""The share of rows above a limit.

Page: docs/data/shift.md
Source: none
Task: count the rows above a limit
Graduate to: scipy.stats.norm
"""
# SPDX-License-Identifier: MIT

# --8<-- [start:function]
import numpy as np
from numpy.typing import ArrayLike


def share_above(values: ArrayLike, limit: float) -> float:
    """Return the share of values above a limit.

    Parameters
    ----------
    values : array-like of shape (n,)
        Numbers in any unit.
    limit : float
        A number in the same unit.

    Returns
    -------
    float
        Between 0 and 1.

    Raises
    ------
    ValueError
        If there are no values.
    """
    _check(values)
    return float(np.mean(np.array(values) > limit))


def _check(values: ArrayLike) -> None:
    if not np.size(values):
        raise ValueError("values must not be empty")


def _more() -> None:
    raise TypeError("never called")


# --8<-- [end:function]

if __name__ == "__main__":
    # --8<-- [start:demo]
    share = share_above([0.2, 0.4, 0.6, 0.9], limit=0.3)
    print(f"rows above the limit: {share:.1%}")
    #> rows above the limit: 75.0%
    # --8<-- [end:demo]
'''

PAGE = """\
---
title: Shift
description: A page that every check accepts.
---

# Shift

The share of rows above the limit is 75.0%.
scipy has norm for a known distribution.
Others found 12.5% in one trial.[^doe-2020]

<figure markdown="0">
--8<-- "docs/data/figures/shift.svg"
<figcaption>The share of rows above the limit.</figcaption>
</figure>

!!! claim "A lower limit lets more rows through."

    See below.

```python title="snippets/data/shift.py"
--8<-- "snippets/data/shift.py:function"
```

```python title="snippets/data/shift.py, demo"
--8<-- "snippets/data/shift.py:demo"
```

```python title="docs/data/figures/shift.py"
--8<-- "docs/data/figures/shift.py:figure"
```

## Where it stops

- With one row it does not.

[^doe-2020]: J. Doe, *Shares*, 2020. [Entry](../reference/sources.md#doe-2020)
"""

FIGURE = '''\
"""Figure: the share of rows above the limit."""

TITLE = "The share of rows above the limit"


# --8<-- [start:figure]
def draw(axes):
    values = [0.2, 0.4, 0.6, 0.9]
    axes.plot(values, label="rows")
    share = sum(value > 0.3 for value in values) / len(values)
    return f"The share of rows above the limit is {share:.1%}, which the line shows."
# --8<-- [end:figure]
'''

TEST = '''\
"""docs/data/shift.md"""


def test_lower_limit(claim):
    """A lower limit lets more rows through."""
    claim.effect("share", share, knob="limit", on=1, off=0)
    claim.limit("With one row it does not.", "share", share, below=0.5)


def test_bad_input():
    names_bad_input(share_above, values=[0.1], limit=0.5)
'''

SOURCES = """\
---
title: Sources
description: What may be cited.
---

# Sources

### Doe 2020 {#doe-2020}

- **Cite as**: J. Doe, *Shares*, 2020.
- **Figures**: 12.5%
- **Says**: One trial, 12.5%.
- **Checked**: 2026-11-23, read at the source.
"""


TARGETS = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
COMMAND = re.compile(r"(?:^|run |: )make (\w+)|python -m tools\.(\w+)")


def cannot_be_acted_on(problem: Problem, folders: list[Path]) -> str | None:
    """Return why nobody could act on a problem: its file, its line or its command is not there."""
    for target, module in COMMAND.findall(problem.mend):
        if target and target not in TARGETS:
            return f"there is no make {target}"
        if module and not (ROOT / f"tools/{module}.py").exists():
            return f"there is no tools/{module}.py"
    if not folders:
        return None
    paths = [folder / problem.file for folder in folders if (folder / problem.file).exists()]
    if not paths:
        return f"there is no {problem.file}"
    lines = [len(p.read_text("utf-8", errors="replace").splitlines()) for p in paths if p.is_file()]
    if lines and problem.line > max(1, *lines):
        return f"{problem.file} has no line {problem.line}"
    return None


@pytest.fixture(autouse=True)
def every_problem_can_be_acted_on(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    """Hold each problem that a test provokes to a command that exists; in a house, to file and line."""
    in_a_house = {"small_house", "edited"} & set(request.fixturenames)
    complete, faults = Problem.__post_init__, []

    def record(problem: Problem) -> None:
        complete(problem)
        below = [path for path in tmp_path.iterdir() if path.is_dir()]
        folders = [tmp_path, *below, ROOT] if in_a_house else []
        if wrong := cannot_be_acted_on(problem, folders):
            faults.append(f"{wrong}: {problem}")

    monkeypatch.setattr(Problem, "__post_init__", record)
    yield
    assert not faults, "\n\n".join(faults)


@pytest.fixture(scope="session")
def small_house_as_built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a house with one page, one snippet, one figure, one source and one claim."""
    root = tmp_path_factory.mktemp("small") / "house"
    files = {
        "docs/data/shift.md": PAGE,
        "docs/data/figures/shift.py": FIGURE,
        "docs/reference/sources.md": SOURCES,
        "snippets/data/shift.py": SNIPPET,
        "tests/data/test_shift.py": TEST,
    }
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, "utf-8")
    for check in (figures, sources, stated, catalogue):
        check.update(House(root))
    return root


@pytest.fixture
def small_house(small_house_as_built: Path, tmp_path: Path) -> House:
    """Return a copy of the small house, to break."""
    shutil.copytree(small_house_as_built, tmp_path, dirs_exist_ok=True)
    return House(tmp_path)


@pytest.fixture
def broken(small_house: House) -> Callable[..., House]:
    """Return a function that replaces text in a file of the small house and returns the house."""

    def break_it(name: str, *changes: tuple[str, str]) -> House:
        path = small_house.root / name
        text = path.read_text("utf-8")
        for old, new in changes:
            assert old in text, f"{name} does not hold {old!r}"
            text = text.replace(old, new, 1)
        path.write_text(text, "utf-8")
        return House(small_house.root)

    return break_it


class Fault(NamedTuple):
    """A text that is replaced in a file of the small house, and what the check says to it."""

    check: ModuleType
    name: str
    file: str
    old: str
    new: str
    said: str
    redrawn: bool = False  # a fault of the drawing: it must not merely be stale

    def __str__(self) -> str:
        return f"{self.check.__name__}, {self.name}"


def said(fault: Fault, broken: Callable[..., House]) -> str:
    """Return what the check of a fault says once it is there."""
    house = broken(fault.file, (fault.old, fault.new))
    if fault.redrawn:
        figures.update(house)
    return report(everything(fault.check, House(house.root)))


def said_of_nothing(check: ModuleType, folder: Path) -> str:
    """Return what a check says of an empty house: what looks at nothing would pass for ever."""
    for name in ("docs", "snippets"):
        (folder / name).mkdir()
    return report(everything(check, House(folder)))
