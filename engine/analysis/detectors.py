"""What can be said about a network in one sentence each: kind, place and values; the window has the words.

Every threshold is a constant here or in :mod:`engine.analysis.trends`, so that a sentence can be checked.
"""

from collections import defaultdict
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from engine.analysis.finding import GOOD, NOTE, WARNING, Finding
from engine.analysis.signals import gradient_ratio, signals
from engine.analysis.trends import descent, overfitting
from engine.data import Data
from engine.rules import is_perceptron
from engine.snapshot import Snapshot

SATURATED = 0.99  # |a| above which tanh hardly passes a gradient: tanh'(z) = 1 - a² is below 0.02
SATURATED_SHARE = 0.5  # of a layer's activations over rows and units: most of what it gets back is lost
# The std of a hidden layer's activations over rows and units. Inputs are scaled to 1: at a hundredth the next
# layer sees hardly more than its biases, at a hundred a unit changes of the size of 0.01 are changes of 1.
VANISHED, EXPLODED = 0.01, 100.0
# Of the gradients at the first layer to those at the last. At 1,000 to 1 plain descent needs as many epochs
# to move one end as far as one epoch moves the other: more than most trainings have.
GRADIENT_VANISHES, GRADIENT_EXPLODES = 1e-3, 1e3

Pairs = list[tuple[NDArray[np.floating], NDArray[np.floating]]]


def findings(
    snapshot: Snapshot, data: Data, epochs: NDArray[np.float64], train_loss: NDArray[np.float64],
    test_loss: NDArray[np.float64], stopped: tuple[int, float | None] | None = None,
) -> list[Finding]:  # fmt: skip
    """Return everything there is to say at this moment, warnings first.

    Parameters
    ----------
    epochs, train_loss, test_loss : (k,) the curves so far
    stopped : the update that would have made the loss infinite or NaN, and the gradient's norm before it;
        the snapshot is then of the moment before
    """
    broken = diverged(snapshot, epochs, train_loss, stopped)
    if broken and stopped is None:
        return [broken]
    weights, layers = snapshot.weights(), snapshot.forward(data.x_train)
    names = [layer.activation.name for layer in snapshot.experiment.network.layers]
    dead = list(dead_units(layers, names))
    # Where a whole layer is dead or a step stands, no gradient comes back: that is said already.
    stands_still = "step" in names or any(one.values["units"] == one.values["of"] for one in dead)
    ratio = float("nan") if stands_still else gradient_ratio(signals(snapshot, data))
    blocked = [
        *saturated_layers(layers, names), *gradients(ratio, len(layers)), *faded_layers(layers),
    ]  # fmt: skip
    found = [
        *([broken] if broken else []), *step_rules(snapshot, names), *identical_units(weights),
        *dead, *blocked,
    ]  # fmt: skip
    if not blocked and not stands_still:
        found += through(layers, ratio)
    course = None if broken else descent(epochs, train_loss)
    found += [finding for finding in (overfitting(epochs, train_loss, test_loss), course) if finding]
    if not any(finding.level == WARNING for finding in found):
        found.append(Finding("healthy", GOOD))
    order = (WARNING, NOTE, GOOD)
    return sorted(found, key=lambda finding: order.index(finding.level))


def diverged(
    snapshot: Snapshot, epochs: NDArray[np.float64], train_loss: NDArray[np.float64],
    stopped: tuple[int, float | None] | None = None,
) -> Finding | None:  # fmt: skip
    """Find the update at which the training broke, else parameters or losses that are NaN or infinite.

    Without an update, the first epoch where the loss was no finite number is told.
    """
    parameters = int(np.count_nonzero(~np.isfinite(snapshot.theta)))
    bad = np.flatnonzero(~np.isfinite(train_loss))
    epoch = float(epochs[bad[0]]) if bad.size else float(snapshot.epoch)
    if stopped is not None:
        update, norm = stopped
        values = {"epoch": epoch, "update": float(update)}
        return Finding(
            "diverged", WARNING, ("epoch", epoch), values | ({} if norm is None else {"norm": norm})
        )
    if not parameters and not bad.size:
        return None
    return Finding("diverged", WARNING, ("epoch", epoch), {"epoch": epoch, "parameters": parameters})


