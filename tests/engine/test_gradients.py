"""Gradients against the engine's own losses, at kinks, and of the penalties."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from engine import Session
from engine.experiment import replace_at
from tests.engine.reference.build import PATHS, SET_OF, experiment
from tests.engine.reference.cases import HIDDEN, HIDDEN_ACTIVATIONS, OUTPUTS, rows_for

SMOOTH_START = {"name": "normal", "std": 0.4}


def loss_at(session: Session, theta: np.ndarray, x: np.ndarray, y: np.ndarray) -> float:
    session._theta[:] = theta
    return session.loss_and_gradients(x, y)[0]


def away_from_kinks(session: Session, x: np.ndarray, far: float) -> bool:
    return all(np.abs(z).min() > far for z in session.snapshot().forward(x, pre=True))


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(("task", "output", "loss"), OUTPUTS)
def test_gradients_equal_central_differences(task: str, output: str, loss: str, path: str) -> None:
    step, rng = 1e-5, np.random.default_rng(1)
    for activation in HIDDEN_ACTIVATIONS:
        chosen = experiment(
            HIDDEN[path], data=SET_OF[task], activation=activation, initializer=SMOOTH_START, output=output,
            loss=loss, precision="float64", bias="constant", regularization={"l1": 0.01, "l2": 0.02},
        )  # fmt: skip
        session = Session(chosen)
        x, y = rows_away_from_kinks(session)
        theta = session.snapshot().theta
        used = session.plan.pack([(np.ones_like(w), np.ones_like(b)) for w, b in session.weights()])
        grad = session.plan.pack(session.loss_and_gradients(x, y)[1])
        top = np.abs(grad).max()
        for direction in directions(rng, used, 40):
            up, down = (loss_at(session, theta + sign * step * direction, x, y) for sign in (1, -1))
            assert (up - down) / (2 * step) == pytest.approx(grad @ direction, abs=1e-6 * max(top, 1))
        session._theta[:] = theta


def rows_away_from_kinks(session: Session) -> tuple[np.ndarray, np.ndarray]:
    for seed in range(400):
        x, y = rows_for(session, 2, seed)
        if away_from_kinks(session, x, 4e-4):
            return x, y
    raise AssertionError("no rows away from every kink")


def directions(rng: np.random.Generator, used: np.ndarray, count: int) -> Iterator[np.ndarray]:
    """Yield every parameter's axis of a small net, else some axes, always of parameters that exist."""
    places = np.flatnonzero(used)
    for place in places if len(places) <= count else rng.choice(places, count, replace=False):
        direction = np.zeros_like(used)
        direction[place] = 1
        yield direction


# Kinks, by value: the branch of x < 0 counts.


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    ("activation", "value", "slope"),
    [("relu", 0, 0), ({"name": "leaky_relu", "slope": 0.3}, 0, 0.3), ("step", 0, 0), ("linear", 0, 1),
     ("tanh", 0, 1), ("sigmoid", 0.5, 0.25)],
)  # fmt: skip
@pytest.mark.parametrize("zero", [0.0, -0.0])
def test_at_zero_the_branch_below_counts(
    activation: Any, value: float, slope: float, zero: float, path: str
) -> None:
    session = Session(experiment(HIDDEN[path], activation=activation, initializer="zeros", data="plane",
                                 output="linear", precision="float64"))  # fmt: skip
    pairs = session.weights()
    pairs[0][1][:] = zero
    pairs[1][0][0, 0] = 1  # one chain of links from the first unit of each layer to the output
    pairs[1][1][:] = -value  # keeps z of the second layer at 0 too
    pairs[2][0][0, 0] = 1
    session.set_weights(pairs)
    x, y = np.ones((1, 2)), np.ones((1, 1))
    hidden = session.snapshot().forward(x)[:2]
    assert all((a == value).all() for a in (hidden[0], hidden[1][:, 0]))
    delta = 2 * (value - 1)  # dL/da of the output, MSE
    grads = session.loss_and_gradients(x, y)[1]
    assert grads[2][1][0] == pytest.approx(delta, rel=1e-15)
    assert grads[1][1][0] == pytest.approx(delta * slope, rel=1e-15, abs=0)
    assert grads[0][1][0] == pytest.approx(delta * slope**2, rel=1e-15, abs=0)


def test_a_weight_of_zero_gets_no_push_from_l1() -> None:
    session = Session(experiment(initializer="zeros", precision="float64", regularization={"l1": 0.5}))
    before = [w for w, _ in session.loss_and_gradients(session.data.x_train, session.data.y_train)[1]]
    free = replace_at(session.experiment, "regularization.l1", 0)
    after = [w for w, _ in Session(free).loss_and_gradients(session.data.x_train, session.data.y_train)[1]]
    assert all(np.array_equal(a, b) for a, b in zip(before, after, strict=True))


def test_penalties_fall_on_weights_and_not_on_biases() -> None:
    chosen = experiment(precision="float64", bias={"name": "constant", "value": 0.7})
    plain = Session(chosen)
    x, y = rows_for(plain, 9)
    loss, grads = plain.loss_and_gradients(x, y)
    for field, push, cost in (("l1", np.sign, np.abs), ("l2", lambda w: 2 * w, np.square)):
        session = Session(replace_at(chosen, f"regularization.{field}", 0.25))
        with_penalty, pushed = session.loss_and_gradients(x, y)
        penalty = sum(0.25 * cost(w).sum() for w, _ in plain.weights())
        assert with_penalty == pytest.approx(loss + penalty, rel=1e-14)
        for (dw, db), (free_dw, free_db), (w, _) in zip(pushed, grads, plain.weights(), strict=True):
            assert np.array_equal(db, free_db)
            np.testing.assert_allclose(dw, free_dw + 0.25 * push(w), rtol=0, atol=1e-15)
        assert session.metrics() == plain.metrics(), "the losses shown carry no penalty"
