"""Check 5: claims and tests match one to one; a test shows effect and null over several seeds."""

import re
from pathlib import Path

import pytest

from proof import claims
from proof.claims import Claim
from proof.project import House, demand, report

PAGE, TEST = "docs/data/shift.md", "tests/data/test_shift.py"
SENTENCE = "A lower limit lets more rows through."


def test_claims_and_tests_match() -> None:
    problems = claims.check(House())
    demand(problems)


def test_each_cell_of_the_home_page_quotes_a_claim_and_links_to_it() -> None:
    home = (House().root / "docs/index.md").read_text("utf-8")
    rows = [line for line in home.splitlines() if line.startswith("| **")]
    assert len(rows) == 5
    stated = claims.on_pages(House().pages)
    for row in rows:
        links = re.findall(r"\[([^\]]+)\]\(([^)#]+)[^)]*\)", row)
        assert len(links) == 2
        for sentence, page in links:
            assert sentence in stated, f"the home page quotes what no page claims: {sentence!r}"
            assert stated[sentence][0].file == f"docs/{page}"


def test_accepts_the_small_house(small_house: House) -> None:
    assert claims.check(small_house) == []


FAULTS = {
    "test that pytest does not see": ("tests/data/test_shift.py", "def test_lower_limit", "if None:\n  def test_lower_limit", "no test holds the claim"),
    "another sentence in the test": (TEST, SENTENCE, SENTENCE + " Always.", "no test holds the claim"),
    "another sentence on the page": (PAGE, SENTENCE, "A higher limit does.", "no page states the claim"),
    "no fixture": (TEST, "(claim)", "()", "no test holds the claim"),
    "no sentence": (PAGE, f'claim "{SENTENCE}"', "claim", "a claim without a sentence"),
    "no full stop": (PAGE, SENTENCE, SENTENCE[:-1], "the claim is no sentence"),
    "stated twice": (PAGE, "    See below.", f'    See below.\n\n!!! claim "{SENTENCE}"\n', "stands twice"),
    "held twice": (
        TEST, "def test_bad", f'def test_again(claim):\n    """{SENTENCE}"""\n\n\ndef test_bad', "two tests hold",
    ),
    "stale ledger": (claims.LEDGER, SENTENCE, "Something else.", "the claims page is stale"),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_rejects(fault: str, broken) -> None:
    name, old, new, message = FAULTS[fault]
    assert message in report(claims.check(broken(name, (old, new))))


def test_the_test_belongs_to_the_page_of_the_claim(small_house: House) -> None:
    path = small_house.root / TEST
    path.rename(path.with_name("test_other.py"))
    assert "the test belongs to docs/data/other.md" in report(claims.check(House(small_house.root)))


def test_an_empty_house_fails(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    assert "found no claims to check" in report(claims.check(House(tmp_path)))


def test_a_claim_needs_an_effect_and_a_null() -> None:
    claim = Claim(SENTENCE)
    claim.holds("share", lambda seed: 0.9, above=0.5)
    with pytest.raises(AssertionError, match=r"never called claim.null"):
        claim.finish()
    claim.null("share", lambda seed: 0.1, below=0.5)
    claim.finish()
    with pytest.raises(AssertionError, match=r"never called claim.holds"):
        Claim(SENTENCE).finish()


@pytest.mark.parametrize("method", ["holds", "null"])
def test_every_seed_must_clear_the_bound(method: str) -> None:
    claim = Claim(SENTENCE)
    with pytest.raises(AssertionError, match=r"fails for seed \[3\]: share must be above 0.5"):
        getattr(claim, method)("share", lambda seed: 0.4 if seed == 3 else 0.9, above=0.5)
    with pytest.raises(AssertionError, match=r"below 0.95"):
        getattr(claim, method)("share", lambda seed: 0.96, above=0.5, below=0.95)
    with pytest.raises(AssertionError, match=r"fails for seed"):
        getattr(claim, method)("share", lambda seed: float("nan"), below=0.5)


def test_a_claim_needs_a_bound_and_five_seeds() -> None:
    with pytest.raises(TypeError, match="give a bound"):
        Claim(SENTENCE).holds("share", lambda seed: 0.9)
    with pytest.raises(ValueError, match="at least 5 seeds"):
        Claim(SENTENCE).holds("share", lambda seed: 0.9, above=0.5, seeds=1)
