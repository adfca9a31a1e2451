"""Claims: sentences of the pages, each held by one test over several seeds, with a null.

A page states a claim in an admonition, a chapter of the story in a quote that begins with
``> **Claim.**``; a test repeats the sentence as its docstring:

    !!! claim "Without any drift, PSI exceeds one tenth in most comparisons of a hundred rows."

    def test_small_samples_alarm(claim: Claim) -> None:
        \"\"\"Without any drift, PSI exceeds one tenth in most comparisons of a hundred rows.\"\"\"
        claim.effect(
            "share above 0.1", share_above,  # share_above(seed, rows=100)
            knob="rows", on=100, off=1_000, above=0.6, off_below=0.05,
            also=[{"shape": "lognormal"}, {"bins": 20}],
        )
        claim.limit("With five bins, …", "share, five bins", lambda seed: …, below=0.5)

The sentence of a limit stands on the page, in the list under the heading *Where it stops*.
"""

from __future__ import annotations

import ast
import inspect
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from math import inf
from pathlib import Path
from typing import Any

from proof.project import House, Page, Problem, demand, nothing_found

CLAIM = re.compile(
    r'^ *(?:!!!|\?\?\?\+?) claim(?:\s+"(?P<titled>.*)")?\s*$'
    r"|^> \*\*Claim\.\*\* *(?P<quoted>.*)$"  # in a chapter, where admonitions do not exist
)
SEEDS = 5
SEEDS_ELSEWHERE = 2  # in the other settings of a claim
SEEDS_AT_LIMIT = 3
REFERENCE = re.compile(r"\[\^[\w-]+\]")  # of a footnote


