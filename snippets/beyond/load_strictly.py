# /// script
# requires-python = ">=3.11"
# dependencies = ["scikit-learn>=1.6"]
# ///
"""Load a pickled model, or refuse: a damaged file and another version are errors.

Page: docs/beyond/reproduce-and-persist.md
Source: InconsistentVersionWarning of scikit-learn, SHA-256 of hashlib
Task: refuse a pickled model that is damaged or of another version
Graduate to: skops, skl2onnx
"""
# SPDX-License-Identifier: MIT

# --8<-- [start:function]
import hashlib
import pickle
import pickletools
import warnings
from typing import Any

import sklearn
from sklearn.base import BaseEstimator
from sklearn.exceptions import InconsistentVersionWarning


def load_strictly(pickled: bytes, sha256: str) -> BaseEstimator:
    """Unpickle a model only if its bytes and its version of scikit-learn are the expected ones.

    Parameters
    ----------
    pickled : bytes
        The model file, from a source that you trust: a pickle can run any code.
    sha256 : str
        Checksum from when it was written, 64 hexadecimal digits, kept apart from the file.

    Returns
    -------
    estimator
        The model.

    Raises
    ------
    TypeError, ValueError
        If ``pickled`` is no bytes or not a model, is damaged, cannot be unpickled, or was
        written under another version of scikit-learn, or if ``sha256`` is no checksum.
    """
    if not isinstance(pickled, bytes):
        raise TypeError(f"pickled must be bytes, got {type(pickled).__name__}")
    if not isinstance(sha256, str) or len(sha256) != 64:
        raise ValueError(f"sha256 must be 64 hexadecimal digits, got {sha256!r}")
    if hashlib.sha256(pickled).hexdigest() != sha256.lower():
        raise ValueError("pickled is damaged, or another file than sha256 says")
    with warnings.catch_warnings():
        warnings.simplefilter("error", InconsistentVersionWarning)
        try:
            others = _versions(pickled) - {sklearn.__version__}
            model = None if others else pickle.loads(pickled)
        except InconsistentVersionWarning as warning:
            raise ValueError(f"pickled under another version: {warning}") from warning
        except Exception as error:  # a class or module that is gone, or a file of joblib.dump
            raise ValueError(
                f"pickled cannot be unpickled here: {error!r}; written by joblib.dump, or by "
                "another version?"
            ) from error
    if others:
        raise ValueError(f"pickled under another version: {others}, here {sklearn.__version__}")
    if not isinstance(model, BaseEstimator):
        raise TypeError(f"pickled must hold an estimator, got {type(model).__name__}")
    return model


def _versions(pickled: bytes) -> set[str]:
    # Read without running: filters of warnings are shared, so another thread can undo the above.
    memo: dict[Any, Any] = {}
    found, last = set[str](), None
    for step, value, _ in pickletools.genops(pickled):
        if step.name == "MEMOIZE" or step.name.endswith("PUT"):
            memo[len(memo) if value is None else value] = last
        elif step.name != "FRAME":  # which may come between a key and its value
            value = memo.get(value) if step.name.endswith("GET") else value
            if last == "_sklearn_version" and isinstance(value, str):
                found.add(value)
            last = value
    return found


# --8<-- [end:function]

if __name__ == "__main__":
    # --8<-- [start:demo]
    from sklearn.datasets import load_breast_cancer
    from sklearn.tree import DecisionTreeClassifier

    inputs, labels = load_breast_cancer(return_X_y=True)
    model = DecisionTreeClassifier(random_state=0).fit(inputs, labels)
    written = pickle.dumps(model)
    version = sklearn.__version__.encode()
    older = written.replace(version, b"0" + version[1:])
    files = {"as written": written, "older version": older}
    for name, file in files.items():
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            plain = pickle.loads(file)
        same = (plain.predict(inputs) == model.predict(inputs)).all()
        print(f"{name}, pickle.loads: warnings {len(caught)}, same predictions: {same}")
        #> as written, pickle.loads: warnings 0, same predictions: True
        #> older version, pickle.loads: warnings 1, same predictions: True

    files["cut short"] = written[:-100]
    checksums = {name: hashlib.sha256(file).hexdigest() for name, file in files.items()}
    checksums["cut short"] = checksums["as written"]
    for name, file in files.items():
        try:
            verdict = f"loaded a {type(load_strictly(file, checksums[name])).__name__}"
        except ValueError as error:
            verdict = "refused, " + str(error).partition(":")[0]
        print(f"{name}, load_strictly: {verdict}")
        #> as written, load_strictly: loaded a DecisionTreeClassifier
        #> older version, load_strictly: refused, pickled under another version
        #> cut short, load_strictly: refused, pickled is damaged, or another file than sha256 says
    # --8<-- [end:demo]
