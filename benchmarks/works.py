"""The works: what is computed, from which start, and for how long in one round."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from engine import Experiment, Session
from engine.experiment import from_plain, replace_at

TRAINING, SURFACE, MAP = "training", "surface", "map"
GRID = 64  # points of the surface along each direction
REACH = 1.0  # the surface goes so far from its centre, in lengths of its directions
PIXELS = 100  # points of the map along each input
MOST_ORDERS, MOST_IN_ORDERS = 256, 2**21  # epochs whose batch order is made beforehand for the peers, or rows


@dataclass(frozen=True)
class Work:
    """One work.

    Attributes
    ----------
    key, title : its names
    experiment : network, data, loss, optimizer and batches
    kind : whether that is trained, or its start's loss surface or its units' map computed
    epochs : epochs of one round, begun from the initial weights each time
    checked : epochs after which all must have the same loss
    wanted : how many times as long as Relevo JAX is to take at least, both with all cores
    wanted_one_core : the same where everyone has one core; None for a work that is not measured so
    in_double : whether losses are compared in float64: a large network's go apart in float32 within an epoch,
        as far from each other as from the exact one, since Adam's first steps divide by rounding errors
    """

    key: str
    title: str
    experiment: Experiment
    kind: str = TRAINING
    epochs: int = 1
    checked: int = 1
    wanted: float | None = None
    wanted_one_core: float | None = None
    in_double: bool = False

    @property
    def as_checked(self) -> Work:
        """The same work in the precision in which losses are compared."""
        if not self.in_double:
            return self
        return replace(self, experiment=replace_at(self.experiment, "training.precision", "float64"))

    @cached_property
    def start(self) -> Start:
        """Rows, initial weights and batch orders, the same for everyone."""
        return Start(self.experiment)


class Start:
    """What everyone begins with.

    Attributes
    ----------
    x, y : (n, n_in), (n, n_out) training rows, in the experiment's precision
    labels : (n,) class numbers
    weights : [(W, b), ...] initial weights
    orders : (epochs, n) the rows' order in each epoch
    activation : of the hidden layers
    optimizer, rate : its name and learning rate
    """

    def __init__(self, experiment: Experiment) -> None:
        session = Session(experiment)
        self.x, self.y = np.array(session.data.x_train), np.array(session.data.y_train)
        self.labels = np.array(session.data.labels_train)
        self.weights = session.weights()
        known = max(2, min(MOST_ORDERS, MOST_IN_ORDERS // len(self.x)))
        self.orders = np.array([session.batch_order(epoch) for epoch in range(known)])
        self.activation = experiment.network.layers[0].activation.name
        self.batch_size = experiment.training.batch_size
        self.optimizer = experiment.optimizer.name
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

    @staticmethod
    def points() -> np.ndarray:
        """Return the map's points (PIXELS², 2), row by row."""
        steps = np.linspace(-2, 2, PIXELS, dtype=np.float32)
        return np.stack(np.meshgrid(steps, steps), -1).reshape(-1, 2)


def operations(work: Work) -> float:
    """Return the multiplications and additions in the products of an epoch, a surface or a map.

    A weight costs 2 a row forward; backward 2 for its own gradient, and 2 for that of what comes in, except
    in the first layer.
    """
    weights = [w.size for w, _ in work.start.weights]
    rows = len(work.start.x)
    if work.kind == SURFACE:
        return 2.0 * GRID**2 * rows * sum(weights)
    if work.kind == MAP:
        return 2.0 * PIXELS**2 * sum(weights)
    return 2.0 * rows * (3 * sum(weights) - weights[0])


def network(data: dict[str, object], hidden: list[int], activation: str, outputs: int, batch_size: int,
            rate: float, optimizer: str = "adam") -> Experiment:  # fmt: skip
    """Return an experiment with these hidden layers and the cross-entropy that fits its outputs."""
    initializer = "he_normal" if activation == "relu" else "xavier_normal"
    layers: list[dict[str, object]] = [
        {"units": units, "activation": activation, "initializer": initializer} for units in hidden
    ]
    last = "sigmoid" if outputs == 1 else "softmax"
    layers.append({"units": outputs, "activation": last, "initializer": "xavier_uniform"})
    return from_plain({
        "version": 1, "data": data, "network": {"layers": layers},
        "loss": "binary_cross_entropy" if outputs == 1 else "categorical_cross_entropy",
        "optimizer": {"name": optimizer, "learning_rate": rate},
        "training": {"batch_size": batch_size},
    })  # fmt: skip


def spiral(rows: int) -> dict[str, object]:
    """Return the spiral with so many training rows and as many for the test."""
    return {"name": "spiral", "samples": 2 * rows, "test_fraction": 0.5, "scaling": "standard"}


def works() -> list[Work]:
    """Return all works."""
    digits: dict[str, object] = {"name": "digits", "scaling": "minmax"}
    mnist: dict[str, object] = {"name": "mnist", "scaling": "minmax"}
    small = network(spiral(250), [8, 8], "relu", 1, 10, 0.01)
    return [
        Work("small", "2-8-8-1, batch 10, Adam", small, epochs=200, checked=10, wanted=6),
        Work("small_sgd", "2-8-8-1, batch 10, SGD", network(spiral(250), [8, 8], "relu", 1, 10, 0.1, "sgd"),
             epochs=200, checked=10, wanted=6),
        Work("narrow", "2-8x6-1, batch 10, Adam", network(spiral(250), [8] * 6, "tanh", 1, 10, 0.003),
             epochs=100, checked=5, wanted=4),
        Work("digits", "64-64-32-10, batch 32, Adam", network(digits, [64, 32], "relu", 10, 32, 0.001),
             epochs=8, checked=3, wanted=2.2),
        Work("mnist", "784-128-10, batch 128, Adam", network(mnist, [128], "relu", 10, 128, 0.001),
             epochs=2, wanted=1.4, wanted_one_core=1.1),
        Work("mnist_deep", "784-300-100-10, batch 128, Adam",
             network(mnist, [300, 100], "relu", 10, 128, 0.001), wanted=1.4, wanted_one_core=1.1,
             in_double=True),
        Work("deep", "2-64x20-1, batch 64, Adam", network(spiral(250), [64] * 20, "tanh", 1, 64, 0.001),
             epochs=10, checked=3, wanted=1.6),
        Work("surface", f"{GRID} x {GRID} losses of 2-8-8-1, 500 rows",
             network(spiral(500), [8, 8], "relu", 1, 10, 0.01), SURFACE, wanted=5),
        Work("surface_digits", f"{GRID} x {GRID} losses of 64-64-32-10, 1,797 rows",
             network(digits | {"test_fraction": 0.0}, [64, 32], "relu", 10, 32, 0.001), SURFACE, wanted=1.5),
        Work("map", f"{PIXELS} x {PIXELS} map of every unit of 2-8-8-1", small, MAP, wanted=3),
    ]  # fmt: skip
