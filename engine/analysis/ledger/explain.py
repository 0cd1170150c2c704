"""From a row and the name of a parameter to its ledger."""

import re

import numpy as np

from engine.analysis.ledger.backward import backward
from engine.analysis.ledger.batch import Batch, batch_of
from engine.analysis.ledger.forward import Tensors, forward, write_loss
from engine.analysis.ledger.gradient import Place, gradients, write_gradient
from engine.analysis.ledger.lines import Book, Ledger
from engine.analysis.ledger.update import write_restore, write_update
from engine.data import Data
from engine.errors import ExperimentError
from engine.snapshot import Snapshot

_NAME = re.compile(r"layers\.(\d{1,3})\.(weight|bias|scale|shift)\[ *(\d{1,9}) *(?:, *(\d{1,9}) *)?\]")


def explain(snapshot: Snapshot, data: Data, row: int | str | None, weight: str | tuple) -> Ledger:
    """Return the whole arithmetic of one parameter in float64, whatever the precision of the training.

    Raises ExperimentError when there is no such parameter or row.

    Parameters
    ----------
    row : a training row, by index: a batch of one, in which no unit is left out and every number is the
        mean that batch normalization takes off; "all" for all of them, as one batch; None for the next batch
        to be trained, with its dropout and its changed inputs
    weight : ``"layers.0.weight[0,1]"`` or ``("layers.0.weight", 0, 1)``: from unit 0 to unit 1 of the first
        layer; ``"layers.0.bias[1]"``, and so for ``scale`` and ``shift``
    """
    place = find(snapshot, weight)
    batch, book = batch_of(snapshot, data, row), Book()
    with np.errstate(all="ignore"):  # what diverged shows as NaN or infinity
        grad, new = _write(snapshot, place, batch, book)
        if row is None:
            new = write_restore(place, snapshot, data, new, book)
    engine = snapshot.plan.tensors(snapshot.gradient(batch.x, batch.y, batch.moment))[place.array]
    value = snapshot.plan.tensors(snapshot.theta)[place.array][place.index]
    return Ledger(
        str(place), place.layer, place.source, place.unit, tuple(map(int, batch.rows)), tuple(book.lines),
        float(value), grad, float(engine[place.index]), new,
    )  # fmt: skip


def _write(snapshot: Snapshot, place: Place, batch: Batch, book: Book) -> tuple[float, float]:
    """Write everything; return the gradient and the new value."""
    experiment, x, y = snapshot.experiment, batch.x.astype(float), batch.y.astype(float)
    views = snapshot.plan.tensors(snapshot.theta)
    tensors: Tensors = {name: view.astype(float) for name, view in views.items()}
    traces = forward(experiment, tensors, x, batch.kept, book)
    write_loss(experiment, tensors, traces[-1], y, batch.weights, book)
    deltas = backward(experiment, tensors, traces, y, batch.weights, place.layer, book)
    grad = write_gradient(place, experiment, tensors, traces[place.layer], deltas[place.layer], book)
    grads = gradients(experiment, tensors, traces, deltas)
    return grad, write_update(place, snapshot, batch, tensors, grads, grad, book)


def find(snapshot: Snapshot, weight: str | tuple) -> Place:
    """Return where a parameter stands. Raises ExperimentError when there is no such one."""
    if isinstance(weight, tuple | list):
        weight = f"{''.join(map(str, weight[:1]))}[{','.join(map(str, weight[1:]))}]"
    match = _NAME.fullmatch(weight) if isinstance(weight, str) else None
    if match is None:
        raise ExperimentError(
            str(weight), "a parameter is named like layers.0.weight[0,1] or layers.0.bias[1]"
        )
    layer, tensor, first, second = match.groups()
    found = snapshot.plan.tensors(snapshot.theta).get(f"layers.{int(layer)}.{tensor}")
    if found is None:
        raise ExperimentError(weight, "this network has no such parameters")
    index = (int(first),) if second is None else (int(first), int(second))
    if len(index) != found.ndim:
        raise ExperimentError(weight, "{wanted} numbers name one of these parameters, not {found}",
                              wanted=found.ndim, found=len(index))  # fmt: skip
    if second is not None and index[0] >= found.shape[0]:
        raise ExperimentError(weight, "there is no input unit {value}: they are 0 to {last}",
                              value=index[0], last=found.shape[0] - 1)  # fmt: skip
    if index[-1] >= found.shape[-1]:
        raise ExperimentError(weight, "there is no unit {value} in this layer: they are 0 to {last}",
                              value=index[-1], last=found.shape[-1] - 1)  # fmt: skip
    return Place(int(layer), tensor, index[0] if second is not None else None, index[-1])
