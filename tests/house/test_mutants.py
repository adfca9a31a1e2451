"""Mutants: a fault that no test notices is reported with its line, one that is noticed is not."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from proof.files import Snippet
from proof.problem import ROOT
from tools import mutants

SNIPPET = '''\
"""Count and cut."""
# --8<-- [start:function]
LIMIT = 3


def above(values: list[float], least: int | None = LIMIT) -> int:
    """Count the values above 3."""
    count = 0
    while values:
        if values[0] > least:
            count += 1
        values = values[1:]
    return count


def cut(value: float) -> float:
    """Return the value, at most 5."""
    if value != value:
        raise ValueError("value must not be NaN" + "!" * 2)
    return min(value, 5)


# --8<-- [end:function]

if __name__ == "__main__":
    # --8<-- [start:demo]
    print(cut(7))
    #> 5
    # --8<-- [end:demo]
'''
TEST = """\
from snippets.data.counts import above, cut

def test_above():
    assert above([1, 4, 5]) == 2
    assert above([2]) == 0
"""


@pytest.fixture
def house(tmp_path: Path) -> Path:
    for name, text in (("snippets/data/counts.py", SNIPPET), ("tests/data/test_counts.py", TEST)):
        path = tmp_path / name
        path.parent.mkdir(parents=True)
        path.write_text(text, "utf-8")
    return tmp_path


def test_every_kind_of_fault_is_made_where_it_counts(house: Path) -> None:
    snippet = Snippet(house / "snippets/data/counts.py", house)
    found = {(m.line, "".join(m.now.split())) for m in mutants.mutants(snippet)}
    assert {
        (3, "LIMIT=4"), (9, "whilenotvalues:"), (10, "ifvalues[0]>=least:"), (11, "pass"),
        (12, "values=values[0:]"), (18, "ifvalue==value:"), (19, "pass"), (20, "returnmin(value,6)"),
    } <= found  # fmt: skip
    # Annotations, the texts of errors, docstrings and the demo are excused.
    excused = ("values:list", "mustnot", "Return", "print")
    assert not [text for _, text in found if any(part in text for part in excused)]


def run(house: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tools.mutants", "--root", str(house), "--jobs", "1"]
    return subprocess.run(
        [*command, *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )


def test_survivors_are_listed_and_the_share_is_asked(house: Path) -> None:
    done = run(house)
    assert done.returncode == 1, done.stdout + done.stderr
    assert re.search(
        r"counts\.py:10: if values\[0\] > least:\n +→ if values\[0\] >= least:", done.stdout
    )
    assert re.search(r"counts\.py:19: raise ValueError\(.*\n +→ pass", done.stdout)
    assert "→ count" not in done.stdout, "a counter that counts wrongly is noticed by the test"
    assert "min(value" not in done.stdout, "a wrong limit is noticed by the demo"
    assert "counts.py:12:" not in done.stdout, "a loop that never ends is noticed by the clock"
    more = (
        "def test_more():\n    import pytest\n    assert above([3]) == 0\n    assert cut(4) == 4\n"
    )
    more += "    with pytest.raises(ValueError):\n        cut(float('nan'))\n"
    path = house / "tests/data/test_counts.py"
    path.write_text(f"{TEST}\n{more}", "utf-8")
    again = run(house)
    assert again.returncode == 0, again.stdout + again.stderr
    assert "all: 100.0%" in again.stdout


def test_a_test_that_fails_anyway_kills_nothing(house: Path) -> None:
    path = house / "tests/data/test_counts.py"
    path.write_text(f"{TEST}    assert above([9]) == 7\n", "utf-8")
    done = run(house, "--sample", "1")
    assert done.returncode == 1 and "test_above fails without any fault" in done.stdout


def test_nothing_to_break_is_no_success(house: Path) -> None:
    done = run(house, "nowhere")
    assert done.returncode == 1 and "found no snippet function to break" in done.stdout
