"""Directions: the word between two numbers fits them; only what is certain is judged."""

import pytest

from proof.directions import contradiction
from proof.project import House
from proof.registry import everything
from proof.text import Sentence

WRONG = [
    "Recall falls from 40% to 62%.",
    "The alarm rate rises from 12.5% to 3%.",
    "The price grew from 1,200 to 900.",
    "Its p99 is 40, above 59 of the others.",
    "An AUC of 0.7 is more than 0.8.",
]
RIGHT = [
    "Recall falls from 62% to 40%.",
    "The alarm rate rises from 3% to 12.5%.",
    "It rises from 3 of 100 to 5%.",  # another unit
    "It moves from 5 to 3.",
    "Its p99 is 59, above 40 of the others.",
    "PSI is above 0.1 in 83.7% of the comparisons.",
]


@pytest.mark.parametrize("text", WRONG)
def test_the_wrong_way_round_goes_red(text: str) -> None:
    assert contradiction(Sentence(1, text))


@pytest.mark.parametrize("text", RIGHT)
def test_what_may_be_right_passes(text: str) -> None:
    assert contradiction(Sentence(1, text)) is None


def test_a_page_is_told(broken) -> None:
    from proof import numbers

    house = broken("docs/data/shift.md", ("See below.", "It rises from 75.0% to 0.3."))
    assert "goes the other way" not in str(everything(numbers, house))
    house = broken(
        "docs/data/shift.md", ("It rises from 75.0% to 0.3.", "It falls from 0.3 to 0.9.")
    )
    assert "'falls from 0.3 to 0.9' goes the other way" in str(
        everything(numbers, House(house.root))
    )
