"""Claims: sentences of the pages, each held by one test over several seeds, with a null.

A page states a claim in an admonition, a chapter of the story in a quote that begins with
``> **Claim.**``; a test repeats the sentence as its docstring:

    !!! claim "Without any drift, PSI exceeds one tenth in most comparisons of a hundred rows."

    def test_small_samples_alarm(claim: Claim) -> None:
        \"\"\"Without any drift, PSI exceeds one tenth in most comparisons of a hundred rows.\"\"\"
        claim.holds("share above 0.1 at 100 rows", share_above_100, above=0.6)
        claim.null("share above 0.1 at 1,000 rows", share_above_1000, below=0.05)
"""

from __future__ import annotations

import ast
import inspect
import re
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches
from functools import partialmethod
from pathlib import Path

from proof.project import House, Page, Problem, demand, nothing_found

CLAIM = re.compile(
    r'^ *(?:!!!|\?\?\?\+?) claim(?:\s+"(?P<titled>.*)")?\s*$'
    r"|^> \*\*Claim\.\*\* *(?P<quoted>.*)$"  # in a chapter, where admonitions do not exist
)
SEEDS = 5
LEDGER = "docs/reference/claims.md"


class Claim:
    """What a test asserts of a claim: the effect, and the null that makes it vanish."""

    def __init__(self, sentence: str, place: Place | None = None) -> None:
        self.sentence = sentence
        self.place = place or Place("tests", 1)
        self.shown: set[str] = set()

    def _show(
        self,
        kind: str,
        what: str,
        measure: Callable[[int], float],
        *,
        above: float | None = None,
        below: float | None = None,
        seeds: int = SEEDS,
    ) -> None:
        """Assert that a measure stays above or below a bound for every seed.

        Parameters
        ----------
        what : str
            What is measured, for the message.
        measure : callable
            Takes a seed, returns a number.
        above, below : float, optional
            The bounds, at least one. Leave a margin: a bound that the worst seed just meets
            will fail on another machine.
        seeds : int
            How many seeds to try, at least five.
        """
        if above is None and below is None:
            raise TypeError(f"{what}: give a bound, above=… or below=…")
        if seeds < SEEDS:
            raise ValueError(f"{what}: a claim holds over at least {SEEDS} seeds, got {seeds}")
        self.shown.add(kind)
        values = [float(measure(seed)) for seed in range(seeds)]
        failed = [
            seed
            for seed, value in enumerate(values)
            if not (above is None or value > above) or not (below is None or value < below)
        ]
        __tracebackhide__ = True
        bounds = " and ".join(
            f"{word} {bound}"
            for word, bound in (("above", above), ("below", below))
            if bound is not None
        )
        if failed:
            self._fail(
                f"{kind} fails for seed {failed}: {what} must be {bounds}, "
                f"measured {[round(value, 4) for value in values]}",
                "The page states it without an if.",
                "If the code is right, the sentence is wrong: change page and docstring.",
            )

    def _fail(self, what: str, why: str, mend: str) -> None:
        __tracebackhide__ = True
        problem = Problem(self.place.file, self.place.line, f"{self.sentence!r}: {what}", why, mend)
        demand([problem])

    holds = partialmethod(_show, "the effect")
    null = partialmethod(_show, "the null")  # the same measure once its cause is turned off

    def exact(self, what: str, value: float, expected: float) -> None:
        """Assert an identity that no seed can move, such as a formula against its limit."""
        assert abs(value - expected) < 1e-9, f"{self.sentence!r}: {what} is {value}, not {expected}"

    def finish(self) -> None:
        """Assert that the test showed both the effect and its null."""
        __tracebackhide__ = True
        if "the effect" not in self.shown:
            self._fail(
                "the test never called claim.holds(…)", "A claim is a sentence with a test.",
                "Call claim.holds(what, measure, above=…): measure takes a seed, returns a number.",
            )  # fmt: skip
        if "the null" not in self.shown:
            self._fail(
                "the test never called claim.null(…)",
                "A demonstration that cannot fail shows nothing.",
                "Turn the knob that causes the effect off and show that the effect vanishes: "
                "claim.null(what, measure, below=…).",
            )  # fmt: skip


def sentence_of(test: Callable[..., object]) -> str:
    """Return the claim that a test holds: its docstring as one line."""
    return " ".join((inspect.getdoc(test) or "").split())


@dataclass(frozen=True)
class Place:
    """Where a sentence stands."""

    file: str
    line: int


def on_pages(pages: list[Page]) -> dict[str, list[Place]]:
    """Return every claim of the pages with the places where it stands."""
    found: dict[str, list[Place]] = defaultdict(list)
    for page in pages:
        for number, text, fenced in page.lines:
            match = CLAIM.match(text)
            if match and fenced is None:
                found[match["titled"] or match["quoted"] or ""].append(Place(page.name, number))
    return found