def gradients(ratio: float, layers: int) -> Iterator[Finding]:
    """Find gradients that have shrunk, or grown, a thousandfold on their way to the first layer.

    Parameters
    ----------
    ratio : of the gradients at the first layer to those at the last (:func:`engine.analysis.signals`)
    """
    values = {"ratio": ratio, "last": float(layers)}
    if ratio < GRADIENT_VANISHES:
        yield Finding("vanishing_gradient", WARNING, ("layer", 0), values)
    elif ratio > GRADIENT_EXPLODES:
        yield Finding("exploding_gradient", WARNING, ("layer", 0), values)


def identical_units(weights: Pairs) -> Iterator[Finding]:
    """Find hidden units of one layer whose incoming and outgoing weights and biases agree bit for bit.

    Such units compute the same and get the same gradients, so they never part. The largest group of a
    layer is reported.
    """
    for layer, ((incoming, bias), (outgoing, _)) in enumerate(zip(weights, weights[1:], strict=False)):
        groups: dict[bytes, list[int]] = defaultdict(list)
        for unit in range(len(bias)):
            groups[incoming[:, unit].tobytes() + bias[unit].tobytes() + outgoing[unit].tobytes()].append(unit)
        largest = max(groups.values(), key=len)
        if len(largest) > 1:
            yield Finding("identical", WARNING, ("layer", layer), {"units": len(largest), "of": len(bias)})


def dead_units(layers: list[NDArray[np.floating]], names: list[str]) -> Iterator[Finding]:
    """Find hidden ReLUs that are 0 on every row: their weights get no gradient any more."""
    for layer, activation in enumerate(layers[:-1]):
        if names[layer] == "relu" and len(activation):
            dead = np.flatnonzero(~(activation > 0).any(axis=0))
            if dead.size:
                place = ("unit", layer, int(dead[0])) if dead.size == 1 else ("layer", layer)
                yield Finding("dead", WARNING, place, {"units": dead.size, "of": activation.shape[1]})


def saturation(activation: NDArray[np.floating], name: str) -> float:
    """Return the share of |a| > 0.99 among a layer's activations; a sigmoid is taken as 2 a - 1."""
    spread = 2 * activation - 1 if name == "sigmoid" else activation
    return float(np.mean(np.abs(spread) > SATURATED))


def saturated_layers(layers: list[NDArray[np.floating]], names: list[str]) -> Iterator[Finding]:
    """Find hidden tanh and sigmoid layers of which more than half lies in the flat ends."""
    for layer, activation in enumerate(layers[:-1]):
        if names[layer] in ("tanh", "sigmoid") and activation.size:
            share = saturation(activation, names[layer])
            if share > SATURATED_SHARE:
                yield Finding("saturated", WARNING, ("layer", layer), {"share": share})


def faded_layers(layers: list[NDArray[np.floating]]) -> Iterator[Finding]:
    """Find the first hidden layer whose activations hardly vary, and the first where they grow huge."""
    stds = _stds(layers)
    faded = next((index for index, std in enumerate(stds) if std < VANISHED), None)
    if faded is not None:
        yield Finding("vanished", WARNING, ("layer", faded), {"std": stds[faded]})
    huge = next((index for index, std in enumerate(stds) if std > EXPLODED), None)
    if huge is not None:
        yield Finding("exploded", WARNING, ("layer", huge), {"std": stds[huge]})


def through(layers: list[NDArray[np.floating]], ratio: float) -> Iterator[Finding]:
    """Tell how signals pass two or more hidden layers: standard deviations, and the gradients' ratio."""
    stds = _stds(layers)
    if len(stds) > 1:
        values = {"first": stds[0], "last": stds[-1], "layer": float(len(stds))}
        yield Finding("signal", GOOD, None, values | ({"ratio": ratio} if np.isfinite(ratio) else {}))


def _stds(layers: list[NDArray[np.floating]]) -> list[float]:
    """Return the standard deviation of each hidden layer's activations over rows and units."""
    return [float(np.std(layer, dtype=np.float64)) for layer in layers[:-1] if layer.size]


def step_rules(snapshot: Snapshot, names: list[str]) -> Iterator[Finding]:
    """Say which rule trains a step unit: the perceptron's where it is alone, else none at all."""
    if is_perceptron(snapshot.experiment):
        yield Finding("perceptron", NOTE, ("layer", 0))
        return
    last = len(names) - 1
    steps = [index for index, name in enumerate(names) if name == "step"]
    if last in steps:
        yield Finding("no_output_gradient", WARNING, ("layer", last))
    elif steps:
        yield Finding("no_gradient", WARNING, ("layer", steps[-1]))
