# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0", "pandas>=2.2.2", "scikit-learn>=1.6"]
# ///
# SPDX-License-Identifier: MIT

# %% [markdown]
# # 6 · Canary
#
# The model is in service, and month five has become training data.
# Nora fits it again on one month more, to replace the old one.
# This chapter ships the new release, meets a fault that no test on old data could show, and takes the release back.

# %% tags=["snippet"]
# snippets/story/loans.py:function
from numbers import Integral, Real

import numpy as np
import pandas as pd


def loan_applications(
    rows: int = 1_500,
    seed: int = 0,
    drift: float = 0.35,
    calls: float = 2.5,
    gap: float = 1.0,
    interaction: float = 0.0,
    swing: float = 0.0,
) -> pd.DataFrame:
    """Draw synthetic loan applications for months 0 to 12.

    All knobs share the draws: the same seed is the same people, also with a knob at 0.

    Parameters
    ----------
    rows : int
        Applications in a month.
    seed : int
        Seed of the draw.
    drift : float
        How much the effect of the amount grows in every month from 7 on; 0: no drift.
    calls : float
        Mean number of collection calls after a default; 0: the column says nothing.
    gap : float
        How far income and history of group B lie below those of group A; 0: alike.
    interaction : float
        How much a low income adds to the effect of the amount; 0: effects only add up.
    swing : float
        Spread of the months: each has a level of log-odds of its own; 0: all months alike.

    Returns
    -------
    DataFrame of shape (13 * rows, 9)
        ``month``; ``amount`` and ``income`` in euros; ``history``, years as a customer;
        ``late``, late payments; ``region``; ``group``, A or B, which has no effect of its
        own; ``collection_calls``, known only after the outcome; ``default``, the outcome, 0 or 1.

    Raises
    ------
    ValueError
        If a parameter is out of range; the message names it.
    """
    _whole("rows", rows, 1)
    _whole("seed", seed, 0)
    knobs = {"drift": drift, "calls": calls, "gap": gap, "interaction": interaction}
    for name, knob in (knobs | {"swing": swing}).items():
        if not isinstance(knob, Real) or not 0 <= knob <= 100:
            raise ValueError(f"{name} must be between 0 and 100, got {knob!r}")
    drift, calls, gap, interaction = (float(knob) for knob in knobs.values())

    levels = np.random.default_rng([seed, 13]).normal(scale=float(swing), size=13)
    months = []
    for month in range(13):
        rng = np.random.default_rng([seed, month])
        group = rng.choice(["A", "B"], rows, p=[0.7, 0.3])
        region = rng.choice(["east", "north", "south", "west"], rows, p=[0.2, 0.4, 0.3, 0.1])
        late = rng.poisson(np.where(rng.random(rows) < 0.25, 2.0, 0.2))
        wealth, size = rng.normal(size=(2, rows))  # standardized log income and log amount
        luck = rng.logistic(size=rows)
        wealth = wealth - 0.55 * gap * (group == "B")
        history = rng.poisson(np.where(group == "B", 4.5, 6.0))  # as at a gap of 1
        many, few = (rng.poisson(calls * mean, rows) for mean in (1.02, 0.02))
        # Another gap gives years to group B, or takes some, by draws that touch nobody else.
        years, own = 6 * 0.75**gap, np.random.default_rng([seed, month, 1])
        theirs = own.binomial(history, min(years / 4.5, 1)) + own.poisson(max(years - 4.5, 0), rows)
        history = np.where(group == "B", theirs, history)
        effect = 0.9 + drift * max(month - 6, 0)
        risk = -2.2 + effect * size - wealth - interaction * size * wealth
        risk += 0.7 * late - 0.12 * history + 0.3 * (region == "west") + levels[month]
        default = (luck < risk).astype(int)
        months.append(
            pd.DataFrame(
                {
                    "month": month,
                    "amount": np.exp(9 + 0.5 * size).round(),
                    "income": np.exp(10.3 + 0.45 * wealth).round(),
                    "history": history,
                    "late": late,
                    "region": region,
                    "group": group,
                    "collection_calls": np.where(default == 1, many, few),
                    "default": default,
                }
            )
        )
    return pd.concat(months, ignore_index=True)


def _whole(name: str, value: int, least: int) -> None:
    if not isinstance(value, Integral) or isinstance(value, bool) or not least <= value < 2**63:
        raise ValueError(f"{name} must be a whole number from {least} to 2**63, got {value!r}")

# %%
from sklearn.compose import make_column_transformer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, OneHotEncoder, StandardScaler

applications = loan_applications()
month = applications["month"]
numeric = ["amount", "income", "history", "late"]
columns = [*numeric, "region"]


def fitted(rows, *first_steps):
    steps = *first_steps, FunctionTransformer(np.log1p), StandardScaler()
    model = make_pipeline(
        make_column_transformer(
            (make_pipeline(*steps), numeric),
            (OneHotEncoder(handle_unknown="ignore"), ["region"]),
        ),
        LogisticRegression(),
    )
    return model.fit(rows[columns], rows["default"])


