"""Figure: what a linear model and a small tree give up against a forest, on four tables."""

import numpy as np
from matplotlib.axes import Axes
from sklearn.datasets import load_breast_cancer, load_diabetes, load_wine
from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor
from sklearn.linear_model import LogisticRegression, RidgeCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

from proof.figures import INK
from snippets.interpretability.glass_box import price_of_glass_box

TITLE = "Price of a glass box: score of a forest minus score of a model that people can read"
SIZE = (4.6, 3.4)


# --8<-- [start:figure]
def draw(axes: Axes) -> str:
    rng = np.random.default_rng(0)
    inputs = rng.normal(size=(600, 4))
    product = (4 * inputs[:, 0] * inputs[:, 1] > rng.logistic(size=600)).astype(int)

    logistic = make_pipeline(StandardScaler(), LogisticRegression())
    ridge = make_pipeline(StandardScaler(), RidgeCV(np.logspace(-2, 3, 6)))
    classifiers = (
        {"linear": logistic, "small tree": DecisionTreeClassifier(max_depth=3, random_state=0)},
        RandomForestClassifier(15, random_state=0),
    )
    regressors = (
        {"linear": ridge, "small tree": DecisionTreeRegressor(max_depth=3, random_state=0)},
        RandomForestRegressor(15, min_samples_leaf=3, random_state=0),
    )
    tables = {
        "breast cancer": (*classifiers, *load_breast_cancer(return_X_y=True)),
        "wine": (*classifiers, *load_wine(return_X_y=True)),
        "diabetes": (*regressors, *load_diabetes(return_X_y=True)),
        "product": (*classifiers, inputs, product),
    }
    prices = {name: 100 * price_of_glass_box(*case, splits=6) for name, case in tables.items()}
    for place, kind in enumerate(("linear", "small tree")):
        rows = [table.loc[kind] for table in prices.values()]
        middle = np.array([row.price for row in rows])
        reach = [[row.price - row.low for row in rows], [row.high - row.price for row in rows]]
        heights = np.arange(len(rows)) + 0.3 * place - 0.15
        axes.errorbar(middle, heights, xerr=reach, linestyle="none", capsize=3, label=kind)
    axes.axvline(0, color=INK, linewidth=1, linestyle=":")
    axes.set_yticks(range(len(prices)), [name.replace(" ", "\n") for name in prices])
    axes.set(ylim=(3.6, -0.6), xlabel="price in points, with its interval")
    axes.legend(loc="upper right")
    return "; ".join(
        f"{name}, {kind}: price {row.price:.1f} ({row.low:.1f} to {row.high:.1f})"
        for name, table in prices.items()
        for kind, row in table.iterrows()
    )


# --8<-- [end:figure]
