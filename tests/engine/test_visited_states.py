"""Every single update of a training against JAX and the optimizer's formula, for a network with everything.

The same for plain networks and every optimizer is in test_parity_optimizers.py.
"""

from typing import Any

import numpy as np
import pytest

from engine import Session
from engine.experiment import Experiment, from_plain
from tests.engine.reference.build import PATHS, force_path

STATES = 500
LAYERS: list[dict[str, Any]] = [
    {"units": 8, "activation": "tanh", "batch_norm": "before", "cut": [[0, 3], [1, 1]]},
    {"units": 8, "activation": "leaky_relu", "dropout": 0.2, "max_norm": 0.9},
    {"units": 8, "activation": "sigmoid", "skip_from": 0, "batch_norm": "after", "l2": 0.003},
    {"units": 8, "activation": "tanh", "trainable": False, "batch_norm": "before"},
    {"units": 1, "activation": "sigmoid", "l1": 0.0},
]
# Each with what limits it in another way.
DESCENTS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "sgd": ({"learning_rate": 0.1}, {"l1_proximal": True, "gradient_clip": {"name": "value", "limit": 0.02}}),
    "nesterov": ({"learning_rate": 0.02}, {"gradient_clip": 0.3}),
    "adamw": ({"learning_rate": 0.01, "weight_decay": 0.1}, {"class_weights": [0.5, 2.0]}),
}


def training(optimizer: str, precision: str) -> Experiment:
    """Return 2-8-8-8-8-1 with everything; 12 rows an update leave a last batch of 10."""
    values, limits = DESCENTS[optimizer]
    return from_plain({
        "data": {"name": "moons", "noise": 0.1},
        "network": {"layers": LAYERS},
        "optimizer": {"name": optimizer, **values},
        "schedule": {"name": "exponential", "factor": 0.97},
        "regularization": {"l1": 0.001, "l2": 0.002, **limits},
        "training": {"batch_size": 12, "precision": precision},
    })  # fmt: skip


def follow(session: Session, states: int, allowed: float) -> None:
    """Compare an update from each of so many states with the reference's, started at the same numbers."""
    from tests.engine.reference.descent import one_update
    from tests.engine.reference.optimizers import AUTHORITIES
    from tests.engine.reference.whole import truth_of

    chosen, size = session.experiment, session.batch_size
    values = chosen.optimizer.parameters
    # The authorities keep one rate: theta moves by what they say times the schedule's factor.
    step = AUTHORITIES[chosen.optimizer.name](values)
    weights = chosen.regularization.class_weights
    for t in range(1, states + 1):
        before, rate = session.parameters(), session.learning_rate
        rows = session.batch_order(session.epoch)[session.batch * size :][:size]
        x, y = session.data.x_train[rows], session.data.y_train[rows]
        factors = session.dropout_factors(session.epoch, session.batch)
        truth = truth_of(chosen, before, x, y, factors, weights)
        truth.gradients["layers.0.bias"][:] = 0  # the batch takes it off again; adamw enlarges rounding
        scale = rate / values["learning_rate"]

        def scaled(theta: np.ndarray, grad: np.ndarray, t: int, scale: float = scale) -> np.ndarray:
            return theta + scale * (step(theta, grad, t) - theta)

        wanted = one_update(chosen, before, truth, scaled, t, rate, len(rows))
        session.step_batch()
        after = session.parameters()
        for name, array in wanted.items():
            assert np.abs(after[name] - array).max() <= allowed, (t, name)


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("optimizer", DESCENTS)
def test_each_update_of_a_network_with_everything(
    optimizer: str, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    force_path(monkeypatch, path)
    session = Session(training(optimizer, "float64"))
    first = session.metrics()["train_loss"]
    follow(session, STATES if path == "lanes" else 50, 1e-10)
    assert session.metrics()["train_loss"] < first or path == "matrices"


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("optimizer", DESCENTS)
def test_float32_is_within_rounding_of_each_update(
    optimizer: str, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    force_path(monkeypatch, path)
    follow(Session(training(optimizer, "float32")), 60, 1e-5)
