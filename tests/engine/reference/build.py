"""Short ways to an experiment and to a network of any shape, for tests."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import msgspec
import numpy as np
import pytest

from engine import kernels, plan
from engine.choices import optimizers
from engine.data_rules import describe
from engine.experiment import (
    Activation,
    BiasInitializer,
    Data,
    Experiment,
    Initializer,
    Layer,
    Loss,
    Network,
    Optimizer,
    from_plain,
    part_from_plain,
)
from engine.jit import jit
from engine.plan import make_plan
from engine.rules import output_units
from engine.scratch import as_rows, work_space
from engine.snapshot import Snapshot
from engine.start import initial_theta

PATHS = ("lanes", "matrices")
PRECISIONS = ("float32", "float64")
ALL_ROWS = 100_000  # a batch size that every data set fits in
# A small data set of each task, by the task's name.
SET_OF = {"binary": "gate_or", "multiclass": "iris", "regression": "plane"}
SPIRAL: dict[str, Any] = {
    "data": {"name": "spiral"},
    "network": {"layers": [{"units": 8}, {"units": 1, "activation": "sigmoid"}]},
}
USUAL = {"sigmoid": "binary_cross_entropy", "softmax": "categorical_cross_entropy"}


def experiment(
    hidden: Sequence[int] = (8, 8), *, data: str | dict[str, Any] = "spiral", activation: Any = "tanh",
    initializer: Any = "xavier_uniform", output: Any = "sigmoid", loss: str | None = None,
    bias: Any = "zeros", precision: str = "float32", batch_size: int = 10, seed: int = 0, **parts: Any,
) -> Experiment:  # fmt: skip
    """Return an experiment with these hidden layers and the output layer that its data needs.

    An optimizer that needs all rows in every update gets them.
    """
    data = {"name": data} if isinstance(data, str) else data
    name = output if isinstance(output, str) else output["name"]
    last = {"units": output_units(describe(part_from_plain(data, Data, "data")), name), "activation": output}
    layers = [{"units": units, "activation": activation} for units in hidden] + [last]
    start = {"initializer": initializer, "bias_initializer": bias}
    if Optimizer.from_plain(parts.get("optimizer", "adam")).entry.whole_batch:
        batch_size = ALL_ROWS
    return from_plain(
        {
            "data": data,
            "network": {"layers": [layer | start for layer in layers]},
            "loss": loss or USUAL.get(name, "mse"),
            "training": {"batch_size": batch_size, "precision": precision},
            "seeds": {"data": seed, "init": seed, "order": seed},
        }
        | parts
    )


def force_path(patch: pytest.MonkeyPatch, path: str) -> None:
    """Have networks of every size computed in lanes, or as matrices."""
    patch.setattr(plan, "LARGEST_IN_LANES", 2**40 if path == "lanes" else -1)


def bare(
    inputs: int, layers: Sequence[tuple[int, Any]], *, initializer: Any = "zeros", bias: Any = "zeros",
    loss: str = "mse", precision: str = "float64", seed: int = 0, x: np.ndarray | None = None,
) -> Snapshot:  # fmt: skip
    """Return a network on free inputs, with any number of outputs and no data set.

    Parameters
    ----------
    layers : (units, activation) of each layer
    x : the rows that LSUV looks at
    """
    start = Initializer.from_plain(initializer)
    biases = BiasInitializer.from_plain(bias)
    chosen = Experiment(
        data=Data(name="line"),
        network=Network(
            layers=tuple(
                Layer(
                    units=units,
                    activation=Activation.from_plain(name),
                    initializer=start,
                    bias_initializer=biases,
                )
                for units, name in layers
            )
        ),
        loss=Loss(loss),
    )
    chosen = _with(chosen, seed, precision)
    layout = make_plan(chosen, inputs)
    rows = np.zeros((1, inputs), layout.dtype) if x is None else x.astype(layout.dtype)
    theta = initial_theta(chosen, layout, rows)
    slots = optimizers.fresh_slots(chosen.optimizer, layout.size, layout.dtype)
    return Snapshot(chosen, layout, 0, 0, 0, 0, theta, slots)


def _with(chosen: Experiment, seed: int, precision: str) -> Experiment:
    training = msgspec.structs.replace(chosen.training, precision=precision)
    seeds = msgspec.structs.replace(chosen.seeds, init=seed)
    return msgspec.structs.replace(chosen, training=training, seeds=seeds)


def gradients(snapshot: Snapshot, x: np.ndarray, y: np.ndarray) -> list[tuple[np.ndarray, np.ndarray]]:
    """Return the gradient of the mean loss over all rows, [(dW, db), ...]."""
    layout, theta = snapshot.plan.layout, np.array(snapshot.theta)
    x, y = (as_rows(rows, snapshot.plan.dtype) for rows in (x, y))
    grad, work = np.zeros_like(theta), work_space(snapshot.plan, len(x))
    none = np.zeros(snapshot.plan.layers)
    kernels.gradient(
        layout, theta, x, y, np.arange(len(x)), 0, len(x), work, grad, np.empty_like(grad), none, none, -1
    )
    return snapshot.plan.unpack(grad)


@jit
def update(code: int, hyper: np.ndarray, t: int, theta: np.ndarray, grad: np.ndarray,
           slots: np.ndarray) -> None:  # fmt: skip
    """Call the optimizers' own update, which kernels inline, from Python."""
    optimizers.update(1, code, hyper, hyper[0], t, theta, grad, slots)


def descend(snapshot: Snapshot, optimizer: str, hyper: Sequence[float], x: np.ndarray, y: np.ndarray,
            updates: int, batch_size: int | None = None) -> Snapshot:  # fmt: skip
    """Return the network after so many updates, by default over all rows at once."""
    theta, slots = np.array(snapshot.theta), np.array(snapshot.slots)
    x, y = (as_rows(rows, snapshot.plan.dtype) for rows in (x, y))
    values = np.zeros(optimizers.HYPERPARAMETERS)
    values[: len(hyper)] = hyper
    size, none = batch_size or len(x), np.zeros(snapshot.plan.layers)
    kernels.advance(
        snapshot.plan.layout, theta, slots, np.zeros_like(theta), np.empty_like(theta),
        work_space(snapshot.plan, size), x, y,
        np.arange(len(x)), 1, optimizers.OPTIMIZERS[optimizer].code, values,
        np.full(updates, values[0]), 1, none, none, size, 0, 0, snapshot.optimizer_updates, kernels.TRAIN,
    )  # fmt: skip
    return replace(snapshot, theta=theta, slots=slots, optimizer_updates=snapshot.optimizer_updates + updates)