def in_tests(root: Path) -> dict[str, list[Place]]:
    """Return the docstring of every test that takes the `claim` fixture, with its places."""
    found: dict[str, list[Place]] = defaultdict(list)
    for test in House(root).tests:
        for node in test.tree.body:  # of a function inside something else pytest knows nothing
            if not isinstance(node, ast.FunctionDef) or not node.name.startswith("test_"):
                continue
            if any(argument.arg == "claim" for argument in node.args.args):
                sentence = " ".join((ast.get_docstring(node) or "").split())
                found[sentence].append(Place(test.name, node.lineno))
    return found


def ledger(house: House) -> str:
    """Return the text of the claims page: every claim, where it stands, which test holds it."""
    tests = in_tests(house.root)
    lines = [
        "---",
        "title: Claims",
        "description: Every claim of this site with the page that states it and the test that holds it.",
        "---",
        "",
        "<!-- Generated by make update. -->",
        "",
        "# Claims",
        "",
        "A claim is a sentence with a test.",
        "The test holds it for several seeds, with a margin, and shows that the effect vanishes once its cause is turned off.",
    ]
    section = ""
    for sentence, places in on_pages(house.texts).items():
        page = next(page for page in house.texts if page.name == places[0].file)
        if page.path.parent.name != section:
            section = page.path.parent.name
            lines += ["", f"## {section.capitalize()}", ""]
        held = tests.get(sentence, [Place("no test yet", 0)])[0]
        link = f"../{page.path.relative_to(house.root / 'docs').as_posix()}"
        lines += [f"- [{sentence}]({link}) Held by `{held.file}`."]
    return "\n".join(lines) + "\n"


def update(house: House) -> list[Path]:
    """Write the claims page; return it if it changed."""
    path, fresh = house.root / LEDGER, ledger(house)
    if path.exists() and path.read_text("utf-8") == fresh:
        return []
    path.write_text(fresh, "utf-8", newline="\n")
    return [path]


def check(house: House) -> list[Problem]:
    """Match the claims of the pages and the docstrings of the tests, one to one."""
    pages, tests = on_pages(house.texts), in_tests(house.root)
    if not pages:
        return [nothing_found("claims")]
    found = []
    path = house.root / LEDGER
    stale = not path.exists() or path.read_text("utf-8") != ledger(house)
    if stale and not house.unreadable:
        found.append(
            Problem(LEDGER, 1, "the claims page is stale", "It is generated from pages and tests.",
                    "make update")
        )  # fmt: skip
    for sentence, places in pages.items():
        place = places[0]
        if not sentence:
            what, mend = (
                "a claim without a sentence",
                '!!! claim "One sentence, ending in a full stop."',
            )
        elif len(places) > 1:
            what = (
                f"the claim stands twice, also in {places[1].file}:{places[1].line}: {sentence!r}"
            )
            mend = "State it once and link to it from the other place."
        elif not sentence.endswith("."):
            what, mend = f"the claim is no sentence: {sentence!r}", "End it with a full stop."
        elif sentence not in tests:
            if (file := test_file(place.file)) in house.unreadable:
                continue  # the mirror says so
            what = f"no test holds the claim {sentence!r}"
            mend = f"In {file} add a test whose docstring is this sentence."
            left = {text: places[0] for text, places in tests.items() if text not in pages}
            if near := get_close_matches(sentence, left):
                said = left[near[0]]
                mend = f"Make it the docstring of the test at {said.file}:{said.line}, which says {near[0]!r}."
        else:
            continue
        why = "A claim is a sentence with a test."
        found.append(Problem(place.file, place.line, what, why, mend))
    for sentence, places in tests.items():
        page = page_of(places[0].file, house)
        if len(places) > 1:
            what = f"two tests hold one claim, also {places[1].file}:{places[1].line}: {sentence!r}"
        elif sentence not in pages:
            what = f"no page states the claim {sentence!r}"
        elif pages[sentence][0].file != page:
            what = f"the claim stands on {pages[sentence][0].file}, the test belongs to {page}"
        else:
            continue
        found.append(
            Problem(
                places[0].file, places[0].line, what,
                "One claim, one test: the reader of either must find the other.",
                "Make the docstring and the claim on the page the same sentence, to the letter.",
            )
        )  # fmt: skip
    return found


def test_file(page: str) -> str:
    """Return the test file of a page: docs/data/input-contract.md -> tests/data/test_input_contract.py."""
    path = Path(page)
    name = f"test_{path.stem.replace('-', '_')}.py"
    return Path("tests", *path.parts[1:-1], name).as_posix()


def page_of(test: str, house: House) -> str:
    """Return the page or chapter of a test file, the inverse of `test_file`."""
    path = Path(test)
    name = path.stem.removeprefix("test_").replace("_", "-")
    page = Path("docs", *path.parts[1:-1], name).as_posix()
    return f"{page}.py" if f"{page}.py" in {c.name for c in house.chapters} else f"{page}.md"