class Claim:
    """What a test asserts of a claim: the effect, the null that makes it vanish, and its limit.

    Effect and null are one measure with one knob at two settings, so `effect` takes them together.
    """

    def __init__(self, sentence: str, place: Place | None = None) -> None:
        self.sentence = sentence
        self.place = place or Place("tests", 1)
        self.shown: set[str] = set()

    def effect(
        self,
        what: str,
        measure: Callable[..., float],
        *,
        knob: str,
        on: object,
        off: object,
        above: float | None = None,
        below: float | None = None,
        off_above: float | None = None,
        off_below: float | None = None,
        also: Sequence[Mapping[str, object]] = (),
        only: str = "",
        seeds: int = SEEDS,
    ) -> None:
        """Assert that a measure shows an effect, and that turning one knob makes it vanish.

        Parameters
        ----------
        what : str
            What is measured, for the message.
        measure : callable
            Called as ``measure(seed, **{knob: on})`` and ``measure(seed, **{knob: off})``: nothing
            else can differ between effect and null. Returns a number.
        knob : str
            Name of the argument of `measure` that causes the effect.
        on, off : object
            Its two settings.
        above, below : float, optional
            Bounds of the effect. Leave a margin: a bound that the worst seed just meets will fail
            on another machine.
        off_above, off_below : float, optional
            Bounds of the null. No number may lie within both pairs of bounds.
        also : sequence of mappings
            At least two other settings (model family, data, size) in which the claim must hold too,
            each as further arguments of `measure`.
        only : str
            Instead of `also`: the words of the sentence that name its one setting.
        seeds : int
            How many seeds to try, at least five; the settings in `also` get two.

        Raises
        ------
        ValueError
            If the test breaks this contract.
        AssertionError
            If a measured value is out of bounds.
        """
        __tracebackhide__ = True
        effect, null = Bounds(above, below), Bounds(off_above, off_below)
        if repr(on) == repr(off):
            raise ValueError(f"{what}: on and off are both {on!r}; the null turns the knob {knob}")
        if seeds < SEEDS:
            raise ValueError(f"{what}: a claim holds over at least {SEEDS} seeds, got {seeds}")
        if not effect.leaves_a_gap_to(null):
            raise ValueError(
                f"{what}: the effect may be {effect}, the null {null}: a value could pass as both. "
                "Set above=… and off_below=… (or below=… and off_above=…) with a gap between them."
            )
        if only:
            if only not in self.sentence or also:
                raise ValueError(
                    f"{what}: only={only!r} must be words of the sentence, without also"
                )
        elif len(also) < 2:
            raise ValueError(
                f"{what}: hold it in two other settings, also=[{{…}}, {{…}}], "
                "or let the sentence name its one setting and repeat those words in only=…"
            )
        for number, setting in enumerate([{}, *also]):
            tried = range(seeds if not number else SEEDS_ELSEWHERE)
            said = "".join(f", {name}={value!r}" for name, value in setting.items())
            for name, value, bounds in (("effect", on, effect), ("null", off, null)):
                turned = f"{what} ({knob}={value!r}{said})"
                values = [float(measure(seed, **{**setting, knob: value})) for seed in tried]
                self._within(f"the {name}", turned, values, bounds)
        self.shown |= {"the effect", "the null"}

    def limit(
        self,
        sentence: str,
        what: str,
        measure: Callable[[int], float],
        *,
        above: float | None = None,
        below: float | None = None,
        seeds: int = SEEDS_AT_LIMIT,
    ) -> None:
        """Assert where the claim stops being true, as the page says under *Where it stops*.

        Parameters
        ----------
        sentence : str
            The sentence of the page, to the letter.
        what : str
            What is measured, for the message.
        measure : callable
            Takes a seed, returns a number.
        above, below : float, optional
            The bounds at the limit, at least one.
        seeds : int
            How many seeds to try, at least three.

        Raises
        ------
        ValueError
            If there is no bound, or too few seeds.
        AssertionError
            If a measured value is out of bounds.
        """
        __tracebackhide__ = True
        if above is None and below is None:
            raise ValueError(f"{what}: give a bound, above=… or below=…")
        if seeds < SEEDS_AT_LIMIT:
            raise ValueError(f"{what}: a limit holds over at least {SEEDS_AT_LIMIT} seeds")
        values = [float(measure(seed)) for seed in range(seeds)]
        self._within(f"the limit {sentence!r}", what, values, Bounds(above, below))
        self.shown.add("the limit")

    def _within(self, kind: str, what: str, values: list[float], bounds: Bounds) -> None:
        __tracebackhide__ = True
        failed = [seed for seed, value in enumerate(values) if not bounds.hold(value)]
        self.shown.add(kind)
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

    # Until every claim has been brought to `effect`: the two halves on their own.
    def holds(self, what: str, measure: Callable[[int], float], **given: Any) -> None:
        """Assert an effect without its null."""
        __tracebackhide__ = True
        self._half("the effect", what, measure, **given)

    def null(self, what: str, measure: Callable[[int], float], **given: Any) -> None:
        """Assert a null without its effect."""
        __tracebackhide__ = True
        self._half("the null", what, measure, **given)

    def _half(
        self, kind: str, what: str, measure: Callable[[int], float],
        above: float | None = None, below: float | None = None, seeds: int = SEEDS,
    ) -> None:  # fmt: skip
        __tracebackhide__ = True
        if above is None and below is None:
            raise TypeError(f"{what}: give a bound, above=… or below=…")
        if seeds < SEEDS:
            raise ValueError(f"{what}: a claim holds over at least {SEEDS} seeds, got {seeds}")
        values = [float(measure(seed)) for seed in range(seeds)]
        self._within(kind, what, values, Bounds(above, below))

    def exact(self, what: str, value: float, expected: float) -> None:
        """Assert an identity that no seed can move, such as a formula against its limit."""
        assert abs(value - expected) < 1e-9, f"{self.sentence!r}: {what} is {value}, not {expected}"

    def finish(self) -> None:
        """Assert that the test showed the effect and its null."""
        __tracebackhide__ = True
        if not {"the effect", "the null"} <= self.shown:
            self._fail(
                "the test never called claim.effect(…)", "A claim is a sentence with a test.",
                "Call claim.effect(what, measure, knob=…, on=…, off=…, above=…, off_below=…): one measure, "
                "which takes a seed and the knob, at the setting that causes the effect and at the one "
                "that makes it vanish.",
            )  # fmt: skip


@dataclass(frozen=True)
class Bounds:
    """An open interval; None leaves an end open."""

    above: float | None
    below: float | None

    def hold(self, value: float) -> bool:
        """Tell whether a value lies within; NaN lies nowhere."""
        return self._lowest < value < self._highest

    def leaves_a_gap_to(self, other: Bounds) -> bool:
        """Tell whether no number, and no limit of numbers, lies within both."""
        return self._highest < other._lowest or other._highest < self._lowest

    @property
    def _lowest(self) -> float:
        return -inf if self.above is None else self.above

    @property
    def _highest(self) -> float:
        return inf if self.below is None else self.below

    def __str__(self) -> str:
        said = (("above", self.above), ("below", self.below))
        return " and ".join(f"{word} {end}" for word, end in said if end is not None) or "anything"


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


