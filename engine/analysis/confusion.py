"""Which classes a network takes for which."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.choices.losses import decision_threshold
from engine.data import Data
from engine.snapshot import Snapshot


@dataclass(frozen=True, eq=False)
class Confusion:
    """Counts (k, k) of rows by class: the true class down, the predicted one across."""

    train: NDArray[np.int64]
    test: NDArray[np.int64]


def predicted_classes(output: NDArray[np.floating], threshold: float = 0.5) -> NDArray[np.int64]:
    """Return the (n,) class of each row of an (n, n_out) output.

    With one column, class 1 is what lies above the loss's threshold, the middle of its targets; with more,
    the class is the largest output, the first one of equals. A row with NaN is class -1: it is no answer.
    """
    if output.shape[1] == 1:
        classes = (output[:, 0] > threshold).astype(np.int64)
    else:
        classes = np.argmax(output, axis=1)
    return np.where(np.isnan(output).any(axis=1), -1, classes)


def count(labels: NDArray[np.int64], predicted: NDArray[np.int64], classes: int) -> NDArray[np.int64]:
    """Count (classes, classes) pairs of true and predicted class; rows predicted as -1 are left out."""
    answered = predicted >= 0
    pairs = labels[answered] * classes + predicted[answered]
    return np.bincount(pairs, minlength=classes * classes).reshape(classes, classes)


def confusion(snapshot: Snapshot, data: Data) -> Confusion:
    """Count true against predicted classes on the training and the test rows."""
    classes, threshold = len(data.classes), decision_threshold(snapshot.experiment.loss.name)
    train, test = (predicted_classes(snapshot.predict(x), threshold) for x in (data.x_train, data.x_test))
    return Confusion(
        train=count(data.labels_train, train, classes), test=count(data.labels_test, test, classes)
    )
