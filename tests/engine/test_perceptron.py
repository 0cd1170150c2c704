"""The perceptron rule: a single step layer under plain gradient descent."""

import numpy as np
import pytest

from engine import Session
from tests.engine.reference.build import experiment


def test_the_perceptron_rule_moves_by_the_mean_mistake() -> None:
    chosen = experiment((), data="gate_or", output="step", initializer="constant", precision="float64",
                        batch_size=4, optimizer={"name": "sgd", "learning_rate": 0.5})  # fmt: skip
    session = Session(chosen)
    x, t = session.data.x_train, session.data.y_train
    (w, b) = session.weights()[0]
    y = (x @ w + b > 0).astype(float)
    assert 0 < np.abs(t - y).sum() < 4
    assert session.metrics()["train_loss"] == np.abs(t - y).mean(), "the loss shown is the share of errors"
    session.step_batch()
    after_w, after_b = session.weights()[0]
    np.testing.assert_allclose(after_w, w + 0.5 * x.T @ (t - y) / 4, rtol=0, atol=1e-15)
    np.testing.assert_allclose(after_b, b + 0.5 * (t - y).mean(axis=0), rtol=0, atol=1e-15)


@pytest.mark.parametrize("gate", ["gate_and", "gate_or"])
@pytest.mark.parametrize("batch_size", [1, 3, 4])
def test_the_perceptron_learns_what_one_line_separates(gate: str, batch_size: int) -> None:
    session = Session(experiment((), data=gate, output="step", batch_size=batch_size,
                                 optimizer={"name": "sgd", "learning_rate": 0.1}))  # fmt: skip
    session.run(200)
    assert session.metrics()["train_accuracy"] == 1
    still = session.weights()[0][0]
    session.run(10)
    assert np.array_equal(still, session.weights()[0][0]), "without a mistake nothing moves"


def test_the_perceptron_never_learns_xor() -> None:
    session = Session(experiment((), data="gate_xor", output="step", optimizer={"name": "sgd"}))
    session.run(300)
    assert session.metrics()["train_accuracy"] < 1


@pytest.mark.parametrize(
    ("hidden", "optimizer"), [((), "momentum"), ((), "adam"), ((3,), "sgd")]
)
def test_a_step_has_no_gradient_outside_the_perceptron_rule(hidden: tuple[int, ...], optimizer: str) -> None:
    session = Session(experiment(hidden, data="gate_or", output="step", optimizer=optimizer))
    before = session.weights()
    session.run(5)
    for (w, b), (w0, b0) in zip(session.weights(), before, strict=True):
        assert np.array_equal(w, w0)
        assert np.array_equal(b, b0)
