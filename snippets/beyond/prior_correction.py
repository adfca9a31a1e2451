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
    score = np.asarray(score)
    if score.dtype.kind not in "iuf":
        raise TypeError(f"score must hold numbers, got {score.dtype}")
    if score.ndim != 1 or not score.size or not ((score >= 0) & (score <= 1)).all():
        raise ValueError("score must be one-dimensional, not empty and between 0 and 1")
    for name, rate in (("trained_rate", trained_rate), ("true_rate", true_rate)):
        if not isinstance(rate, Real) or not 0 < rate < 1:
            raise ValueError(f"{name} must be between 0 and 1, got {rate!r}")
    event, other = true_rate / trained_rate, (1 - true_rate) / (1 - trained_rate)
    return score * event / (score * event + (1 - score) * other)


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
    for name, value, least in (("rows", rows, 1), ("seed", seed, 0)):
        if not isinstance(value, Integral) or value < least:
            raise ValueError(f"{name} must be a whole number of at least {least}, got {value!r}")
    if not isinstance(level, Real) or not np.isfinite(level):
        raise ValueError(f"level must be a finite number, got {level!r}")
    rng = np.random.default_rng(seed)
    features = rng.normal(size=(rows, 4))
    logit = features @ [1.0, -1.0, 0.5, 0.0] + level
    return features, (rng.logistic(size=rows) < logit).astype(int)


# --8<-- [end:function]

if __name__ == "__main__":
    # --8<-- [start:demo]
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import brier_score_loss, roc_auc_score

    for level in (0.0, -4.6):
        features, outcome = payments(60_000, level=level)
        train, test = features[:30_000], features[30_000:]
        fraud, later = outcome[:30_000], outcome[30_000:]
        rate = fraud.mean()
        events, others = np.flatnonzero(fraud == 1), np.flatnonzero(fraud == 0)
        equal = min(len(events), len(others))
        part = np.r_[events[:equal], others[:equal]]
        models = {
            "plain": LogisticRegression().fit(train, fraud),
            "undersampled": LogisticRegression().fit(train[part], fraud[part]),
            "balanced": LogisticRegression(class_weight="balanced").fit(train, fraud),
        }
        scores = {name: model.predict_proba(test)[:, 1] for name, model in models.items()}
        for name in ("undersampled", "balanced"):
            scores[f"{name}, corrected"] = correct_prior(scores[name], 0.5, rate)
        for name, score in scores.items():
            print(
                f"{rate:.1%} fraud, {name}: mean score {score.mean():.1%}, "
                f"AUC {roc_auc_score(later, score):.3f}, Brier {brier_score_loss(later, score):.4f}"
            )
            #> 50.6% fraud, plain: mean score 50.6%, AUC 0.815, Brier 0.1754
            #> 50.6% fraud, undersampled: mean score 50.2%, AUC 0.815, Brier 0.1754
            #> 50.6% fraud, balanced: mean score 50.2%, AUC 0.815, Brier 0.1755
            #> 50.6% fraud, undersampled, corrected: mean score 50.6%, AUC 0.815, Brier 0.1754
            #> 50.6% fraud, balanced, corrected: mean score 50.6%, AUC 0.815, Brier 0.1754
            #> 2.7% fraud, plain: mean score 2.7%, AUC 0.835, Brier 0.0231
            #> 2.7% fraud, undersampled: mean score 32.8%, AUC 0.835, Brier 0.1612
            #> 2.7% fraud, balanced: mean score 32.9%, AUC 0.835, Brier 0.1615
            #> 2.7% fraud, undersampled, corrected: mean score 2.7%, AUC 0.835, Brier 0.0231
            #> 2.7% fraud, balanced, corrected: mean score 2.7%, AUC 0.835, Brier 0.0231

    stopped = scores["balanced"] > 0.5
    for cut in (rate, 0.5):
        share = np.mean((scores["plain"] > cut) == stopped)
        print(f"balanced cut at 50%, plain cut at {cut:.1%}: same decision in {share:.1%}")
        #> balanced cut at 50%, plain cut at 2.7%: same decision in 99.6%
        #> balanced cut at 50%, plain cut at 50.0%: same decision in 74.5%
    # --8<-- [end:demo]
