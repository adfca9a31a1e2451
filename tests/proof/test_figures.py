"""Check 6: figures are what their scripts draw, described, and follow the colour switch."""

from proof import figures
from proof.problem import report
from proof.project import House
from proof.registry import everything

SCRIPT, DRAWING = "docs/data/figures/shift.py", "docs/data/figures/shift.svg"


def test_rejects_orphans_and_undrawn_scripts(small_house: House) -> None:
    drawing = small_house.root / DRAWING
    drawing.rename(drawing.with_name("other.svg"))
    message = report(everything(figures, House(small_house.root)))
    assert "no script draws this figure" in message
    assert "its figure is not drawn" in message


def test_another_processor_may_turn_a_last_digit_and_nothing_else() -> None:
    drawing = '<path d="M 10.2 -3.0 L 11.9 4.5"/><text x="1.0">p99 is 0.2</text>'
    assert figures.same(drawing, drawing.replace("11.9", "12.0").replace("-3.0", "-2.9"))
    for old, new in (("11.9", "12.1"), ("is 0.2", "is 0.3"), ("L", "M"), ("11.9", "11.9 4.0")):
        assert not figures.same(drawing, drawing.replace(old, new)), (old, new)


def test_parts_are_numbered_not_named_by_a_hash() -> None:
    svg = '<svg viewBox="0 0 1 1"><path id="pa4fe38df9b"/><use href="#pa4fe38df9b"/></svg>'
    assert 'id="name-1"/><use href="#name-1"' in figures.themed(svg, "title", "1", "name")


def test_text_is_escaped() -> None:
    svg = figures.themed('<svg viewBox="0 0 1 1"></svg>', "a < b & c", r"\1 > 0", "name")
    assert "a &lt; b &amp; c" in svg and r"\1 &gt; 0" in svg
