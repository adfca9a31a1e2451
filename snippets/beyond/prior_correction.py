# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0", "scikit-learn>=1.6"]
# ///
"""Turn the scores of a resampled or re-weighted model back into probabilities.

Page: docs/beyond/honest-probabilities.md
Source: the rule of Bayes, with another share of events
Task: turn the scores of a resampled model back into probabilities
Graduate to: sklearn.calibration.CalibratedClassifierCV
"""
# SPDX-License-Identifier: MIT

# --8<-- [start:function]
from numbers import Integral, Real

import numpy as np
from numpy.typing import ArrayLike, NDArray


def correct_prior(score: ArrayLike, trained_rate: float, true_rate: float) -> NDArray[np.float64]:
    """Shift scores from the share of events in training to the share in the world.

    Parameters
    ----------
    score : array-like of shape (n,)
        What the model calls the probability of the event.
    trained_rate : float
        Share of events that the model was shown: 0.5 after undersampling to equal classes,
        and with ``class_weight="balanced"``.
    true_rate : float
        Share of events where the model serves.

    Returns
    -------
    ndarray of shape (n,)
        The probabilities of the event, in the same order of rows.

    Raises
    ------
    TypeError, ValueError
        If ``score`` is empty, no probability or holds NaN, or a rate is not between 0 and 1.
    """
    scores = _numbers("score", score)
    if not ((scores >= 0) & (scores <= 1)).all():
        raise ValueError("score must be between 0 and 1")
    for name, rate in (("trained_rate", trained_rate), ("true_rate", true_rate)):
        _between(name, rate, 0, 1)
    shown, true = float(trained_rate), float(true_rate)
    event, other = scores * true / shown, (1 - scores) * (1 - true) / (1 - shown)
    return event / (event + other)


def payments(
    rows: int, seed: int = 0, level: float = -4.6
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Draw synthetic payments with four features, and which of them are fraud.

    Parameters
    ----------
    rows : int
        Number of payments.
    seed : int
        Seed of the draw.
    level : float
        Log odds of fraud for an average payment; 0 makes half of them fraud.

    Returns
    -------
    ndarray of shape (rows, 4), ndarray of shape (rows,)
        The features, and 1 for fraud.

    Raises
    ------
    ValueError
        If a parameter is no number, or out of range.
    """
    _whole("rows", rows, 1)
    _whole("seed", seed, 0)
    _between("level", level, -np.inf, np.inf)
    rng = np.random.default_rng(seed)
    features = rng.normal(size=(int(rows), 4))
    logit = features @ [1.0, -1.0, 0.5, 0.0] + float(level)
    return features, (rng.logistic(size=len(logit)) < logit).astype(int)


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


# --8<-- [end:function]

if __name__ == "__main__":
    # --8<-- [start:demo]
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import brier_score_loss, roc_auc_score

    features, outcome = payments(60_000)
    (train, test), (fraud, later) = np.split(features, 2), np.split(outcome, 2)
    rate, others = fraud.mean(), np.flatnonzero(fraud == 0)
    part = np.r_[np.flatnonzero(fraud)[: len(others)], others[: fraud.sum()]]  # equal classes
    models = {
        "plain": LogisticRegression().fit(train, fraud),
        "undersampled": LogisticRegression().fit(train[part], fraud[part]),
        "balanced": LogisticRegression(class_weight="balanced").fit(train, fraud),
    }
    scores = {name: model.predict_proba(test)[:, 1] for name, model in models.items()}
    scores["undersampled, corrected"] = correct_prior(scores["undersampled"], 0.5, rate)
    for name, score in scores.items():
        auc, brier = roc_auc_score(later, score), brier_score_loss(later, score)
        print(
            f"{rate:.1%} fraud, {name}: mean score {score.mean():.1%}, AUC {auc:.3f}, Brier {brier:.4f}"
        )
        #> 2.7% fraud, plain: mean score 2.7%, AUC 0.835, Brier 0.0231
        #> 2.7% fraud, undersampled: mean score 32.8%, AUC 0.835, Brier 0.1612
        #> 2.7% fraud, balanced: mean score 32.9%, AUC 0.835, Brier 0.1615
        #> 2.7% fraud, undersampled, corrected: mean score 2.7%, AUC 0.835, Brier 0.0231
    for cut in (rate, 0.5):
        same = np.mean((scores["plain"] > cut) == (scores["balanced"] > 0.5))
        print(f"balanced cut at 50%, plain cut at {cut:.1%}: same decision in {same:.1%}")
        #> balanced cut at 50%, plain cut at 2.7%: same decision in 99.6%
        #> balanced cut at 50%, plain cut at 50.0%: same decision in 74.5%
    # --8<-- [end:demo]
