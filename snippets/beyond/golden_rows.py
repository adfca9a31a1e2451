# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0", "pandas>=2.2.2", "scikit-learn>=1.6"]
# ///
"""Golden rows: a few inputs with their answers, checked wherever the model is loaded.

Page: docs/beyond/training-serving-parity.md
Source: golden-file testing; rows picked to hold every category, extreme and kind of null
Task: check a loaded model against recorded answers
Graduate to: none
"""
# SPDX-License-Identifier: MIT

# --8<-- [start:function]
import json
from numbers import Real
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray


def golden_rows(table: pd.DataFrame) -> NDArray[np.int64]:
    """Pick rows that hold, for each column, both extremes of numbers or each value, and a null.

    Parameters
    ----------
    table : DataFrame of shape (n, features)
        The training table, before any preprocessing, without identifiers and free text.
        Numbers of the dtype category are categories, and so is text of up to a hundred
        different values, or of that dtype.

    Returns
    -------
    ndarray of shape (k,)
        Row numbers, in order.

    Raises
    ------
    TypeError, ValueError
        If ``table`` is no DataFrame with rows, two columns have one name, or one holds free
        text.
    """
    if not isinstance(table, pd.DataFrame) or table.empty:
        raise TypeError("table must be a DataFrame with at least one row")
    if not table.columns.is_unique:
        raise ValueError("table must have no two columns of one name")
    picked: set[int] = set()
    for name in table:
        column = table[name].reset_index(drop=True).astype(object)
        if not isinstance(table[name].dtype, pd.CategoricalDtype):
            column = pd.Series(column.to_numpy(na_value=np.nan)).infer_objects()  # NA hid numbers
        if column.dtype.kind in "iuf":  # whatever held the numbers
            column = pd.Series(column.to_numpy(float, na_value=np.nan))
        present = column.dropna()
        if column.dtype.kind in "iuf" and len(present):
            picked |= {*present.nsmallest(1).index, *present.nlargest(1).index}
        else:
            distinct = set(present.drop_duplicates().index)
            if len(distinct) > 100 and not isinstance(table[name].dtype, pd.CategoricalDtype):
                raise ValueError(
                    f"table: column {name!r} holds {len(distinct)} different values: drop an "
                    "identifier or free text, or make it a pandas category"
                )
            picked |= distinct
        picked |= set(column.index[column.isna()][:1])
    return np.array(sorted(picked))


def write_golden(model: Any, rows: pd.DataFrame, method: str = "predict_proba") -> str:
    """Return rows and the model's answers as JSON, to be committed beside the model.

    Parameters
    ----------
    model : object
        The fitted model, with its preprocessing, where it was trained.
    rows : DataFrame of shape (k, features)
        For example ``table.iloc[golden_rows(table)]``.
    method : str
        Name of the method that answers in numbers or labels.

    Returns
    -------
    str
        JSON with ``method``, ``rows`` and ``answers``.

    Raises
    ------
    TypeError, ValueError
        If ``rows`` is no DataFrame with rows, has two columns of one name or holds what JSON
        does not, or the model lacks the method or does not answer each row.
    """
    if not isinstance(rows, pd.DataFrame) or rows.empty:
        raise TypeError("rows must be a DataFrame with at least one row")
    if not rows.columns.is_unique:
        raise ValueError("rows must have no two columns of one name")
    if not callable(getattr(model, str(method), None)):
        raise TypeError(f"model must have the method {method!r}")
    if not all(isinstance(name, str) for name in rows.columns):
        raise TypeError("rows must have text for the names of columns, as JSON does")
    records = rows.astype(object).where(rows.notna(), None).to_dict("records")
    for column in rows:
        if rows[column].dtype.kind in "mM" or not _in_json(rows[column]):
            raise TypeError(
                f"rows: column {column!r} must hold numbers, text or booleans, as JSON does"
            )
    answers = np.asarray(getattr(model, method)(rows.copy()))
    if answers.shape[:1] != (len(rows),):
        raise TypeError(f"model must return one entry for each row from {method!r}")
    if answers.dtype.kind in "mM" or not _in_json(pd.Series([answers.tolist()])):
        raise TypeError(f"model must answer with numbers, text or booleans from {method!r}")
    content = {"method": method, "rows": records, "answers": answers.tolist()}
    return json.dumps(content, indent=1)


def _in_json(column: pd.Series) -> bool:
    try:
        return bool(json.dumps(column.astype(object).where(column.notna(), None).tolist()))
    except TypeError:
        return False


