# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0", "pandas>=2.2.2", "scipy>=1.13", "scikit-learn>=1.6"]
# ///
"""What a glass box costs against a black box, with an interval.

Page: docs/interpretability/index.md
Source: corrected resampled t interval of C. Nadeau and Y. Bengio, 2003
Task: price a glass box against a black box
Graduate to: interpret
"""
# SPDX-License-Identifier: MIT

# --8<-- [start:function]
from numbers import Integral, Real
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.stats import t as student
from sklearn.base import is_classifier
from sklearn.model_selection import ShuffleSplit, StratifiedShuffleSplit, cross_val_score


def price_of_glass_box(
    glass_boxes: dict[str, Any],
    black_box: Any,
    inputs: ArrayLike,
    target: ArrayLike,
    *,
    splits: int = 10,
    test_share: float = 0.25,
    seed: int = 0,
) -> pd.DataFrame:
    """Compare models on the same random splits of one table.

    Parameters
    ----------
    glass_boxes : dict of str to estimator
        The models that people can read; they are cloned, not changed.
    black_box : estimator
        The model to beat, a classifier or a regressor like the others.
    inputs, target : array-like of shape (n, features) and (n,)
        Numbers without NaN; classes are numbers, too.
    splits, test_share, seed : int, float, int
        How many random splits, which share of the rows is held out, and their seed.

    Returns
    -------
    DataFrame of shape (models, 5)
        ``score`` and ``black_box``, mean accuracy or R² on held-out rows; ``price``, black
        box minus glass box; ``low`` and ``high``, its 95% interval, widened because the
        training sets of the splits overlap.

    Raises
    ------
    TypeError, ValueError
        If an argument is unsuitable; the message names it.
    """
    if not isinstance(glass_boxes, dict) or not glass_boxes:
        raise TypeError("glass_boxes must be a dict of models, not empty")
    if not hasattr(black_box, "fit") or not hasattr(black_box, "score"):
        raise TypeError("black_box must have fit and score")
    for name, values, dimensions in (("inputs", inputs, 2), ("target", target, 1)):
        array = np.asarray(values)
        if array.dtype.kind not in "biuf" or array.ndim != dimensions or not array.size:
            raise ValueError(f"{name} must hold numbers in {dimensions} dimension(s), not empty")
        if not np.isfinite(array).all():
            raise ValueError(f"{name} must not hold NaN or infinity")
    if np.shape(inputs)[:1] != np.shape(target) or len(np.unique(target)) < 2:
        raise ValueError("target must vary, and have a value for each row of inputs")
    if not isinstance(splits, Integral) or splits < 2:
        raise ValueError(f"splits must be a whole number of at least 2, got {splits!r}")
    if not isinstance(test_share, Real) or not 0 < test_share < 1:
        raise ValueError(f"test_share must be between 0 and 1, got {test_share!r}")
    if not isinstance(seed, Integral) or seed < 0:
        raise ValueError(f"seed must be a whole number of at least 0, got {seed!r}")

    splitter = StratifiedShuffleSplit if is_classifier(black_box) else ShuffleSplit
    same = splitter(splits, test_size=test_share, random_state=seed)
    scores = pd.DataFrame(
        {
            name: cross_val_score(model, inputs, target, cv=same, error_score="raise")
            for name, model in [*glass_boxes.items(), (None, black_box)]
        }
    )
    dark = scores.pop(None)
    gain = -scores.sub(dark, axis=0)
    variance = (1 / splits + test_share / (1 - test_share)) * gain.var()
    margin = student.ppf(0.975, splits - 1) * np.sqrt(variance)
    return pd.DataFrame(
        {
            "score": scores.mean(),
            "black_box": dark.mean(),
            "price": gain.mean(),
            "low": gain.mean() - margin,
            "high": gain.mean() + margin,
        }
    )


# --8<-- [end:function]

if __name__ == "__main__":
    # --8<-- [start:demo]
    from sklearn.datasets import load_breast_cancer, load_diabetes, load_wine
    from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor
    from sklearn.linear_model import LogisticRegression, RidgeCV
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler
    from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

    def two_classes(product, rows=600, seed=0):
        rng = np.random.default_rng(seed)
        inputs = rng.normal(size=(rows, 4))
        first, second = inputs[:, 0], inputs[:, 1]
        log_odds = 4 * (first * second if product else first + second)
        return inputs, (log_odds > rng.logistic(size=rows)).astype(int)

    classifiers = (
        {
            "linear": make_pipeline(StandardScaler(), LogisticRegression()),
            "small tree": DecisionTreeClassifier(max_depth=3, random_state=0),
        },
        RandomForestClassifier(15, random_state=0),
    )
    regressors = (
        {
            "linear": make_pipeline(StandardScaler(), RidgeCV(np.logspace(-2, 3, 6))),
            "small tree": DecisionTreeRegressor(max_depth=3, random_state=0),
        },
        RandomForestRegressor(15, min_samples_leaf=3, random_state=0),
    )
    tables = {
        "breast cancer": (*classifiers, *load_breast_cancer(return_X_y=True)),
        "wine": (*classifiers, *load_wine(return_X_y=True)),
        "diabetes": (*regressors, *load_diabetes(return_X_y=True)),
        "sum": (*classifiers, *two_classes(product=False)),
        "product": (*classifiers, *two_classes(product=True)),
    }
    for table, case in tables.items():
        for kind, row in price_of_glass_box(*case, splits=6).iterrows():
            print(
                f"{table}, {kind}: price {100 * row.price:.1f} points ({100 * row.low:.1f} to "
                f"{100 * row.high:.1f}), score {row.score:.0%}, forest {row.black_box:.0%}"
            )
            #> breast cancer, linear: price -2.4 points (-6.3 to 1.4), score 97%, forest 94%
            #> breast cancer, small tree: price 2.4 points (0.5 to 4.4), score 92%, forest 94%
            #> wine, linear: price 0.4 points (-3.6 to 4.3), score 98%, forest 98%
            #> wine, small tree: price 8.5 points (-1.5 to 18.5), score 90%, forest 98%
            #> diabetes, linear: price -7.6 points (-14.9 to -0.3), score 48%, forest 40%
            #> diabetes, small tree: price 9.2 points (0.6 to 17.8), score 31%, forest 40%
            #> sum, linear: price -1.9 points (-3.8 to 0.1), score 90%, forest 88%
            #> sum, small tree: price 5.2 points (0.5 to 10.0), score 83%, forest 88%
            #> product, linear: price 26.8 points (19.5 to 34.0), score 49%, forest 76%
            #> product, small tree: price 25.4 points (18.3 to 32.6), score 51%, forest 76%
    # --8<-- [end:demo]
