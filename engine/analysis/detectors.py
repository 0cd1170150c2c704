"""What can be said about a network in one sentence each: kind, place and values; the window has the words.

Every threshold is a constant here, so that a sentence can be checked.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.data import Data
from engine.rules import is_perceptron
from engine.snapshot import Snapshot

SATURATED = 0.99  # |a| above which tanh hardly passes a gradient: tanh'(z) = 1 - a² is below 0.02
SATURATED_SHARE = 0.5  # of a layer's activations over rows and units
VANISHED = 0.01  # std of a hidden layer's activations over rows and units
EXPLODED = 100.0
MARGIN = 0.05  # by which the test loss has risen above its minimum, as a share of that minimum
SMALLEST_RISE = 0.005  # and in any case
PATIENCE = 10  # epochs throughout which it has to be so

WARNING, NOTE, GOOD = "warning", "note", "good"
Pairs = list[tuple[NDArray[np.floating], NDArray[np.floating]]]


@dataclass(frozen=True)
class Finding:
    """One thing to say.

    Attributes
    ----------
    kind : "diverged", "identical", "dead", "saturated", "vanished", "exploded", "no_gradient",
        "no_output_gradient", "perceptron", "overfitting", "signal" or "healthy"
    level : "warning", "note" or "good"
    place : ("layer", i), ("unit", i, j) or None; i counts the layers after the inputs from 0
    values : what the sentence fills in
    """

    kind: str
    level: str
    place: tuple[Any, ...] | None = None
    values: dict[str, float] = field(default_factory=dict)


def findings(
    snapshot: Snapshot, data: Data, epochs: NDArray[np.float64], train_loss: NDArray[np.float64],
    test_loss: NDArray[np.float64],
) -> list[Finding]:  # fmt: skip
    """Return everything there is to say at this moment, warnings first.

    Parameters
    ----------
    epochs, train_loss, test_loss : (k,) the curves so far
    """
    broken = diverged(snapshot, epochs, train_loss)
    if broken:
        return [broken]
    weights, layers = snapshot.weights(), snapshot.forward(data.x_train)
    names = [layer.activation.name for layer in snapshot.experiment.network.layers]
    found = [
        *step_rules(snapshot, names),
        *identical_units(weights),
        *dead_units(layers, names),
        *saturated_layers(layers, names),
        *faded_layers(layers),
    ]
    worst = overfitting(epochs, train_loss, test_loss)
    found += [worst] if worst else []
    if not any(finding.level == WARNING for finding in found):
        found.append(Finding("healthy", GOOD))
    order = (WARNING, NOTE, GOOD)
    return sorted(found, key=lambda finding: order.index(finding.level))


def diverged(
    snapshot: Snapshot, epochs: NDArray[np.float64], train_loss: NDArray[np.float64]
) -> Finding | None:
    """Find parameters or losses that are NaN or infinite, and the first epoch where the loss was."""
    parameters = int(np.count_nonzero(~np.isfinite(snapshot.theta)))
    bad = np.flatnonzero(~np.isfinite(train_loss))
    if not parameters and not bad.size:
        return None
    epoch = float(epochs[bad[0]]) if bad.size else float(snapshot.epoch)
    return Finding("diverged", WARNING, None, {"epoch": epoch, "parameters": parameters})


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
    """Find the first hidden layer whose activations hardly vary, and the first where they grow huge.

    Where neither is so, the first and the last hidden layer's standard deviations are told.
    """
    stds = [float(np.std(layer, dtype=np.float64)) for layer in layers[:-1] if layer.size]
    faded = next((index for index, std in enumerate(stds) if std < VANISHED), None)
    if faded is not None:
        yield Finding("vanished", WARNING, ("layer", faded), {"std": stds[faded]})
    huge = next((index for index, std in enumerate(stds) if std > EXPLODED), None)
    if huge is not None:
        yield Finding("exploded", WARNING, ("layer", huge), {"std": stds[huge]})
    if faded is None and huge is None and len(stds) > 1:
        yield Finding("signal", GOOD, None, {"first": stds[0], "last": stds[-1], "layer": len(stds)})


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


def overfitting(
    epochs: NDArray[np.float64], train_loss: NDArray[np.float64], test_loss: NDArray[np.float64]
) -> Finding | None:
    """Find the epoch from which the test loss rises while the training loss still falls.

    That is the epoch of the smallest test loss, when throughout the last 10 epochs the test loss was higher
    by 5 % of it (and by 0.005), and the training loss is lower now than it was then.
    """
    if not len(test_loss) or not np.isfinite(test_loss).all():
        return None
    best = int(np.argmin(test_loss))
    rise = float(test_loss[epochs > epochs[-1] - PATIENCE].min() - test_loss[best])
    if rise > max(MARGIN * test_loss[best], SMALLEST_RISE) and train_loss[-1] < train_loss[best]:
        values = {"epoch": float(epochs[best]), "best": float(test_loss[best]), "now": float(test_loss[-1])}
        return Finding("overfitting", WARNING, None, values)
    return None
