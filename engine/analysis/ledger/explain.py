"""From a row and the name of a parameter to its ledger."""

import operator
import re

import numpy as np

from engine import kernels
from engine.analysis.ledger.backward import backward
from engine.analysis.ledger.forward import Tensors, forward, write_loss
from engine.analysis.ledger.gradient import Place, gradients, write_gradient
from engine.analysis.ledger.lines import Array, Book, Ledger
from engine.analysis.ledger.update import write_update
from engine.blocks import WHOLE
from engine.data import Data
from engine.errors import ExperimentError
from engine.snapshot import Snapshot
from engine.streams import shuffle, shuffle_key

ALL = "all"
_NAME = re.compile(r"layers\.(\d{1,3})\.(weight|bias|scale|shift)\[ *(\d{1,9}) *(?:, *(\d{1,9}) *)?\]")


def explain(snapshot: Snapshot, data: Data, row: int | str | None, weight: str | tuple) -> Ledger:
    """Return the whole arithmetic of one parameter in float64, whatever the precision of the training.

    Raises ExperimentError when there is no such parameter or row.

    Parameters
    ----------
    row : a training row, by index: a batch of one, in which no unit is left out; "all" for all of them, as
        one batch; None for the next batch to be trained, dropout included
    weight : ``"layers.0.weight[0,1]"`` or ``("layers.0.weight", 0, 1)``: from unit 0 to unit 1 of the first
        layer; ``"layers.0.bias[1]"``, and so for ``scale`` and ``shift``
    """
    place = find(snapshot, weight)
    rows, moment = _rows(snapshot, len(data.x_train), row)
    x, y = data.x_train[rows], data.y_train[rows]
    book = Book()
    with np.errstate(all="ignore"):  # what diverged shows as NaN or infinity
        kept = _kept(snapshot, len(x), moment)
        grad, new = _write(snapshot, place, x.astype(float), y.astype(float), kept, book)
    engine = snapshot.plan.tensors(snapshot.gradient(x, y, moment))[place.array]
    value = snapshot.plan.tensors(snapshot.theta)[place.array][place.index]
    return Ledger(
        str(place), place.layer, place.source, place.unit, tuple(map(int, rows)), tuple(book.lines),
        float(value), grad, float(engine[place.index]), new,
    )  # fmt: skip


def _write(
    snapshot: Snapshot, place: Place, x: Array, y: Array, kept: dict[int, Array], book: Book
) -> tuple[float, float]:
    """Write everything; return the gradient and the new value."""
    experiment = snapshot.experiment
    views = snapshot.plan.tensors(snapshot.theta)
    tensors: Tensors = {name: view.astype(float) for name, view in views.items()}
    weights = _weights_of_rows(snapshot, y)
    traces = forward(experiment, tensors, x, kept, book)
    write_loss(experiment, tensors, traces[-1], y, weights, book)
    deltas = backward(experiment, tensors, traces, y, weights, place.layer, book)
    trace, delta = traces[place.layer], deltas[place.layer]
    grad = write_gradient(place, experiment, tensors, trace, delta, book)
    grads = gradients(experiment, tensors, traces, deltas)
    return grad, write_update(place, snapshot, tensors, grads, grad, book)


def find(snapshot: Snapshot, weight: str | tuple) -> Place:
    """Return where a parameter stands. Raises ExperimentError when there is no such one."""
    if not isinstance(weight, str):
        weight = f"{''.join(map(str, weight[:1]))}[{','.join(map(str, weight[1:]))}]"
    match = _NAME.fullmatch(weight)
    if match is None:
        raise ExperimentError(weight, "a parameter is named like layers.0.weight[0,1] or layers.0.bias[1]")
    layer, tensor, first, second = match.groups()
    found = snapshot.plan.tensors(snapshot.theta).get(f"layers.{int(layer)}.{tensor}")
    if found is None:
        raise ExperimentError(weight, "this network has no such parameters")
    index = (int(first),) if second is None else (int(first), int(second))
    if len(index) != found.ndim:
        raise ExperimentError(weight, "{wanted} numbers name one of these parameters, not {found}",
                              wanted=found.ndim, found=len(index))  # fmt: skip
    for number, size in zip(index, found.shape, strict=True):
        if number >= size:
            raise ExperimentError(weight, "there is no number {value}: they are 0 to {last}",
                                  value=number, last=size - 1)  # fmt: skip
    return Place(int(layer), tensor, index[0] if second is not None else None, index[-1])


def _rows(snapshot: Snapshot, n: int, row: int | str | None) -> tuple[np.ndarray, int]:
    """Return the rows to explain, by index, and the moment that says which units are left out."""
    if row is None:
        size = min(snapshot.batch_size or snapshot.experiment.training.batch_size, n)
        order = np.empty(n, np.int64)
        shuffle(shuffle_key(snapshot.experiment.seeds.order, "batches"), snapshot.epoch, order)
        first = snapshot.batch * size
        return order[first : first + size], kernels.moment_of.py_func(snapshot.epoch, snapshot.batch)
    if row == ALL:
        return np.arange(n), WHOLE
    try:
        index = operator.index(row)  # type: ignore[arg-type]  # a text that is no number is caught here
    except TypeError:
        raise ExperimentError("row", "{value} is not a row", value=repr(row)) from None
    if not 0 <= index < n:
        raise ExperimentError("row", "there is no row {value}: they are 0 to {last}", value=index, last=n - 1)
    return np.array([index]), WHOLE


def _kept(snapshot: Snapshot, rows: int, moment: int) -> dict[int, Array]:
    """Return what dropout multiplies the outputs of a batch by, (rows, units) by layer."""
    extras, found = snapshot.plan.layout.extras, {}
    if extras is not None and moment != WHOLE:
        for index, layer in enumerate(snapshot.experiment.network.layers):
            if layer.dropout:
                out = np.empty((rows, layer.units), snapshot.plan.dtype)
                kernels.dropout_factors(extras.dropout_key, layer.dropout, moment, index, out)
                found[index] = out.astype(float)
    return found


def _weights_of_rows(snapshot: Snapshot, y: Array) -> Array | None:
    """Return (rows,) the weight of each row's class in the loss, or None where all count alike."""
    extras = snapshot.plan.layout.extras
    if extras is None or not extras.class_weights.size:
        return None
    classes = (y[:, 0] > 0.5).astype(int) if y.shape[1] == 1 else y.argmax(axis=1)
    return extras.class_weights[classes]
