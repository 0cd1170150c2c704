"""The next update in all its numbers: forward, back by the chain rule, and where the weights go."""

from dataclasses import dataclass

import numpy as np

from engine.analysis.ledger.backward import backward
from engine.analysis.ledger.batch import batch_of
from engine.analysis.ledger.forward import Tensors, forward
from engine.analysis.ledger.gradient import gradients
from engine.analysis.ledger.lines import Array, Book
from engine.data import Data
from engine.session import Session
from engine.snapshot import Snapshot


@dataclass(frozen=True, eq=False)
class LayerPass:
    """What one layer does with the batch, in float64 unless said otherwise.

    Attributes
    ----------
    x : (rows, inputs) what enters
    u : (rows, units) the weighted sums x @ w + b
    z, a, out : (rows, units) pre-activations, activations, and what is handed on: different from these by
        normalization, skip and dropout alone
    delta : (rows, units) ∂ℓ/∂z of each row's loss
    weight_gradient, bias_gradient : (inputs, units) and (units,), of the batch's mean loss and penalties
    weight, bias : before the update, in the precision of the training
    new_weight, new_bias : after it, as the kernels compute them
    """

    x: Array
    u: Array
    z: Array
    a: Array
    out: Array
    delta: Array
    weight_gradient: Array
    bias_gradient: Array
    weight: np.ndarray
    bias: np.ndarray
    new_weight: np.ndarray
    new_bias: np.ndarray


@dataclass(frozen=True, eq=False)
class BatchPass:
    """One update.

    Attributes
    ----------
    update : its number, 1 is the first
    rows : (n,) the training rows of the batch, by index
    loss : the mean loss over them before the update, penalties included
    learning_rate : of this update; None for an optimizer without one
    layers : what each layer does
    """

    update: int
    rows: np.ndarray
    loss: float
    learning_rate: float | None
    layers: tuple[LayerPass, ...]


def one_batch(snapshot: Snapshot, data: Data) -> BatchPass:
    """Return what the update after a snapshot does, with the batch that the training takes next.

    The arithmetic is that of the ledger, the new weights those of the kernels themselves.
    """
    experiment, batch = snapshot.experiment, batch_of(snapshot, data, None)
    tensors: Tensors = {
        name: view.astype(float) for name, view in snapshot.plan.tensors(snapshot.theta).items()
    }
    with np.errstate(all="ignore"):  # what diverged shows as NaN or infinity
        traces = forward(experiment, tensors, batch.x.astype(float), batch.kept, Book())
        deltas = backward(experiment, tensors, traces, batch.y.astype(float), batch.weights, 0, Book())
        grads = gradients(experiment, tensors, traces, deltas)
        session = Session(experiment)
        session.restore(snapshot)
        rate = session.learning_rate
        session.step_batch()
        loss = snapshot.training_loss(batch.x, batch.y, batch.moment)
    layers = tuple(
        LayerPass(
            trace.x, trace.x @ tensors[f"layers.{layer}.weight"] + tensors[f"layers.{layer}.bias"], trace.z,
            trace.a, trace.out, delta.z, grads[f"layers.{layer}.weight"], grads[f"layers.{layer}.bias"],
            *old, *new,
        )
        for layer, (trace, delta, old, new) in enumerate(
            zip(traces, deltas, snapshot.weights(), session.weights(), strict=True)
        )
    )  # fmt: skip
    return BatchPass(snapshot.update + 1, batch.rows, loss, rate, layers)
