# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0", "pandas>=2.2.2", "scikit-learn>=1.6"]
# ///
"""Feed a fitted model faulty input, and see what raises and what only gets worse.

Page: docs/data/input-contract.md
Source: fault injection; ColumnTransformer, SimpleImputer and OneHotEncoder of scikit-learn
Task: see which faulty inputs raise, and which only harm
Graduate to: none
"""
# SPDX-License-Identifier: MIT

# --8<-- [start:function]
from collections.abc import Callable, Hashable, Mapping
from numbers import Integral, Real
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from sklearn.base import clone
from sklearn.compose import make_column_transformer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler
from sklearn.tree import DecisionTreeClassifier

Fault = Callable[[pd.DataFrame], pd.DataFrame]

NINE_FAULTS: dict[str, Fault] = {
    "income in cents": lambda table: table.assign(income=table["income"].astype(float) * 100),
    "age in months": lambda table: table.assign(age=table["age"].astype(float) * 12),
    "age -1 in 3 of 10 rows": lambda table: table.assign(
        age=table["age"].astype(float).where(np.arange(len(table)) % 10 > 2, -1)
    ),
    "city in capitals": lambda table: table.assign(city=table["city"].str.upper()),
    "income all null": lambda table: table.assign(income=np.nan),
    "income stuck": lambda table: table.assign(income=table["income"].iloc[-1]),
    "income as text": lambda table: table.assign(income=table["income"].map("{:.2f}".format)),
    "income 1234,56": lambda table: table.assign(
        income=table["income"].map("{:.2f}".format).str.replace(".", ",")
    ),
    "age missing": lambda table: table.drop(columns="age"),
}

TEXTBOOK_PIPELINE = make_pipeline(
    make_column_transformer(
        (make_pipeline(SimpleImputer(), StandardScaler()), ["income", "age"]),
        (OneHotEncoder(handle_unknown="ignore"), ["city"]),
    ),
    LogisticRegression(),
)


def customers(
    rows: int, seed: int = 0, income_weight: float = 3.0
) -> tuple[pd.DataFrame, pd.Series]:
    """Draw synthetic customers, and who of them buys.

    Parameters
    ----------
    rows : int
        Number of customers.
    seed : int
        Seed of the draw.
    income_weight : float
        What one unit of log income adds to the log odds of a purchase; 0 makes
        income useless.

    Returns
    -------
    tuple of DataFrame of shape (rows, 3) and Series of shape (rows,)
        ``income`` in euros, ``age`` in years, ``city``; the labels, 0 or 1.

    Raises
    ------
    ValueError
        If a parameter is out of range; the message names it.
    """
    _whole("rows", rows, 0)
    _whole("seed", seed, 0)
    _at_least("income_weight", income_weight, 0)
    rng = np.random.default_rng(seed)
    table = pd.DataFrame(
        {
            "income": rng.lognormal(10, 0.4, rows),
            "age": rng.integers(18, 80, rows),
            "city": rng.choice(["Lyon", "Nice", "Paris"], rows),
        }
    )
    log_odds = income_weight * (np.log(table["income"]) - 10) - (table["age"] - 45) / 20
    log_odds += 2.5 * (table["city"] == "Paris")
    return table, (log_odds + rng.logistic(size=rows) > 0).astype(int)


def fault_impact(
    model: Any, batch: pd.DataFrame, labels: ArrayLike, faults: Mapping[str, Fault]
) -> pd.DataFrame:
    """Score a fitted classifier on a clean batch, and on the same batch with each fault.

    Parameters
    ----------
    model : fitted classifier
        Anything with ``predict_proba``, preprocessing included, of two classes that are numbers
        or booleans: the larger is the label 1.
    batch : DataFrame of shape (n, features)
        Rows that the model was not trained on, with its columns in its order.
    labels : array-like of shape (n,)
        Their true labels, 0 or 1.
    faults : mapping of str to callable
        Each takes a copy of the batch, with its index, and returns a faulty table of as many
        rows; none is named "clean".

    Returns
    -------
    DataFrame of shape (faults + 1, 2)
        ``auc``, NaN where the model raised or answered NaN; ``raised``, the error's name or "".
        The first row is "clean".

    Raises
    ------
    TypeError, ValueError
        If an argument is unsuitable, or the model fails on the clean batch; the message names it.
    """
    if not hasattr(model, "predict_proba"):
        raise TypeError(f"model must have predict_proba, got {type(model).__name__}")
    classes = np.asarray(getattr(model, "classes_", (0, 1)))
    if classes.shape != (2,) or classes.dtype.kind not in "biuf":
        raise ValueError(f"model must have two classes, as numbers, got {classes.tolist()}")
    given, batch, truth = batch, _table("batch", batch), _numbers("labels", labels)
    _same_columns("batch", batch, model)
    _same_rows(batch=batch, labels=truth)
    if set(truth) != {0, 1}:
        raise ValueError("labels must hold 0 and 1, both of them")
    if not isinstance(faults, Mapping) or not all(map(callable, faults.values())):
        raise TypeError("faults must map names to functions of a DataFrame")
    _free("faults", "clean", faults)

    try:
        rows = {"clean": (roc_auc_score(truth, model.predict_proba(batch)[:, 1]), "")}
    except (IndexError, TypeError, ValueError) as error:
        raise ValueError(f"batch does not suit the model: {error}") from error
    for name, spoil in faults.items():
        try:
            faulty = spoil(batch.copy().set_axis(given.index))
        except Exception as error:
            raise ValueError(f"faults: {name!r} fails on this batch: {error}") from error
        if not isinstance(faulty, pd.DataFrame) or len(faulty) != len(batch):
            raise ValueError(f"faults: {name!r} must return a DataFrame with the rows of the batch")
        score, raised = np.full(len(truth), np.nan), ""
        try:
            score = np.asarray(model.predict_proba(faulty), np.float64)[:, 1]
        except Exception as error:  # whatever it raises is the result
            raised = type(error).__name__
        rows[name] = (roc_auc_score(truth, score) if np.isfinite(score).all() else np.nan, raised)
    return pd.DataFrame.from_dict(rows, orient="index", columns=["auc", "raised"])


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


