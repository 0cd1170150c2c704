"""Units that start identical stay bit-identical for ever: the lecture shows it on screen."""

from typing import Any

import numpy as np
import pytest

from engine import Session
from tests.engine.reference.build import PATHS, PRECISIONS, experiment, force_path

EPOCHS = 2000
# From zeros a tanh layer never moves at all; a sigmoid's does, as its zero is one half.
STARTS: list[tuple[str, Any]] = [("sigmoid", "zeros"), ("tanh", {"name": "constant", "value": 0.3})]


def trained(hidden: tuple[int, ...], activation: str, initializer: Any, precision: str, optimizer: str,
            epochs: int = EPOCHS) -> Session:  # fmt: skip
    # 6 training rows in batches of 4 and 2
    session = Session(
        experiment(
            hidden, data={"name": "circle", "samples": 12, "noise": 0.1}, activation=activation, batch_size=4,
            initializer=initializer, precision=precision,
            optimizer={"name": optimizer, "learning_rate": 0.05 if optimizer == "sgd" else 0.01},
        )  # fmt: skip
    )
    session.run(epochs)
    return session


def assert_identical(session: Session) -> None:
    """Every column of a hidden layer's weights, every of its biases and every row after it are one."""
    pairs = session.weights()
    for layer, (w, b) in enumerate(pairs):
        if layer < len(pairs) - 1:
            assert (w == w[:, :1]).all()
            assert (b == b[0]).all()
        if layer > 0:
            assert (w == w[:1]).all()
    assert np.isfinite(session.snapshot().theta).all()


@pytest.mark.parametrize("precision", PRECISIONS)
@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("optimizer", ["sgd", "adam"])
@pytest.mark.parametrize(("activation", "initializer"), STARTS)
def test_widths_1_to_40(
    activation: str, initializer: Any, optimizer: str, path: str, precision: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    force_path(monkeypatch, path)
    for width in range(1, 41):
        session = trained((width,), activation, initializer, precision, optimizer)
        assert_identical(session)
        first = session.initial.weights()[0][0]
        assert np.abs(session.weights()[0][0] - first).max() > 1e-3, "nothing moved"


@pytest.mark.parametrize("precision", PRECISIONS)
@pytest.mark.parametrize("hidden", [(33, 32), (40, 40), (5, 300), (300, 5), (9, 9), (7, 5, 3)])
def test_several_layers(hidden: tuple[int, ...], precision: str) -> None:
    session = trained(hidden, "tanh", {"name": "constant", "value": 0.05}, precision, "adam", 200)
    assert_identical(session)


@pytest.mark.parametrize("precision", PRECISIONS)
@pytest.mark.parametrize("hidden", [(5,), (20,), (37,)])
@pytest.mark.parametrize("batch_size", [1, 7, 32, 1437])
def test_wide_inputs_and_many_classes(hidden: tuple[int, ...], batch_size: int, precision: str) -> None:
    session = Session(experiment(hidden, data="digits", output="softmax", activation="sigmoid",
                                 initializer={"name": "constant", "value": 0.01}, batch_size=batch_size,
                                 precision=precision))  # fmt: skip
    for _ in range(60):
        session.step_batch()
    w, b = session.weights()[0]
    assert (w == w[:, :1]).all()
    assert (b == b[0]).all()
    assert (session.weights()[1][0] == session.weights()[1][0][:1]).all()
    hidden_values = session.snapshot().forward(session.data.x_test)[0]
    assert (hidden_values == hidden_values[:, :1]).all(), "the pictures show them as one, too"


def test_different_draws_do_become_different_units() -> None:
    w = trained((6,), "tanh", "xavier_uniform", "float32", "adam", 50).weights()[0][0]
    assert len(np.unique(w, axis=1).T) == 6
