"""Check 4: a number is computed on its page, or cited."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations, islice

import pytest

from proof import numbers as prose_numbers
from proof import sources
from proof.problem import report
from proof.project import House
from proof.registry import everything

HOUSE = House()
PAGES = [page for page in HOUSE.texts if page.name not in HOUSE.settings.sources]
NAME = "docs/data/shift.md"
COMPUTED = "The share of rows above the limit is 75.0%."


def test_a_wrong_digit_is_seen(record_property) -> None:
    """Change digits of the numbers of the real pages, in every third of all ways; count what goes red."""
    ledger, survivors, tried = sources.ledger(HOUSE), [], 0
    for page in PAGES:
        shown = prose_numbers.evidence(page, HOUSE)
        for sentence in prose_numbers.sentences(page, HOUSE):
            for number, mutant in islice(prose_numbers.mutants(sentence), 0, None, 3):
                if number.significant_digits < 2:
                    continue
                tried += 1
                if not prose_numbers.check_sentence(mutant, shown, ledger):
                    survivors.append(
                        f"{page.name}:{sentence.line}: {number.text} in {mutant.text!r}"
                    )
    assert tried > 1_000
    caught = 1 - len(survivors) / tried
    record_property("wrong digits seen", f"{caught:.2%} of {tried:,}")
    print(f"{caught:.2%} of {tried:,} wrong digits are seen")
    assert caught >= 0.99, "\n".join(survivors)


def swaps(sentence: prose_numbers.Sentence) -> Iterator[prose_numbers.Sentence]:
    """Yield the sentence with two numbers of one kind in each other's place, for every pair."""
    text = sentence.text
    numbers = [n for n in prose_numbers.numbers(text) if n.significant_digits >= 2]
    for a, b in combinations(numbers, 2):
        if a.key != b.key and a.key.endswith("%") == b.key.endswith("%"):
            middle = text[a.end : b.start]
            swapped = f"{text[: a.start]}{text[b.start : b.end]}{middle}{text[a.start : a.end]}{text[b.end :]}"
            yield replace(sentence, text=swapped)


def test_two_numbers_in_each_others_place_are_seen(record_property) -> None:
    """Swap each pair of numbers of each sentence of the real pages; count what goes red."""
    ledger, survivors, tried = sources.ledger(HOUSE), [], 0
    for page in PAGES:
        shown = prose_numbers.evidence(page, HOUSE)
        for sentence in prose_numbers.sentences(page, HOUSE):
            for mutant in () if sentence.cites else swaps(sentence):
                tried += 1
                if not prose_numbers.check_sentence(mutant, shown, ledger):
                    survivors.append(f"{page.name}:{sentence.line}: {mutant.text!r}")
    assert tried > 250
    caught = 1 - len(survivors) / tried
    record_property("swaps seen", f"{caught:.2%} of {tried:,}")
    print(f"{caught:.2%} of {tried:,} swapped pairs are seen")
    assert caught >= 0.95, "\n".join(survivors)


FAULTS = {
    "wrong digit": (COMPUTED, COMPUTED.replace("75", "76")),
    "no percent sign": (COMPUTED, COMPUTED.replace("75.0%", "75.0")),
    "other format": (COMPUTED, COMPUTED.replace("75.0%", "75%")),
    "other subject": (COMPUTED, "Customers were happy in 75.0%."),
    "not a figure of its source": ("12.5% in one", "13.5% in one"),
    "citation lost": ("12.5% in one trial.[^doe-2020]", "12.5% in one trial."),
    "in a table": ("See below.", "\n\n| rows | share |\n|---|---|\n| above | 74.0% |\n"),
    "in a list": ("See below.", "\n\n- rows above the limit: 74.0%\n"),
    "in a heading": ("# Shift", "# Shift by 12"),
    "in a claim": ("A lower limit lets more", "A lower limit lets 12 more"),
    "in a caption": ("<figcaption>The share", "<figcaption>The 74 share"),
    "in an alternative text": ("See below.", "![A chart with 74 rows](x.svg)"),
    "in a description": ("A page that every", "A page with 12 that every"),
    "in inline code": ("See below.", "Use `limit=0.7`."),
    "glued to a word": ("See below.", "It is 10x faster."),
    "in a range": ("See below.", "It takes 3-6 rows."),
    "negative": ("See below.", "The share of rows above the limit is -75.0%."),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_rejects(fault: str, broken) -> None:
    old, new = FAULTS[fault]
    house = broken(NAME, (old, new))
    problems = everything(prose_numbers, house)
    assert problems
    lines = (house.root / NAME).read_text("utf-8").splitlines()
    for problem in problems:
        number = problem.what.split(" ")[0]
        assert any(number in line for line in lines[problem.line - 1 : problem.line + 5])


def test_rejects_a_figure_that_describes_what_no_snippet_prints(broken) -> None:
    house = broken("docs/data/figures/shift.svg", ("is 75.0%", "is 74.0%"))
    assert "74.0%" in report(everything(prose_numbers, house))


def test_each_of_two_numbers_stands_by_its_own_words(broken) -> None:
    output = "    #> rows above the limit: 75.0%\n"
    more = '    print("fixed 6.6%, broken 5.2%")\n    #> fixed 6.6%, broken 5.2%\n'
    broken("snippets/data/shift.py", (output, output + more))
    for right in ("It has 6.6% fixed and 5.2% broken.", "It has 5.2% broken and 6.6% fixed."):
        house = broken(NAME, ("See below.", right))
        assert everything(prose_numbers, house) == []
        broken(NAME, (right, "See below."))
    house = broken(NAME, ("See below.", "It has 6.6% broken and 5.2% fixed."))
    assert "the other way round" in report(everything(prose_numbers, house))


def test_the_number_of_another_line_is_no_excuse(broken) -> None:
    output = "    #> rows above the limit: 75.0%\n"
    more = '    print(f"rows missing: {0.31:.1%}")\n    #> rows missing: 31.0%\n'
    broken("snippets/data/shift.py", (output, output + more))
    house = broken(NAME, (COMPUTED, COMPUTED.replace("75.0%", "31.0%")))
    assert "but this sentence is about" in report(everything(prose_numbers, house))


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("about 1,000 rows", ["1000"]),
        ("1_000 rows", ["1000"]),
        ("84 % or 84%", ["84%", "84%"]),
        ("p99, F1, utf8 and sha256", []),
        ("2026-11-23", ["2026", "11", "23"]),
        ("0.1/0.25", ["0.1", "0.25"]),
        ("−0.5 and -1.5", ["-0.5", "-1.5"]),
        ("from 3 to 1e-6.", ["3", "1e-6"]),
        ("version 3.1.1", ["3.1.1"]),
    ],
)
def test_what_counts_as_a_number(text: str, keys: list[str]) -> None:
    assert [number.key for number in prose_numbers.numbers(text)] == keys


@pytest.mark.parametrize(
    ("text", "digits"),
    [("84%", 2), ("1,000", 1), ("1,200", 2), ("0.05", 1), ("0.050", 2), ("738", 3)],
)
def test_significant_digits(text: str, digits: int) -> None:
    assert prose_numbers.numbers(text)[0].significant_digits == digits
