"""A small house that every check accepts, for tests that break one thing in it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tools import catalogue, claims, figures, sources
from tools.house import House

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

[^doe-2020]: J. Doe, *Shares*, 2020. [Entry](../reference/sources.md#doe-2020)
"""

FIGURE = '''\
"""Figure: the share of rows above the limit."""

TITLE = "The share of rows above the limit"


# --8<-- [start:figure]
def draw(axes):
    axes.plot([0.2, 0.4, 0.6, 0.9], label="rows")
    return "The share of rows above the limit is 75.0%, which the line shows."
# --8<-- [end:figure]
'''

TEST = '''\
"""docs/data/shift.md"""


def test_lower_limit(claim):
    """A lower limit lets more rows through."""


def test_bad_input():
    names_bad_input(share_above, values=[0.1], limit=0.5)
'''

SOURCES = """\
# Sources

### Doe 2020 {#doe-2020}

- **Cite as**: J. Doe, *Shares*, 2020.
- **Figures**: 12.5%
- **Says**: One trial, 12.5%.
- **Checked**: 2026-11-23, read at the source.
"""


@pytest.fixture
def small_house(tmp_path: Path) -> House:
    """Return a house with one page, one snippet, one figure, one source and one claim."""
    files = {
        "docs/data/shift.md": PAGE,
        "docs/data/figures/shift.py": FIGURE,
        "docs/reference/sources.md": SOURCES,
        "snippets/data/shift.py": SNIPPET,
        "tests/data/test_shift.py": TEST,
    }
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    figures.update(House(tmp_path))
    sources.update(House(tmp_path))
    claims.update(House(tmp_path))
    catalogue.update(House(tmp_path))
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
