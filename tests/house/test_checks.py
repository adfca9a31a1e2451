"""Each check of tools/ accepts the small house, sees these faults in it, and fails where there is nothing."""

from pathlib import Path

import pytest

from proof.problem import report
from proof.project import House
from proof.registry import everything
from tests.small_house import Fault, said, said_of_nothing
from tools import bad_input, catalogue, docstrings, door, formatting, mirror, names, schema

PAGE, SNIPPET, TEST = "docs/data/shift.md", "snippets/data/shift.py", "tests/data/test_shift.py"
FAULTS = [
    Fault(mirror, "no such page", SNIPPET, "Page: docs/data/shift.md", "Page: docs/data/drift.md", "names no page"),
    Fault(mirror, "no page named", SNIPPET, "Page: docs/data/shift.md\n", "", "its docstring names no page"),
    Fault(mirror, "page of another snippet", SNIPPET, "Page: docs/data/shift.md", "Page: docs/reference/sources.md", "which does not embed it"),
    Fault(mirror, "test without docstring", TEST, '"""docs/data/shift.md"""', "", "does not name its page"),
    Fault(bad_input, "function without bad input", TEST, "names_bad_input(share_above, values=[0.1], limit=0.5)", "pass", "no test feeds share_above bad input"),
    Fault(bad_input, "bad input in no test", TEST, "def test_bad_input", "def bad_input", "no test feeds share_above bad input"),
    Fault(docstrings, "no page", SNIPPET, "Page: docs/data/shift.md\n", "", "its docstring has no Page"),
    Fault(docstrings, "no source", SNIPPET, "Source: none", "", "its docstring has no Source"),
    Fault(docstrings, "no first line", SNIPPET, "share of rows above", "share of rows\nabove", "has no first line"),
    Fault(docstrings, "no type", SNIPPET, "limit: float)", "limit)", "no type for limit"),
    Fault(docstrings, "no type of the result", SNIPPET, ") -> float:", "):", "no type for its result"),
    Fault(docstrings, "new argument", SNIPPET, "limit: float)", "limit: float, seed: int = 0)", "takes values, limit, seed"),
    Fault(docstrings, "renamed argument", SNIPPET, "    limit : float", "    bound : float", "documents values, bound"),
    Fault(docstrings, "no shape", SNIPPET, "array-like of shape (n,)", "array-like", "does not say the shape of values"),
    Fault(docstrings, "no shape of the result", SNIPPET, ") -> float:", ") -> NDArray[np.float64]:", "does not say the shape that it returns"),
    Fault(docstrings, "no result", SNIPPET, "    Returns\n    -------\n", "", "does not say what it returns"),
    Fault(docstrings, "an error too few", SNIPPET, "    ValueError\n", "    TypeError\n", "raises ValueError, its docstring says TypeError"),
    Fault(docstrings, "an error of a helper", SNIPPET, "    _check(values)\n", "    _check(values), _more()\n", "raises TypeError, ValueError"),
    Fault(docstrings, "an error too many", SNIPPET, "    ValueError\n", "    ValueError, KeyError\n", "says KeyError, ValueError"),
    Fault(catalogue, "no task", SNIPPET, "Task: count the rows above a limit\n", "", "its docstring names no task"),
    Fault(catalogue, "no verb in lower case", SNIPPET, "Task: count the rows above a limit", "Task: Rows above a limit", "completes no sentence"),
    Fault(catalogue, "a full stop", SNIPPET, "Task: count the rows above a limit", "Task: count the rows above a limit.", "completes no sentence"),
    Fault(catalogue, "no graduation", SNIPPET, "Graduate to: scipy.stats.norm\n", "", "names no library to graduate to"),
    Fault(catalogue, "library not on the page", SNIPPET, "scipy.stats.norm", "mapie", "its page never names mapie"),
    Fault(catalogue, "object not on the page", SNIPPET, "stats.norm", "stats.expon", "its page never names expon"),
    Fault(catalogue, "part of a word", PAGE, "scipy has norm", "scipy has normal", "its page never names norm"),
    Fault(catalogue, "stale catalogue", "docs/reference/catalogue.md", "count the rows", "count rows", "the catalogue is stale"),
    Fault(catalogue, "renamed argument", SNIPPET, "limit: float)", "bound: float)", "the catalogue is stale"),
    Fault(formatting, "spaces in code", SNIPPET, "np.mean(np.array(values) > limit)", "np.mean( np.array(values)>limit )", "not as the formatter"),
    Fault(names, "misspelt", PAGE, "See below.", "Call `share_abuve`.", "stands in no snippet, figure or test of this page"),
    Fault(names, "misspelt argument", PAGE, "See below.", "Call `share_above(values, limits)`.", "'limits' stands in no snippet"),
    Fault(names, "misspelt default", PAGE, "See below.", "Call `share_above(values, limt=0.5)`.", "'limt' stands in no snippet"),
    Fault(schema, "no front matter", PAGE, "---\ntitle: Shift\n", "title: Shift\n", "has no front matter"),
    Fault(schema, "no title", PAGE, "title: Shift\n", "", "'title' is a required"),
    Fault(schema, "no description", PAGE, "description: A page", "descriptoin: A page", "'description' is a required"),
    Fault(schema, "a colon", PAGE, "title: Shift\n", "title: Shift: a page\n", "is no YAML"),
    Fault(schema, "a number", PAGE, "title: Shift\n", "title: 2026\n", "title: 2026 is not"),
    Fault(schema, "a text for a list", PAGE, "title: Shift\n", "title: Shift\nprerequisites: sampling\n", "prerequisites: 'sampling' is not"),
    Fault(schema, "another template", PAGE, "title: Shift\n", "title: Shift\ntemplate: redirect.html\n", "('template' was unexpected)"),
]  # fmt: skip
CHECKS = list(dict.fromkeys(fault.check for fault in FAULTS))


@pytest.mark.parametrize("check", CHECKS)
def test_accepts(check, small_house: House) -> None:
    assert report(everything(check, small_house)) == ""


@pytest.mark.parametrize("fault", FAULTS, ids=str)
def test_rejects(fault: Fault, broken) -> None:
    assert fault.said in said(fault, broken)


@pytest.mark.parametrize("check", CHECKS)
def test_fails_where_there_is_nothing(check, tmp_path: Path) -> None:
    assert "found no " in said_of_nothing(check, tmp_path)


def test_a_copy_that_nobody_holds_alike_is_seen(small_house: House) -> None:
    source = (small_house.root / SNIPPET).read_text("utf-8")
    held = door.idiom()["_whole"]
    (small_house.root / "snippets/data/second.py").write_text(f"{source}\n\n{held}\n", "utf-8")
    seen = report(door.check(House(small_house.root)))
    assert ": _check is a copy of that in snippets/data/second.py" in seen and "_whole" not in seen