in_service = fitted(applications[month < 5], SimpleImputer(strategy="median"))
tidy = fitted(applications[month < 6])  # without the imputer: "no column has nulls"
nulls = applications[month < 6].isna().sum().sum()
print(f"nulls in six months of history: {nulls}")

# %% [markdown]
# Somebody has tidied up on the way: no column of the history has ever had a null, so the step that fills them is gone.
# The history agrees, and so does every test.
#
# ## What research would do
#
# Compare the two on the same held-out rows, and take the better one: the paper is done.
# Month six stands in for those rows.

# %%
live = applications[month == 6]
risks = {}
for name, model in {"in service": in_service, "new release": tidy}.items():
    risks[name] = model.predict_proba(live[columns])[:, 1]
    print(f"{name}: AUC {roc_auc_score(live['default'], risks[name]):.3f}")

# %% [markdown]
# ## Shadow: what would change?
#
# In production, somebody has got used to the old answers.
# In shadow mode the new release answers the same applications and nobody sees it; counting the decisions that change needs no outcome.

# %% tags=["snippet"]
# snippets/beyond/shadow_churn.py:function
from numbers import Real
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray


def churn(old: ArrayLike, new: ArrayLike, labels: ArrayLike | None = None) -> dict[str, float]:
    """Compare the answers of two models to the same rows.

    Parameters
    ----------
    old, new : array-like of shape (n,)
        The predicted classes, as whole numbers, booleans or text.
    labels : array-like of shape (n,), optional
        The true classes.

    Returns
    -------
    dict
        Shares of the rows, 0 to 1: ``changed`` answers; with labels also ``broken``,
        right before and wrong now, and ``fixed``, the reverse.

    Raises
    ------
    TypeError, ValueError
        If an argument is empty, holds NaN or probabilities, has another length, or mixes
        numbers and text; the message names it.
    """
    answers = {"old": _classes("old", old), "new": _classes("new", new)}
    if labels is not None:
        answers["labels"] = _classes("labels", labels)
    _same_rows(**answers)
    for name, classes in answers.items():
        if isinstance(classes[0], str) != isinstance(answers["old"][0], str):
            raise ValueError(f"{name} must hold text or numbers like old")
    before, after, truth = answers["old"], answers["new"], answers.get("labels")
    report = {"changed": float(np.mean(before != after))}
    if truth is None:
        return report
    return report | {
        "broken": float(np.mean((before == truth) & (after != truth))),
        "fixed": float(np.mean((before != truth) & (after == truth))),
    }


def _classes(name: str, values: ArrayLike) -> NDArray[Any]:
    classes = _labels(name, values)
    if all(isinstance(value, str) for value in classes):
        return classes.astype(object)
    numbers = _numbers(name, classes)
    if (numbers != np.round(numbers)).any():
        raise ValueError(f"{name} must hold classes, not probabilities")
    return classes.astype(object)  # exact: as float64, two ids above 2**53 can become one


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


def _same_rows(**arrays: Any) -> None:
    rows = {name: len(array) for name, array in arrays.items()}
    if len(set(rows.values())) > 1:
        raise ValueError(f"{' and '.join(rows)} must have the same number of rows, got {rows}")

# %%
old, new = (risk > 1 / 7 for risk in risks.values())
print(f"shadow: {churn(old, new)['changed']:.1%} of the decisions change")

# %% [markdown]
# In shadow, 0.4% of the decisions change: one month more of the same data.
# The release looks harmless, and Nora lets it answer real requests: a few at first, as a canary.
#
# ## Canary: let a test decide
#
# After the shadow, a partner's website starts to send applications.
# One in twenty now comes without `history`, since a new customer has none.
# The model in service fills the hole; the new release raises an error, and the applicant gets no answer.

# %%
holes = 0.05  # share of applications without a history; at 0 all is well
requests = live[columns].astype({"history": float})
new_customers = np.random.default_rng(15).random(len(live)) < holes
requests.loc[new_customers, "history"] = np.nan


def fails(release, request):
    try:
        release.predict_proba(request)
    except ValueError:
        return True
    return False

# %% [markdown]
# How many failures are too many?
# A limit on the running rate, looked at after every request, [rolls back healthy releases by chance](../../beyond/roll-out/#canary-a-verdict-with-stated-error-rates).
# A sequential test is made for looking all the time.
# Before the release, the team writes down two rates and two errors: promote at one failure in a hundred, roll back at three, and how often each may go wrong.

# %% tags=["snippet"]
# snippets/beyond/canary.py:function
from math import log
from numbers import Integral, Real

import numpy as np
from numpy.typing import ArrayLike, NDArray


