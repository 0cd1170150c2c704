"""From an experiment to the flat layout that the kernels work on.

All parameters stand in one vector theta, layer after layer, each layer's weights (inputs, outputs) in C
order and then its biases. Two ways of computing share this layout:

* small nets run in *lanes* (:mod:`engine.lanes`): 16 rows side by side, no padding;
* others run as *matrices* (:mod:`engine.matrices`) through BLAS, with every layer's columns rounded up to a
  multiple of 16. BLAS treats the last columns of a matrix by another code path, and units that start
  identical would drift apart there; the padding holds zeros for ever and keeps them bit-identical.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from engine.choices import activations, losses
from engine.choices.losses import PERCEPTRON_RULE
from engine.experiment import Experiment
from engine.rules import is_perceptron

BLOCK = 16
LARGEST_IN_LANES = 1024  # weights of a layer: measured, above it BLAS is faster


class Layout(NamedTuple):
    """What the kernels know of a network; every array is int64 unless said.

    Attributes
    ----------
    sizes : (layers + 1,) units: the inputs, then each layer
    columns : (layers + 1,) columns in memory: units, rounded up where padded
    starts : (layers + 2,) sums of the columns before a layer: where its block begins, times the rows
    weights, biases : (layers,) offsets in theta
    activations : (layers,) codes
    parameters : (layers,) float64, the activations' parameters
    loss, loss_parameter : code of the loss and its parameter
    more : 1 when an activation or the loss is not BASIC, else None, and their code is not compiled
    lanes, matrices : 1 for the way in which the net is computed, None for the other
    """

    sizes: np.ndarray
    columns: np.ndarray
    starts: np.ndarray
    weights: np.ndarray
    biases: np.ndarray
    activations: np.ndarray
    parameters: np.ndarray
    loss: int
    loss_parameter: float
    more: int | None
    lanes: int | None
    matrices: int | None


@dataclass(frozen=True)
class Plan:
    """A network's layout, the length of theta and its type."""

    layout: Layout
    size: int
    dtype: np.dtype

    @property
    def layers(self) -> int:
        """The number of layers, inputs not counted."""
        return len(self.layout.weights)

    @property
    def count(self) -> int:
        """The number of weights and biases, padding not counted."""
        sizes = self.layout.sizes
        return int(np.sum(sizes[:-1] * sizes[1:] + sizes[1:]))

    def unpack(self, theta: np.ndarray) -> list[tuple[np.ndarray, np.ndarray]]:
        """Return [(W (n_in, n_out), b (n_out,)), ...] as views of theta, padding left out."""
        pairs = []
        for layer in range(self.layers):
            n_in, n_out = self.layout.sizes[layer : layer + 2]
            rows, columns = self.layout.columns[layer : layer + 2]
            first, bias = self.layout.weights[layer], self.layout.biases[layer]
            w = theta[first : first + rows * columns].reshape(rows, columns)
            pairs.append((w[:n_in, :n_out], theta[bias : bias + n_out]))
        return pairs

    def pack(self, pairs: list[tuple[np.ndarray, np.ndarray]]) -> np.ndarray:
        """Return theta (size,) with these weights and biases in place and zeros in the padding.

        Raises ValueError when the number of layers or a shape differs.
        """
        theta = np.zeros(self.size, self.dtype)
        views = self.unpack(theta)
        if len(pairs) != len(views):
            raise ValueError(f"{len(pairs)} layers do not fit a network of {len(views)}")
        for layer, ((w, b), (w_view, b_view)) in enumerate(zip(pairs, views, strict=True)):
            if np.shape(w) != w_view.shape or np.shape(b) != b_view.shape:
                raise ValueError(
                    f"layer {layer}: weights {np.shape(w)} and biases {np.shape(b)} "
                    f"do not fit {w_view.shape} and {b_view.shape}"
                )
            w_view[:], b_view[:] = w, b
        return theta


def _more(experiment: Experiment) -> bool:
    """Whether an activation or the loss is one of those that are compiled only where they are used."""
    codes = [layer.activation.entry.code for layer in experiment.network.layers]
    return max(codes) >= activations.BASIC or experiment.loss.entry.code >= losses.BASIC


def make_plan(experiment: Experiment, inputs: int) -> Plan:
    """Lay out the experiment's network for ``inputs`` input columns."""
    layers = experiment.network.layers
    sizes = np.array([inputs, *(layer.units for layer in layers)], np.int64)
    lanes = bool(np.max(sizes[:-1] * sizes[1:]) <= LARGEST_IN_LANES)
    columns = sizes.copy()
    if not lanes:
        columns[1:] = -(-columns[1:] // BLOCK) * BLOCK
    lengths = columns[:-1] * columns[1:] + columns[1:]
    weights = np.concatenate(([0], np.cumsum(lengths)[:-1]))
    loss = PERCEPTRON_RULE if is_perceptron(experiment) else experiment.loss.entry.code
    layout = Layout(
        sizes=sizes,
        columns=columns,
        starts=np.concatenate(([0], np.cumsum(columns))),
        weights=weights,
        biases=weights + columns[:-1] * columns[1:],
        activations=np.array([layer.activation.entry.code for layer in layers], np.int64),
        parameters=np.array([next(iter(layer.activation.parameters.values()), 0.0) for layer in layers]),
        loss=loss,
        loss_parameter=next(iter(experiment.loss.parameters.values()), 0.0),
        more=1 if _more(experiment) else None,
        lanes=1 if lanes else None,
        matrices=None if lanes else 1,
    )
    return Plan(layout, int(lengths.sum()), np.dtype(experiment.training.precision))
