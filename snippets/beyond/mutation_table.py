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

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

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
        The same model with one fault each. A check gives it a copy of its table, so that a fault
        that writes into the rows stays alone.

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
        verdict = check(_on_a_copy(faultless))
        if not isinstance(verdict, bool | np.bool_):
            raise TypeError(f"checks[{name!r}] must return True or False, got {verdict!r}")
        if not verdict:
            raise ValueError(f"checks[{name!r}] fails on the faultless model: a false alarm")
    killed = [[_kills(check, mutant) for check in checks.values()] for mutant in mutants.values()]
    return pd.DataFrame(killed, index=list(mutants), columns=list(checks))


def _kills(check: Callable[[Predict], bool], mutant: Predict) -> bool:
    try:
        return not check(_on_a_copy(mutant))
    except Exception:  # whatever it raises, it is noticed
        return True


def _on_a_copy(model: Predict) -> Predict:
    return lambda table: model(table.copy())


def _zero_to_one(name: str, value: float) -> None:
    if not isinstance(value, Real) or not 0 <= value <= 1:
        raise ValueError(f"{name} must be between 0 and 1, both included, got {value!r}")


# --8<-- [end:function]

# --8<-- [start:setting]
from numbers import Integral, Real  # noqa: E402
from typing import Any  # noqa: E402

from numpy.typing import NDArray  # noqa: E402
from sklearn.linear_model import LogisticRegression  # noqa: E402
from sklearn.pipeline import make_pipeline  # noqa: E402
from sklearn.preprocessing import FunctionTransformer, StandardScaler  # noqa: E402

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
    _whole("rows", rows, 1)
    _whole("seed", seed, 0)
    _zero_to_one("partners", partners)
    rng, rows, partners = np.random.default_rng(seed), int(rows), float(partners)
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


def _features(table: pd.DataFrame) -> NDArray[np.float64]:
    euros, late = table["income"] / table["currency"].map(RATES), table["late"]
    partner = table["channel"] == "partner"
    return np.column_stack([euros, table["debt"], late.fillna(0), late.isna(), partner])


PIPELINE = make_pipeline(FunctionTransformer(_features), StandardScaler(), LogisticRegression())

Fault = Callable[[pd.DataFrame], pd.DataFrame]


def _for_partners(**columns: Callable[[pd.DataFrame], Any]) -> Fault:
    def spoil(table: pd.DataFrame) -> pd.DataFrame:
        partner = table["channel"] == "partner"
        wrong = {name: table[name].mask(partner, f(table)) for name, f in columns.items()}
        return table.assign(**wrong)

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


def _invariant(model: Predict, rows: pd.DataFrame) -> bool:
    euros = rows.assign(income=rows["income"] / rows["currency"].map(RATES), currency="EUR")
    alike = rows.assign(customer=0), rows[rows.columns[::-1]], euros
    now = model(rows)
    return all(np.allclose(model(table), now) for table in alike)


def _directed(model: Predict, rows: pd.DataFrame) -> bool:
    worse = rows.assign(debt=rows["debt"] + 10), rows.assign(late=rows["late"] + 1)
    paid, now = rows[rows["late"] == 0], np.asarray(model(rows))
    hidden = np.asarray(model(paid.assign(late=np.nan))) > np.asarray(model(paid))
    return all((np.asarray(model(table)) >= now).all() for table in worse) and bool(hidden.all())


def _minimal(model: Predict, rows: pd.DataFrame) -> bool:
    good = rows.assign(income=70, currency="EUR", debt=0, late=0)
    bad = rows.assign(income=20, currency="EUR", debt=60, late=4)
    return bool((np.asarray(model(good)) < 0.1).all() and (np.asarray(model(bad)) > 0.9).all())


