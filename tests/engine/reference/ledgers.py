"""Ledgers beside the engine: what a ledger says is what the kernels compute and what its formulas come to."""

from typing import Any

import numpy as np
import pytest
from hypothesis import strategies as st

from engine import Session
from engine.analysis.ledger import SENTENCES, Ledger, Line
from engine.augment import augmented, is_on
from engine.choices import ACTIVATIONS, DATASETS
from engine.experiment import Experiment, from_plain
from engine.kernels import moment_of
from engine.rules import legal_losses, output_units
from tests.engine.reference.formulas import said

HIDDEN = [name for name in ACTIVATIONS if name != "softmax"]
BASIC_OPTIMIZERS = ["sgd", "momentum", "nesterov", "adagrad", "rmsprop", "adam"]
SETS = ("spiral", "iris", "plane")


def experiment(data: str, layers: list[dict[str, Any]], output: str, loss: str, **parts: Any) -> Experiment:
    """Return an experiment in float64 whose output layer fits its data; ``layers`` are the hidden ones."""
    last = {"units": output_units(DATASETS[data], output), "activation": output}
    plain = {
        "data": {"name": data, "samples": 80}, "loss": loss,
        "network": {"layers": [*layers, last]},
        "training": {"precision": "float64", "batch_size": 7},
    }  # fmt: skip
    for layer in plain["network"]["layers"]:
        layer["bias_initializer"] = {"name": "constant", "value": 0.1}
    return from_plain(plain | parts)


def agree(ours: float, theirs: float, size: float) -> bool:
    return abs(ours - theirs) <= 1e-12 * size or (np.isnan(ours) and np.isnan(theirs))


def check(session: Session, weight: str, row: int | str | None) -> Ledger:
    """Explain a weight; its gradient is the engine's, and every line is what its formula says."""
    ledger = session.explain(row, weight)
    x, y = session.data.x_train[list(ledger.rows)], session.data.y_train[list(ledger.rows)]
    if row is None:
        if is_on(session.experiment):
            x = augmented(session.data, session.experiment, session.epoch)[list(ledger.rows)]
        moment = moment_of.py_func(session.epoch, session.batch)
        grads = session.plan.tensors(session.snapshot().gradient(x, y, moment))
        loss = session.snapshot().training_loss(x, y, moment)
    else:
        loss, grads = session.loss_and_gradients(x, y)[0], session.gradients(x, y)
    array, place = place_of(ledger)
    assert ledger.engine_gradient == grads[array][place]
    size = max(float(np.abs(grads[array]).max()), 0.01 * summands(ledger))
    assert [line.value for line in ledger.steps if line.part == "loss"][-1] == pytest.approx(loss, rel=1e-12)
    assert agree(ledger.gradient, ledger.engine_gradient, size), ledger.weight
    assert [line.value for line in ledger.steps if line.part == "gradient"][-1] == ledger.gradient
    for position in {0, len(ledger.rows) - 1}:
        for line in ledger.of_row(position):
            check_line(line, np.random.default_rng(position))
    return ledger


def check_line(line: Line, rng: np.random.Generator) -> None:
    """Its names stand in the formula, its numbers give the result, and its sentence exists."""
    assert line.kind in SENTENCES
    if line.result.axes == ("unit",):  # a layer besides the weight's own: any one of its units
        line = line.at(unit=int(rng.integers(len(line.value))))
    assert isinstance(line.value, float) and not line.result.axes
    written = line.formula.replace("ᵗ", "t")
    assert all(term.name in written for term in (*line.terms, line.result)), line.formula
    # Huber's formula has a function of its own, a search is not computed: their results are compared.
    if "h(d)" not in line.formula and line.kind != "step_length":
        rounded = "1.0507" in line.formula
        expected = pytest.approx(line.value, rel=1e-3 if rounded else 1e-7, abs=1e-9, nan_ok=True)
        with np.errstate(all="ignore"):
            assert said(line) == expected, f"{line.kind}: {line.formula}"


