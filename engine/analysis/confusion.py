"""Which classes a network takes for which."""

from collections import Counter
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.choices.losses import decision_threshold
from engine.data import Data
from engine.snapshot import Snapshot

MOST_A_CELL = 12  # mistakes that are kept of each pair of classes


class Mistake(NamedTuple):
    """A row that is taken for another class.

    Attributes
    ----------
    row : its index among the training or the test rows
    true, said : the classes
    by : how far the network is from being right: the output of the class said less that of the true one, or
        for a single output its distance from the threshold
    """

    row: int
    true: int
    said: int
    by: float


@dataclass(frozen=True, eq=False)
class Confusion:
    """Counts (k, k) of rows by class: the true class down, the predicted one across.

    ``worst_train`` and ``worst_test`` are the mistakes, the worst first, at most twelve of each pair.
    """

    train: NDArray[np.int64]
    test: NDArray[np.int64]
    worst_train: tuple[Mistake, ...] = ()
    worst_test: tuple[Mistake, ...] = ()


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


def mistakes(
    output: NDArray[np.floating], labels: NDArray[np.int64], threshold: float = 0.5
) -> tuple[Mistake, ...]:
    """Return the rows that are taken for another class, the worst first, at most twelve of each pair.

    Parameters
    ----------
    output, labels : (n, n_out) and (n,) the true classes
    """
    said = predicted_classes(output, threshold)
    wrong = np.flatnonzero((said >= 0) & (said != labels))
    if output.shape[1] == 1:
        by = np.abs(output[wrong, 0] - threshold)
    else:
        by = output[wrong, said[wrong]] - output[wrong, labels[wrong]]
    kept: list[Mistake] = []
    counts: Counter[tuple[int, int]] = Counter()
    for place in np.argsort(-by, kind="stable").tolist():
        row = int(wrong[place])
        pair = int(labels[row]), int(said[row])
        counts[pair] += 1
        if counts[pair] <= MOST_A_CELL:
            kept.append(Mistake(row, *pair, float(by[place])))
    return tuple(kept)


def confusion(snapshot: Snapshot, data: Data) -> Confusion:
    """Count true against predicted classes on the training and the test rows, and find the worst mistakes."""
    classes, threshold = len(data.classes), decision_threshold(snapshot.experiment.loss.name)
    parts = ((data.x_train, data.labels_train), (data.x_test, data.labels_test))
    outputs = [snapshot.predict(x) for x, _ in parts]
    train, test = (
        count(labels, predicted_classes(output, threshold), classes)
        for output, (_, labels) in zip(outputs, parts, strict=True)
    )
    worst = (mistakes(output, labels, threshold) for output, (_, labels) in zip(outputs, parts, strict=True))
    return Confusion(train, test, *worst)
