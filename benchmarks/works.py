"""The five works: what is computed, from which start, and for how long in one round."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from engine import Experiment, Session
from engine.experiment import from_plain

GRID = 64
REACH = 1.0  # the surface goes so far from its centre, in lengths of its directions
KNOWN_ORDERS = 256  # epochs whose batch order is made beforehand for the peers


@dataclass(frozen=True)
class Work:
    """One work.

    Attributes
    ----------
    key, title : its names
    experiment : network, data, loss, optimizer and batches
    epochs : epochs of one round, begun from the initial weights each time
    checked : epochs after which all must have the same loss
    wanted : (peer, how many times as long as Relevo it is to take at least)
    surface : whether it is the loss surface of the experiment's start instead of its training
    """

    key: str
    title: str
    experiment: Experiment
    epochs: int = 1
    checked: int = 1
    wanted: tuple[tuple[str, float], ...] = ()
    surface: bool = False

    @cached_property
    def start(self) -> Start:
        """Rows, initial weights and batch orders, the same for everyone."""
        return Start(self.experiment)


class Start:
    """What everyone begins with.

    Attributes
    ----------
    x, y : (n, n_in), (n, n_out) training rows, float32
    labels : (n,) class numbers
    weights : [(W, b), ...] initial weights
    orders : (KNOWN_ORDERS, n) the rows' order in each epoch
    activation : of the hidden layers
    """

    def __init__(self, experiment: Experiment) -> None:
        session = Session(experiment)
        self.x, self.y = np.array(session.data.x_train), np.array(session.data.y_train)
        self.labels = np.array(session.data.labels_train)
        self.weights = session.weights()
        self.orders = np.array([session.batch_order(epoch) for epoch in range(KNOWN_ORDERS)])
        self.activation = experiment.network.layers[0].activation.name
        self.batch_size = experiment.training.batch_size
        self.rate = experiment.optimizer.parameters["learning_rate"]

    def directions(self) -> list[list[tuple[np.ndarray, np.ndarray]]]:
        """Return the surface's two directions, in the shape of the weights."""
        generator = np.random.default_rng(0)

        def like(array: np.ndarray) -> np.ndarray:
            return generator.standard_normal(array.shape).astype(np.float32)

        return [[(like(w), like(b)) for w, b in self.weights] for _ in range(2)]

    @staticmethod
    def steps() -> np.ndarray:
        """Return the grid's steps along each direction (GRID,)."""
        return np.linspace(-REACH, REACH, GRID, dtype=np.float32)


def _experiment(data: dict[str, object], hidden: list[int], activation: str, outputs: int, batch_size: int,
                rate: float) -> Experiment:  # fmt: skip
    initializer = "he_normal" if activation == "relu" else "xavier_normal"
    layers: list[dict[str, object]] = [
        {"units": units, "activation": activation, "initializer": initializer} for units in hidden
    ]
    last = "sigmoid" if outputs == 1 else "softmax"
    layers.append({"units": outputs, "activation": last, "initializer": "xavier_uniform"})
    return from_plain({
        "version": 1, "data": data, "network": {"layers": layers},
        "loss": "binary_cross_entropy" if outputs == 1 else "categorical_cross_entropy",
        "optimizer": {"name": "adam", "learning_rate": rate},
        "training": {"batch_size": batch_size},
    })  # fmt: skip


def works() -> list[Work]:
    """Return the five works."""
    spiral = {"name": "spiral", "samples": 500, "test_fraction": 0.5, "scaling": "standard"}
    small = _experiment(spiral, [8, 8], "relu", 1, 10, 0.01)
    digits = _experiment({"name": "digits", "scaling": "minmax"}, [64, 32], "relu", 10, 32, 0.001)
    mnist = _experiment({"name": "mnist", "scaling": "minmax"}, [128], "relu", 10, 128, 0.001)
    deep = _experiment(spiral, [64] * 20, "tanh", 1, 64, 0.001)
    return [
        Work("small", "2-8-8-1, batch 10", small, 200, 10, (("JAX", 4), ("PyTorch", 60))),
        Work("digits", "64-64-32-10, batch 32", digits, 8, 3, (("JAX", 1.5),)),
        Work("mnist", "784-128-10, batch 128", mnist, 2, 1, (("JAX", 0.9),)),
        Work("deep", "20 x 64 tanh, batch 64", deep, 10, 3, (("JAX", 1.3),)),
        Work("surface", f"{GRID} x {GRID} losses of 2-8-8-1", small, wanted=(("JAX", 3),), surface=True),
    ]
