"""Check 8: docs, snippets and tests have the same rooms, and files name each other."""

from proof.problem import report
from proof.project import House
from tools import mirror

PAGE, SNIPPET, TEST = "docs/data/shift.md", "snippets/data/shift.py", "tests/data/test_shift.py"


def test_rejects_rooms_that_are_missing(small_house: House) -> None:
    root = small_house.root
    (root / "tests/data").rename(root / "tests/date")
    message = report(mirror.check(House(root)))
    assert "there is no folder tests/data" in message
    assert "there is no tests/data/test_shift.py" in message


def test_rejects_a_test_file_without_page(small_house: House) -> None:
    path = small_house.root / TEST
    path.with_name("test_gone.py").write_text(path.read_text("utf-8"), "utf-8")
    assert "there is no page docs/data/gone.md" in report(mirror.check(House(small_house.root)))


def test_a_narrowed_collection_is_said_first(small_house: House) -> None:
    small_house.__dict__["pages"] = small_house.pages[:1]
    assert "passes over 3 files of docs/" in mirror.check(small_house)[0].what
