"""Losses and gradients of every legal activation, loss and initializer against JAX."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import Session
from engine.choices import ACTIVATIONS, DATASETS, INITIALIZERS, LOSSES
from engine.experiment import from_plain, replace_at, to_plain
from engine.rules import legal_losses
from tests.engine.reference.build import PATHS, SET_OF, experiment
from tests.engine.reference.cases import (
    HIDDEN,
    HIDDEN_ACTIVATIONS,
    OUTPUTS,
    ROWS,
    TASKS,
    Case,
    cases,
    rows_for,
)


def compare(
    session: Session, x: np.ndarray, y: np.ndarray, tolerance: float = 1e-10, rounding: float = 1e-14,
    most: int = 0,
) -> list[str]:  # fmt: skip
    """Return what differs from JAX, in words; nothing when all agrees.

    Where a gradient is next to 0 by cancellation (all weights equal, a - y of an a that is almost y), both
    sides show only the rounding of numbers around 1. ``most`` is as the reference has it.
    """
    from tests.engine.reference.network import loss_and_gradients

    wrong = []
    loss, grads = session.loss_and_gradients(x, y)
    true_loss, true_grads = loss_and_gradients(session.experiment, session.weights(), x, y, most)
    if not abs(loss - true_loss) <= tolerance * max(1.0, abs(true_loss)):
        wrong.append(f"loss {loss!r}, not {true_loss!r}")
    for layer, (pair, true_pair) in enumerate(zip(grads, true_grads, strict=True)):
        for name, ours, truth in zip("Wb", pair, true_pair, strict=True):
            worst, top = np.abs(ours - truth).max(), np.abs(truth).max()
            if not worst <= max(tolerance * top, rounding):
                wrong.append(f"d{name}{layer} differs by {worst} of {top}")
    return wrong


def test_every_choice_has_an_authority() -> None:
    from tests.engine.reference import network

    assert set(network.ACTIVATIONS) == set(ACTIVATIONS)
    assert set(network.LOSSES) == set(LOSSES)
    assert {entry.task for entry in DATASETS.values()} == set(SET_OF)
    assert {loss for *_, loss in OUTPUTS} == set(LOSSES), "a loss that no output may take is untested"
    assert {activation for _, activation, _ in OUTPUTS} == set(ACTIVATIONS)
    for task in TASKS:
        assert {case.hidden for case in cases(task)} == set(HIDDEN_ACTIVATIONS)


def differences(case: Case, path: str, number: int, precision: str, batches: tuple[int, ...]) -> list[str]:
    """Compare the ``number``-th network of a kind: initializer, biases and penalties have their turns."""
    start = starts_of(path)[number % len(starts_of(path))]
    chosen = experiment(
        HIDDEN[path], data=SET_OF[case.task], activation=case.hidden, initializer=start, output=case.output,
        loss=case.loss, precision=precision, bias="constant" if number % 3 else "zeros",
        regularization={"l1": 0.03, "l2": 0.02} if number % 2 else {"l1": 0.0, "l2": 0.0},
    )  # fmt: skip
    session = Session(chosen)
    assert bool(session.plan.layout.lanes) == (path == "lanes")
    bounds = (1e-10, 1e-14) if precision == "float64" else (2e-5, 1e-7)
    found = []
    for n in batches:
        x, y = (rows.astype(precision) for rows in rows_for(session, n))
        found += compare(session, x, y, *bounds, most=ROWS)
    return [f"{case} {start} {what}" for what in found]


def starts_of(path: str) -> list[Any]:
    """Return every initializer that draws its weights itself."""
    # 33 units of 0.5 each saturate the next ones: 1 - a² has no digits left.
    constant = {"name": "constant", "value": 0.5 if path == "lanes" else 0.05}
    drawn = [key for key, entry in INITIALIZERS.items() if all(p.kind != "text" for p in entry.parameters)]
    return [constant if name == "constant" else name for name in drawn]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("task", TASKS)
def test_gradients_of_every_output_and_loss_equal_jax(task: str, path: str) -> None:
    wrong = []
    for number, case in enumerate(cases(task)):
        wrong += differences(case, path, number, "float64", (ROWS, 1 if number % 2 else 7))
    assert not wrong


@pytest.mark.parametrize("path", PATHS)
def test_gradients_of_every_activation_and_initializer_equal_jax(path: str) -> None:
    wrong, outputs = [], cases("binary")
    for index, hidden in enumerate(HIDDEN_ACTIVATIONS):
        starts = len(starts_of(path))
        for number in range(starts):
            turn = outputs[(index * starts + number) % len(outputs)]
            wrong += differences(turn._replace(hidden=hidden), path, number, "float64", (ROWS,))
    assert not wrong


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("task", TASKS)
def test_float32_gradients_are_those_of_float64_within_rounding(task: str, path: str) -> None:
    # Other initializers drive some networks to where float32 has no digits left.
    usual = starts_of(path).index("xavier_uniform")
    wrong = []
    for case in cases(task):
        wrong += differences(case, path, usual, "float32", (ROWS,))
    assert not wrong


@st.composite
def layers(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Draw two hidden layers and an output, each with an activation, a parameter and a start of its own."""
    drawn = []
    for hidden in (True, True, False):
        name = draw(st.sampled_from(HIDDEN_ACTIVATIONS if hidden else list(ACTIVATIONS)))
        given = {each.key: draw(st.floats(0.1, 2)) for each in ACTIVATIONS[name].parameters}
        start = {"name": "normal", "std": draw(st.sampled_from([0.1, 0.5, 1.0]))}
        layer = {"activation": {"name": name, **given}, "initializer": start}
        drawn.append(layer | {"bias_initializer": "constant"})
    return drawn


