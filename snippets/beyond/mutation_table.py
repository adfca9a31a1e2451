# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0", "pandas>=2.2.2", "scikit-learn>=1.6"]
# ///
"""Plant faults in a model on purpose, and see which of your checks notices which.

Page: docs/beyond/test-behaviour.md
Source: mutation testing; the synthetic applicants and their faults are of this site
Task: see which planted faults my tests of a model notice
Graduate to: none
"""
# SPDX-License-Identifier: MIT

# --8<-- [start:function]
from collections.abc import Callable, Mapping
from numbers import Integral, Real
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler

Predict = Callable[[pd.DataFrame], ArrayLike]


def mutation_table(
    checks: Mapping[str, Callable[[Predict], bool]],
    faultless: Predict,
    mutants: Mapping[str, Predict],
) -> pd.DataFrame:
    """Run every check on every mutant of a model.

    Parameters
    ----------
    checks : mapping of str to callable
        Each takes a function like `faultless`, and returns whether it behaves.
    faultless : callable
        The model as it should be: takes a table, returns one number a row.
    mutants : mapping of str to callable
        The same model with one fault each.

    Returns
    -------
    DataFrame of shape (mutants, checks)
        True where the check kills the mutant: it returns False, or raises.

    Raises
    ------
    TypeError, ValueError
        If an argument is unsuitable, or a check fails on the faultless model.
    """
    for name, given in {"checks": checks, "mutants": mutants}.items():
        if not isinstance(given, Mapping) or not given or not all(map(callable, given.values())):
            raise TypeError(f"{name} must map at least one name to a function")
    if not callable(faultless):
        raise TypeError("faultless must be a function of a table")
    for name, check in checks.items():
        verdict = check(faultless)
        if not isinstance(verdict, bool | np.bool_):
            raise TypeError(f"checks[{name!r}] must return True or False, got {verdict!r}")
        if not verdict:
            raise ValueError(f"checks[{name!r}] fails on the faultless model: a false alarm")
    killed = [[_kills(check, mutant) for check in checks.values()] for mutant in mutants.values()]
    return pd.DataFrame(killed, index=list(mutants), columns=list(checks))


def _kills(check: Callable[[Predict], bool], mutant: Predict) -> bool:
    try:
        return not check(mutant)
    except Exception:  # whatever it raises, it is noticed
        return True


RATES = {"EUR": 1.0, "SEK": 11.0}  # to the euro


def applicants(
    rows: int, partners: float = 0.01, seed: int = 0
) -> tuple[pd.DataFrame, NDArray[np.int64]]:
    """Draw synthetic applicants for a loan; some of them come through a partner.

    Parameters
    ----------
    rows : int
        Number of applicants.
    partners : float
        Share of the applicants who come through the partner, between 0 and 1.
    seed : int
        Seed of the draw.

    Returns
    -------
    DataFrame of shape (rows, 6), ndarray of shape (rows,)
        Number, channel, currency, income in it, debt in euros (both in thousands) and
        late payments, NaN where hidden; and 1 for a default.

    Raises
    ------
    ValueError
        If a parameter is no number, or out of range.
    """
    for name, value, least in (("rows", rows, 1), ("seed", seed, 0)):
        if not isinstance(value, Integral) or value < least:
            raise ValueError(f"{name} must be a whole number of at least {least}, got {value!r}")
    if not isinstance(partners, Real) or not 0 <= partners <= 1:
        raise ValueError(f"partners must be between 0 and 1, got {partners!r}")
    rng = np.random.default_rng(seed)
    euros, debt = rng.normal(40, 12, rows).clip(10), rng.gamma(2, 10, rows)
    late, hidden = rng.poisson(0.7, rows), rng.random(rows) < 0.1
    partner, swedish = rng.random(rows) < partners, rng.random(rows) < 0.5
    log_odds = -1.5 - 0.1 * (euros - 40) + 0.06 * (debt - 20) + 0.8 * late + 0.5 * partner
    table = {
        "customer": rng.permutation(rows),
        "channel": np.where(partner, "partner", "branch"),
        "currency": np.where(swedish, "SEK", "EUR"),
        "income": euros * np.where(swedish, RATES["SEK"], RATES["EUR"]),
        "debt": debt,
        "late": np.where(hidden, np.nan, late),
    }
    return pd.DataFrame(table), (log_odds > rng.logistic(size=rows)).astype(int)


