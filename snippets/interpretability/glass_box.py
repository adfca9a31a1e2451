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
from numpy.typing import ArrayLike, NDArray
from scipy.stats import t as student
from sklearn.base import is_classifier
from sklearn.metrics import get_scorer_names
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
    scoring: str | None = None,
) -> pd.DataFrame:
    """Compare models on the same random splits of one table.

    Parameters
    ----------
    glass_boxes : dict of str to estimator
        The models that people can read; they are cloned, not changed.
    black_box : estimator
        The model to beat: a classifier like the others, or a regressor like the others.
    inputs, target : array-like of shape (n, features) and (n,)
        A table as the models take it, or an array of numbers; numbers or classes to predict.
    splits, test_share, seed : int, float, int
        How many random splits, which share of the rows is held out, and their seed.
    scoring : str, optional
        A metric of scikit-learn, such as "roc_auc" where a class is rare, since accuracy may
        see no price there. Without one: accuracy for classifiers, R² for regressors.

    Returns
    -------
    DataFrame of shape (models, 5)
        ``score`` and ``black_box``, the mean score on held-out rows; ``price``, black
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
    for name, model in glass_boxes.items():  # accuracy minus R² would be a number, too
        if not hasattr(model, "fit") or is_classifier(model) != is_classifier(black_box):
            raise TypeError(f"glass_boxes must hold models of black_box's kind, not {name!r}")
    table: Any = inputs
    if isinstance(inputs, pd.DataFrame):  # its text and NaN are the models' own business
        table = _table("inputs", inputs)
    else:
        table = _numbers("inputs", inputs, 2)
    labels = _labels("target", target)
    _same_rows(inputs=table, target=labels)
    if len(set(labels)) < 2:
        raise ValueError("target must hold two different values or more")
    _whole("splits", splits, 2)
    _between("test_share", test_share, 0, 1)
    _whole("seed", seed, 0)
    if scoring is not None and scoring not in get_scorer_names():
        raise ValueError(f"scoring must name a metric of scikit-learn, got {scoring!r}")
    if all(isinstance(label, (Real, np.bool_)) for label in labels):
        labels = _numbers("target", labels)

    splitter, usual = ShuffleSplit, "r2"
    if is_classifier(black_box):
        splitter, usual = StratifiedShuffleSplit, "accuracy"
    how = {  # the models' own score may be another: that of a grid search is what it searched by
        "cv": splitter(splits, test_size=test_share, random_state=int(seed) % 2**32),
        "scoring": scoring or usual,
        "error_score": "raise",
    }
    try:
        scores = pd.DataFrame(
            {n: cross_val_score(model, table, labels, **how) for n, model in glass_boxes.items()}
        )
        dark = pd.Series(cross_val_score(black_box, table, labels, **how))
        train, test = next(how["cv"].split(table, labels))  # rounded to whole rows
    except (TypeError, ValueError) as error:
        raise ValueError(f"inputs or target do not suit the models: {error}") from error
    gain = -scores.sub(dark, axis=0)
    if gain.isna().any(axis=None):
        raise ValueError("inputs must hold more rows: the score of a split is undefined")
    variance = (1 / splits + len(test) / len(train)) * gain.var()
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


def _numbers(name: str, values: ArrayLike, ndim: int = 1) -> NDArray[np.float64]:
    # A list goes through object, so that a ragged one, or a number beside text, is refused below.
    try:
        array = np.asarray(values, dtype=None if hasattr(values, "__array__") else object)
        mixed = array.dtype == object and all(isinstance(v, (Real, np.bool_)) for v in array.flat)
        if array.size and array.dtype.kind not in "biuf" and not mixed:
            raise TypeError(f"{name} must hold numbers, got {array.dtype}")
        array = array.astype(np.float64)  # before any arithmetic: uint8 wraps, float16 overflows
    except (OverflowError, ValueError) as error:  # 10**400, or arrays of several shapes
        raise ValueError(f"{name} must hold numbers: {error}") from error
    known = np.isfinite(array).all() and not np.ma.is_masked(values)  # numpy drops a mask
    if array.ndim != ndim or not array.size or not known:
        raise ValueError(f"{name} must have {ndim} dimension(s), rows, and no NaN or infinity")
    return array


def _labels(name: str, values: ArrayLike) -> NDArray[Any]:
    try:  # np.asarray would turn a NaN beside text into the label "nan"
        labels = pd.Series(values)
        flat, _ = np.ndim(values) == 1, labels.nunique()  # a list among the labels has no hash
    except (NotImplementedError, TypeError, ValueError) as error:
        raise ValueError(f"{name} must be one-dimensional, of single labels: {error}") from error
    if not flat or labels.empty:
        raise ValueError(f"{name} must be one-dimensional and not empty")
    if labels.isna().any():
        raise ValueError(f"{name} must have no missing values")
    array = labels.to_numpy()  # pandas has no index of float16 or longdouble
    return array.astype(np.float64) if array.dtype.kind == "f" else array


def _table(name: str, table: pd.DataFrame) -> pd.DataFrame:
    if not isinstance(table, pd.DataFrame):
        raise TypeError(f"{name} must be a DataFrame, got {type(table).__name__}")
    if table.empty or not table.columns.is_unique:
        raise ValueError(f"{name} must have rows and columns, and no two columns of one name")
    big = {c: d.newbyteorder() for c, d in table.dtypes.items() if str(d).startswith(">")}
    table = table.astype(big) if big else table  # pandas computes with the machine's bytes only
    return table.reset_index(drop=True)  # a doubled index would align rows twice


def _same_rows(**arrays: Any) -> None:
    rows = {name: len(array) for name, array in arrays.items()}
    if len(set(rows.values())) > 1:
        raise ValueError(f"{' and '.join(rows)} must have the same number of rows, got {rows}")


def _whole(name: str, value: int, least: int) -> None:
    if not isinstance(value, Integral) or isinstance(value, bool) or not least <= value < 2**63:
        raise ValueError(f"{name} must be a whole number from {least} to 2**63, got {value!r}")


def _between(name: str, value: float, low: float, high: float) -> None:
    # 10**400 is below infinity, and no float can hold it.
    if not isinstance(value, Real) or not low < value < high or int(value).bit_length() > 999:
        raise ValueError(f"{name} must be between {low} and {high}, got {value!r}")


# --8<-- [end:function]

if __name__ == "__main__":
    # --8<-- [start:demo]
    from sklearn.datasets import load_breast_cancer, load_diabetes, load_wine
    from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor
    from sklearn.linear_model import LogisticRegression, RidgeCV
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import PolynomialFeatures, StandardScaler
    from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

    linear = make_pipeline(StandardScaler(), LogisticRegression())
    glass = {"linear": linear, "small tree": DecisionTreeClassifier(max_depth=3, random_state=0)}
    forest = RandomForestClassifier(15, random_state=0)
    ridge = make_pipeline(StandardScaler(), RidgeCV([0.01, 0.1, 1, 10, 100]))
    numeric = {"linear": ridge, "small tree": DecisionTreeRegressor(max_depth=3, random_state=0)}
    rng = np.random.default_rng(2)
    inputs = rng.normal(size=(1_000, 4))
    product = (4 * inputs[:, 0] * inputs[:, 1] > rng.logistic(size=1_000)).astype(int)
    other = RandomForestRegressor(15, min_samples_leaf=3, random_state=0)
    for table, case in {
        "breast cancer": (glass, forest, *load_breast_cancer(return_X_y=True)),
        "wine": (glass, forest, *load_wine(return_X_y=True)),
        "diabetes": (numeric, other, *load_diabetes(return_X_y=True)),
        "product": (glass, forest, inputs, product),
    }.items():
        for kind, row in (100 * price_of_glass_box(*case, splits=6)).iterrows():
            print(
                f"{table}, {kind}: {row.score:.0f} against {row.black_box:.0f}, "
                f"price {row.price:.1f} ({row.low:.1f} to {row.high:.1f})"
            )
            #> breast cancer, linear: 97 against 94, price -2.4 (-6.3 to 1.4)
            #> breast cancer, small tree: 92 against 94, price 2.4 (0.5 to 4.4)
            #> wine, linear: 98 against 98, price 0.4 (-3.6 to 4.4)
            #> wine, small tree: 90 against 98, price 8.5 (-1.6 to 18.6)
            #> diabetes, linear: 48 against 40, price -7.6 (-14.9 to -0.3)
            #> diabetes, small tree: 31 against 40, price 9.2 (0.6 to 17.8)
            #> product, linear: 51 against 75, price 24.1 (20.1 to 28.1)
            #> product, small tree: 59 against 75, price 15.9 (-9.9 to 41.8)
    # --8<-- [end:demo]

    # --8<-- [start:solution]
    pairs = PolynomialFeatures(interaction_only=True, include_bias=False)
    told = {"linear with products": make_pipeline(pairs, LogisticRegression())}
    row = (100 * price_of_glass_box(told, forest, inputs, product, splits=6)).iloc[0]
    print(f"with products: {row.score:.0f} against {row.black_box:.0f}, price {row.price:.1f}")
    #> with products: 78 against 75, price -2.7
    effects = told["linear with products"].fit(inputs, product)[-1].coef_[0]
    names = pairs.fit(inputs).get_feature_names_out(list("abcd"))
    largest = np.abs(effects).argmax()
    print(f"largest coefficient: {names[largest]}, {effects[largest]:.1f}")
    #> largest coefficient: a b, 3.5
    # --8<-- [end:solution]
