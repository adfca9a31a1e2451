# /// script
# requires-python = ">=3.11"
# dependencies = ["ipython>=8", "matplotlib>=3.10", "numpy>=2.0", "pandas>=2.2.2", "scikit-learn>=1.6"]
# ///
# SPDX-License-Identifier: MIT

# %% [markdown]
# # 1 · The notebook and its leak
#
# A model is trained, as in [research](../../data/split-like-you-serve/). It looks good.
#
# - one
# - two

# %%
import matplotlib.pyplot as pyplot
import numpy as np
import pandas as pd
from IPython.display import display
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

rng = np.random.default_rng(1)
x = rng.normal(size=(1000, 3))
y = (x[:, 0] + rng.normal(size=1000) > 0).astype(int)
model = LogisticRegression().fit(x[:500], y[:500])
auc = roc_auc_score(y[500:], model.predict_proba(x[500:])[:, 1])
print(f"offline AUC: {auc:.3f}")

# %% [markdown]
# ## What it scores
#
# The offline AUC is 0.807.
#
# > **Claim.** A model that sees one signal ranks better than chance.
# >
# > The demo shows it.

# %% tags=["snippet"]
# snippets/data/drift_threshold.py:function
from numbers import Integral, Real

import numpy as np
from numpy.typing import ArrayLike, NDArray


def population_stability_index(reference: ArrayLike, current: ArrayLike, bins: int = 10) -> float:
    """Compare two samples of one numeric feature in quantile bins of the reference.

    Parameters
    ----------
    reference, current : array-like of shape (n,) and (m,)
        The feature then and now, in the same unit.
    bins : int
        Number of bins; each holds an equal share of the reference.

    Returns
    -------
    float
        Zero for equal shares. An empty bin counts as a share of 0.0001.

    Raises
    ------
    TypeError, ValueError
        If a sample is not numeric, is empty or holds NaN, or ``bins`` is below 2.
    """
    reference, current = _sample("reference", reference), _sample("current", current)
    _at_least(2, "bins", bins)
    edges = np.quantile(reference, np.arange(1, bins) / bins)
    counts = [
        np.bincount(np.searchsorted(edges, sample), minlength=bins) for sample in (reference, current)
    ]
    return float(_divergence(counts[0] / reference.size, counts[1] / current.size))


def drift_threshold(
    reference_size: int,
    current_size: int,
    bins: int = 10,
    false_alarm_rate: float = 0.01,
    seed: int = 0,
) -> float:
    """Return the PSI that stable data exceeds at the given rate.

    Ten thousand pairs of samples are drawn from equal bin shares. Quantile bins make
    the shares equal for every continuous feature, so the result needs no data.

    Parameters
    ----------
    reference_size, current_size : int
        Rows on either side of the comparison.
    bins : int
        Number of bins of the monitor.
    false_alarm_rate : float
        Share of stable comparisons that may raise an alarm, between 0 and 1.
    seed : int
        Seed of the simulation.

    Returns
    -------
    float
        The PSI above which to alarm.

    Raises
    ------
    ValueError
        If a parameter is out of range; the message names it.
    """
    _at_least(1, "reference_size", reference_size)
    _at_least(1, "current_size", current_size)
    _at_least(2, "bins", bins)
    _at_least(0, "seed", seed)
    if not isinstance(false_alarm_rate, Real) or not 0 < false_alarm_rate < 1:
        raise ValueError(f"false_alarm_rate must be between 0 and 1, got {false_alarm_rate!r}")
    rng = np.random.default_rng(seed)
    shares = [
        rng.multinomial(size, np.full(bins, 1 / bins), 10_000) / size
        for size in (reference_size, current_size)
    ]
    return float(np.quantile(_divergence(*shares), 1 - false_alarm_rate))


def _divergence(then: NDArray, now: NDArray) -> NDArray:
    then, now = np.maximum(then, 0.0001), np.maximum(now, 0.0001)
    return np.sum((now - then) * np.log(now / then), axis=-1)


def _sample(name: str, values: ArrayLike) -> NDArray:
    sample = np.asarray(values)
    if sample.dtype.kind not in "iuf":
        raise TypeError(f"{name} must hold numbers, got {sample.dtype}")
    if sample.ndim != 1 or not sample.size or not np.isfinite(sample).all():
        raise ValueError(f"{name} must be one-dimensional, not empty and without NaN")
    return sample


def _at_least(least: int, name: str, value: int) -> None:
    if not isinstance(value, Integral) or value < least:
        raise ValueError(f"{name} must be a whole number of at least {least}, got {value!r}")

# %%
pd.DataFrame({"month": [1, 2], "AUC": [0.8, 0.7]})

# %%
figure, axes = pyplot.subplots(figsize=(6.4, 3.2), layout="constrained")
axes.plot([1, 2, 3], [auc, 0.8, 0.7], label="AUC")
axes.legend()
display(figure, metadata={"image/svg+xml": {"alt": f"The AUC begins at {auc:.3f} and falls to 0.700 in month three."}})
pyplot.close(figure)

# %%
print(f"live AUC: {0.7:.2f}")