def _paired(model: Predict, old: Predict, rows: pd.DataFrame, truth: NDArray[np.int64]) -> bool:
    now, before = np.asarray(model(rows)), np.asarray(old(rows))
    brier = (now - truth) ** 2 - (before - truth) ** 2
    wrong = ((now > 0.5) != truth).astype(float) - ((before > 0.5) != truth)
    return all(lost.mean() <= 2 * lost.std() / len(rows) ** 0.5 for lost in (brier, wrong))


def _whole(name: str, value: int, least: int) -> None:
    if not isinstance(value, Integral) or isinstance(value, bool) or not least <= value < 2**63:
        raise ValueError(f"{name} must be a whole number from {least} to 2**63, got {value!r}")


# --8<-- [end:setting]

if __name__ == "__main__":
    # --8<-- [start:demo]
    for share in (0.3, 0.1, 0.03, 0.01):
        table, default = applicants(9_000, share)
        model = PIPELINE.fit(table[:6_000], default[:6_000])
        held_out, truth = table[6_000:], default[6_000:]
        rows = pd.concat([held_out[:100].assign(channel=name) for name in ("branch", "partner")])

        def risk(table):
            return model.predict_proba(table)[:, 1]

        mutants = {name: lambda table, f=fault: risk(f(table)) for name, fault in FAULTS.items()}
        checks = {
            "paired gate": lambda model: _paired(model, risk, held_out, truth),
            "invariance": lambda model: _invariant(model, rows),
            "direction": lambda model: _directed(model, rows),
            "minimum": lambda model: _minimal(model, rows),
        }
        killed = mutation_table(checks, risk, mutants)
        gate, behaviour = killed["paired gate"].sum(), killed.iloc[:, 1:].any(axis=1).sum()
        print(
            f"{share:.0%} partners: paired gate kills {gate} of {len(killed)}, behaviour {behaviour} of {len(killed)}"
        )
        #> 30% partners: paired gate kills 7 of 8, behaviour 7 of 8
        #> 10% partners: paired gate kills 5 of 8, behaviour 7 of 8
        #> 3% partners: paired gate kills 5 of 8, behaviour 7 of 8
        #> 1% partners: paired gate kills 3 of 8, behaviour 7 of 8
    for name, row in killed.iterrows():
        print(f"{name!s}: killed by {', '.join(row.index[row]) or 'nothing'}")
        #> SEK taken for EUR: killed by paired gate, invariance
        #> number taken for debt: killed by paired gate, invariance, minimum
        #> hidden payments taken for none: killed by direction
        #> late payments subtracted: killed by direction, minimum
        #> columns swapped: killed by paired gate, invariance, direction, minimum
        #> averages for income and debt: killed by minimum
        #> debt taken by position: killed by invariance
        #> half the debt: killed by nothing
    alone = ", ".join(f"{kind!s} {kills.sum()}" for kind, kills in killed.iloc[:, 1:].items())
    print(f"alone: {alone} of {len(killed)}")
    #> alone: invariance 4, direction 3, minimum 4 of 8
    # --8<-- [end:demo]

    # --8<-- [start:solution]
    limits = {"branch": 0.2, "partner": 0.5}  # the partner's was left behind

    def refuses(rows, limit=limits):
        return risk(rows) >= rows["channel"].map(limit).to_numpy()

    def right(model, yes, no):  # in each channel
        safe = model(rows.assign(income=40, currency="EUR", debt=yes, late=0))
        lost = model(rows.assign(income=40, currency="EUR", debt=no, late=0))
        return bool(not safe.any() and lost.all())

    cases = {
        "cases far from the limit": lambda model: right(model, 0, 120),
        "cases beside the limit": lambda model: right(model, 3, 25),
    }
    same = dict.fromkeys(limits, 0.2)
    found = mutation_table(cases, lambda rows: refuses(rows, same), {"partner at 0.5": refuses})
    for name, kills in found.items():
        print(f"{name}: {'killed' if kills.all() else 'missed'}")
        #> cases far from the limit: missed
        #> cases beside the limit: killed
    # --8<-- [end:solution]
