"""Where a network starts: the first weights and biases of every layer, from the experiment's seeds."""

from typing import NamedTuple

import numpy as np

from engine.experiment import Experiment
from engine.passes import unit_values
from engine.plan import Plan
from engine.streams import stream

LSUV_ROWS, LSUV_TOLERANCE, LSUV_TRIES = 256, 0.1, 10


class LsuvStep(NamedTuple):
    """One look of LSUV at a layer.

    Attributes
    ----------
    layer : which layer, 0 is the first
    attempt : 1 for the first time that its weights were divided, 2 for the second, ...; 0 where they were
        left as they are, because the variance was right, 0 or no finite number
    variance_before, variance_after : of the layer's pre-activations on the batch; √variance_before is what
        the weights were divided by
    """

    layer: int
    attempt: int
    variance_before: float
    variance_after: float


class Start(NamedTuple):
    """The first parameters, theta (plan.size,), and what LSUV did on the way to them, step by step."""

    theta: np.ndarray
    report: tuple[LsuvStep, ...]


def initial_theta(experiment: Experiment, plan: Plan, x: np.ndarray) -> np.ndarray:
    """Return theta (plan.size,) before the first update; see :func:`make_start`."""
    return make_start(experiment, plan, x).theta


def make_start(experiment: Experiment, plan: Plan, x: np.ndarray) -> Start:
    """Return the first parameters and how they came about.

    Each layer draws from streams of its own, so adding a layer leaves the others' draws alone.

    Parameters
    ----------
    x : (n, n_in) the scaled training rows, for the initializers that look at data

    Raises
    ------
    ExperimentError : a weights file cannot be used
    """
    layers = experiment.network.layers
    theta = plan.pack([_first_pair(experiment, plan, layer) for layer in range(len(layers))])
    _copy_from_files(experiment, plan, theta)
    if any(chosen.cut for chosen in layers):
        for (w, _), chosen in zip(plan.unpack(theta), layers, strict=True):
            for i, j in chosen.cut:  # before anything is measured
                w[i, j] = 0
    report: list[LsuvStep] = []
    for layer, chosen in enumerate(layers):
        if chosen.initializer.entry.looks_at_data:
            report += _scale_to_unit_variance(plan, theta, layer, x[:LSUV_ROWS])
    return Start(theta, tuple(report))


def _first_pair(experiment: Experiment, plan: Plan, layer: int) -> tuple[np.ndarray, np.ndarray]:
    """Return a layer's first weights (fan_in, fan_out) and biases (fan_out,)."""
    chosen, seed = experiment.network.layers[layer], experiment.seeds.init
    fan_in, fan_out = (int(size) for size in plan.layout.sizes[layer : layer + 2])
    start, bias = chosen.initializer, chosen.bias_initializer
    values = start.values_for(chosen.activation)
    w = start.entry.draw(stream(seed, "weights", layer), fan_in, fan_out, values)
    b = bias.entry.draw(stream(seed, "biases", layer), 1, fan_out, bias.settings)[0]
    return w, b


def _copy_from_files(experiment: Experiment, plan: Plan, theta: np.ndarray) -> None:
    """Put in the weights, biases and numbers of batch normalization that are copied from files."""
    layers = experiment.network.layers
    reading = [layer for layer, chosen in enumerate(layers) if chosen.initializer.entry.reads_file]
    if not reading:
        return
    from engine.files import read_start

    views = plan.tensors(theta)
    for layer in reading:
        for name, array in read_start(experiment, layer, int(plan.layout.sizes[0])).items():
            views[name][...] = array


def _scale_to_unit_variance(plan: Plan, theta: np.ndarray, layer: int, x: np.ndarray) -> list[LsuvStep]:
    """Divide a layer's weights by the std of its pre-activations until that std is 1 (LSUV).

    Mishkin and Matas 2016: at most LSUV_TRIES times, until within LSUV_TOLERANCE. The layers before it are
    already scaled. A layer that gets nothing (std 0, or not a number) is left as it is.
    """
    w, _ = plan.unpack(theta)[layer]
    steps: list[LsuvStep] = []
    std = _std_of_sums(plan, theta, layer, x)
    for attempt in range(1, LSUV_TRIES + 1):
        if not np.isfinite(std) or std == 0 or abs(std - 1) < LSUV_TOLERANCE:
            break
        w /= std
        before, std = std, _std_of_sums(plan, theta, layer, x)
        steps.append(LsuvStep(layer, attempt, before * before, std * std))
    return steps or [LsuvStep(layer, 0, std * std, std * std)]


def _std_of_sums(plan: Plan, theta: np.ndarray, layer: int, x: np.ndarray) -> float:
    """Return the standard deviation of a layer's pre-activations over all its units and the rows x."""
    sizes = plan.layout.sizes
    first = int(sizes[1 : layer + 1].sum())
    sums = unit_values(plan, theta, x, pre=True)
    return float(sums[:, first : first + int(sizes[layer + 1])].std(dtype=float))
