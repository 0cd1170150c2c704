"""Where a network starts: the first weights and biases of every layer, from the experiment's seeds."""

import numpy as np

from engine import kernels
from engine.experiment import Experiment
from engine.plan import Plan
from engine.snapshot import work_space
from engine.streams import stream

LSUV_ROWS, LSUV_TOLERANCE, LSUV_TRIES = 256, 0.1, 10


def initial_theta(experiment: Experiment, plan: Plan, x: np.ndarray) -> np.ndarray:
    """Return theta (plan.size,) before the first update.

    Each layer draws from a stream of its own, so adding a layer leaves the others' draws alone.

    Parameters
    ----------
    x : (n, n_in) the scaled training rows, for the initializers that look at data
    """
    pairs = []
    for layer, chosen in enumerate(experiment.network.layers):
        fan_in, fan_out = (int(size) for size in plan.layout.sizes[layer : layer + 2])
        start, bias = chosen.initializer, chosen.bias_initializer
        rng = stream(experiment.seeds.init, "weights", layer)
        w = start.entry.draw(rng, fan_in, fan_out, start.parameters)
        b = bias.entry.draw(rng, 1, fan_out, bias.parameters)[0]
        pairs.append((w, b))
    theta = plan.pack(pairs)
    for layer, chosen in enumerate(experiment.network.layers):
        if chosen.initializer.entry.looks_at_data:
            _scale_to_unit_variance(plan, theta, layer, x[:LSUV_ROWS])
    return theta


def _scale_to_unit_variance(plan: Plan, theta: np.ndarray, layer: int, x: np.ndarray) -> None:
    """Divide a layer's weights by the std of its pre-activations until that std is 1 (LSUV).

    Mishkin and Matas 2016: at most LSUV_TRIES times, until within LSUV_TOLERANCE. The layers before it are
    already scaled. A layer that gets nothing (std 0, or not a number) is left as it is.
    """
    w, _ = plan.unpack(theta)[layer]
    sizes = plan.layout.sizes
    first = int(sizes[1 : layer + 1].sum())
    out = np.empty((len(x), int(sizes[1:].sum())), plan.dtype)
    work = work_space(plan, kernels.ROWS_AT_ONCE)
    for _ in range(LSUV_TRIES):
        kernels.activations(plan.layout, theta, x, np.arange(len(x)), work, True, out)
        std = float(out[:, first : first + int(sizes[layer + 1])].std(dtype=float))
        if not np.isfinite(std) or std == 0 or abs(std - 1) < LSUV_TOLERANCE:
            return
        w /= std
