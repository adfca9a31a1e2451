# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0", "pandas>=2.2.2", "scikit-learn>=1.6"]
# ///
"""Ask a fitted model for the same rows in the ways a server will, and compare the answers.

Page: docs/beyond/training-serving-parity.md
Source: metamorphic testing; the names of the ways are those of the page
Task: compare a model's answers over all the ways a server may ask
Graduate to: none
"""
# SPDX-License-Identifier: MIT

# --8<-- [start:function]
import json
import pickle
from collections.abc import Callable
from numbers import Real
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray


def parity_report(
    model: Any, rows: pd.DataFrame, method: str = "predict_proba", tolerance: float = 1e-9
) -> pd.DataFrame:
    """Compare what a model answers to one batch with what it answers in five other ways.

    Parameters
    ----------
    model : object
        A fitted model, with its preprocessing.
    rows : DataFrame of shape (n, features)
        Held-out rows as the server receives them, two or more.
    method : str
        Name of the method that returns one number or one row of numbers for each row.
    tolerance : float
        Largest difference that counts as equal.

    Returns
    -------
    DataFrame of shape (5, 3)
        For each way, the share of rows that ``differ``, the ``largest`` difference, and
        the name of the error ``raised``, if any: then all rows differ.

    Raises
    ------
    TypeError, ValueError
        If ``rows`` is no DataFrame with two rows, the model lacks the method or does not
        return numbers, or the tolerance is negative.
    """
    if not isinstance(rows, pd.DataFrame) or rows.empty:
        raise TypeError("rows must be a DataFrame with at least two rows")
    if len(rows) == 1:
        raise ValueError("rows must have at least two rows: one alone is the same as its batch")
    if not rows.columns.is_unique:
        raise ValueError("rows must have no two columns of one name")
    if not callable(getattr(model, str(method), None)):
        raise TypeError(f"model must have the method {method!r}")
    _at_least("tolerance", tolerance, 0)

    def ask(table: pd.DataFrame, model: Any = model) -> np.ndarray:
        return np.asarray(getattr(model, method)(table.copy()))

    def ask_each(change: Callable[[pd.DataFrame], pd.DataFrame]) -> np.ndarray:
        return np.concatenate([ask(change(rows.iloc[row : row + 1])) for row in range(len(rows))])

    batch = ask(rows)
    if batch.dtype.kind not in "biuf" or len(batch) != len(rows):
        raise TypeError(f"model must return numbers, one entry for each row, from {method!r}")
    ways: dict[str, Callable[[], np.ndarray]] = {
        "rows reversed": lambda: ask(rows.iloc[::-1])[::-1],
        "columns reversed": lambda: ask(rows.iloc[:, ::-1]),
        "saved and loaded": lambda: ask(rows, pickle.loads(pickle.dumps(model))),
        "one at a time": lambda: ask_each(lambda row: row),
        "one at a time, as JSON": lambda: ask_each(_through_json),
    }
    report = pd.DataFrame({"differ": 1.0, "largest": np.nan, "raised": ""}, index=list(ways))
    for way, answer in ways.items():
        try:
            gaps = _gaps(answer().astype(float), batch.astype(float))
        except Exception as error:  # whatever a server would log
            report.loc[way, "raised"] = type(error).__name__
        else:
            report.loc[way, "differ"] = 1 - np.mean(gaps <= tolerance * (1 + 1e-9))  # 0.31 - 0.3
            report.loc[way, "largest"] = gaps.max()
    return report


def _gaps(answer: NDArray[np.float64], batch: NDArray[np.float64]) -> NDArray[np.float64]:
    same = (answer == batch) | (np.isnan(answer) & np.isnan(batch))  # also of two infinities
    with np.errstate(invalid="ignore"):
        gaps = np.where(same, 0, np.abs(answer - batch))
    return np.nan_to_num(gaps, nan=np.inf).reshape(len(batch), -1).max(axis=1)


def _through_json(row: pd.DataFrame) -> pd.DataFrame:
    records = row.astype(object).where(row.notna(), None).to_dict("records")
    return pd.DataFrame(json.loads(json.dumps(records)))


def _at_least(name: str, value: float, least: float) -> None:
    # 10**400 is below infinity, and no float can hold it.
    if not isinstance(value, Real) or not least <= value < np.inf or int(value).bit_length() > 999:
        raise ValueError(f"{name} must be a number of at least {least}, got {value!r}")


# --8<-- [end:function]

if __name__ == "__main__":
    # --8<-- [start:demo]
    from sklearn.datasets import load_breast_cancer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import FunctionTransformer, StandardScaler, scale

    table, benign = load_breast_cancer(return_X_y=True, as_frame=True)
    steps = {
        "StandardScaler": [StandardScaler()],
        "scale": [FunctionTransformer(scale)],
        "to_numpy": [FunctionTransformer(pd.DataFrame.to_numpy), StandardScaler()],
    }
    reports = {}
    for name, preprocessing in steps.items():
        model = make_pipeline(*preprocessing, LogisticRegression()).fit(table[:540], benign[:540])
        reports[name] = parity_report(model, table[540:])
    for way in reports["scale"].index:
        rows = [(name, report.loc[way]) for name, report in reports.items()]
        print(
            f"{way}, rows that differ: "
            + ", ".join(f"{name} {row.raised or format(row.differ, '.0%')}" for name, row in rows)
        )
        #> rows reversed, rows that differ: StandardScaler 0%, scale 0%, to_numpy 0%
        #> columns reversed, rows that differ: StandardScaler ValueError, scale 93%, to_numpy 90%
        #> saved and loaded, rows that differ: StandardScaler 0%, scale 0%, to_numpy 0%
        #> one at a time, rows that differ: StandardScaler 0%, scale 100%, to_numpy 0%
        #> one at a time, as JSON, rows that differ: StandardScaler 0%, scale 100%, to_numpy 0%
    # --8<-- [end:demo]
