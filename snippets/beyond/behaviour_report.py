# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0", "pandas>=2.2.2", "scikit-learn>=1.6"]
# ///
"""Run behaviour tests on a model: change the rows, and say what the answers may do.

Page: docs/beyond/test-behaviour.md
Source: the three types of tests of CheckList (Ribeiro et al. 2020), here for tables
Task: test how a model behaves, with rows that need no labels
Graduate to: none
"""
# SPDX-License-Identifier: MIT

# --8<-- [start:function]
from collections.abc import Callable, Mapping
from numbers import Real
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

Predict = Callable[[pd.DataFrame], ArrayLike]
Behaviour = tuple[str, Callable[[pd.DataFrame], pd.DataFrame], float, float]


def behaviour_report(
    predict: Predict, rows: pd.DataFrame, tests: Mapping[str, Behaviour]
) -> pd.DataFrame:
    """Count the rows on which a model breaks each of several promises.

    Parameters
    ----------
    predict : callable
        Takes a table like `rows`, returns one number a row, such as a risk.
    rows : DataFrame of shape (n, features)
        Rows to try, each with its own index label; labels of the outcome are not needed.
    tests : mapping of str to (kind, change, low, high)
        ``change`` takes the rows and returns them changed, all or only those that it suits,
        with their index labels. Of kind "move", the answer may move by low to high;
        of kind "answer", the changed row must be answered with low to high. A distance
        of up to 1e-9 outside is rounding.

    Returns
    -------
    DataFrame of shape (tests, 5)
        ``rows`` tried; how many ``failed``; the ``worst`` distance outside, infinite for NaN
        or an error; what the model ``raised``; the ``example``, the label of the worst row.

    Raises
    ------
    TypeError, ValueError
        If an argument is unsuitable, or a change returns no row, adds a column, or changes
        nothing.
    """
    if not callable(predict):
        raise TypeError("predict must be a function of a table")
    if not isinstance(rows, pd.DataFrame) or rows.empty or not rows.index.is_unique:
        raise TypeError("rows must be a DataFrame with rows, each with its own label")
    if not rows.columns.is_unique:
        raise ValueError("rows must have no two columns of one name")
    if not isinstance(tests, Mapping) or not tests:
        raise TypeError("tests must map at least one name to (kind, change, low, high)")
    before = pd.Series(_answers(predict, rows), rows.index)
    if not np.isfinite(before).all():
        raise ValueError("predict must answer the unchanged rows with finite numbers")
    report, examples = {}, {}
    for name, test in tests.items():
        kind, change, low, high = _parts(name, test)
        changed = _changed(name, kind, change, rows)
        outside, raised = np.full(len(changed), np.inf), ""
        try:
            after = _answers(predict, changed)
        except Exception as error:  # whatever it raises is the result
            raised = type(error).__name__
        else:
            value = after - before.reindex(changed.index).to_numpy() if kind == "move" else after
            known = np.isfinite(value)
            outside[known] = np.maximum(low - value[known], value[known] - high)
        failed = outside > 1e-9  # less is rounding
        worst = int(outside.argmax())
        report[name] = {
            "rows": len(changed),
            "failed": int(failed.sum()),
            "worst": outside[worst] if failed.any() else 0.0,
            "raised": raised,
        }
        examples[name] = changed.index[worst] if failed.any() else None
    table = pd.DataFrame.from_dict(report, orient="index")
    return table.assign(example=pd.Series(examples, dtype=object))


def _answers(predict: Predict, table: pd.DataFrame) -> NDArray[np.float64]:
    answers = np.asarray(predict(table.copy()))
    if answers.shape != (len(table),) or answers.dtype.kind not in "biuf":
        raise ValueError("predict must return one number a row")
    return answers.astype(float)


def _parts(name: str, test: Any) -> Behaviour:
    parts = tuple(test) if isinstance(test, tuple | list) else ()
    if len(parts) != 4 or parts[0] not in ("move", "answer") or not callable(parts[1]):
        raise TypeError(f"tests[{name!r}] must be ('move' or 'answer', function, low, high)")
    if not all(isinstance(end, Real) for end in parts[2:]) or not parts[2] <= parts[3]:
        raise ValueError(f"tests[{name!r}] must have low <= high, got {parts[2:]}")
    return parts


def _changed(
    name: str, kind: str, change: Callable[[pd.DataFrame], pd.DataFrame], rows: pd.DataFrame
) -> pd.DataFrame:
    changed = change(rows.copy())
    if not isinstance(changed, pd.DataFrame) or changed.empty:
        raise ValueError(f"tests[{name!r}] must return a table with at least one row")
    if not changed.index.is_unique or not changed.index.isin(rows.index).all():
        raise ValueError(f"tests[{name!r}] must keep the index labels of rows")
    if new := [column for column in changed if column not in rows.columns]:
        raise ValueError(f"tests[{name!r}] adds {new}: a misspelt column moves no answer")
    if kind == "move" and changed.equals(rows[rows.index.isin(changed.index)]):
        raise ValueError(f"tests[{name!r}] changes nothing, so it can't fail")
    return changed


# --8<-- [end:function]

if __name__ == "__main__":
    # --8<-- [start:demo]
    from sklearn.linear_model import LogisticRegression

    rng = np.random.default_rng(0)
    euros, debt = rng.normal(40, 12, 4_000).clip(10), rng.gamma(2, 10, 4_000)  # thousands
    swedish = rng.random(4_000) < 0.01
    log_odds = 1 - 0.1 * (euros - 40) + 0.1 * (debt - 40)
    default = log_odds > rng.logistic(size=4_000)
    table = pd.DataFrame({"currency": np.where(swedish, "SEK", "EUR"), "debt": debt})
    table["income"] = np.where(swedish, 11, 1) * euros

    def features(table, sek_per_euro):
        rate = np.where(table["currency"] == "SEK", sek_per_euro, 1)
        return np.column_stack([table["income"] / rate, table["debt"]]) / 10

    model = LogisticRegression().fit(features(table[:2_000], 11), default[:2_000])
    builds = {
        "no fault": lambda table: model.predict_proba(features(table, 11))[:, 1],
        "rate forgotten": lambda table: model.predict_proba(features(table, 1))[:, 1],
    }

    def paid_in_sek(rows):
        in_euros = rows[rows["currency"] == "EUR"]
        return in_euros.assign(income=in_euros["income"] * 11, currency="SEK")

    def indebted(rows):
        return rows.assign(currency="EUR", income=20, debt=80)

    tests: dict[str, Behaviour] = {
        "paid in SEK": ("move", paid_in_sek, 0, 0),
        "more debt": ("move", lambda rows: rows.assign(debt=rows["debt"] + 10), 0, np.inf),
        "a clear no": ("answer", indebted, 0.9, 1),
    }
    for build, risk in builds.items():
        right = (risk(table[2_000:]) > 0.5) == default[2_000:]
        report = behaviour_report(risk, table[2_000:2_100], tests)
        failed = ", ".join(report.index[report["failed"] > 0]) or "no test"
        print(f"{build}: held-out accuracy {right.mean():.1%}, fails {failed}")
        #> no fault: held-out accuracy 80.9%, fails no test
        #> rate forgotten: held-out accuracy 80.8%, fails paid in SEK
    # --8<-- [end:demo]