def canary_verdict(
    failed: ArrayLike,
    healthy: float = 0.01,
    unacceptable: float = 0.02,
    alpha: float = 0.01,
    beta: float = 0.05,
    limit: int | None = None,
) -> tuple[str, int]:
    """Judge a release by its requests, in the order in which they came.

    Parameters
    ----------
    failed : array-like of shape (n,)
        1 or True for each request that failed, otherwise 0.
    healthy, unacceptable : float
        Failure rate to promote, and the higher one to roll back; between 0 and 1.
    alpha, beta : float
        Stated chances of rolling back at ``healthy`` and of promoting at ``unacceptable``.
    limit : int, optional
        Number of requests after which the verdict goes to the rate that explains them
        better. It moves alpha and beta: `canary_rates` says to what.

    Returns
    -------
    tuple of (str, int)
        ``"roll back"``, ``"promote"`` or ``"undecided"``, and the requests that it took.

    Raises
    ------
    TypeError, ValueError
        If ``failed`` is empty or not 0 and 1, or another argument is out of range.
    """
    outcomes = _numbers("failed", failed)
    if not np.isin(outcomes, [0, 1]).all():
        raise ValueError("failed must hold 0 and 1 only")
    for name, rate in (
        ("healthy", healthy), ("unacceptable", unacceptable), ("alpha", alpha), ("beta", beta),
    ):  # fmt: skip
        _between(name, rate, 0, 1)
    if healthy >= unacceptable:
        raise ValueError("unacceptable must be above healthy")
    if alpha + beta >= 1:
        raise ValueError("alpha and beta must be below 1 together")
    if limit is not None:
        _whole("limit", limit, 1)
    good, bad, alpha, beta = float(healthy), float(unacceptable), float(alpha), float(beta)
    failure, success = log(bad) - log(good), log((1 - bad) / (1 - good))
    evidence = np.cumsum(np.where(outcomes == 1, failure, success)[:limit])
    roll_back = evidence >= log((1 - beta) / alpha) - 1e-9  # four times log(2) is log(16)
    decided = roll_back | (evidence <= log(beta / (1 - alpha)) + 1e-9)
    if decided.any():
        first = int(decided.argmax())
        return "roll back" if roll_back[first] else "promote", first + 1
    if evidence.size == limit:
        return "roll back" if evidence[-1] > 1e-9 else "promote", evidence.size
    return "undecided", evidence.size


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


def _whole(name: str, value: int, least: int) -> None:
    if not isinstance(value, Integral) or isinstance(value, bool) or not least <= value < 2**63:
        raise ValueError(f"{name} must be a whole number from {least} to 2**63, got {value!r}")


def _between(name: str, value: float, low: float, high: float) -> None:
    # 10**400 is below infinity, and no float can hold it.
    if not isinstance(value, Real) or not low < value < high or int(value).bit_length() > 999:
        raise ValueError(f"{name} must be between {low} and {high}, got {value!r}")

# %%
def canary(release):
    """Serve until the test decides; return verdict, requests and failures."""
    failed = []
    for i in range(len(requests)):
        failed.append(fails(release, requests[i : i + 1]))
        verdict, served = canary_verdict(failed, healthy=0.01, unacceptable=0.03)
        if verdict != "undecided":
            break
    return verdict, served, sum(failed)


for name, release in {"in service": in_service, "new release": tidy}.items():
    verdict, served, failures = canary(release)
    print(f"{name}: {verdict} after {served} requests, {failures} of them failed")

# %% [markdown]
# > **Claim.** A fault that meets one application in twenty, and no row of the history, passes the comparison offline and in shadow, and the canary rolls it back after a small part of the month.
# >
# > The model in service keeps its place: promote after 147 requests, 0 of them failed.
# > The new release: roll back after 123 requests, 7 of them failed.
#
# <!-- docs/story/figures/holes.html -->
#
# Failures as they come, for another month of customers. Square: rolled back. Circle: promoted.
#
# Another draw of the partner's customers takes a few dozen requests or a few hundred.
# What makes it vanish is the knob `holes`: at zero, the same release is promoted.
# A shadow that was still running would have logged the same errors, and cost nobody an answer.
#
# A canary counts what fails at once.
# Whether the new decisions are better shows when loans are repaid or not, and takes [an experiment](../../beyond/roll-out/#ab-test-size-it-then-look-as-often-as-you-paid-for) sized beforehand.

# %%
everybody = int(requests["history"].isna().sum())
print(f"without a canary, {everybody} applicants of the month get no answer")
print(f"with a canary, {failures} get none: {verdict} after {served} requests")

# %% [markdown]
# **The number of this chapter: roll back after 123 requests.**
#
# Nora puts the imputer back, adds a row with a null to the [golden rows](../../beyond/training-serving-parity/#golden-rows), and ships the next day.
# The article leaves the release out.
#
# ## Where it stops
#
# - A fault that begins after the verdict is promoted.
# - With a hundred applications a month, the month mostly ends before the canary has decided.
# - A fault that meets one application in two hundred is promoted: the team has called that healthy.
#
# Next: [the world moves](../7-drift/).
