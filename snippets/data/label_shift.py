# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0", "pandas>=2.2.2", "scikit-learn>=1.6"]
# ///
"""Class shares of unlabelled rows under label shift, and the posterior that goes with them.

Page: docs/data/estimate-without-labels.md
Source: Lipton, Wang and Smola, Black Box Shift Estimation (BBSE), ICML 2018; Bayes' rule
Task: estimate class shares without labels, and correct the posterior
Graduate to: none
"""
# SPDX-License-Identifier: MIT

# --8<-- [start:function]
from numbers import Integral, Real
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray


def label_shift_prior(
    labels: ArrayLike,
    predictions: ArrayLike,
    new_predictions: ArrayLike,
    confidence: float = 0.95,
    seed: int = 0,
) -> pd.DataFrame:
    """Estimate the class shares of new rows from what the model predicts for them.

    Right if only the class shares have changed: within a class, the rows look as before.
    The model may be poor and uncalibrated, as long as it tells the classes apart.

    Parameters
    ----------
    labels, predictions : array-like of shape (n,)
        True and predicted class of held-out rows, as numbers or text. Every class occurs.
    new_predictions : array-like of shape (m,)
        Predicted class of the new rows.
    confidence : float
        Confidence of the intervals, between 0 and 1.
    seed : int
        Seed of the thousand draws of the confusion rates behind the intervals.

    Returns
    -------
    DataFrame of shape (K, 3)
        ``share`` of each class with its interval from ``low`` to ``high``, if rows are
        independent. The index is the sorted classes. The shares sum to one; a negative
        solution, which is noise or a broken assumption, is cut to zero. So where many classes
        are gone, those that are left get too small a share, within their intervals.

    Raises
    ------
    ValueError
        If an argument is empty or has gaps, if lengths differ, if ``labels`` miss a class, or
        if the rows do not show beyond chance that ``predictions`` tell the classes apart.
    """
    labels, predictions = _labels("labels", labels), _labels("predictions", predictions)
    _same_rows(labels=labels, predictions=predictions)
    _between("confidence", confidence, 0, 1)
    _whole("seed", seed, 0)
    level = float(confidence)
    true, classes = pd.factorize(labels.astype(object), sort=True)
    size, coded = len(classes), pd.Index(classes)
    predicted = coded.get_indexer(predictions.astype(object))
    new = coded.get_indexer(_labels("new_predictions", new_predictions).astype(object))
    if size < 2 or min(*predicted, *new) < 0:
        raise ValueError(
            "labels must hold each class of predictions and new_predictions, two or more"
        )
    counts, rng = np.zeros((size, size)), np.random.default_rng(seed)
    np.add.at(counts, (true, predicted), 1)
    rates = counts / counts.sum(axis=1, keepdims=True)
    shares = np.bincount(new, minlength=size) / new.size
    # Half a pseudo-row a cell: what has not been mixed up in a few rows can be.
    drawn = [rng.dirichlet(count + 1 / 2, size=1_000) for count in counts]
    confusion = np.concatenate([rates.T[None], np.stack(drawn, axis=2)])  # predicted by true class
    if (np.linalg.det(confusion) * np.linalg.det(rates) <= 0).any():  # a useless model, or few rows
        raise ValueError(
            "predictions must tell the classes apart beyond chance: "
            "a better model, or more rows, or another threshold"
        )
    met = np.concatenate([shares[None], rng.dirichlet(shares * new.size + 1 / size, size=1_000)])
    solved = np.linalg.solve(confusion, met[..., None])[..., 0]
    share = np.maximum(solved[0], 0) / np.maximum(solved[0], 0).sum()
    solved[1:] += solved[0] - np.median(solved[1:], axis=0)  # the pseudo-rows pulled them
    # Cut draw by draw, many classes that are gone would take from the one that is left.
    low, high = np.quantile(solved[1:], [(1 - level) / 2, (1 + level) / 2], axis=0).clip(0, 1)
    low, high = np.minimum(low, share), np.maximum(high, share)
    return pd.DataFrame({"share": share, "low": low, "high": high}, index=coded.infer_objects())


def reweight_posterior(
    posterior: ArrayLike, old_prior: ArrayLike, new_prior: ArrayLike
) -> NDArray[np.float64]:
    """Move calibrated probabilities from the class shares that they hold for to new ones.

    Parameters
    ----------
    posterior : array-like of shape (n, K)
        Output of ``predict_proba``; rows sum to one.
    old_prior, new_prior : array-like of shape (K,)
        Class shares of the rows that calibrated the model, without calibration of its training
        rows after any resampling, and of the new rows; each sums to one.

    Returns
    -------
    array of shape (n, K)
        Probabilities under the new shares.

    Raises
    ------
    TypeError, ValueError
        If an argument holds no shares that sum to one, if lengths differ, if ``old_prior`` has
        a zero, or if ``new_prior`` rules out all that a row can be.
    """
    posterior = _shares("posterior", posterior, 2)
    old_prior, new_prior = _shares("old_prior", old_prior, 1), _shares("new_prior", new_prior, 1)
    for name, prior in (("old_prior", old_prior), ("new_prior", new_prior)):
        if prior.size != posterior.shape[1]:
            raise ValueError(f"{name} must have one share per column of posterior")
    if not old_prior.all():
        raise ValueError("old_prior must be above zero for every class")
    joint = posterior * (new_prior / old_prior)
    total = joint.sum(axis=1, keepdims=True)
    if not total.all():
        raise ValueError("new_prior is zero for the only possible class of a row")
    return joint / total


