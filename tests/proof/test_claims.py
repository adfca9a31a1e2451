"""Check 5: claims and tests match one to one; a test shows effect and null over several seeds."""

import re

import pytest

from proof import stated
from proof.claims import Claim
from proof.problem import report
from proof.project import House

PAGE, TEST = "docs/data/shift.md", "tests/data/test_shift.py"
SENTENCE = "A lower limit lets more rows through."


def test_each_cell_of_the_home_page_quotes_a_claim_and_links_to_it() -> None:
    home = (House().root / "docs/index.md").read_text("utf-8")
    rows = [line for line in home.splitlines() if line.startswith("| **")]
    assert len(rows) == 5
    claims = stated.on_pages(House().pages)
    for row in rows:
        links = re.findall(r"\[([^\]]+)\]\(([^)#]+)[^)]*\)", row)
        assert len(links) == 2
        for sentence, page in links:
            assert sentence in claims, f"the home page quotes what no page claims: {sentence!r}"
            assert claims[sentence][0].file == f"docs/{page}"


def test_the_test_belongs_to_the_page_of_the_claim(small_house: House) -> None:
    path = small_house.root / TEST
    path.rename(path.with_name("test_other.py"))
    assert "the test belongs to docs/data/other.md" in report(stated.check(House(small_house.root)))


def measured(seed: int, size: float = 1.0, scale: float = 1.0) -> float:
    return size * scale + seed / 1000


GOOD = {
    "knob": "size",
    "on": 1.0,
    "off": 0.0,
    "above": 0.5,
    "off_below": 0.2,
    "also": [{"scale": 2}, {"scale": 3}],
}


def hold(**changed: object) -> Claim:
    claim = Claim(SENTENCE)
    claim.effect("size", **{"measure": measured, **GOOD, **changed})  # type: ignore[arg-type]
    return claim


def test_a_claim_needs_an_effect_and_its_null() -> None:
    hold().finish()
    with pytest.raises(AssertionError, match=r"never called claim.effect"):
        Claim(SENTENCE).finish()


BREACHES = {
    "an effect that could pass as the null": ({"off_below": 0.6}, "could pass as both"),
    "bounds that touch": ({"off_below": 0.5}, "could pass as both"),
    "no bound of the null": ({"off_below": None}, "could pass as both"),
    "no bound of the effect": ({"above": None}, "could pass as both"),
    "a knob that is not turned": ({"off": 1.0}, "on and off are both"),
    "too few seeds": ({"seeds": 4}, "at least 5 seeds"),
    "one other setting": ({"also": [{"scale": 2}]}, "two other settings"),
    "no other setting": ({"also": ()}, "two other settings"),
    "a setting that the sentence does not name": ({"also": (), "only": "wine"}, "words of the sentence"),
}  # fmt: skip


@pytest.mark.parametrize("breach", BREACHES)
def test_a_test_that_breaks_the_contract_is_refused(breach: str) -> None:
    changed, message = BREACHES[breach]
    with pytest.raises(ValueError, match=message):
        hold(**changed)


def test_a_sentence_that_names_its_one_setting_needs_no_other() -> None:
    assert hold(also=(), only="lower limit").shown >= {"the effect", "the null"}


FALSE = {
    "no effect": ({"measure": lambda seed, size=0, scale=1: 0.1}, r"the effect fails for seed \[0, 1"),
    "a null that is none": ({"off": 0.4}, r"the null fails .*size \(size=0.4\) must be below 0.2"),
    "one seed": ({"measure": lambda seed, size=0, scale=1: size * (seed != 3)}, r"for seed \[3\]"),
    "no number": ({"measure": lambda seed, size=0, scale=1: float("nan")}, "the effect fails"),
    "another setting": ({"also": [{"scale": 2}, {"scale": 0.1}]}, r"scale=0.1\) must be above 0.5"),
}  # fmt: skip


@pytest.mark.parametrize("fault", FALSE)
def test_a_false_claim_fails(fault: str) -> None:
    changed, message = FALSE[fault]
    with pytest.raises(AssertionError, match=message):
        hold(**changed)


def test_a_limit_is_measured() -> None:
    Claim(SENTENCE).limit("Not here.", "size", measured, above=0.5)
    with pytest.raises(AssertionError, match=r"the limit 'Not here.' fails for seed \[0, 1, 2\]"):
        Claim(SENTENCE).limit("Not here.", "size", measured, below=0.5)
    with pytest.raises(ValueError, match="give a bound"):
        Claim(SENTENCE).limit("Not here.", "size", measured)
    with pytest.raises(ValueError, match="at least 3 seeds"):
        Claim(SENTENCE).limit("Not here.", "size", measured, above=0.5, seeds=2)


def test_each_limit_stands_on_its_page(broken) -> None:
    house = broken(PAGE, ("- With one row it does not.", "- With two rows it does not."))
    assert "does not state the limit 'With one row it does not.'" in report(stated.check(house))
    house = broken(TEST, ("claim.limit(", "print("))
    assert "holds no limit" in report(stated.check(house))
