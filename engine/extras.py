"""What few networks have, for the kernels: batch normalization, dropout, cut links, frozen layers and more.

A network with none of it gets None in the place of :class:`Extras`, and the kernels are compiled without it.
"""

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from engine.choices import clipping, normalizations
from engine.experiment import Experiment, Layer
from engine.streams import shuffle_key

if TYPE_CHECKING:
    from engine.plan import Layout

NO_CLASS_WEIGHTS = np.zeros(0)
OWN, RUNNING, GIVEN = range(3)  # statistics: of the rows that are here, the running ones, known beforehand


class Extras(NamedTuple):
    """Arrays of length (layers,) unless said.

    Attributes
    ----------
    norms : int64, codes of the batch normalizations
    scales : int64, offsets in theta of each scale; shift, running mean and variance follow it
    momenta, epsilons : float64, of the batch normalizations
    dropouts : float64, the share of units that is left out
    dropout_key : the key of the stream that says which
    skips : int64, the layer whose output is added to the pre-activations, or -1
    frozen : int64, 1 for a layer that is not trained
    statistics : int64, where normalization has mean and variance from in training: OWN, RUNNING or GIVEN
    open : (size,) uint8, 0 at the links that are cut
    active : (size,) uint8, 0 where no update moves anything: cut links, frozen layers, running statistics
    max_norms : float64, the largest norm of the weights into a unit; 0 for none
    thresholds : float64, how far the soft threshold of proximal L1 reaches at a learning rate of 1
    clip, clip_limit : code and limit of the gradient clipping
    class_weights : (classes,) float64 the factor of each class's rows in the loss; empty for none
    """

    norms: np.ndarray
    scales: np.ndarray
    momenta: np.ndarray
    epsilons: np.ndarray
    dropouts: np.ndarray
    dropout_key: int
    skips: np.ndarray
    frozen: np.ndarray
    statistics: np.ndarray
    open: np.ndarray
    active: np.ndarray
    max_norms: np.ndarray
    thresholds: np.ndarray
    clip: int
    clip_limit: float
    class_weights: np.ndarray


def make_extras(
    experiment: Experiment, layout: "Layout", size: int, class_weights: np.ndarray | None
) -> Extras | None:
    """Return the experiment's extras for a theta of this size, or None where it has none."""
    layers, limits = experiment.network.layers, experiment.regularization
    clips = limits.gradient_clip.name != "none"
    if not (clips or limits.max_norm or limits.l1_proximal or class_weights is not None
            or any(_is_special(layer) for layer in layers)):  # fmt: skip
        return None
    norms = [layer.batch_norm for layer in layers]
    l1 = penalties(experiment)[0]
    is_open = _open_links(layers, layout, size)
    return Extras(
        norms=np.array([norm.entry.code for norm in norms], np.int64),
        scales=layout.biases + layout.columns[1:],
        momenta=np.array([norm.parameters.get("momentum", 0.0) for norm in norms]),
        epsilons=np.array([norm.parameters.get("epsilon", 0.0) for norm in norms]),
        dropouts=np.array([layer.dropout for layer in layers]),
        dropout_key=shuffle_key(experiment.seeds.order, "dropout"),
        skips=np.array([-1 if layer.skip_from is None else layer.skip_from for layer in layers], np.int64),
        frozen=np.array([not layer.trainable for layer in layers], np.int64),
        statistics=np.array([OWN if layer.trainable else RUNNING for layer in layers], np.int64),
        open=is_open,
        active=_active(layers, layout, is_open),
        max_norms=np.array([layer.max_norm or limits.max_norm or 0.0 for layer in layers]),
        thresholds=l1 if limits.l1_proximal else np.zeros(len(layers)),
        clip=limits.gradient_clip.entry.code,
        clip_limit=limits.gradient_clip.parameters.get("limit", 0.0) if clips else 0.0,
        class_weights=NO_CLASS_WEIGHTS if class_weights is None else class_weights,
    )


def _is_special(layer: Layer) -> bool:
    """Whether a layer has anything that a plain one has not."""
    return bool(
        layer.batch_norm.name != "none" or layer.dropout or not layer.trainable or layer.cut
        or layer.skip_from is not None or layer.max_norm
    )  # fmt: skip


def penalties(experiment: Experiment) -> tuple[np.ndarray, np.ndarray]:
    """Return each layer's l1 and l2 (layers,) float64: its own, or the network's."""
    own, layers = experiment.regularization, experiment.network.layers
    l1 = np.array([own.l1 if layer.l1 is None else layer.l1 for layer in layers])
    return l1, np.array([own.l2 if layer.l2 is None else layer.l2 for layer in layers])


def gradient_penalties(experiment: Experiment) -> tuple[np.ndarray, np.ndarray]:
    """Return the l1 and l2 that enter the gradient: proximal L1 does not."""
    l1, l2 = penalties(experiment)
    return (np.zeros_like(l1) if experiment.regularization.l1_proximal else l1), l2


def class_weights(experiment: Experiment, labels: np.ndarray, classes: int) -> np.ndarray | None:
    """Return the factor of each class's rows in the loss (classes,), or None.

    "balanced" is n / (classes · rows of the class), measured on the training rows; 0 for a class without any.

    Parameters
    ----------
    labels : (n,) int64 the classes of the training rows
    """
    wanted = experiment.regularization.class_weights
    if wanted is None:
        return None
    if not isinstance(wanted, str):
        return np.array(wanted, float)
    rows = np.bincount(labels, minlength=classes)
    return np.divide(len(labels), classes * rows, out=np.zeros(classes), where=rows > 0)


def _open_links(layers: tuple[Layer, ...], layout: "Layout", size: int) -> np.ndarray:
    """Return (size,) uint8: 0 at the links that are cut, else 1."""
    is_open = np.ones(size, np.uint8)
    for layer, chosen in enumerate(layers):
        for before, after in chosen.cut:
            is_open[layout.weights[layer] + before * layout.columns[layer + 1] + after] = 0
    return is_open


def _active(layers: tuple[Layer, ...], layout: "Layout", is_open: np.ndarray) -> np.ndarray:
    """Return (size,) uint8: 1 at what updates may move."""
    active = is_open.copy()
    ends = np.append(layout.weights[1:], len(active))
    for layer, chosen in enumerate(layers):
        columns = layout.columns[layer + 1]
        if not chosen.trainable:
            active[layout.weights[layer] : ends[layer]] = 0
        elif chosen.batch_norm.entry.code != normalizations.NONE:
            first = layout.biases[layer] + 3 * columns  # after biases, scales and shifts
            active[first : first + 2 * columns] = 0
    return active


def mask_of(layer: Layer, inputs: int) -> np.ndarray:
    """Return (inputs, units) float64: 0 at the links that are cut, else 1."""
    mask = np.ones((inputs, layer.units))
    for before, after in layer.cut:
        mask[before, after] = 0
    return mask


CLIP_VALUE, CLIP_NORM = clipping.VALUE, clipping.NORM
NORM_BEFORE, NORM_AFTER = normalizations.BEFORE, normalizations.AFTER
