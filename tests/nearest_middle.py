"""A model for tests of what a function refuses, where fitting a real one would cost most of the time."""

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin


class NearestMiddle(ClassifierMixin, BaseEstimator):
    """A classifier of any classes, which reads every number and costs little."""

    def fit(self, inputs, labels):
        table, labels = np.asarray_chkfinite(inputs, dtype=float), np.asarray(labels)
        self.classes_ = np.unique(labels)
        self.middles_ = np.array([table[labels == one].mean(axis=0) for one in self.classes_])
        return self

    def predict(self, inputs):
        gaps = np.asarray_chkfinite(inputs, dtype=float)[:, None] - self.middles_
        return self.classes_[(gaps**2).sum(axis=2).argmin(axis=1)]
