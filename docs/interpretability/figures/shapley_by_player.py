"""Figure: values of an unused feature, interventional and conditional, by its correlation."""

from functools import cache
from math import comb

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from sklearn.ensemble import GradientBoostingClassifier, RandomForestClassifier
from sklearn.linear_model import LogisticRegression

from proof.figures import INK, SERIES
from proof.knobs import Knob
from snippets.interpretability.shapley_by_player import shapley_by_player

TITLE = "Mean size of Shapley values of three features, one of which the model does not use"


# --8<-- [start:figure]
KNOB = Knob(
    "Correlation of the income with the age, which the model does not use",
    {"0": 0.0, "0.3": 0.3, "0.5": 0.5, "0.7": 0.7, "0.9": 0.9},
    effect="0.9",
    null="0",
    says="Correlation {stop}: values that follow it give the unused age {value:.1f} points of risk "
    "on average, interventional values {age:.1f}.",
)
MODELS = {
    "boosting": GradientBoostingClassifier(n_estimators=20, random_state=0),
    "forest": RandomForestClassifier(10, min_samples_leaf=20, random_state=0),
    "logistic": LogisticRegression(),
}
FEATURES = ["income", "debt", "age"]


@cache
def lender(seed: int, correlation: float, model: str = "boosting", rows: int = 1_500) -> tuple:
    """Return a risk in points that never looks at the age, all applicants, forty of the declined."""
    rng = np.random.default_rng(seed)
    income, debt, more, chance = rng.normal(size=(4, rows))
    age = correlation * income + np.sqrt(1 - correlation**2) * more
    table = pd.DataFrame({"income": income, "debt": debt, "age": age})
    seen = ["income", "debt"]
    fitted = MODELS[model].fit(table[seen], debt - 2 * (income > 0) + 0.5 > chance)

    def risk(asked: pd.DataFrame) -> np.ndarray:
        return 100 * fitted.predict_proba(asked[seen])[:, 1]

    return risk, table, table[risk(table) > 60][:40]


def interventional(seed: int, correlation: float, **setting: object) -> pd.DataFrame:
    risk, table, declined = lender(seed, correlation, **setting)
    return shapley_by_player(risk, table[:60], declined)


@cache
def conditional(seed: int, correlation: float, **setting: object) -> pd.DataFrame:
    """Exact but for 80 draws: what is unknown is drawn as it goes with what is known."""
    risk, _, declined = lender(seed, correlation, **setting)
    rng, at = np.random.default_rng(seed), declined.to_numpy()[:, :, None]
    drawn = rng.normal(size=(2, 1, 80)) + np.zeros((len(declined), 1))
    from_age = correlation * at[:, 2] + np.sqrt(1 - correlation**2) * drawn[0]
    kept = np.arange(8)[:, None] >> np.arange(3) & 1 == 1
    expected = []
    for knows_income, knows_debt, knows_age in kept:  # the mean risk, given what is known
        income = at[:, 0] + 0 * drawn[0] if knows_income else from_age if knows_age else drawn[0]
        debt = at[:, 1] + 0 * drawn[1] if knows_debt else drawn[1]
        asked = pd.DataFrame({"income": income.ravel(), "debt": debt.ravel()})
        expected.append(risk(asked).reshape(len(declined), -1).mean(axis=1))
    found = pd.DataFrame(index=declined.index)
    for player, name in enumerate(FEATURES):
        without = np.flatnonzero(~kept[:, player])
        gains = [expected[n + 2**player] - expected[n] for n in without]
        found[name] = sum(g / (3 * comb(2, kept[n].sum())) for g, n in zip(gains, without))
    return found


def measure(seed: int, correlation: float, **setting: object) -> float:
    return conditional(seed, correlation, **setting)["age"].abs().mean()


def frame(axes: Axes) -> None:
    axes.set(xlim=(-1, 32), ylim=(-0.5, 3.1), xlabel="mean size of the value, in points of risk")
    axes.set_xticks([0, 10, 20, 30])
    axes.set_yticks([0, 1, 2], ["age,\nnot used", "debt", "income"])
    axes.axvline(0, color=INK, linewidth=1, linestyle=":")
    for colour, marker, x, name in zip(SERIES, "os", (1, 14), ("interventional", "conditional")):
        axes.plot(x, 2.75, marker, color=colour)
        axes.text(x + 0.7, 2.66, name)


def draw(axes: Axes, correlation: float) -> dict[str, float]:
    found = [kind(0, correlation).abs().mean() for kind in (interventional, conditional)]
    for size, colour, marker, shift in zip(found, SERIES, "os", (0.12, -0.12)):
        axes.plot(size[FEATURES[::-1]], np.arange(3) + shift, marker, color=colour, markersize=8)
    return {"age": found[0]["age"]}


# --8<-- [end:figure]