def _shares(name: str, values: ArrayLike, ndim: int) -> NDArray[np.float64]:
    shares = _numbers(name, values, ndim)
    if not (shares >= 0).all() or not np.allclose(shares.sum(axis=-1), 1):
        raise ValueError(f"{name} must hold shares that sum to one, without NaN")
    return shares


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


def _same_rows(**arrays: Any) -> None:
    rows = {name: len(array) for name, array in arrays.items()}
    if len(set(rows.values())) > 1:
        raise ValueError(f"{' and '.join(rows)} must have the same number of rows, got {rows}")


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

    def population(seed, share, rows=20_000):
        rng = np.random.default_rng(seed)
        labels = (rng.random(rows) < share).astype(int)
        return rng.normal(size=(rows, 2)) + 1.2 * labels[:, None], labels

    train, train_labels = population(seed=0, share=0.5)
    held_out, held_out_labels = population(seed=1, share=0.5)
    model = LogisticRegression().fit(train, train_labels)
    seen, old_prior = model.predict(held_out), np.bincount(train_labels) / train_labels.size
    for share in (0.5, 0.3, 0.1):
        features, labels = population(seed=2, share=share)
        posterior = model.predict_proba(features)
        found = label_shift_prior(held_out_labels, seen, model.predict(features))
        corrected = reweight_posterior(posterior, old_prior, found["share"])
        before, after = (np.mean(p.argmax(axis=1) == labels) for p in (posterior, corrected))
        print(
            f"positives {share:.0%}: mean score {posterior[:, 1].mean():.1%}, "
            f"BBSE {found.share[1]:.1%}; accuracy {before:.1%}, re-weighted {after:.1%}"
        )
        #> positives 50%: mean score 49.6%, BBSE 50.2%; accuracy 80.1%, re-weighted 80.2%
        #> positives 30%: mean score 40.6%, BBSE 30.7%; accuracy 80.6%, re-weighted 83.4%
        #> positives 10%: mean score 31.6%, BBSE 11.0%; accuracy 80.8%, re-weighted 91.8%
    # --8<-- [end:demo]

    # --8<-- [start:worlds]
    cut = reweight_posterior([[0.5, 0.5]], old_prior, found["share"])[0, 1]
    flagged = corrected[:, 1] >= cut  # the old decisions, by the new probabilities
    old, new = posterior[flagged, 1].mean(), corrected[flagged, 1].mean()
    actual = labels[flagged].mean()
    print(f"precision: estimate {old:.1%}, re-weighted {new:.1%}, actual {actual:.1%}")
    #> precision: estimate 73.6%, re-weighted 33.2%, actual 32.4%
    covariate = np.random.default_rng(3).random(labels.size) < posterior[:, 1]
    for world, truth in (("label shift", labels), ("covariate shift", covariate)):
        before, after = (np.mean(p.argmax(axis=1) == truth) for p in (posterior, corrected))
        print(f"if it is {world}: accuracy {before:.1%}, re-weighted {after:.1%}")
        #> if it is label shift: accuracy 80.8%, re-weighted 91.8%
        #> if it is covariate shift: accuracy 80.6%, re-weighted 73.3%
    # --8<-- [end:worlds]

    # --8<-- [start:solution]
    rng = np.random.default_rng(0)

    def judge(bad):  # finds four bad answers in five, and flags some good ones
        return rng.random(bad.size) < np.where(bad, 0.8, 0.15)

    people = rng.permutation(np.arange(400) < 100)  # their verdict on 400 answers
    answers = rng.random(5_000) < 0.1  # is it bad? nobody knows
    flags = judge(answers)
    bad = label_shift_prior(people, judge(people), flags).loc[True]
    print(
        f"the judge flags {flags.mean():.0%}; bad are {bad.share:.0%} ({bad.low:.0%} to {bad.high:.0%})"
    )
    #> the judge flags 22%; bad are 10% (3% to 15%)
    try:
        label_shift_prior(people, rng.random(400) < 0.3, flags)
    except ValueError as error:
        print(f"a judge that guesses: {str(error).split(':')[0]}")
        #> a judge that guesses: predictions must tell the classes apart beyond chance
    # --8<-- [end:solution]