def _features(table: pd.DataFrame) -> pd.DataFrame:
    columns = {
        "income": table["income"] / table["currency"].map(RATES),
        "debt": table["debt"],
        "late": table["late"].fillna(0),
        "hidden": table["late"].isna(),
        "partner": table["channel"] == "partner",
    }
    return pd.DataFrame(columns).astype(float)


PIPELINE = make_pipeline(FunctionTransformer(_features), StandardScaler(), LogisticRegression())

Fault = Callable[[pd.DataFrame], pd.DataFrame]


def _for_partners(**columns: Callable[[pd.DataFrame], Any]) -> Fault:
    def spoil(table: pd.DataFrame) -> pd.DataFrame:
        wrong = table.assign(**{name: column(table) for name, column in columns.items()})
        return wrong.where(table["channel"] == "partner", table)

    return spoil


FAULTS: dict[str, Fault] = {
    "SEK taken for EUR": _for_partners(currency=lambda table: "EUR"),
    "number taken for debt": _for_partners(debt=lambda table: table["customer"] % 100),
    "hidden payments taken for none": _for_partners(late=lambda table: table["late"].fillna(0)),
    "late payments subtracted": _for_partners(late=lambda table: -table["late"]),
    "columns swapped": _for_partners(
        income=lambda table: table["debt"], debt=lambda table: table["income"]
    ),
    "averages for income and debt": _for_partners(
        income=lambda table: 40 * table["currency"].map(RATES), debt=lambda table: 20
    ),
    "debt taken by position": _for_partners(
        debt=lambda table: table.select_dtypes("number").iloc[:, 2]
    ),
    "half the debt": _for_partners(debt=lambda table: table["debt"] / 2),
}


# --8<-- [end:function]

