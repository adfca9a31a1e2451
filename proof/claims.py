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

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import inf

from proof.problem import Problem, demand

SEEDS = 5
SEEDS_ELSEWHERE = 2  # in the other settings of a claim
SEEDS_AT_LIMIT = 3


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
        if fault := self._breach(knob, on, off, effect, null, also, only, seeds):
            raise ValueError(f"{what}: {fault}")
        for number, setting in enumerate([{}, *also]):
            tried = range(seeds if not number else SEEDS_ELSEWHERE)
            said = "".join(f", {name}={value!r}" for name, value in setting.items())
            for name, value, bounds in (("effect", on, effect), ("null", off, null)):
                turned = f"{what} ({knob}={value!r}{said})"
                values = [float(measure(seed, **{**setting, knob: value})) for seed in tried]
                self._within(f"the {name}", turned, values, bounds)
        self.shown |= {"the effect", "the null"}

    def _breach(
        self, knob: str, on: object, off: object, effect: Bounds, null: Bounds,
        also: Sequence[object], only: str, seeds: int,
    ) -> str:  # fmt: skip
        """Return how a test breaks the contract of `effect`, or nothing."""
        if repr(on) == repr(off):
            return f"on and off are both {on!r}; the null turns the knob {knob}"
        if seeds < SEEDS:
            return f"a claim holds over at least {SEEDS} seeds, got {seeds}"
        if not effect.leaves_a_gap_to(null):
            return (
                f"the effect may be {effect}, the null {null}: a value could pass as both. "
                "Set above=… and off_below=… (or below=… and off_above=…) with a gap between them."
            )
        if only and (also or only not in self.sentence):
            return f"only={only!r} must be words of the sentence, without also"
        if not only and len(also) < 2:
            return (
                "hold it in two other settings, also=[{…}, {…}], "
                "or let the sentence name its one setting and repeat those words in only=…"
            )
        return ""

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
