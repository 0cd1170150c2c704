"""What a user did to single numbers of a network: typed them in, or cut their link."""

import numpy as np

from engine.experiment import Experiment
from engine.plan import Plan


def type_in(plan: Plan, theta: np.ndarray, experiment: Experiment, old: Experiment | None = None) -> None:
    """Put into theta the numbers typed by hand that an experiment before did not have; cut links are 0."""
    before = [None] * plan.layers if old is None else old.network.layers
    pairs = plan.unpack(theta)
    for (w, b), was, now in zip(pairs, before, experiment.network.layers, strict=True):
        for i, j, value in set(now.typed_weights) - set(was.typed_weights if was else ()):
            w[i, j] = value
        for j, value in set(now.typed_biases) - set(was.typed_biases if was else ()):
            b[j] = value
    keep_cut(plan, theta, experiment)


def keep_cut(plan: Plan, theta: np.ndarray, experiment: Experiment) -> None:
    """Set the weights of cut links to 0."""
    for (w, _), layer in zip(plan.unpack(theta), experiment.network.layers, strict=True):
        for i, j in layer.cut:
            w[i, j] = 0
