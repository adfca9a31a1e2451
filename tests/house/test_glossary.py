"""Glossary and topics: in order, used, and marked once a page where it does no harm."""

from pathlib import Path

import pytest

from proof.problem import report
from proof.project import House
from tools import glossary, topics

PAGE = "docs/data/shift.md"
GLOSSARY = """\
---
title: Glossary
---

# Glossary

## Limit { #limit }

*Also: bound, PSI.* What a row is compared with.

## Row { #row }

One line of a table.
"""
ENTRIES = glossary.read(GLOSSARY)
LIMIT = '<a class="term" href="../reference/glossary/#limit" title="What a row is compared with.">'


@pytest.fixture
def defined(small_house: House) -> House:
    (small_house.root / glossary.PAGE).write_text(GLOSSARY, "utf-8")
    topics.update(small_house)
    return House(small_house.root)


def test_accepts_the_small_house(defined: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(topics, "TOPICS", {"drift": "data that change"})
    page = defined.root / PAGE
    page.write_text(page.read_text("utf-8").replace("---\n\n#", "tags: [drift]\n---\n\n#"), "utf-8")
    other = page.with_name("other.md")
    other.write_text(page.read_text("utf-8"), "utf-8")
    topics.update(House(defined.root))
    assert glossary.check(House(defined.root)) == [] == topics.check(House(defined.root))
    assert "Data that change: [Shift](../data/other.md); [Shift](../data/shift.md)." in (
        defined.root / topics.PAGE
    ).read_text("utf-8")


FAULTS = {
    "not in order": ("## Row { #row }", "## Average { #row }", "stands after 'Limit'"),
    "two sentences": ("One line of a table.", "One line. Of a table.", "is no term with one sentence"),
    "no sentence": ("One line of a table.", "one line of a table", "is no term with one sentence"),
    "unused": ("## Row { #row }", "## Zebra { #row }", "is used on no page"),
    "no anchor": ("## Row { #row }", "## Row", "is no term with one sentence"),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_rejects(fault: str, defined: House) -> None:
    old, new, message = FAULTS[fault]
    assert old in GLOSSARY
    (defined.root / glossary.PAGE).write_text(GLOSSARY.replace(old, new, 1), "utf-8")
    assert message in report(glossary.check(House(defined.root)))


TAGGED = {
    "no tags": ("", "has no tags"),
    "an unknown tag": ("tags: [weather]\n", "'weather' is no topic"),
    "alone with it": ("tags: [drift]\n", "it alone has the tag 'drift'"),
}


@pytest.mark.parametrize("fault", TAGGED)
def test_rejects_tags(fault: str, defined: House) -> None:
    line, message = TAGGED[fault]
    page = defined.root / PAGE
    page.write_text(page.read_text("utf-8").replace("---\n\n#", f"{line}---\n\n#"), "utf-8")
    assert message in report(topics.check(House(defined.root)))


def test_an_empty_house_fails(tmp_path: Path) -> None:
    for folder in ("docs", "snippets"):
        (tmp_path / folder).mkdir()
    assert "found no glossary entries" in report(glossary.check(House(tmp_path)))
    assert "found no pages with snippets" in report(topics.check(House(tmp_path)))


def test_a_stale_topics_page_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(topics.TOPICS, "drift", "something else")
    assert "the topics page is stale" in report(topics.check(House()))


def test_the_first_use_is_marked_and_no_other() -> None:
    html = glossary.mark("<p>The limits, a limit.</p><p>Bound.</p>", ENTRIES, "../")
    assert html == f"<p>The {LIMIT}limits</a>, a limit.</p><p>Bound.</p>"


@pytest.mark.parametrize(
    "quiet",
    [
        "<h2>A limit <em>of</em> limits</h2>", "<p><a href='x'>the limit</a></p>", "<code>limit</code>",
        "<figure><svg><g><text>limit</text></g></svg></figure>", "<p>unlimited, limit-free, psi</p>",
    ],
)  # fmt: skip
def test_what_is_no_prose_or_another_word_stays(quiet: str) -> None:
    assert glossary.mark(quiet, ENTRIES, "../") == quiet
    assert LIMIT in glossary.mark(f"{quiet}<p>limit</p>", ENTRIES, "../")


def test_two_terms_in_one_sentence() -> None:
    html = glossary.mark("<p>A PSI of a row</p>", ENTRIES, "../")
    assert html.count('class="term"') == 2 and ">PSI</a> of a <a" in html
