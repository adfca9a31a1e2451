"""Check 2: every embed shows something, and everything is shown."""

from pathlib import Path

import pytest

from proof import embeds
from proof.problem import demand, report
from proof.project import House
from proof.registry import everything

PAGE, SNIPPET, FIGURE = "docs/data/shift.md", "snippets/data/shift.py", "docs/data/figures/shift.py"
FUNCTION = '--8<-- "snippets/data/shift.py:function"'


def test_every_embed_shows_something() -> None:
    problems = everything(embeds, House())
    demand(problems)


def test_accepts_the_small_house(small_house: House) -> None:
    assert everything(embeds, small_house) == []


FAULTS = {
    "no such file": (PAGE, FUNCTION, '--8<-- "snippets/data/shft.py:function"', "does not exist"),
    "no such section": (PAGE, FUNCTION, '--8<-- "snippets/data/shift.py:main"', "has no section 'main'"),
    "whole file": (PAGE, FUNCTION, '--8<-- "snippets/data/shift.py"', "has no section None"),
    "line range": (PAGE, FUNCTION, '--8<-- "snippets/data/shift.py:3:6"', "embeds lines '3:6'"),
    "typing error": (PAGE, FUNCTION, '--8<- "snippets/data/shift.py:function"', "is no embed"),
    "trailing space": (PAGE, FUNCTION, FUNCTION + " ", "is no embed"),
    "untitled fence": (PAGE, '```python title="snippets/data/shift.py"', "```python", "does not name"),
    "section never shown": (PAGE, FUNCTION, "", "no page shows section 'function'"),
    "figure never shown": (PAGE, '--8<-- "docs/data/figures/shift.svg"', "", "no page shows its drawing"),
    "typed by hand": (PAGE, "See below.", "```py\nx = 1\n```", "Python typed by hand"),
    "typed by hand, tildes": (PAGE, "See below.", "~~~ {.python}\nx = 1\n~~~", "Python typed by hand"),
    "never ends": (SNIPPET, "# --8<-- [end:function]\n", "", "section 'function' never ends"),
    "never starts": (SNIPPET, "# --8<-- [start:function]\n", "", "section 'function' ends without a start"),
    "runs in secret": (SNIPPET, "# --8<-- [end:demo]", "# --8<-- [end:demo]\n    print(share_above)", "runs what no section shows"),
    "runs at import": (SNIPPET, "# SPDX", "np = None\n# SPDX", "runs what no section shows"),
    "starts twice": (
        SNIPPET, "    share = share", "    # --8<-- [start:function]\n    share = share", "starts twice",
    ),
    "marker after code": (SNIPPET, "# --8<-- [end:function]", "x = 1  # --8<-- [end:function]", "is no section marker"),
    "empty section": (
        SNIPPET, "# --8<-- [end:function]", "# --8<-- [end:function]\n# --8<-- [start:e]\n# --8<-- [end:e]",
        "section 'e' is empty",
    ),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_rejects(fault: str, broken) -> None:
    name, old, new, message = FAULTS[fault]
    problems = everything(embeds, broken(name, (old, new)))
    assert message in report(problems)
    assert all(problem.line >= 1 and problem.why and problem.mend for problem in problems)


def test_an_orphan_snippet_is_found(small_house: House) -> None:
    (small_house.root / "snippets/data/orphan.py").write_text(
        "# --8<-- [start:a]\nx\n# --8<-- [end:a]\n"
    )
    assert "no page shows section 'a'" in report(everything(embeds, House(small_house.root)))


def test_an_empty_house_fails(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    assert "found no embeds to check" in report(everything(embeds, House(tmp_path)))
