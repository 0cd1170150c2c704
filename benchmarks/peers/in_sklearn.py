"""scikit-learn: MLPClassifier with the same layers and optimizer."""

from __future__ import annotations

import os
import warnings
from functools import cache
from typing import Any

import numpy as np
import sklearn
import threadpoolctl
from sklearn.exceptions import ConvergenceWarning
from sklearn.metrics import log_loss
from sklearn.neural_network import MLPClassifier

from benchmarks.works import Work


@cache
def pools() -> Any:
    """The process's thread pools: to find them takes longer than to set them."""
    return threadpoolctl.ThreadpoolController()


class ScikitTraining:
    """fit() goes on from its weights for so many epochs (warm_start), in batch orders of its own."""

    def __init__(self, work: Work) -> None:
        self.start = work.start
        self.reset()

    def reset(self) -> None:
        start, hidden = self.start, [len(b) for _, b in self.start.weights[:-1]]
        self.model: Any = MLPClassifier(
            hidden, activation=start.activation, solver=start.optimizer, alpha=0, batch_size=start.batch_size,
            learning_rate_init=start.rate, momentum=0, warm_start=True, tol=0, n_iter_no_change=10**9,
            random_state=0,
        )  # fmt: skip
        # It cannot be given weights: one step makes them, they are replaced, and the optimizer begins anew.
        self.model.partial_fit(start.x, start.labels, classes=np.unique(start.labels))
        for place, (w, b) in enumerate(start.weights):
            self.model.coefs_[place], self.model.intercepts_[place] = w.copy(), b.copy()
        del self.model._optimizer

    def run(self, epochs: int) -> None:
        self.model.max_iter = epochs
        # Relevo keeps the process's BLAS at its own number of threads; here it gets what it has by itself.
        with pools().limit(limits=os.cpu_count(), user_api="blas"), warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)
            self.model.fit(self.start.x, self.start.labels)

    def loss(self) -> float:
        return float(log_loss(self.start.labels, self.model.predict_proba(self.start.x)))


class ScikitLearn:
    name = "scikit-learn"
    version = sklearn.__version__
    own_batches = True

    def threads(self) -> str:
        return f"BLAS with {os.cpu_count()}"

    def training(self, work: Work) -> ScikitTraining:
        return ScikitTraining(work)

    def surface(self, work: Work) -> None:
        return None

    def map(self, work: Work) -> None:
        return None
