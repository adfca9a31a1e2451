# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0", "scipy>=1.13", "scikit-learn>=1.6"]
# ///
"""What each monitor says about a binary classifier, before the labels arrive and after.

Page: docs/data/index.md
Source: Kolmogorov-Smirnov distance of scipy.stats, AUC of sklearn.metrics, Bayes' rule
Task: tell which monitor sees which kind of shift
Graduate to: NannyML, evidently
"""
# SPDX-License-Identifier: MIT

# --8<-- [start:function]
import numpy as np
from numpy.typing import ArrayLike
from scipy.stats import ks_2samp
from sklearn.base import ClassifierMixin
from sklearn.metrics import roc_auc_score


def shift_signature(
    model: ClassifierMixin,
    reference: ArrayLike,
    current: ArrayLike,
    labels: ArrayLike | None = None,
) -> dict[str, float]:
    """Read six monitors of a binary classifier; a shift shows in which of them move.

    Parameters
    ----------
    model : classifier
        Fitted, with ``predict_proba`` of shape (n, 2).
    reference : array-like of shape (n, features)
        Numeric inputs from before, which the model was not trained on.
    current : array-like of shape (m, features)
        The same columns now.
    labels : array-like of shape (m,), optional
        The outcomes of ``current``, 0 or 1, both of them present.

    Returns
    -------
    dict
        Without labels: ``inputs``, the largest Kolmogorov-Smirnov distance of any column;
        ``score``, the change of the mean probability of class 1; ``estimate``, the accuracy
        if every probability were true. With labels: ``accuracy`` at a threshold of 0.5;
        ``auc``; ``gap``, the mean distance between probability and observed share, in ten
        equally wide bins of the probability. All lie in 0 to 1, ``score`` in -1 to 1.

    Raises
    ------
    TypeError, ValueError
        If ``model`` gives no two probabilities, a table is not numeric, is empty or holds NaN,
        the columns differ, or ``labels`` are not 0 and 1, one per row of ``current``.
    """
    if not hasattr(model, "predict_proba"):
        raise TypeError(f"model must have predict_proba, got {type(model).__name__}")
    then, now = _table("reference", reference), _table("current", current)
    if then.shape[1] != now.shape[1]:
        raise ValueError(f"current must have the {then.shape[1]} columns of reference")
    before, after = model.predict_proba(reference), model.predict_proba(current)
    if after.shape[1] != 2:
        raise ValueError(f"model must tell two classes apart, got {after.shape[1]}")
    score = after[:, 1]
    distances = [ks_2samp(*pair, method="asymp").statistic for pair in zip(then.T, now.T)]
    signature = {
        "inputs": float(max(distances)),
        "score": float(score.mean() - before[:, 1].mean()),
        "estimate": float(after.max(axis=1).mean()),
    }
    if labels is None:
        return signature

    truth = np.asarray(labels)
    if truth.dtype.kind not in "biuf" or truth.shape != score.shape or set(truth) != {0, 1}:
        raise ValueError("labels must be 0 and 1, both present, one per row of current")
    bins = np.minimum(score * 10, 9).astype(int)
    return signature | {
        "accuracy": float(np.mean((score > 0.5) == truth)),
        "auc": float(roc_auc_score(truth, score)),
        "gap": float(np.abs(np.bincount(bins, score - truth)).sum() / score.size),
    }


def _table(name: str, values: ArrayLike) -> np.ndarray:
    table = np.asarray(values)
    if table.dtype.kind not in "biuf":
        raise TypeError(f"{name} must hold numbers, got {table.dtype}")
    if table.ndim != 2 or not table.size or not np.isfinite(table).all():
        raise ValueError(f"{name} must be two-dimensional, not empty and without NaN")
    return table


# --8<-- [end:function]

if __name__ == "__main__":
    # --8<-- [start:demo]
    from sklearn.datasets import load_digits
    from sklearn.linear_model import LogisticRegression

    def population(seed, prior=0.2, move=(0, 0), level=0, turn=0, rows=10_000):
        rng = np.random.default_rng(seed)
        side = np.where(rng.random(rows) < prior, 1, -1)
        features = rng.normal(size=(rows, 2)) + np.outer(side, [0.75, -0.5]) + move
        angle = np.arctan2(-1, 1.5) + np.deg2rad(turn)
        effects = np.hypot(1.5, 1) * np.array([np.cos(angle), np.sin(angle)])
        log_odds = features @ effects + np.log(prior / (1 - prior)) + level
        return features, (log_odds > rng.logistic(size=rows)).astype(int)

    model = LogisticRegression(solver="newton-cholesky").fit(*population(seed=0))
    reference, _ = population(seed=1)
    cases = {
        "no shift": (model, reference, *population(seed=2)),
        "covariate loud": (model, reference, *population(seed=3, move=(0.5, 0.75))),
        "covariate hard": (model, reference, *population(seed=4, move=(0.6, -0.4))),
        "label": (model, reference, *population(seed=8, prior=0.5)),
        "concept level": (model, reference, *population(seed=6, level=1)),
        "concept turn": (model, reference, *population(seed=7, turn=60)),
    }

    digits, names = load_digits(return_X_y=True)
    order, even = np.random.default_rng(0).permutation(len(names)), (names % 2 == 0).astype(int)
    train, held_out, new = order[:900], order[900:1_350], order[1_350:]
    reader = LogisticRegression(C=0.01, solver="newton-cholesky").fit(digits[train], even[train])
    moved = np.roll(digits[new].reshape(-1, 8, 8), shift=1, axis=2).reshape(-1, 64)
    for name, pixels in (("digits, stable", digits[new]), ("digits, pixel", moved)):
        cases[name] = (reader, digits[held_out], pixels, even[new])

    for name, case in cases.items():
        row = shift_signature(*case)
        print(
            f"{name}: inputs {row['inputs']:.2f}, score {row['score']:+z.2f}, "
            f"estimate {row['estimate']:.0%}, accuracy {row['accuracy']:.0%}, "
            f"AUC {row['auc']:.2f}, gap {row['gap']:.2f}"
        )
        #> no shift: inputs 0.02, score +0.00, estimate 87%, accuracy 87%, AUC 0.90, gap 0.01
        #> covariate loud: inputs 0.29, score +0.00, estimate 87%, accuracy 87%, AUC 0.89, gap 0.00
        #> covariate hard: inputs 0.22, score +0.14, estimate 81%, accuracy 82%, AUC 0.88, gap 0.01
        #> label: inputs 0.17, score +0.12, estimate 83%, accuracy 75%, AUC 0.90, gap 0.17
        #> concept level: inputs 0.01, score +0.00, estimate 87%, accuracy 80%, AUC 0.88, gap 0.10
        #> concept turn: inputs 0.02, score +0.00, estimate 87%, accuracy 76%, AUC 0.71, gap 0.11
        #> digits, stable: inputs 0.08, score +0.03, estimate 92%, accuracy 91%, AUC 0.97, gap 0.04
        #> digits, pixel: inputs 0.62, score -0.29, estimate 88%, accuracy 60%, AUC 0.79, gap 0.34
    # --8<-- [end:demo]