def check_golden(model: Any, golden: str, tolerance: float = 1e-6) -> list[str]:
    """Ask the served model for the golden rows, one at a time, and list the wrong answers.

    Parameters
    ----------
    model : object
        The model as the server has loaded it.
    golden : str
        What ``write_golden`` returned.
    tolerance : float
        Largest difference that counts as equal.

    Returns
    -------
    list of str
        One sentence for each row with another answer; empty if the model may serve.

    Raises
    ------
    TypeError, ValueError
        If ``golden`` is not such a text, the model lacks the method or ``tolerance`` is negative.
    """
    try:
        content = json.loads(golden)
        method = content["method"]
        pairs = list(zip(content["rows"], content["answers"], strict=True))
    except (TypeError, KeyError, ValueError) as error:
        raise ValueError("golden must be the text that write_golden returned") from error
    if not callable(getattr(model, str(method), None)):
        raise TypeError(f"model must have the method {method!r}")
    _at_least("tolerance", tolerance, 0)
    wrong = []
    for row, expected in pairs:
        answers = np.asarray(getattr(model, method)(pd.DataFrame([row])))
        wanted = np.array([expected])
        if answers.shape != wanted.shape or not _close(answers, wanted, tolerance):
            got = answers[0] if answers.shape[:1] == (1,) else answers  # not one answer to one row
            wrong.append(f"{row}: expected {expected}, got {np.asarray(got).tolist()}")
    return wrong


def _close(got: NDArray[Any], wanted: NDArray[Any], tolerance: float) -> bool:
    kinds = {got.dtype.kind, wanted.dtype.kind}
    if kinds <= set("biuf") and ("f" in kinds or tolerance >= 1):  # float64 merges long ids
        reach = tolerance * (1 + 1e-9)  # 0.31 - 0.3 is 0.01
        return np.allclose(got, wanted, rtol=0, atol=reach, equal_nan=True)
    return bool(np.array_equal(got, wanted))  # labels


def _at_least(name: str, value: float, least: float) -> None:
    # 10**400 is below infinity, and no float can hold it.
    if not isinstance(value, Real) or not least <= value < np.inf or int(value).bit_length() > 999:
        raise ValueError(f"{name} must be a number of at least {least}, got {value!r}")


# --8<-- [end:function]

if __name__ == "__main__":
    # --8<-- [start:demo]
    from sklearn.compose import make_column_transformer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import FunctionTransformer, OneHotEncoder, StandardScaler

    rng = np.random.default_rng(0)
    table = pd.DataFrame(
        {
            "income": np.exp(rng.normal(10, 0.5, 2_000)),
            "city": rng.choice(["Lima", "Oslo", "Delhi", "Bonn"], 2_000, p=[0.5, 0.3, 0.18, 0.02]),
        }
    )
    buys = np.log(table["income"]) + rng.logistic(size=2_000) > 10 + (table["city"] == "Bonn")
    trained = make_pipeline(
        make_column_transformer(
            (OneHotEncoder(handle_unknown="ignore"), ["city"]), (StandardScaler(), ["income"])
        ),
        LogisticRegression(),
    ).fit(table, buys)
    changes = {
        "the same": lambda rows: rows,
        "income in thousands": lambda rows: rows.assign(income=rows["income"] / 1_000),
        "income capped": lambda rows: rows.assign(income=rows["income"].clip(upper=90_000)),
        "Bonn renamed": lambda rows: rows.assign(city=rows["city"].replace("Bonn", "Bonn (DE)")),
    }
    picked = golden_rows(table)
    golden = write_golden(trained, table.iloc[picked])
    print(
        f"{len(picked)} golden rows picked, for {table['city'].nunique()} cities and 2 extremes of income"
    )
    #> 6 golden rows picked, for 4 cities and 2 extremes of income
    answers = trained.predict_proba(table)
    for name, change in changes.items():
        server = make_pipeline(FunctionTransformer(change), trained)
        touched = (server.predict_proba(table) != answers).any(axis=1).mean()
        wrong, miss = len(check_golden(server, golden)), (1 - touched) ** len(picked)
        print(
            f"{name}: {wrong} golden rows wrong, {touched:.1%} of all; random rows miss {miss:.0%}"
        )
        #> the same: 0 golden rows wrong, 0.0% of all; random rows miss 100%
        #> income in thousands: 6 golden rows wrong, 100.0% of all; random rows miss 0%
        #> income capped: 1 golden rows wrong, 0.1% of all; random rows miss 99%
        #> Bonn renamed: 1 golden rows wrong, 1.9% of all; random rows miss 89%
    # --8<-- [end:demo]

    # --8<-- [start:solution]
    touched = 0.02
    needed = int(np.ceil(np.log(0.05) / np.log(1 - touched)))
    print(f"{needed} random rows notice it in {1 - (1 - touched) ** needed:.1%} of the cases")
    #> 149 random rows notice it in 95.1% of the cases
    flags = pd.DataFrame({"flag": np.arange(2_000) % 50 == 0})
    print(f"{len(golden_rows(flags))} picked rows notice it, if a column shows the touched rows")
    #> 2 picked rows notice it, if a column shows the touched rows
    # --8<-- [end:solution]
