# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0", "scikit-learn>=1.6", "scipy>=1.13"]
# ///
"""Refute a label shift without labels: the new scores must be a mixture of the old classes'.

Page: docs/data/estimate-without-labels.md
Source: minimum chi-squared, with the noise of both samples; the definition of label shift
Task: test without labels whether only the class shares have changed
Graduate to: none
"""
# SPDX-License-Identifier: MIT

# --8<-- [start:function]
from numbers import Integral, Real
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import chi2


def label_shift_p_value(
    labels: ArrayLike, scores: ArrayLike, new_scores: ArrayLike, bins: int = 10
) -> float:
    """Test whether new scores can be a mixture of the scores of the two classes.

    A small value refutes a label shift: within a class, the rows look different now. A large
    one proves nothing, since another shift can imitate a mixture.

    Parameters
    ----------
    labels : array-like of shape (n,)
        1 or True for the positive class, else 0 or False, of held-out rows.
    scores : array-like of shape (n,)
        Score of the same rows, in any unit.
    new_scores : array-like of shape (m,)
        Score of the new rows. If those of one side went through float32, both are compared in
        that precision.
    bins : int
        Into how many bins of equal size to cut all scores; ties share a bin.

    Returns
    -------
    float
        The p-value of the best mixture, if rows are independent.

    Raises
    ------
    TypeError, ValueError
        If an argument is empty, holds NaN or differs in length, if ``labels`` are not both 0 and
        1, if ``scores`` fill fewer than three bins, or if no best mixture is found.
    """
    labels, scores = _numbers("labels", labels), _numbers("scores", scores)
    new_scores = _numbers("new_scores", new_scores)
    _same_rows(labels=labels, scores=scores)
    _whole("bins", bins, 3)
    if set(labels) != {0, 1}:
        raise ValueError("labels must hold 0 and 1, both of them and nothing else")
    scores, new_scores = _same_precision(scores, new_scores)
    edges = np.unique(np.quantile(np.concatenate([scores, new_scores]), np.arange(1, bins) / bins))
    samples = [scores[labels == 0], scores[labels == 1], new_scores]
    counts = [
        np.bincount(np.searchsorted(edges, one, "right"), minlength=edges.size + 1)
        for one in samples
    ]
    filled = np.sum(counts, axis=0) > 0
    if filled.sum() < 3:
        raise ValueError("scores and new_scores must fill at least three bins")
    seen = np.array([count[filled] / count.sum() for count in counts])
    rows = [one.size for one in samples]
    share, moved, fitted, least = 0.5, 1.0, 0.9 * seen + 0.1 * seen.mean(axis=0), np.inf
    for turn in range(400):  # noise of the fitted bins: that of the seen is too small in thin ones
        if moved < 1e-6:
            break
        weights = np.array([1 - share, share, -1])
        noise = [w * (np.diag(p) - np.outer(p, p)) / n for w, p, n in zip(weights, fitted, rows)]
        total = sum(w * one for w, one in zip(weights, noise))
        gap, slope = -weights @ seen, fitted[1] - fitted[0]
        # Bins sum to one, so nothing lies along (1, …, 1): any constant makes the matrix regular.
        pull, steep = np.linalg.solve(total + np.trace(total), np.stack([gap, slope], axis=1)).T
        distance = gap @ pull
        least = min(least, distance)
        step = np.clip(share + slope @ pull / max(slope @ steep, 1e-12), 0, 1) - share
        target = np.maximum(seen + np.stack(noise) @ pull, 1e-9)
        change = target / target.sum(axis=1, keepdims=True) - fitted
        moved = max(abs(step), np.abs(change).max())
        part = 1 if turn < 20 else 0.5 if turn < 150 else 0.1  # whole steps can swing for ever
        share, fitted = share + part * step, fitted + part * change
    freedom = filled.sum() - 2 + (min(share, 1 - share) < 1e-5)  # at its end, nothing was fitted
    if moved >= 1e-6 and chi2.sf(least, freedom) > 1e-6:
        raise ValueError(
            "scores and new_scores have no best mixture: take fewer bins, or more rows"
        )
    return float(chi2.sf(distance, freedom))


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


def _same_precision(*sides: NDArray[np.float64]) -> list[NDArray[np.float64]]:
    # A copy that went through float32 has not moved: if one side did, all are compared in it.
    # 0.5 or 40 is the same in both, so a side of such numbers alone does not tell.
    with np.errstate(invalid="ignore", over="ignore"):
        short = [side.astype(np.float32).astype(np.float64) for side in sides]
        tells = [((side * 1024 % 1 > 0) | (np.abs(side) > 2**24)).any() for side in sides]
    pairs = zip(sides, short, tells, strict=True)
    copies = (tell and np.array_equal(a, b, equal_nan=True) for a, b, tell in pairs)
    return short if any(copies) else list(sides)


def _whole(name: str, value: int, least: int) -> None:
    if not isinstance(value, Integral) or isinstance(value, bool) or not least <= value < 2**63:
        raise ValueError(f"{name} must be a whole number from {least} to 2**63, got {value!r}")


# --8<-- [end:function]

if __name__ == "__main__":
    # --8<-- [start:demo]
    from sklearn.linear_model import LogisticRegression

    rng = np.random.default_rng(0)

    def population(share, rows=2_000, move=0.0):
        labels = (rng.random(rows) < share).astype(int)
        return rng.normal(size=(rows, 2)) + 1.2 * labels[:, None] + move, labels

    model = LogisticRegression().fit(*population(share=0.5))
    for name, world in (
        ("positives 10%", {"share": 0.1}),
        ("inputs moved by 0.45", {"share": 0.5, "move": 0.45}),
    ):
        p_values = []
        for _ in range(200):
            held_out, labels = population(share=0.5)
            now, _ = population(**world)
            scores, new_scores = model.decision_function(held_out), model.decision_function(now)
            p_values.append(label_shift_p_value(labels, scores, new_scores))
        refuted = np.mean(np.array(p_values) < 0.05)
        print(f"{name}: label shift refuted in {refuted:.0%} of the tests, at 5%")
        #> positives 10%: label shift refuted in 4% of the tests, at 5%
        #> inputs moved by 0.45: label shift refuted in 100% of the tests, at 5%
    # --8<-- [end:demo]
