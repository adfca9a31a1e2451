"""Numbers: every number that a reader meets is computed on its page, or cited.

Computed: an output line or a code line of a snippet embedded on the page holds it, and no
other line has much more in common with the sentence. Two numbers of one line stand each by its
own words; where the words don't tell, in the order of the line.

Cited: the sentence carries a footnote whose source lists the number among its figures, in words
that the sentence shares.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations

from proof import directions, sources
from proof.evidence import NOWHERE, Evidence, around, evidence
from proof.files import Page
from proof.problem import Problem, nothing_found
from proof.project import House
from proof.text import Number, Sentence, numbers, sentences, words


def check_sentence(
    sentence: Sentence, shown: Evidence, ledger: dict[str, sources.Source]
) -> list[tuple[Number, str]]:
    """Return the numbers of a sentence that are neither computed nor cited, with the reason."""
    figures = [
        (numbers(item), words(item))
        for name in sentence.cites
        if name in ledger
        for item in ledger[name].figures.split(";")
    ]
    found = []
    for number in numbers(sentence.text):
        clause, _ = around(number, sentence)
        if any(
            number.key in {figure.key for figure in items} and (not labels or labels & clause)
            for items, labels in figures
        ):
            continue
        if sentence.cites:
            cited = ", ".join(sorted(sentence.cites))
            reason: str | None = (
                f"it is no figure of {cited} by that name, and a sentence that cites only quotes"
            )
        else:
            reason = shown.explains(number, sentence)
        if reason:
            found.append((number, reason))
    if found or sentence.cites:
        return found
    said = numbers(sentence.text)
    keys = Counter(number.key for number in said)
    for one, other in combinations([n for n in said if keys[n.key] == 1], 2):
        same_kind = one.key.endswith("%") == other.key.endswith("%")
        if same_kind and (reason := shown.mixes_up(one, other, sentence)):
            found.append((one, reason))
    return found


def check_page(page: Page, house: House) -> list[Problem]:
    """Check every number of one page; the ledger, which supports the others, is not checked."""
    if page.name in house.settings.sources:
        return []
    shown, ledger = evidence(page, house), sources.ledger(house)
    found = [
        Problem(
            page.name, sentence.line,
            f"{number.text.strip()} in {sentence.text!r}: {reason}"
            + (f"; {shown.nearest(number, sentence)}" if reason == NOWHERE else ""),
            "A number on this site is computed here or cited; nothing else.",
            "Say it as the output line says it; or print it in a demo and run make update; "
            "or cite a source that lists it; or write a small whole number as a word.",
        )
        for sentence in sentences(page, house)
        for number, reason in check_sentence(sentence, shown, ledger)
    ]  # fmt: skip
    return found + [
        Problem(
            page.name, sentence.line, f"{said!r} goes the other way",
            "The numbers are right, so the word between them is wrong.", "Turn the word, or the numbers.",
        )
        for sentence in sentences(page, house)
        if (said := directions.contradiction(sentence))
    ]  # fmt: skip


def mutants(sentence: Sentence) -> Iterator[tuple[Number, Sentence]]:
    """Yield the sentence with one digit of one number changed, in every way."""
    for number in numbers(sentence.text):
        for place in range(number.start, number.end):
            old = sentence.text[place]
            for digit in "0123456789":
                if old.isdigit() and digit != old:
                    text = sentence.text[:place] + digit + sentence.text[place + 1 :]
                    yield number, replace(sentence, text=text)


def check(house: House) -> list[Problem]:
    """Check that there are numbers to check."""
    found = any(numbers(s.text) for page in house.texts for s in sentences(page, house))
    return [] if found else [nothing_found("numbers")]
