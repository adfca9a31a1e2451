"""Knobs: every state is drawn, said and different; effect and null are two of its stops."""

import re
from pathlib import Path

import pytest

from proof import figures, knobs
from proof.knobs import Knob
from proof.numbers import check_page
from proof.problem import report
from proof.project import House
from proof.registry import everything

SCRIPT, PAGE, DRAWING = (
    "docs/data/figures/shift.py",
    "docs/data/shift.md",
    "docs/data/figures/shift.html",
)
TEST, HOLDS = (
    "tests/data/test_shift.py",
    "from docs.data.figures.shift import KNOB\nends = dict(**KNOB.ends)\n",
)
STOPS = {"none": 0, "some": 1, "many": 2}
KNOB = '''"""Figure: the share of rows above the limit."""

from proof.knobs import Knob

TITLE = "The share of rows above the limit"


# --8<-- [start:figure]
KNOB = Knob(
    "Limit", {"0.1": 0.1, "0.3": 0.3, "0.9": 0.9}, effect="0.3", null="0.9",
    says="Above {stop} lie {value:.1%} of the rows.",
)


def measure(seed, limit):
    return sum(value > limit for value in (0.2, 0.4, 0.6, 0.9)) / 4


def frame(axes):
    axes.set(xlim=(0, 1), ylim=(0, 1))


def draw(axes, limit):
    axes.axvline(limit)
# --8<-- [end:figure]
'''


@pytest.fixture
def turned(small_house: House) -> House:
    """Return the small house with a knob for its figure."""
    (small_house.root / SCRIPT).write_text(KNOB, "utf-8")
    (small_house.root / SCRIPT).with_suffix(".svg").unlink()
    with (small_house.root / TEST).open("a", encoding="utf-8") as test:
        test.write(HOLDS)
    page = small_house.root / PAGE
    page.write_text(page.read_text("utf-8").replace("shift.svg", "shift.html"), "utf-8")
    figures.update(House(small_house.root))
    return House(small_house.root)


def test_a_knob_is_drawn_and_said(turned: House) -> None:
    assert everything(figures, turned) == []
    html = (turned.root / DRAWING).read_text("utf-8")
    assert knobs.SAYS.findall(html) == [f"Above {s} lie {v}% of the rows." for s, v in (("0.1", "100.0"), ("0.3", "75.0"), ("0.9", "0.0"))]  # fmt: skip
    assert re.findall(r'data-says="([^"]*)" class="(\w+)"', html) == [("0.3", "effect"), ("0.9 (effect gone)", "null")]  # fmt: skip
    assert [html.count(f'data-stop="{n}"') for n in range(4)] == [1, 1, 1, 0]
    assert 'style="--s1: visible"' in html and 'style="--s2: visible"' in html


def test_what_a_knob_says_supports_the_page(turned: House) -> None:
    page = turned.root / PAGE
    text = page.read_text("utf-8")
    page.write_text(text.replace("See below.", "Above 0.1 lie 100.0% of the rows."), "utf-8")
    house = House(turned.root)
    assert check_page(house.pages[0], house) == []
    page.write_text(text.replace("See below.", "Above 0.1 lie 80.0% of the rows."), "utf-8")
    house = House(turned.root)
    assert "80.0% in" in report(check_page(house.pages[0], house))


FAULTS = {
    "a sentence typed by hand": (DRAWING, "75.0%", "76.0%", "is not what docs/data/figures/shift.py draws"),
    "an empty state": (SCRIPT, "axes.axvline(limit)", "limit > 0.3 or axes.axvline(limit)", "draws nothing"),
    "axes that move": (SCRIPT, "axes.axvline(limit)", "axes.plot([0, 1 + limit], [0, 1], scalex=True); axes.set_xlim(0, limit)", "moves the axes"),
    "free axes": (SCRIPT, "axes.set(xlim=(0, 1), ylim=(0, 1))", "pass", "must set xlim and ylim"),
    "no null": (SCRIPT, 'null="0.9"', 'null="1"', "must be two of the stops"),
    "one state": (SCRIPT, '{"0.1": 0.1, "0.3": 0.3, "0.9": 0.9}', '{"0.3": 0.3, "0.9": 0.9}', "3 to 7 stops"),
    "nothing measured": (SCRIPT, "{value:.1%}", "some", "must hold {value}"),
    "no test of its ends": (TEST, "**KNOB.ends", "on=1", "no test takes effect and null from its KNOB"),
    "another measure": (SCRIPT, "/ 4", "/ 5", "is not what docs/data/figures/shift.py draws"),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_rejects(fault: str, turned: House) -> None:
    name, old, new, message = FAULTS[fault]
    path: Path = turned.root / name
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")
    assert message in report(everything(figures, House(turned.root)))


def test_effect_and_null_are_the_settings_of_the_claim() -> None:
    knob = Knob("Rows", STOPS, effect="many", null="none", says="{stop}: {value}")
    assert knob.ends == {"on": 2, "off": 0}
