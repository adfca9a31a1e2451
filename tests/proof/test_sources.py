"""The ledger of sources: complete entries, and footnotes that are theirs."""

import shutil
from pathlib import Path

import pytest

from proof import sources
from proof.problem import demand, report
from proof.project import House

PAGE = "docs/data/shift.md"


def test_every_citation_leads_to_a_complete_entry() -> None:
    problems = sources.check(House())
    demand(problems)


def test_accepts_the_small_house(small_house: House) -> None:
    assert sources.check(small_house) == []


LEDGER = "docs/reference/sources.md"

FAULTS = {
    "unknown source": (PAGE, "trial.[^doe-2020]", "trial.[^roe-2021]", "cites 'roe-2021'"),
    "other wording": (
        PAGE,
        "J. Doe, *Shares*",
        "Doe, *Shares*",
        "footnotes are not those of the ledger",
    ),
    "no figures": (LEDGER, "- **Figures**: 12.5%\n", "", "has no line **Figures**"),
    "another year": (
        LEDGER,
        "*Shares*, 2020",
        "*Shares*, 2019",
        "not cited with the year 2020",
    ),
    "another address": (
        LEDGER,
        "*Shares*, 2020.",
        "*Shares*, 2020, [arXiv 2001.12345](https://arxiv.org/abs/2001.12346).",
        "does not hold 12345 of 'arXiv 2001.12345'",
    ),
    "from the future": (
        LEDGER,
        "2026-11-23, read",
        "2062-11-23, read",
        "was checked in the future",
    ),
    "no date": (LEDGER, "2026-11-23, read", "Read", "has no date"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_rejects(fault: str, broken) -> None:
    name, old, new, message = FAULTS[fault]
    assert message in report(sources.check(broken(name, (old, new))))


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


def test_an_empty_house_fails(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    assert "found no sources to check" in report(sources.check(House(tmp_path)))