def in_tests(house: House) -> dict[str, list[Place]]:
    """Return the docstring of every test that takes the `claim` fixture, with its places."""
    found: dict[str, list[Place]] = defaultdict(list)
    for test in house.tests:
        for node in test.tree.body:  # of a function inside something else pytest knows nothing
            if not isinstance(node, ast.FunctionDef) or not node.name.startswith("test_"):
                continue
            if any(argument.arg == "claim" for argument in node.args.args):
                sentence = " ".join((ast.get_docstring(node) or "").split())
                found[sentence].append(Place(test.name, node.lineno))
    return found


def ledger(house: House) -> str:
    """Return the text of the claims page: every claim, where it stands, which test holds it."""
    tests = in_tests(house)
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
        link = f"../{page.shown.relative_to(house.root / 'docs').as_posix()}"
        lines += [f"- [{sentence}]({link}) Held by `{held.file}`."]
    return "\n".join(lines) + "\n"


def update(house: House) -> list[Path]:
    """Write the claims page; return it if it changed."""
    path, fresh = house.root / house.settings.claims, ledger(house)
    if path.exists() and path.read_text("utf-8") == fresh:
        return []
    path.write_text(fresh, "utf-8", newline="\n")
    return [path]


def check(house: House) -> list[Problem]:
    """Match the claims of the pages and the docstrings of the tests, one to one."""
    pages, tests = on_pages(house.texts), in_tests(house)
    if not pages:
        return [nothing_found("claims")]
    found = []
    path = house.root / house.settings.claims
    stale = not path.exists() or path.read_text("utf-8") != ledger(house)
    if stale and not house.unreadable:
        found.append(
            Problem(house.settings.claims, 1, "the claims page is stale", "It is generated from pages and tests.",
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
    found += check_limits(house)
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


STOPS = re.compile(r"^(?:# )?## Where it stops\b")  # in a chapter, text is commented


def where_it_stops(page: Page) -> str:
    """Return the text under the heading *Where it stops* of a page, as one line."""
    found, within = list[str](), False
    for _, text, fenced in page.lines:
        if fenced is None and text.startswith("## "):
            within = bool(STOPS.match(text))
        elif within and fenced is None:
            found.append(REFERENCE.sub("", text))
    return " ".join(" ".join(found).split())


def limits_in_tests(house: House) -> Iterator[tuple[str, Place, list[str]]]:
    """Yield for each test that calls ``claim.effect``: file, place, and the sentences of its limits."""
    for test in house.tests:
        for node in test.tree.body:
            if not isinstance(node, ast.FunctionDef) or not node.name.startswith("test_"):
                continue
            calls = [
                call
                for call in ast.walk(node)
                if isinstance(call, ast.Call)
                and isinstance(call.func, ast.Attribute)
                and getattr(call.func.value, "id", "") == "claim"
            ]
            if any(call.func.attr == "effect" for call in calls):  # type: ignore[attr-defined]
                said = [c.args[0] for c in calls if c.func.attr == "limit" and c.args]  # type: ignore[attr-defined]
                texts = [ast.literal_eval(arg) for arg in said if isinstance(arg, ast.Constant)]
                yield test.name, Place(test.name, node.lineno), texts


def check_limits(house: House) -> list[Problem]:
    """Check that each claim has a limit, and that its page states it."""
    found = []
    pages = {page.name: where_it_stops(page) for page in house.texts}
    for test, place, limits in limits_in_tests(house):
        page = page_of(test, house)
        if not limits:
            found.append(
                Problem(
                    place.file, place.line, "the test holds no limit of its claim",
                    "A claim without a known limit has not been attacked yet.",
                    'Find where the sentence stops being true, say so on the page under "## Where it '
                    'stops", and hold it: claim.limit("that sentence", what, measure, below=…).',
                )
            )  # fmt: skip
        for limit in limits:
            if limit not in pages.get(page, ""):
                found.append(
                    Problem(
                        place.file, place.line, f"{page} does not state the limit {limit!r}",
                        "A reader must know where a claim stops being true.",
                        'Write the same sentence, to the letter, into a list under "## Where it stops".',
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
