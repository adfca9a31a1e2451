# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0", "scikit-learn>=1.6"]
# ///
"""Class shares of unlabelled rows under label shift, and the posterior that goes with them.

Page: docs/data/estimate-without-labels.md
Source: Lipton, Wang and Smola, Black Box Shift Estimation (BBSE), ICML 2018; Bayes' rule
Task: estimate class shares without labels, and correct the posterior
Graduate to: none
"""
# SPDX-License-Identifier: MIT

# --8<-- [start:function]
import numpy as np
from numpy.typing import ArrayLike, NDArray


def label_shift_prior(
    labels: ArrayLike, predictions: ArrayLike, new_predictions: ArrayLike
) -> NDArray[np.float64]:
    """Estimate the class shares of new rows from what the model predicts for them.

    Right if only the class shares have changed: within a class, the rows look as before.
    The model may be poor and uncalibrated, as long as its confusion matrix has full rank.

    Parameters
    ----------
    labels, predictions : array-like of shape (n,)
        True and predicted class of held-out rows, coded 0, 1, …, K - 1. Every class occurs.
    new_predictions : array-like of shape (m,)
        Predicted class of the new rows, in the same code.

    Returns
    -------
    array of shape (K,)
        Shares that sum to one. A negative solution, which is noise or a broken assumption,
        is cut to zero.

    Raises
    ------
    TypeError, ValueError
        If an argument holds no such codes or is empty, if lengths differ, if ``labels`` miss
        a class, or if ``predictions`` do not tell the classes apart.
    """
    labels, predictions = _codes("labels", labels), _codes("predictions", predictions)
    new_predictions = _codes("new_predictions", new_predictions)
    if labels.size != predictions.size:
        raise ValueError("predictions must have as many rows as labels")
    classes = max(labels.max(), predictions.max(), new_predictions.max()) + 1
    per_class = np.bincount(labels, minlength=classes)
    if classes < 2 or not per_class.all():
        raise ValueError(
            "labels must hold every class of predictions and new_predictions, at least two"
        )
    confusion = np.zeros((classes, classes))
    np.add.at(confusion, (predictions, labels), 1)
    confusion /= per_class
    if np.linalg.matrix_rank(confusion) < classes:
        raise ValueError("predictions must tell the classes apart: singular confusion matrix")
    counted = np.bincount(new_predictions, minlength=classes)
    prior = np.maximum(np.linalg.solve(confusion, counted), 0)
    return prior / prior.sum()


def reweight_posterior(
    posterior: ArrayLike, old_prior: ArrayLike, new_prior: ArrayLike
) -> NDArray[np.float64]:
    """Move calibrated probabilities from the class shares of training to new ones.

    Parameters
    ----------
    posterior : array-like of shape (n, K)
        Output of ``predict_proba``; rows sum to one.
    old_prior, new_prior : array-like of shape (K,)
        Class shares of the training rows and of the new rows; each sums to one.

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


def _codes(name: str, values: ArrayLike) -> NDArray[np.int64]:
    codes = np.asarray(values)
    if codes.dtype.kind not in "iu":
        raise TypeError(f"{name} must hold whole numbers, got {codes.dtype}")
    if codes.ndim != 1 or not codes.size or codes.min() < 0:
        raise ValueError(f"{name} must be one-dimensional, not empty and not negative")
    return codes


def _shares(name: str, values: ArrayLike, dimensions: int) -> NDArray[np.float64]:
    shares = np.asarray(values)
    if shares.dtype.kind not in "iuf":
        raise TypeError(f"{name} must hold numbers, got {shares.dtype}")
    if shares.ndim != dimensions or not shares.size:
        raise ValueError(f"{name} must have {dimensions} dimension(s) and not be empty")
    if not (shares >= 0).all() or not np.allclose(shares.sum(axis=-1), 1):
        raise ValueError(f"{name} must hold shares that sum to one, without NaN")
    return shares


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
    old_prior = np.bincount(train_labels) / train_labels.size
    for share in (0.5, 0.3, 0.1):
        features, labels = population(seed=2, share=share)
        posterior = model.predict_proba(features)
        new_prior = label_shift_prior(
            held_out_labels, model.predict(held_out), model.predict(features)
        )
        corrected = reweight_posterior(posterior, old_prior, new_prior)
        before, after = (np.mean(p.argmax(axis=1) == labels) for p in (posterior, corrected))
        print(
            f"positives {share:.0%}: mean score {posterior[:, 1].mean():.1%}, "
            f"BBSE {new_prior[1]:.1%}; accuracy {before:.1%}, re-weighted {after:.1%}"
        )
        #> positives 50%: mean score 49.6%, BBSE 50.2%; accuracy 80.1%, re-weighted 80.2%
        #> positives 30%: mean score 40.6%, BBSE 30.7%; accuracy 80.6%, re-weighted 83.4%
        #> positives 10%: mean score 31.6%, BBSE 11.0%; accuracy 80.8%, re-weighted 91.8%

    flagged = posterior[:, 1] >= 0.5
    expected = (p[flagged, 1].mean() for p in (posterior, corrected))
    print("last rows, estimate of the precision {:.1%}, re-weighted {:.1%}".format(*expected))
    #> last rows, estimate of the precision 73.6%, re-weighted 33.2%
    print(f"last rows, actual precision {labels[flagged].mean():.1%}")
    #> last rows, actual precision 32.4%
    covariate = np.random.default_rng(3).random(labels.size) < posterior[:, 1]
    for world, truth in (("label shift", labels), ("covariate shift", covariate)):
        before, after = (np.mean(p.argmax(axis=1) == truth) for p in (posterior, corrected))
        print(
            f"last rows, if it is {world}: positives {truth.mean():.1%}, "
            f"accuracy {before:.1%}, re-weighted {after:.1%}"
        )
        #> last rows, if it is label shift: positives 10.2%, accuracy 80.8%, re-weighted 91.8%
        #> last rows, if it is covariate shift: positives 31.4%, accuracy 80.6%, re-weighted 73.3%
    # --8<-- [end:demo]