def summands(ledger: Ledger) -> float:
    """Return how large the summands get: of a gradient that is 0 by cancellation, their rounding is left."""
    back = [line for line in ledger.steps if line.part == "backward"]
    steep = [1.0]
    for line in back:
        if line.kind.startswith("norm_back") and "γ" in line.formula:
            scale, variance, epsilon = (term.value for term in line.terms[:3])
            steep.append(np.abs(scale / np.sqrt(variance + epsilon)).max())
    return float(max(np.abs(line.value).max() for line in back) * max(steep))


def place_of(ledger: Ledger) -> tuple[str, tuple[int, ...]]:
    """Return the array of the parameter and where it stands in it."""
    place = (ledger.unit,) if ledger.source is None else (ledger.source, ledger.unit)
    return ledger.weight.partition("[")[0], place


def new_value_is_the_engines(session: Session, ledger: Ledger) -> None:
    """Do the update and compare; not where the gradient is but rounding, which Adam divides by itself."""
    array, place = place_of(ledger)
    if 0 < max(abs(ledger.gradient), abs(ledger.engine_gradient)) < 1e-8 * summands(ledger):
        return
    session.step_batch()
    after = float(session.parameters()[array][place])
    assert agree(ledger.new_value, after, max(1.0, abs(after))), (ledger.weight, ledger.new_value, after)


def some_weight(session: Session, rng: np.random.Generator) -> str:
    arrays = {name: array.shape for name, array in session.parameters().items()
              if not name.endswith(("mask", "running_mean", "running_variance"))}  # fmt: skip
    name = rng.choice(list(arrays))
    return f"{name}[{','.join(str(rng.integers(size)) for size in arrays[name])}]"


@st.composite
def experiments(draw: Any) -> Experiment:
    """Draw a small network with anything in it."""
    data = draw(st.sampled_from(SETS))
    outputs = ["linear", "sigmoid", "tanh"] if data == "plane" else ["sigmoid", "softmax", "linear", "step"]
    output = draw(st.sampled_from(outputs))
    layers: list[dict[str, Any]] = []
    before = 4 if data == "iris" else 2
    for units in draw(st.lists(st.integers(1, 6), max_size=3)):
        layer: dict[str, Any] = {
            "units": units,
            "activation": draw(st.sampled_from(HIDDEN)),
            "batch_norm": draw(st.sampled_from([False, "before", "after"])),
            "dropout": draw(st.sampled_from([0.0, 0.3])),
            "trainable": draw(st.sampled_from([True, True, False])),
            "max_norm": draw(st.sampled_from([None, 0.8])),
            "cut": [[before - 1, units - 1]] if draw(st.booleans()) else [],
        }
        sources = [k for k, earlier in enumerate(layers) if earlier["units"] == units]
        if sources and draw(st.booleans()):
            layer["skip_from"] = draw(st.sampled_from(sources))
        layers.append(layer)
        before = units
    classes = 0 if data == "plane" else 3 if data == "iris" else 2
    optimizer = draw(st.sampled_from(BASIC_OPTIMIZERS))
    regularization = {
        "l1": draw(st.sampled_from([0.0, 0.01])), "l2": draw(st.sampled_from([0.0, 0.02])),
        "l1_proximal": optimizer == "sgd" and draw(st.booleans()),
        "gradient_clip": draw(st.sampled_from([None, 0.1, {"name": "value", "limit": 0.05}])),
        "class_weights": [0.5, 2.0, 1.5][:classes] if classes and draw(st.booleans()) else None,
    }  # fmt: skip
    loss = draw(st.sampled_from(legal_losses(DATASETS[data], output)))
    return experiment(data, layers, output, loss, regularization=regularization,
                      optimizer={"name": optimizer, "learning_rate": 0.02},
                      seeds={"init": draw(st.integers(0, 99))})  # fmt: skip
