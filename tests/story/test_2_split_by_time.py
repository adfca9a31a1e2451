"""docs/story/2-split-by-time.py"""

from functools import cache
from timeit import repeat
from typing import Any

import numpy as np
import pandas as pd
from sklearn.compose import make_column_transformer
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, OneHotEncoder, StandardScaler

from docs.story.figures.month_column import KNOB, gained, log_loss, measure
from proof.claims import Claim
from snippets.data.forward_split import forward_splits
from snippets.lifecycle.forest_comparisons import comparisons
from snippets.story.loans import loan_applications

NUMERIC = ["amount", "income", "history", "late"]
COLUMNS = [*NUMERIC, "region"]
DEFAULTS: dict[str, Any] = {
    "interaction": 0.0, "rows": 400, "trees": 20, "cents": 0.0, "bent": False,
}  # fmt: skip


@cache
def loans(seed: int, interaction: float, rows: int) -> pd.DataFrame:
    return loan_applications(rows, seed, drift=0.0, interaction=interaction)


@cache
def measured(
    seed: int, interaction: float, rows: int, trees: int, cents: float, bent: bool
) -> dict[str, float]:
    history = loans(seed, interaction, rows)
    if bent:  # the amount counts by its distance from the middle
        size, wealth = (np.log(history["amount"]) - 9) / 0.5, np.log(history["income"]) - 10.3
        risk = -3 + size**2 - wealth / 0.45 + 0.7 * history["late"]
        luck = np.random.default_rng(seed).logistic(size=len(history))
        history = history.assign(default=(luck < risk).astype(int))
    wrong = np.random.default_rng(seed).random(len(history)) < cents
    history = history.assign(income=history["income"] * np.where(wrong, 100, 1))
    train, _ = forward_splits(history["month"], n_splits=12)[4]
    test = history.index[history["month"] > 4]
    assert history["month"][train].max() == 4
    prepare = make_column_transformer(
        (make_pipeline(FunctionTransformer(np.log1p), StandardScaler()), NUMERIC),
        (OneHotEncoder(), ["region"]),
    ).fit(history.loc[train, COLUMNS])
    known, asked = (prepare.transform(history.loc[part, COLUMNS]) for part in (train, test))
    forest = RandomForestClassifier(trees, min_samples_leaf=10, random_state=0)
    loss = {}
    for name, model in (
        ("forest", forest),
        ("logistic", LogisticRegression(solver="newton-cholesky")),
    ):
        model.fit(known, history["default"][train])
        loss[name] = log_loss(history["default"][test].to_numpy(), model.predict_proba(asked)[:, 1])
    return {
        "loss": loss["forest"] - loss["logistic"],
        "work": comparisons(forest, asked[:400]).mean() / model.coef_.size,
    }


def lead(seed: int, **setting: float) -> float:
    """Return how much larger the log loss of the forest is."""
    return measured(seed, **DEFAULTS | setting)["loss"]


def work(seed: int, **setting: float) -> float:
    """Return comparisons of the forest for each weight of the logistic regression."""
    return measured(seed, **DEFAULTS | setting)["work"]


def slower(seed: int) -> float:
    """Return how many times longer the forest takes for a row, over how many times its work is."""
    history = loans(seed, 0.0, 300)[:1_500]
    prepare = make_column_transformer(
        (make_pipeline(FunctionTransformer(np.log1p), StandardScaler()), NUMERIC),
        (OneHotEncoder(), ["region"]),
    )
    one, fastest = history[COLUMNS][:1], []
    for model in (
        RandomForestClassifier(20, min_samples_leaf=10, random_state=0),
        LogisticRegression(solver="newton-cholesky"),
    ):
        call = make_pipeline(prepare, model).fit(history[COLUMNS], history["default"]).predict_proba
        fastest.append(min(repeat(lambda call=call: call(one), number=1, repeat=12)))
    return fastest[0] / fastest[1] / work(seed, rows=300)


def promised(first: int, **setting: bool) -> float:
    """Return what shuffled folds promise in three draws together."""
    return sum(gained(seed, 0.75, **setting)[0] for seed in range(first, first + 3))


def test_a_column_that_tells_the_month(claim: Claim) -> None:
    """Where each month has a level of risk of its own, shuffled folds promise a gain from a column
    that tells the month, and the months after do not deliver it."""
    claim.effect(
        "log loss, promised and not kept", measure,
        knob="swing", **KNOB.ends, above=0.004, off_below=0.003,
        also=[{"rows": 300}, {"trees": True}],
    )  # fmt: skip
    claim.limit(
        "As a plain number, the month lets a logistic regression follow a trend and no swing: over several draws, shuffled folds promise less than a third as much.",
        "promised in three draws, as a part of what the column of categories promises",
        lambda seed: promised(seed, number=True) / promised(seed), below=0.3,
    )  # fmt: skip
    for seed in range(2):  # "Boosted trees follow both."
        told, numbered = (gained(seed, 0.75, trees=True, number=n)[0] for n in (False, True))
        assert numbered > 0.4 * told > 0.002
    for seed in range(5):  # the column helps neither the months after, nor the folds at the null
        assert np.mean(gained(seed, 0.75)[1]) < 0.005
        assert gained(seed, 0.75)[0] > 0.006 > 0.005 > abs(gained(seed, 0.0)[0])


def test_simple_and_cheap(claim: Claim) -> None:
    """Where risks only add up, each along a straight line, the logistic regression beats the forest
    on the months after, at a small part of the work per row."""
    claim.effect(
        "log loss of the forest, more", lead,
        knob="interaction", on=0.0, off=2.0, above=0.004, off_below=-0.01,
        also=[{"rows": 300}, {"trees": 30, "rows": 300}],
    )  # fmt: skip
    claim.effect(
        "comparisons a weight", work,
        knob="trees", on=20, off=1, above=12, off_below=3,
        also=[{"rows": 300}, {"interaction": 2.0}],
    )  # fmt: skip
    claim.limit(
        "Where small amounts are as risky as large ones, risks still add up, and the forest leads.",
        "log loss of the forest, more", lambda seed: lead(seed, bent=True), below=-0.02,
    )  # fmt: skip
    claim.limit(
        "With one income in five in cents, the lead goes to the forest: the weights follow the wrong rows.",
        "log loss of the forest, more", lambda seed: lead(seed, cents=0.2), below=0.0,
    )  # fmt: skip
    claim.limit(
        "Timed as one call of scikit-learn, the forest is not so many times slower: most of a call is preparation and checks.",
        "times as long, over times the work", slower, below=0.4,
    )  # fmt: skip
