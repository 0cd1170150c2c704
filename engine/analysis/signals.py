"""How large the signals are on their way through the layers: activations forward, gradients back.

As in Glorot and Bengio 2010, figures 6 and 7: the standard deviation of the activations a of each layer, and
that of the gradients δ = ∂ℓ/∂z that come back to it, over rows and units. Where either shrinks or grows by a
factor in every layer, a deep network learns only at one of its ends.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.analysis.ledger.backward import backward
from engine.analysis.ledger.batch import batch_of
from engine.analysis.ledger.forward import forward
from engine.analysis.ledger.lines import Book
from engine.data import Data
from engine.snapshot import Snapshot

ROWS = 512  # training rows looked at, evenly spaced: a standard deviation over them is right to some percent

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Signal:
    """What one layer hands on and gets back, each (rows, units) float64.

    Attributes
    ----------
    z, a : pre-activations and activations
    delta : ∂ℓ/∂z of each row's own loss
    """

    z: Array
    a: Array
    delta: Array

    @property
    def spread(self) -> float:
        """The standard deviation of the activations over rows and units."""
        return float(self.a.std())

    @property
    def gradient(self) -> float:
        """The root mean square of δ over rows and units."""
        return float(np.sqrt(np.square(self.delta).mean()))


def signals(snapshot: Snapshot, data: Data, rows: int = ROWS) -> list[Signal]:
    """Return the signals of every layer over the training rows, as one batch without dropout.

    Computed in float64 whatever the precision of the training. NaN and infinities come out as such.

    Parameters
    ----------
    rows : look at so many evenly spaced training rows, all where there are fewer
    """
    batch = batch_of(snapshot, data, "all")
    chosen = spaced(len(batch.x), rows)
    x, y = batch.x[chosen].astype(float), batch.y[chosen].astype(float)
    weights = None if batch.weights is None else batch.weights[chosen]
    tensors = {name: view.astype(float) for name, view in snapshot.plan.tensors(snapshot.theta).items()}
    with np.errstate(all="ignore"):
        traces = forward(snapshot.experiment, tensors, x, {}, Book())
        deltas = backward(snapshot.experiment, tensors, traces, y, weights, len(traces), Book())
    return [Signal(trace.z, trace.a, delta.z) for trace, delta in zip(traces, deltas, strict=True)]


def gradient_ratio(found: list[Signal]) -> float:
    """Return how large the gradients that reach the first layer are, those of the last layer being 1.

    NaN where the last layer has none, as of a network that is right about every row.
    """
    last = found[-1].gradient
    return found[0].gradient / last if last > 0 else float("nan")


def spaced(count: int, most: int) -> NDArray[np.int64]:
    """Return at most so many evenly spaced indices below a count, the same ones each time."""
    if count <= most:
        return np.arange(count)
    return np.linspace(0, count - 1, most).round().astype(np.int64)