if __name__ == "__main__":
    # --8<-- [start:demo]
    from sklearn.base import clone
    from sklearn.metrics import roc_auc_score

    table, default = applicants(9_000, partners=0.01)
    model = clone(PIPELINE).fit(table[:6_000], default[:6_000])
    held_out, truth = table[6_000:], default[6_000:]
    rows = pd.concat([held_out[:100].assign(channel=name) for name in ("branch", "partner")])

    def risk(table, model=model):
        return model.predict_proba(table)[:, 1]

    def scores(model, picked=slice(None)):
        answers, outcomes = model(held_out.iloc[picked]), truth[picked]
        right, auc = (answers > 0.5) == outcomes, roc_auc_score(outcomes, answers)
        return pd.Series({"accuracy": right.mean(), "AUC": auc})

    draws = np.random.default_rng(0).integers(0, 3_000, (50, 3_000))
    error = pd.DataFrame([scores(risk, draw) for draw in draws]).std()

    def held_out_scores(model):
        return (scores(model) > scores(risk) - 2 * error).all()

    def invariance(model):
        in_euros = rows.assign(income=rows["income"] / rows["currency"].map(RATES), currency="EUR")
        alike = rows.assign(customer=0), rows[rows.columns[::-1]], in_euros
        return all(np.allclose(model(table), model(rows)) for table in alike)

    def direction(model):
        worse = rows.assign(debt=rows["debt"] + 10), rows.assign(late=rows["late"] + 1)
        paid = rows[rows["late"] == 0]
        hidden = model(paid.assign(late=np.nan)) > model(paid)
        return all((model(table) >= model(rows)).all() for table in worse) and hidden.all()

    def minimum(model):
        good = rows.assign(income=70, currency="EUR", debt=0, late=0)
        bad = rows.assign(income=20, currency="EUR", debt=60, late=4)
        return (model(good) < 0.1).all() and (model(bad) > 0.9).all()

    kinds = held_out_scores, invariance, direction, minimum
    checks = {check.__name__.replace("_", " "): check for check in kinds}
    mutants = {name: lambda table, f=fault: risk(f(table)) for name, fault in FAULTS.items()}
    killed = mutation_table(checks, risk, mutants)
    for name, mutant in mutants.items():
        accuracy, auc = scores(mutant)
        by = ", ".join(check for check in checks if killed.at[name, check]) or "nothing"
        print(f"{name}: accuracy {accuracy:.1%}, AUC {auc:.3f}, killed by {by}")
        #> SEK taken for EUR: accuracy 76.8%, AUC 0.814, killed by invariance
        #> number taken for debt: accuracy 76.7%, AUC 0.818, killed by invariance, minimum
        #> hidden payments taken for none: accuracy 76.9%, AUC 0.821, killed by direction
        #> late payments subtracted: accuracy 76.9%, AUC 0.820, killed by direction, minimum
        #> columns swapped: accuracy 76.7%, AUC 0.817, killed by invariance, direction, minimum
        #> averages for income and debt: accuracy 76.8%, AUC 0.820, killed by minimum
        #> debt taken by position: accuracy 76.9%, AUC 0.821, killed by invariance
        #> half the debt: accuracy 76.9%, AUC 0.820, killed by nothing
    accuracy, auc = scores(risk)
    print(f"no fault: accuracy {accuracy:.1%}, AUC {auc:.3f}, no check fails")
    #> no fault: accuracy 76.9%, AUC 0.821, no check fails
    print(f"standard error: accuracy {error['accuracy']:.1%}, AUC {error['AUC']:.3f}")
    #> standard error: accuracy 0.7%, AUC 0.008
    for check, kills in killed.items():
        alone = kills & (killed.sum(axis=1) == 1)
        print(f"{check}: kills {kills.sum()} of {len(killed)}, {alone.sum()} of them alone")
        #> held out scores: kills 0 of 8, 0 of them alone
        #> invariance: kills 4 of 8, 2 of them alone
        #> direction: kills 3 of 8, 1 of them alone
        #> minimum: kills 4 of 8, 1 of them alone

    def heavy_debt(model):  # written after somebody had asked about sizes
        heavy = rows.assign(income=40, currency="EUR", debt=100, late=0)
        return (model(heavy) > 0.9).all()

    left = {name: mutants[name] for name in killed.index[~killed.any(axis=1)]}
    late = mutation_table({"a debt of 100": heavy_debt}, risk, left)
    print(f"survivors: {', '.join(left)}; a case with a debt of 100 kills {late.sum().sum()}")
    #> survivors: half the debt; a case with a debt of 100 kills 1
    print(f"1% partners: none of them in {0.99**100:.0%} of the draws of 100 rows")
    #> 1% partners: none of them in 37% of the draws of 100 rows

    for share in (0.01, 0.1, 0.3):
        table, default = applicants(9_000, share)
        model = clone(PIPELINE).fit(table[:6_000], default[:6_000])
        held_out, truth = table[6_000:], default[6_000:]
        read = held_out, FAULTS["columns swapped"](held_out), FAULTS["half the debt"](held_out)
        none, swapped, half = (100 * np.mean(model.predict(rows) == truth) for rows in read)
        lost = f"columns swapped {none - swapped:z.1f}, half the debt {none - half:z.1f}"
        print(f"{share:.0%} partners, points lost: {lost}")
        #> 1% partners, points lost: columns swapped 0.2, half the debt 0.0
        #> 10% partners, points lost: columns swapped 3.2, half the debt 0.0
        #> 30% partners, points lost: columns swapped 10.5, half the debt 0.6
    # --8<-- [end:demo]
