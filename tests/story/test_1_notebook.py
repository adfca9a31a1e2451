"""docs/story/1-notebook.py"""

from collections.abc import Callable
from functools import cache

import pandas as pd
from sklearn.metrics import roc_auc_score
from sklearn.tree import DecisionTreeClassifier

from docs.story.figures.leak import COLUMNS, KNOB, measure, scores
from proof.claims import Claim
from snippets.beyond.leak_suspects import leak_suspects
from snippets.story.loans import loan_applications

OTHERS: list[dict[str, object]] = [{"rows": 600}, {"linear": True}]


def score(name: str) -> Callable[..., float]:
    return lambda seed, calls, **setting: scores(seed, calls, **setting)[name]


def ranks(seed: int, leaves: int) -> float:
    """Return the AUC that a tree with the calls has on the day of the decision."""
    applications = loan_applications(700, seed).drop(columns=["region", "group"])
    month, default = applications.pop("month"), applications.pop("default")
    tree = DecisionTreeClassifier(max_leaf_nodes=leaves, random_state=0)
    tree.fit(applications[month < 6], default[month < 6])
    asked = applications[month == 6].assign(collection_calls=0)
    return float(roc_auc_score(default[month == 6], tree.predict_proba(asked)[:, 1]))


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
        "A tree of few leaves asks about the calls alone, and as served ranks nobody.",
        "AUC as served, eight leaves", lambda seed: ranks(seed, leaves=8), below=0.55,
    )  # fmt: skip
    assert min(ranks(seed, leaves=100) for seed in range(5)) > 0.54
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