@settings(max_examples=60, deadline=None, derandomize=True)
@given(layers=layers(), path=st.sampled_from(PATHS), data=st.data(), rows=st.integers(1, ROWS))
def test_gradients_of_mixed_networks_equal_jax(
    layers: list[dict[str, Any]], path: str, data: st.DataObject, rows: int
) -> None:
    output = layers[-1]["activation"]["name"]
    task = data.draw(st.sampled_from([task for task, each, _ in OUTPUTS if each == output]))
    loss = data.draw(st.sampled_from(legal_losses(DATASETS[SET_OF[task]], output)))
    given = {each.key: data.draw(st.floats(0.1, 2)) for each in LOSSES[loss].parameters}
    plain = to_plain(experiment(HIDDEN[path], data=SET_OF[task], output=output, precision="float64"))
    plain["network"]["layers"] = [
        old | new for old, new in zip(plain["network"]["layers"], layers, strict=True)
    ]
    session = Session(from_plain(plain | {"loss": {"name": loss, **given}}))
    x, y = rows_for(session, rows, seed=rows)
    assert not compare(session, x, y, most=ROWS)


SHAPES: list[tuple[tuple[int, ...], str, str]] = [
    ((), "spiral", "sigmoid"),
    ((), "digits", "softmax"),
    ((1,), "spiral", "sigmoid"),
    ((16,), "iris", "softmax"),
    ((40,), "breast_cancer", "sigmoid"),
    ((17, 1, 3, 30), "iris", "softmax"),
    ((3, 2000, 2), "sine", "linear"),
    ((20,) * 8, "moons", "softmax"),
]


@pytest.mark.parametrize(("hidden", "data", "output"), SHAPES)
def test_gradients_of_many_shapes_equal_jax(hidden: tuple[int, ...], data: str, output: str) -> None:
    session = Session(experiment(hidden, data=data, output=output, precision="float64", bias="constant"))
    assert not compare(session, *rows_for(session, ROWS))


def test_the_slope_of_each_leaky_layer_is_its_own() -> None:
    chosen = experiment((4, 4), activation={"name": "leaky_relu", "slope": -0.5}, precision="float64")
    chosen = replace_at(chosen, "network.layers[1].activation", {"name": "leaky_relu", "slope": 2})
    session = Session(chosen)
    assert not compare(session, *rows_for(session, ROWS))


def test_a_network_of_different_activations_equals_jax() -> None:
    layers = [{"units": 6, "activation": name} for name in HIDDEN_ACTIVATIONS if name != "step"]
    last = {"units": 1, "activation": "sigmoid"}
    session = Session(replace_at(experiment(precision="float64"), "network.layers", [*layers, last]))
    assert not compare(session, *rows_for(session, ROWS))


@pytest.mark.parametrize("path", PATHS)
def test_logits_far_out_neither_overflow_nor_lose_their_gradient(path: str) -> None:
    for output, data in (("sigmoid", "gate_or"), ("softmax", "iris"), ("softmax", "gate_or")):
        chosen = experiment(HIDDEN[path], data=data, output=output, activation="linear", precision="float64",
                            initializer={"name": "constant", "value": 90})  # fmt: skip
        session = Session(replace_at(chosen, "network.layers[2].initializer", {"name": "normal", "std": 50}))
        x, y = rows_for(session, ROWS)
        assert not compare(session, 10 * x, y, most=ROWS)
        assert np.isfinite(session.loss_and_gradients(10 * x, y)[0])


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("z", [-40.0, -20.0, -5.0, 0.0, 5.0, 20.0, 40.0])
def test_a_saturated_sigmoid_keeps_its_small_gradient(z: float, path: str) -> None:
    session = Session(experiment(HIDDEN[path], data="plane", activation="sigmoid", output="linear",
                                 precision="float64"))  # fmt: skip
    pairs = session.weights()
    for w, b in pairs[:-1]:
        w /= 100
        b[:] = z
    session.set_weights(pairs)
    assert not compare(session, *rows_for(session, ROWS), most=ROWS)
