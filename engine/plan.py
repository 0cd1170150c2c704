"""From an experiment to the flat layout that the kernels work on.

All parameters stand in one vector theta, layer after layer: weights (inputs, outputs) in C order, biases, and
for a layer with batch normalization its scale, shift, running mean and running variance. Two ways of
computing share this layout:

* small nets run in *lanes* (:mod:`engine.lanes`): 16 rows side by side, no padding within a layer;
* others run as *matrices* (:mod:`engine.matrices`), with every layer's columns rounded up to a multiple of
  16, whole vectors of the processor; the padding holds zeros for ever.

Theta as a whole is filled up with zeros to a multiple of 16, so that an update has no odd end.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from engine.choices import activations, losses, normalizations
from engine.choices.losses import PERCEPTRON_RULE
from engine.experiment import Experiment
from engine.extras import Extras, make_extras
from engine.rules import is_perceptron

BLOCK = 16
LARGEST_IN_LANES = 1024  # weights of a layer: measured: above it, rows one after the other are faster
NORM_TENSORS = ("scale", "shift", "running_mean", "running_variance")  # in theta's order


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
    threshold : above it, a single output says class 1
    more : 1 when an activation or the loss is not BASIC, else None, and their code is not compiled
    lanes, matrices : 1 for the way in which the net is computed, None for the other
    extras : what few networks have (:class:`engine.extras.Extras`), else None, and its code is not compiled
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
    threshold: float
    more: int | None
    lanes: int | None
    matrices: int | None
    extras: Extras | None


@dataclass(frozen=True)
class Plan:
    """A network's layout, the length of theta and its type."""

    layout: Layout
    size: int
    dtype: np.dtype
    norms: tuple[bool, ...]

    @property
    def layers(self) -> int:
        """The number of layers, inputs not counted."""
        return len(self.layout.weights)

    @property
    def count(self) -> int:
        """The number of trained parameters, padding not counted."""
        sizes = self.layout.sizes
        trained = sizes[:-1] * sizes[1:] + sizes[1:] + 2 * sizes[1:] * np.array(self.norms)
        return int(np.sum(trained))

    def unpack(self, theta: np.ndarray) -> list[tuple[np.ndarray, np.ndarray]]:
        """Return [(W (n_in, n_out), b (n_out,)), ...] as views of theta, padding left out."""
        layout = self.layout
        sizes, columns, weights, biases = (
            part.tolist() for part in (layout.sizes, layout.columns, layout.weights, layout.biases)
        )
        pairs = []
        for layer, (first, bias) in enumerate(zip(weights, biases, strict=True)):
            shape = columns[layer], columns[layer + 1]
            w = theta[first : first + shape[0] * shape[1]].reshape(shape)
            pairs.append((w[: sizes[layer], : sizes[layer + 1]], theta[bias : bias + sizes[layer + 1]]))
        return pairs

    def tensors(self, theta: np.ndarray) -> dict[str, np.ndarray]:
        """Return everything in theta by name, as views, padding left out.

        ``layers.0.weight`` (n_in, n_out), ``layers.0.bias`` (n_out,), and with batch normalization
        ``layers.0.scale``, ``.shift``, ``.running_mean`` and ``.running_variance`` (n_out,) each.
        """
        views: dict[str, np.ndarray] = {}
        for layer, (w, b) in enumerate(self.unpack(theta)):
            views |= {f"layers.{layer}.weight": w, f"layers.{layer}.bias": b}
            if self.norms[layer]:
                columns, units = (int(part[layer + 1]) for part in (self.layout.columns, self.layout.sizes))
                for index, name in enumerate(NORM_TENSORS, start=1):
                    first = int(self.layout.biases[layer]) + index * columns
                    views[f"layers.{layer}.{name}"] = theta[first : first + units]
        return views

    def pack(self, pairs: list[tuple[np.ndarray, np.ndarray]]) -> np.ndarray:
        """Return theta (size,) with these weights and biases, batch normalization as it starts, else zeros.

        Raises ValueError when the number of layers or a shape differs.
        """
        theta = np.zeros(self.size, self.dtype)
        if any(self.norms):
            for name, view in self.tensors(theta).items():
                view[...] = name.endswith((".scale", ".running_variance"))
        self.put(theta, pairs)
        return theta

    def put(self, theta: np.ndarray, pairs: list[tuple[np.ndarray, np.ndarray]]) -> None:
        """Write weights and biases into theta. Raises ValueError, with theta unchanged, as :meth:`pack`."""
        views = self.unpack(theta)
        if len(pairs) != len(views):
            raise ValueError(f"{len(pairs)} layers do not fit a network of {len(views)}")
        for layer, ((w, b), (w_view, b_view)) in enumerate(zip(pairs, views, strict=True)):
            if np.shape(w) != w_view.shape or np.shape(b) != b_view.shape:
                raise ValueError(
                    f"layer {layer}: weights {np.shape(w)} and biases {np.shape(b)} "
                    f"do not fit {w_view.shape} and {b_view.shape}"
                )
        with np.errstate(over="ignore"):  # what is too large for the precision shows as infinite
            for (w, b), (w_view, b_view) in zip(pairs, views, strict=True):
                w_view[:], b_view[:] = w, b

    def put_tensors(self, theta: np.ndarray, tensors: dict[str, np.ndarray]) -> None:
        """Write arrays by name, as :meth:`tensors` names them, into theta; masks are left alone.

        Raises ValueError for an unknown name or another shape, with theta unchanged.
        """
        views = self.tensors(theta)
        tensors = {name: array for name, array in tensors.items() if not name.endswith(".mask")}
        for name, array in tensors.items():
            if name not in views:
                raise ValueError(f"{name}: this network has no such array")
            if np.shape(array) != views[name].shape:
                raise ValueError(f"{name}: the shape {np.shape(array)} does not fit {views[name].shape}")
        for name, array in tensors.items():
            views[name][...] = array