def _table(name: str, table: pd.DataFrame) -> pd.DataFrame:
    if not isinstance(table, pd.DataFrame):
        raise TypeError(f"{name} must be a DataFrame, got {type(table).__name__}")
    if table.empty or not table.columns.is_unique:
        raise ValueError(f"{name} must have rows and columns, and no two columns of one name")
    big = {c: d.newbyteorder() for c, d in table.dtypes.items() if str(d).startswith(">")}
    table = table.astype(big) if big else table  # pandas computes with the machine's bytes only
    return table.reset_index(drop=True)  # a doubled index would align rows twice


def _same_columns(name: str, table: pd.DataFrame, model: Any) -> None:
    fitted = getattr(model, "feature_names_in_", None)
    if fitted is not None and list(fitted) != list(table.columns):
        raise ValueError(f"{name} must have the columns of the model, in its order: {list(fitted)}")


def _same_rows(**arrays: Any) -> None:
    rows = {name: len(array) for name, array in arrays.items()}
    if len(set(rows.values())) > 1:
        raise ValueError(f"{' and '.join(rows)} must have the same number of rows, got {rows}")


def _whole(name: str, value: int, least: int) -> None:
    if not isinstance(value, Integral) or isinstance(value, bool) or not least <= value < 2**63:
        raise ValueError(f"{name} must be a whole number from {least} to 2**63, got {value!r}")


def _free(name: str, taken: Hashable, names: Any) -> None:
    if taken in set(names):
        raise ValueError(f"{name} must not use the name {taken!r}, which the result needs")


def _at_least(name: str, value: float, least: float) -> None:
    # 10**400 is below infinity, and no float can hold it.
    if not isinstance(value, Real) or not least <= value < np.inf or int(value).bit_length() > 999:
        raise ValueError(f"{name} must be a number of at least {least}, got {value!r}")


# --8<-- [end:function]

if __name__ == "__main__":
    # --8<-- [start:demo]
    def impact(income_weight: float, model: Any = TEXTBOOK_PIPELINE) -> pd.DataFrame:
        table, labels = customers(4_000, income_weight=income_weight)
        model = clone(model).fit(table[:3_000], labels[:3_000])
        faults: dict[str, Fault] = NINE_FAULTS | {
            "income of other rows": lambda batch: batch.assign(income=np.roll(batch["income"], 1))
        }
        return fault_impact(model, table[3_000:], labels[3_000:], faults)

    useful = impact(income_weight=3)
    for name, auc, raised in useful.itertuples():
        verdict = "unharmed" if auc > useful["auc"]["clean"] - 0.01 else "silently worse"
        print(f"{name}: {f'raises {raised}' if raised else f'{verdict}, AUC {auc:.3f}'}")
        #> clean: unharmed, AUC 0.839
        #> income in cents: silently worse, AUC 0.500
        #> age in months: silently worse, AUC 0.672
        #> age -1 in 3 of 10 rows: silently worse, AUC 0.788
        #> city in capitals: silently worse, AUC 0.759
        #> income all null: silently worse, AUC 0.736
        #> income stuck: silently worse, AUC 0.736
        #> income as text: unharmed, AUC 0.839
        #> income 1234,56: raises ValueError
        #> age missing: raises ValueError
        #> income of other rows: silently worse, AUC 0.679

    tree = make_pipeline(TEXTBOOK_PIPELINE[0], DecisionTreeClassifier(max_depth=2, random_state=0))
    for name, model in (("logistic regression", TEXTBOOK_PIPELINE), ("a small tree", tree)):
        auc = impact(income_weight=0, model=model)["auc"]
        print(
            f"useless income, {name}: AUC {auc['clean']:.3f}, "
            f"all null {auc['income all null']:.3f}, in cents {auc['income in cents']:.3f}"
        )
        #> useless income, logistic regression: AUC 0.813, all null 0.813, in cents 0.628
        #> useless income, a small tree: AUC 0.790, all null 0.790, in cents 0.790
    # --8<-- [end:demo]
