"""Losses and gradients of every legal activation, loss and initializer against JAX."""

from typing import Any

import numpy as np
import pytest

from engine import Session
from engine.choices import ACTIVATIONS, DATASETS, INITIALIZERS, LOSSES
from engine.experiment import replace_at
from tests.engine.reference.build import PATHS, SET_OF, experiment
from tests.engine.reference.cases import HIDDEN, HIDDEN_ACTIVATIONS, OUTPUTS, ROWS, rows_for


def compare(
    session: Session, x: np.ndarray, y: np.ndarray, tolerance: float = 1e-10, most: int = 0
) -> list[str]:
    """Return what differs from JAX, in words; nothing when all agrees. ``most`` as the reference has it."""
    from tests.engine.reference.network import loss_and_gradients

    wrong = []
    loss, grads = session.loss_and_gradients(x, y)
    true_loss, true_grads = loss_and_gradients(session.experiment, session.weights(), x, y, most)
    # Where a gradient is next to 0 by cancellation (all weights equal, a - y of an a that is almost y), both
    # sides show only the rounding of numbers around 1.
    rounding = 1e-4 * tolerance
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


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(("task", "output", "loss"), OUTPUTS)
def test_gradients_equal_jax(task: str, output: str, loss: str, path: str) -> None:
    wrong = []
    starts: list[Any] = list(INITIALIZERS)
    # 33 units of 0.5 each saturate the next ones: 1 - a² has no digits left.
    starts[starts.index("constant")] = {"name": "constant", "value": 0.5 if path == "lanes" else 0.05}
    for index, activation in enumerate(HIDDEN_ACTIVATIONS):
        for number, initializer in enumerate(starts):
            penalties = {"l1": 0.03, "l2": 0.02} if (index + number) % 2 else {"l1": 0.0, "l2": 0.0}
            chosen = experiment(
                HIDDEN[path], data=SET_OF[task], activation=activation, initializer=initializer,
                output=output, loss=loss, precision="float64", regularization=penalties,
                bias="constant" if number % 3 else "zeros",
            )  # fmt: skip
            session = Session(chosen)
            assert bool(session.plan.layout.lanes) == (path == "lanes")
            for n in (ROWS, 1 if number % 2 else 7):
                x, y = rows_for(session, n)
                found = compare(session, x, y, most=ROWS)
                wrong += [f"{activation} {initializer} {n} rows: {what}" for what in found]
    assert not wrong


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(("task", "output", "loss"), OUTPUTS)
def test_float32_gradients_are_those_of_float64_within_rounding(
    task: str, output: str, loss: str, path: str
) -> None:
    wrong = []
    for activation in HIDDEN_ACTIVATIONS:
        chosen = experiment(HIDDEN[path], data=SET_OF[task], activation=activation, output=output, loss=loss,
                            regularization={"l1": 0.03, "l2": 0.02})  # fmt: skip
        session = Session(chosen)
        x, y = (rows.astype(np.float32) for rows in rows_for(session, ROWS))
        wrong += [f"{activation}: {what}" for what in compare(session, x, y, 2e-5, ROWS)]
    assert not wrong


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
    session = Session(
        replace_at(experiment(precision="float64"), "network.layers", [*layers, last])
    )
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
