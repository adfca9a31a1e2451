"""The theme's stylesheet loses what no page can meet, and nothing else; a browser compares the pictures."""

from pathlib import Path

import pytest

from tools import purge
from tools.site import weight

KNOWN = purge.names(
    ['<body dir="ltr" class="no-js"><p class="a b" id=c>'], ['add("md-late"); bug.note']
)
KEPT = [
    ".a{x:y}",
    "p.a:hover,#c{x:y}",
    ".b:not(.unknown){x:y}",
    ".md-late::before{x:y}",
    ".js .a{x:y}",
    "[dir=ltr] .a{x:y}",
    "video{x:y}",
    "@media print{.a{x:y}}",
    "@page{margin:1mm}",
    ":root{--used:1}.a{x:var(--used)}",
    ".b--secondary:not([hidden]){x:y}".replace("b--secondary", "md-late"),
]
GONE = [
    ".unknown{x:y}",
    ".a .unknown{x:y}",
    "#d{x:y}",
    ".bug{x:y}",
    "[dir=rtl] .a{x:y}",
    "@media print{.unknown{x:y}}",
]


@pytest.mark.parametrize("css", KEPT)
def test_keeps(css: str) -> None:
    assert purge.without_idle_properties(purge.purge(css, KNOWN)) == css


@pytest.mark.parametrize("css", GONE)
def test_leaves_out(css: str) -> None:
    assert purge.purge(css, KNOWN) == ""


def test_keeps_the_other_selectors_of_a_rule() -> None:
    assert purge.purge(".unknown,.a,.b .unknown{x:y}", KNOWN) == ".a{x:y}"


def test_a_property_goes_with_its_last_user_and_a_class_that_looks_like_one_stays() -> None:
    css = ':root{--idle:url("a;b");--used:1}.c--secondary:not(.d){x:var(--used);y:var(--ours)}'
    assert (
        purge.without_idle_properties(css)
        == ":root{--used:1}.c--secondary:not(.d){x:var(--used);y:var(--ours)}"
    )
    assert "--idle" in purge.without_idle_properties(css, "a{b:var(--idle)}")


def test_half_of_the_stylesheet_is_gone(site: Path) -> None:
    [path] = site.glob("assets/stylesheets/main.*.css")
    assert 8_000 < weight(path) < 16_000
