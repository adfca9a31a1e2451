"""No published address disappears in silence."""

from proof.problem import report
from proof.project import House
from tools import addresses


def test_what_is_new_is_added_and_what_is_gone_is_reported(small_house: House) -> None:
    assert "found no published addresses" in report(addresses.check(small_house))
    path = small_house.root / addresses.LIST
    assert addresses.update(small_house) == [path]
    assert addresses.update(small_house) == [] == addresses.check(small_house)
    assert {"/data/shift/", "/snippets/data/shift.py"} <= set(
        dict(addresses.listed(small_house.root))
    )
    path.write_text("/\n" + path.read_text("utf-8").replace("/data/shift/", "/data/old/"), "utf-8")
    message = report(addresses.check(House(small_house.root)))
    assert "/data/shift/ is not listed" in message and "/data/old/ is gone" in message
    addresses.update(House(small_house.root))
    assert "/data/old/" in dict(addresses.listed(small_house.root)), "update must forget nothing"


def test_a_snippet_that_moved_keeps_its_arrow(small_house: House) -> None:
    addresses.update(small_house)
    path = small_house.root / addresses.LIST
    arrow = "/snippets/data/old.py -> /snippets/data/shift.py\n"
    path.write_text(path.read_text("utf-8").replace("/data/shift/\n", "") + arrow, "utf-8")
    addresses.update(small_house)
    assert arrow in path.read_text("utf-8") and addresses.check(small_house) == []
    path.write_text(path.read_text("utf-8").replace(arrow, arrow.replace("shift", "gone")), "utf-8")
    assert "/snippets/data/gone.py is gone" in report(addresses.check(small_house))
