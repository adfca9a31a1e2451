"""docs/fairness/what-the-label-means.md"""

from functools import cache

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.metrics import roc_auc_score

from proof.claims import Claim
from snippets.fairness.compare_labels import compare_labels
from snippets.fairness.group_signal import group_signal
from tools.bad_input import names_bad_input


@cache
def places(seed: int, access: float) -> dict[str, float]:
    rng, rows = np.random.default_rng(seed), 50_000
    in_b = rng.random(rows) < 0.25
    need = rng.gamma(2, size=rows) * np.where(in_b, 1.25, 1)
    spent, spend = (
        need * np.where(in_b, access, 1) * rng.lognormal(sigma=0.35, size=rows) for _ in range(2)
    )
    features = np.column_stack([need + rng.normal(scale=0.5, size=rows), spent])
    labels = pd.DataFrame({"cost": spend, "need": need})
    train, test = slice(0, 25_000), slice(25_000, None)
    models = {n: LinearRegression().fit(features[train], labels[n][train]) for n in labels}
    scores = pd.DataFrame({name: model.predict(features[test]) for name, model in models.items()})
    share = compare_labels(scores, np.where(in_b, "B", "A")[test], 0.03).loc["B"].to_dict()
    return share | {"fit": models["cost"].score(features[test], labels["cost"][test])}


def test_cost_is_not_need(claim: Claim) -> None:
    """A model of cost gives a group with less access far fewer places than a model of need, on
    the same features."""

    def lost(seed: int, access: float) -> float:
        return places(seed, access)["need"] - places(seed, access)["cost"]

    claim.holds("share of places lost", lambda seed: lost(seed, 0.6), above=0.06)
    claim.null("the same with equal access", lambda s: abs(lost(s, 1.0)), below=0.04)


def test_fit_does_not_tell(claim: Claim) -> None:
    """The fit to the label does not tell: it is nearly as good where the label is unjust."""

    def worse(seed: int) -> float:
        return places(seed, 1.0)["fit"] - places(seed, 0.6)["fit"]

    def lost(seed: int, access: float) -> float:
        return places(seed, 1.0)["cost"] - places(seed, access)["cost"]

    claim.holds("R2 lost where access is unequal", worse, below=0.08)
    claim.holds("share of places lost", lambda seed: lost(seed, 0.6), above=0.1)
    claim.null("share lost with nearly equal access", lambda s: lost(s, 0.99), below=0.05)


@cache
def selection_ratio(
    seed: int, columns: tuple[str, ...], bias: float = 1.0, proxy: float = 1.5
) -> float:
    rng = np.random.default_rng(seed)
    member = (rng.random(20_000) < 0.4).astype(int)
    skill, district = rng.normal(size=20_000), rng.normal(proxy * member)
    features = pd.DataFrame({"skill": skill, "district": district, "group": member})[list(columns)]
    accepted = skill - bias * member > rng.logistic(scale=0.5, size=20_000)
    model = LogisticRegression().fit(features[:10_000], accepted[:10_000])
    rates = pd.Series(model.predict(features[10_000:])).groupby(member[10_000:]).mean()
    return rates[1] / rates[0]


def test_proxy_keeps_the_bias(claim: Claim) -> None:
    """Without the group's column, a model of biased decisions still selects the group less often,
    through a proxy."""
    without = ("skill", "district")
    claim.holds("selection ratio", lambda seed: selection_ratio(seed, without), below=0.8)
    claim.null("the ratio with no proxy", lambda s: selection_ratio(s, without, proxy=0), above=0.9)
    claim.null(
        "the ratio with a fair history",
        lambda seed: selection_ratio(seed, (*without, "group"), bias=0),
        above=0.9,
    )


@pytest.mark.parametrize("seed", range(5))
def test_auc_of_one_column_is_that_of_the_column(seed: int) -> None:
    rng = np.random.default_rng(seed)
    member = rng.integers(0, 2, 2_000)
    table = pd.DataFrame({"x": rng.normal(member), "y": rng.normal(1_000 - 500 * member, 1_000)})
    signal = group_signal(table, member)
    assert signal.index.tolist() == ["x", "y", "all features"]
    assert signal["x"] == pytest.approx(roc_auc_score(member, table["x"]), abs=0.01)
    assert signal["y"] == pytest.approx(roc_auc_score(member, -table["y"]), abs=0.01)
    assert signal["all features"] > signal["x"] + 0.005
    noise = group_signal(pd.DataFrame({"z": rng.normal(size=2_000)}), member == 1)
    assert noise["z"] == pytest.approx(0.5, abs=0.06)


def test_labels_by_hand() -> None:
    labels = pd.DataFrame(
        {"cost": [9, 8, 1, 1, 0], "need": [1.0, 2, 3, 9, 8]}, index=[5, 6, 7, 8, 9]
    )
    group = pd.Series(["a", "a", "a", "b", "c"])
    shares = compare_labels(labels, group, 0.4)
    assert shares.index.tolist() == ["a", "b", "c"]
    assert shares["all"].tolist() == pytest.approx([0.6, 0.2, 0.2])
    assert shares["cost"].tolist() == [1, 0, 0]
    assert shares["need"].tolist() == [0, 0.5, 0.5]
    assert compare_labels(labels, group, 0.6)["cost"].tolist() == [1, 0, 0]  # the earlier of a tie
    assert compare_labels(labels, group, 0.01)["need"].tolist() == [0, 1, 0]  # one place at least


def test_bad_input_is_named() -> None:
    labels = pd.DataFrame({"cost": [3.0, 1.0, 2.0], "need": [1, 3, 2]})
    names_bad_input(
        compare_labels,
        labels=labels,
        group=["a", "b", "a"],
        capacity=0.5,
        paired=("labels", "group"),
        bounds={"capacity": "(0, 1)"},
    )
    features = pd.DataFrame({"x": np.arange(20.0), "y": np.arange(20)[::-1]})
    member = [0, 1] * 10
    names_bad_input(group_signal, features=features, member=member, paired=("features", "member"))
    with pytest.raises(ValueError, match="group"):
        compare_labels(labels, ["a", None, "b"], 0.5)
    for bad in ([0] * 20, [0] * 4 + [1] * 16, [1] * 4 + [0] * 16, [2] * 10 + [1] * 10):
        with pytest.raises(ValueError, match="member must hold 0 and 1"):
            group_signal(features, bad)
    assert group_signal(features, [0] * 5 + [1] * 15)["x"] >= 0
    for table in (features.assign(x="text"), features.assign(x=np.inf)):
        with pytest.raises(ValueError, match="features"):
            group_signal(table, member)
        with pytest.raises(ValueError, match="labels"):
            compare_labels(table, member, 0.5)