def _more(experiment: Experiment) -> bool:
    """Whether an activation or the loss is one of those that are compiled only where they are used."""
    codes = [layer.activation.entry.code for layer in experiment.network.layers]
    return max(codes) >= activations.BASIC or experiment.loss.entry.code >= losses.BASIC


def make_plan(experiment: Experiment, inputs: int, class_weights: np.ndarray | None = None) -> Plan:
    """Lay out the experiment's network for ``inputs`` input columns.

    Parameters
    ----------
    class_weights : (classes,) the factor of each class's rows in the loss; None for none
    """
    layers = experiment.network.layers
    sizes = np.array([inputs, *(layer.units for layer in layers)], np.int64)
    lanes = bool(np.max(sizes[:-1] * sizes[1:]) <= LARGEST_IN_LANES)
    columns = sizes.copy()
    if not lanes:
        columns[1:] = -(-columns[1:] // BLOCK) * BLOCK
    norms = tuple(layer.batch_norm.entry.code != normalizations.NONE for layer in layers)
    matrices = columns[:-1] * columns[1:]
    lengths = matrices + columns[1:] * (1 + len(NORM_TENSORS) * np.array(norms))
    weights = np.concatenate(([0], np.cumsum(lengths)[:-1]))
    size = -(-int(lengths.sum()) // BLOCK) * BLOCK
    loss = PERCEPTRON_RULE if is_perceptron(experiment) else experiment.loss.entry.code
    layout = Layout(
        sizes=sizes,
        columns=columns,
        starts=np.concatenate(([0], np.cumsum(columns))),
        weights=weights,
        biases=weights + matrices,
        activations=np.array([layer.activation.entry.code for layer in layers], np.int64),
        parameters=np.array([next(iter(layer.activation.parameters.values()), 0.0) for layer in layers]),
        loss=loss,
        loss_parameter=next(iter(experiment.loss.parameters.values()), 0.0),
        threshold=losses.decision_threshold(experiment.loss.name),
        more=1 if _more(experiment) else None,
        lanes=1 if lanes else None,
        matrices=None if lanes else 1,
        extras=None,
    )
    extras = make_extras(experiment, layout, size, class_weights)
    return Plan(layout._replace(extras=extras), size, np.dtype(experiment.training.precision), norms)
