"""Which rows a ledger is about, and everything that decides how an update with them goes."""

import operator
from dataclasses import dataclass

import numpy as np

from engine import augment, schedule
from engine.analysis.ledger.lines import Array
from engine.data import Data
from engine.errors import ExperimentError
from engine.places import WHOLE
from engine.snapshot import Snapshot

ALL = "all"


@dataclass(frozen=True, eq=False)
class Batch:
    """The rows of one update.

    Attributes
    ----------
    rows : (n,) int64, which training rows, by index
    x, y : (n, inputs) and (n, outputs) in the precision of the training, as this epoch is shown them
    moment : the number of the batch, which says which units are left out, or WHOLE for none
    kept : the factors of dropout (n, units) by layer
    weights : (n,) the weight of each row's class in the loss, or None where all count alike
    factor : what the schedule multiplies the learning rate of this update by
    """

    rows: np.ndarray
    x: np.ndarray
    y: np.ndarray
    moment: int
    kept: dict[int, Array]
    weights: Array | None
    factor: float


def batch_of(snapshot: Snapshot, data: Data, row: int | str | None) -> Batch:
    """Return one training row, all of them ("all") or the next batch to be trained (None).

    Raises ExperimentError when there is no such row.
    """
    x, moment = data.x_train, WHOLE
    if row is None:
        rows = _next_rows(snapshot, len(x))
        moment = snapshot.moment
        if augment.is_on(snapshot.experiment):
            x = augment.augmented(data, snapshot.experiment, snapshot.epoch)
    else:
        rows = np.arange(len(x)) if row == ALL else np.array([_index(row, len(x))])
    y = data.y_train[rows]
    factor = _factor(snapshot, len(x))
    kept = {} if moment == WHOLE else snapshot.dropout_factors(len(rows), moment)
    kept = {layer: factors.astype(float) for layer, factors in kept.items()}
    return Batch(rows, x[rows], y, moment, kept, _weights(snapshot, y), factor)


def _index(row: int | str, rows: int) -> int:
    try:
        index = operator.index(row)  # type: ignore[arg-type]  # a text that is no number is caught here
    except TypeError:
        raise ExperimentError("row", "{value} is not a row", value=repr(row)) from None
    if not 0 <= index < rows:
        raise ExperimentError("row", "there is no row {value}: they are 0 to {last}",
                              value=index, last=rows - 1)  # fmt: skip
    return index


def _batch_size(snapshot: Snapshot, rows: int) -> int:
    return min(snapshot.batch_size or snapshot.experiment.training.batch_size, rows)


def _next_rows(snapshot: Snapshot, rows: int) -> np.ndarray:
    """Return the rows of the next update, in the order in which it takes them."""
    if snapshot.experiment.optimizer.entry.own_steps:
        return np.arange(rows)
    order = snapshot.batch_order(rows, snapshot.epoch)
    first = snapshot.batch * _batch_size(snapshot, rows)
    return order[first : first + _batch_size(snapshot, rows)]


def _factor(snapshot: Snapshot, rows: int) -> float:
    """Return what the schedule makes of the learning rate in the next update."""
    batches = -(-rows // _batch_size(snapshot, rows))
    done, epochs = snapshot.epoch * batches + snapshot.batch, snapshot.experiment.training.epochs
    factors = schedule.factors(snapshot.experiment.schedule, done, 1, batches, epochs)
    return float(factors[0]) * snapshot.course.plateau.factor


def _weights(snapshot: Snapshot, y: np.ndarray) -> Array | None:
    extras = snapshot.plan.layout.extras
    if extras is None or not extras.class_weights.size:
        return None
    classes = (y[:, 0] > 0.5).astype(int) if y.shape[1] == 1 else y.argmax(axis=1)
    return extras.class_weights[classes]
