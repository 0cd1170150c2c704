"""Divergence stays visible: what is not a number goes in and comes out through every choice."""

from typing import Any

import numpy as np
import pytest

from engine import Session
from engine.choices import OPTIMIZERS
from engine.scratch import as_rows
from tests.engine.reference.build import PATHS, PRECISIONS, SET_OF, bare, experiment
from tests.engine.reference.cases import HIDDEN, HIDDEN_ACTIVATIONS, TASKS, cases, rows_for

NAN = float("nan")


@pytest.fixture(params=PRECISIONS)
def precision(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(params=PATHS)
def path(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.mark.parametrize("task", TASKS)
def test_through_every_activation_and_loss(task: str, path: str, precision: str) -> None:
    for case in cases(task):
        session = Session(experiment(HIDDEN[path], data=SET_OF[task], activation=case.hidden,
                                     output=case.output, loss=case.loss, precision=precision,
                                     bias="constant"))  # fmt: skip
        x, y = rows_for(session, 21)
        assert_finite(session, x, y)
        spoiled_x, spoiled_y = x.copy(), y.copy()
        spoiled_x[17, -1], spoiled_y[17, -1] = NAN, NAN
        assert_lost(session, spoiled_x, y)
        assert_lost(session, x, spoiled_y)
        shown = session.predict(spoiled_x)
        assert np.isnan(shown[17]).all(), "the spoiled row shows"
        assert np.isfinite(np.delete(shown, 17, axis=0)).all(), "the others do not suffer"
        first = session.weights()
        for layer in range(3):
            for place in (0, 1):
                pairs = [(w.copy(), b.copy()) for w, b in first]
                pairs[layer][place].flat[-1] = NAN
                session.set_weights(pairs)
                assert np.isnan(session.predict(x)[:, -1]).all()
                assert_lost(session, x, y)


def assert_finite(session: Session, x: np.ndarray, y: np.ndarray) -> None:
    loss, grads = session.loss_and_gradients(x, y)
    assert np.isfinite(loss)
    assert all(np.isfinite(array).all() for pair in grads for array in pair)


def assert_lost(session: Session, x: np.ndarray, y: np.ndarray) -> None:
    loss, grads = session.loss_and_gradients(x, y)
    assert np.isnan(loss)
    assert np.isnan(grads[-1][1]).any()
    assert np.isnan(grads[-1][0]).any()


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_through_every_optimizer(optimizer: str, path: str, precision: str) -> None:
    chosen = experiment(HIDDEN[path], data="gate_xor", activation="relu", precision=precision, batch_size=4,
                        optimizer=optimizer, bias="constant")  # fmt: skip
    for spoiled in ("weight", "bias", "data"):
        session = Session(chosen)
        session.run(3)
        assert np.isfinite(session.snapshot().theta).all()
        pairs = session.weights()
        if spoiled == "data":
            x = session.data.x_train.copy()
            x[2, 1] = NAN
            session._x = as_rows(x, x.dtype)
        else:
            pairs[0][spoiled == "bias"].flat[0] = NAN
            session.set_weights(pairs)
        session.step_batch()
        assert all(np.isnan(array).any() for array in session.weights()[-1])
        session.run(20)
        assert all(np.isnan(array).any() for array in session.weights()[-1]), "it comes back to life"


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_an_infinite_gradient_never_becomes_an_ordinary_number(optimizer: str, precision: str) -> None:
    session = Session(experiment((3,), data="plane", activation="linear", output="linear",
                                 precision=precision, optimizer=optimizer))  # fmt: skip
    pairs = session.weights()
    pairs[-1][1][:] = np.inf
    session.set_weights(pairs)
    session.step_batch()
    assert not np.isfinite(session.weights()[-1][1]).any()
    session.run(3)
    assert not np.isfinite(session.metrics()["train_loss"])


@pytest.mark.parametrize("optimizer", ["sgd", "momentum", "nesterov"])
def test_a_rate_too_high_diverges_for_all_to_see(optimizer: str, path: str, precision: str) -> None:
    chosen = {"name": optimizer, "learning_rate": 1e4}
    session = Session(experiment(HIDDEN[path], data="plane", activation="linear", output="linear",
                                 precision=precision, optimizer=chosen))  # fmt: skip
    session.run(30)
    assert not np.isfinite(session.metrics()["train_loss"])
    assert not np.isfinite(session.predict(session.data.x_test)).any()


@pytest.mark.parametrize(("data", "output"), [("spiral", "sigmoid"), ("digits", "softmax"), ("iris", "tanh")])
def test_no_row_without_a_number_counts_as_right(data: str, output: str, precision: str) -> None:
    session = Session(experiment((4,), data=data, output=output, precision=precision))
    pairs = session.weights()
    pairs[0][0][:] = NAN
    session.set_weights(pairs)
    metrics = session.metrics()
    assert np.isnan(metrics["train_loss"])
    assert metrics["train_accuracy"] == metrics["test_accuracy"] == 0


def test_one_bad_row_costs_its_own_hit_only() -> None:
    session = Session(experiment((6,), data="iris", output="softmax"))
    session.run(20)
    x, y = np.array(session.data.x_train), session.data.y_train
    right = (session.predict(x).argmax(axis=1) == y.argmax(axis=1)).mean()
    assert right == session.snapshot().evaluate(x, y).accuracy > 0.5
    row = int(np.flatnonzero(session.predict(x).argmax(axis=1) == y.argmax(axis=1))[0])
    x[row] = NAN
    result = session.snapshot().evaluate(x, y)
    loss, after = result.loss, result.accuracy
    assert np.isnan(loss)
    assert after == pytest.approx(right - 1 / len(x))


# What comes out at +inf and at -inf; sine has no limit there.
LIMITS = {
    "step": (1, 0), "sigmoid": (1, 0), "tanh": (1, -1), "relu": (np.inf, 0), "elu": (np.inf, -1),
    "selu": (np.inf, -1.7580993), "gelu": (np.inf, 0), "silu": (np.inf, 0), "softplus": (np.inf, 0),
    "softsign": (1, -1), "mish": (np.inf, 0), "sine": (NAN, NAN), "hard_tanh": (1, -1),
    "linear": (np.inf, -np.inf), "leaky_relu": (np.inf, -np.inf),
}  # fmt: skip


@pytest.mark.parametrize("activation", HIDDEN_ACTIVATIONS)
def test_infinite_inputs_saturate_or_show(activation: str, path: str, precision: str) -> None:
    width = HIDDEN[path][0]
    network = bare(1, [(width, activation), (width, "linear")], initializer="constant", precision=precision)
    up, down = network.forward(np.array([[np.inf], [-np.inf]]))[0]
    for found, limit in zip((up, down), LIMITS[activation], strict=True):
        np.testing.assert_allclose(found, limit, rtol=1e-6, atol=3e-7)


@pytest.mark.parametrize("loss", ["mse", "mae", "huber"])
def test_an_infinite_output_is_an_infinite_loss(loss: str, path: str, precision: str) -> None:
    session = Session(experiment(HIDDEN[path], data="plane", activation="relu", output="linear", loss=loss,
                                 precision=precision, initializer="constant"))  # fmt: skip
    x, y = rows_for(session, 5)
    x[2] = np.inf
    assert session.snapshot().loss(x, y) == np.inf


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_the_padding_of_matrices_stays_zero(optimizer: str, precision: str) -> None:
    assert_padding_stays_zero(precision=precision, optimizer=optimizer)


def test_the_padding_stays_zero_where_zero_is_not_met_by_zero() -> None:
    """f(0) is not 0 for some activations, and a hinge pulls at an output of 0."""
    for activation in HIDDEN_ACTIVATIONS:
        assert_padding_stays_zero(activation=activation)
    assert_padding_stays_zero(output="linear", loss="hinge")
    assert_padding_stays_zero(output="softplus", loss="mae")


def assert_padding_stays_zero(**parts: Any) -> None:
    session = Session(experiment((33, 33, 5), data="moons", bias="constant", **parts))
    assert not session.plan.layout.lanes
    session.run(2)
    assert np.array_equal(session.snapshot().theta, session.plan.pack(session.weights()))
    assert session.plan.size > session.plan.count
