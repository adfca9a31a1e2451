# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0", "pandas>=2.2.2", "scikit-learn>=1.6"]
# ///
"""Values that arrive late: what the model promises, what it serves, and what it could.

Page: docs/data/join-as-of.md
Source: a simulated feature with memory; merge_asof of pandas
Task: see what a late feature costs a model
Graduate to: none
"""
# SPDX-License-Identifier: MIT

# --8<-- [start:function]
from numbers import Integral, Real

import numpy as np
import pandas as pd


def late_features(
    delay: float, memory: float = 0.9, customers: int = 400, seed: int = 0
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Draw synthetic requests for a credit, and the history of a balance that arrives late.

    Parameters
    ----------
    delay : float
        Days from the day that a balance is about to the day on which it is written, up to 30.
    memory : float
        Correlation of a balance with that of the next day, from 0 to 1.
    customers : int
        Number of customers; each asks three times, between day 30 and day 90.
    seed : int
        Seed of the draw.

    Returns
    -------
    DataFrame of shape (3 * customers, 4), DataFrame of shape (90 * customers, 4)
        Requests in time order, with ``customer``, ``asked`` (in days), ``income`` and
        ``default``; and the history, with ``customer``, ``about``, ``written`` and ``balance``.

    Raises
    ------
    ValueError
        If an argument is no number, or out of range.
    """
    for name, value, high in (("delay", delay, 30), ("memory", memory, 1)):
        if not isinstance(value, Real) or not 0 <= value <= high:
            raise ValueError(f"{name} must be between 0 and {high}, got {value!r}")
    _whole("customers", customers, 1)
    _whole("seed", seed, 0)
    rng, customers, days = np.random.default_rng(seed), int(customers), 90
    balance, kept = rng.normal(size=(days, customers)), float(memory)
    for day in range(1, days):
        balance[day] = kept * balance[day - 1] + (1 - kept**2) ** 0.5 * balance[day]
    asked = rng.integers(30, days, size=(3, customers)).ravel()
    customer = np.tile(np.arange(customers), 3)
    income = rng.normal(size=asked.size)
    risk = -2 * balance[asked, customer] - income
    default = (rng.logistic(size=asked.size) < risk).astype(int)
    requests = pd.DataFrame(
        {"customer": customer, "asked": asked + 0.5, "income": income, "default": default}
    )
    about = np.repeat(np.arange(float(days)), customers)
    history = pd.DataFrame(
        {
            "customer": np.tile(np.arange(customers), days),
            "about": about,
            "written": about + float(delay),
            "balance": balance.ravel(),
        }
    )
    return requests.sort_values("asked", ignore_index=True), history


def _whole(name: str, value: int, least: int) -> None:
    if not isinstance(value, Integral) or isinstance(value, bool) or not least <= value < 2**63:
        raise ValueError(f"{name} must be a whole number from {least} to 2**63, got {value!r}")


# --8<-- [end:function]

if __name__ == "__main__":
    # --8<-- [start:demo]
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import roc_auc_score

    for delay in (0, 7):
        requests, history = late_features(delay)
        tables = {
            key: pd.merge_asof(
                requests,
                history,
                left_on="asked",
                right_on=key,
                by="customer",
                allow_exact_matches=False,
            )  # fmt: skip
            for key in ("about", "written")
        }
        early, columns, aucs = requests["asked"] < 70, ["income", "balance"], []
        for trained, tested in (("about", "about"), ("about", "written"), ("written", "written")):
            train, test = tables[trained][early], tables[tested][~early]
            model = LogisticRegression().fit(train[columns], train["default"])
            score = model.predict_proba(test[columns])[:, 1]
            aucs.append(roc_auc_score(test["default"], score))
        said = "AUC promised {:.2f}, served {:.2f}, trained as served {:.2f}".format(*aucs)
        print(f"{delay} days late: {said}")
        #> 0 days late: AUC promised 0.87, served 0.87, trained as served 0.87
        #> 7 days late: AUC promised 0.87, served 0.69, trained as served 0.71
    # --8<-- [end:demo]
