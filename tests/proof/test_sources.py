"""The ledger of sources: complete entries, and footnotes that are theirs."""

import shutil

from proof import sources
from proof.problem import report
from proof.project import House

PAGE = "docs/data/shift.md"


LEDGER = "docs/reference/sources.md"


def test_rejects_one_id_on_two_pages(small_house: House) -> None:
    ledger = small_house.root / LEDGER
    (small_house.root / "pyproject.toml").write_text(
        f'[tool.proof]\nsources = ["{LEDGER}", "docs/reference/law.md"]\n', "utf-8"
    )
    shutil.copy(ledger, small_house.root / "docs/reference/law.md")
    assert "doe-2020 stands on docs/reference/sources.md, too" in report(
        sources.check(House(small_house.root))
    )


def test_update_writes_the_footnotes_of_the_ledger(broken) -> None:
    house = broken(PAGE, ("J. Doe, *Shares*", "Doe"))
    assert sources.update(house) == [house.root / PAGE]
    assert sources.check(House(house.root)) == []
    assert sources.update(House(house.root)) == []
