# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0", "scikit-learn>=1.6"]
# ///
"""Churn: how many answers a new model changes, fixes and breaks in shadow mode.

Page: docs/beyond/roll-out.md
Source: the two-by-two table of right and wrong answers of two models
Task: count the answers that a new model changes, fixes and breaks
Graduate to: none
"""
# SPDX-License-Identifier: MIT

# --8<-- [start:function]
import numpy as np
from numpy.typing import ArrayLike


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
    ValueError
        If an argument is empty, holds NaN or probabilities, has another length, or
        holds text where ``old`` holds numbers; the message names it.
    """
    before, after = _classes("old", old), _classes("new", new, old)
    report = {"changed": float(np.mean(before != after))}
    if labels is None:
        return report
    truth = _classes("labels", labels, old)
    return report | {
        "broken": float(np.mean((before == truth) & (after != truth))),
        "fixed": float(np.mean((before != truth) & (after == truth))),
    }


def _classes(name: str, values: ArrayLike, like: ArrayLike | None = None) -> np.ndarray:
    classes = np.asarray(values)
    if classes.dtype.kind == "O" and all(isinstance(value, str) for value in classes.flat):
        classes = classes.astype(str)
    numbers = classes.dtype.kind in "biuf"
    if classes.ndim != 1 or not classes.size or not (numbers or classes.dtype.kind == "U"):
        raise ValueError(f"{name} must be one-dimensional, not empty, of numbers or of text")
    if numbers and not np.isin(classes, np.round(classes[np.isfinite(classes)])).all():
        raise ValueError(f"{name} must hold classes, not probabilities or NaN")
    if like is not None:
        other = np.asarray(like)
        if classes.shape != other.shape or numbers != (other.dtype.kind in "biuf"):
            raise ValueError(f"{name} must have the length of old, and numbers or text like it")
    return classes


# --8<-- [end:function]

if __name__ == "__main__":
    # --8<-- [start:demo]
    from sklearn.datasets import make_classification
    from sklearn.ensemble import RandomForestClassifier

    inputs, labels = make_classification(
        5_000, n_features=20, n_informative=6, flip_y=0.15, class_sep=0.7, random_state=0
    )
    march, april, live = slice(0, 1_500), slice(1_500, 3_000), slice(3_000, None)

    def answers(rows, seed):
        model = RandomForestClassifier(40, random_state=seed)
        return model.fit(inputs[rows], labels[rows]).predict(inputs[live])

    old = answers(march, seed=0)
    print(f"the old model: accuracy {np.mean(old == labels[live]):.1%}")
    #> the old model: accuracy 78.8%
    cases = {"new rows": (april, 0), "another seed": (march, 1), "the same again": (march, 0)}
    for name, (rows, seed) in cases.items():
        new = answers(rows, seed)
        report = churn(old, new, labels[live])
        print(
            f"{name}: accuracy {np.mean(new == labels[live]):.1%}, changed "
            f"{report['changed']:.1%}, broken {report['broken']:.1%}, fixed {report['fixed']:.1%}"
        )
        #> new rows: accuracy 80.2%, changed 11.8%, broken 5.2%, fixed 6.6%
        #> another seed: accuracy 79.0%, changed 10.3%, broken 5.1%, fixed 5.2%
        #> the same again: accuracy 78.8%, changed 0.0%, broken 0.0%, fixed 0.0%
    # --8<-- [end:demo]
