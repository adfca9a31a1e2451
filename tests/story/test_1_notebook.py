"""docs/story/1-notebook.py"""

from collections.abc import Callable
from functools import cache

import pandas as pd

from docs.story.figures.leak import COLUMNS, KNOB, measure, scores
from proof.claims import Claim
from snippets.beyond.leak_suspects import leak_suspects
from snippets.story.loans import loan_applications

OTHERS: list[dict[str, object]] = [{"rows": 600}, {"linear": True}]


def score(name: str) -> Callable[..., float]:
    return lambda seed, calls, **setting: scores(seed, calls, **setting)[name]


@cache
def suspects(seed: int, calls: float) -> pd.DataFrame:
    applications = loan_applications(400, seed, calls=calls)
    history = applications[applications["month"] < 6]
    return leak_suspects(history[COLUMNS], history["default"], believable=0.9)


def test_the_promise_is_not_kept(claim: Claim) -> None:
    """The notebook counts on a column that is still empty on the day of the decision, and the next
    month takes back what it promised."""
    claim.effect(
        "AUC not kept", measure,
        knob="calls", **KNOB.ends, above=0.093, off_below=0.087, also=OTHERS,
    )  # fmt: skip
    claim.effect(
        "defaults found", score("found"),
        knob="calls", on=2.5, off=0.0, below=0.1, off_above=0.15, also=OTHERS,
    )  # fmt: skip
    for name in ("offline", "stored"):
        claim.effect(
            f"AUC {name}", score(name),
            knob="calls", on=2.5, off=0.0, above=0.94, off_below=0.9, also=OTHERS,
        )  # fmt: skip
    claim.limit(
        "Where collection seldom calls, once for every five defaults, most of the promise is kept, and no column is suspected.",
        "AUC not kept, few calls", lambda seed: measure(seed, 0.2), below=0.1,
    )  # fmt: skip
    assert not any(suspects(seed, 0.2)["suspect"].any() for seed in range(3))


def test_the_suspect_is_the_column_from_the_future() -> None:
    for seed in range(5):
        report = suspects(seed, 2.5)
        assert report.index[report["suspect"]].tolist() == ["collection_calls"]
        assert not suspects(seed, 0.0)["suspect"].any()
