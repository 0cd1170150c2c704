"""What the next update does, against the session that does it."""

import numpy as np
import pytest

from engine.analysis.updates import after_next_update, update_ratios
from engine.experiment import from_plain
from engine.session import Session
from tests.engine.analysis.support import LINEAR, SIGMOID, ZEROS, network

HIDDEN = {"units": 5, "activation": "tanh"}


@pytest.mark.parametrize("optimizer", ["sgd", "adam", "lbfgs"])
def test_it_is_the_next_update_to_the_bit(optimizer):
    session = Session(from_plain({
        "data": {"name": "circle", "samples": 50}, "network": {"layers": [HIDDEN, SIGMOID]},
        "optimizer": optimizer, "training": {"batch_size": 50 if optimizer == "lbfgs" else 7},
        "regularization": {"l2": 0.01},
        "schedule": {"name": "constant" if optimizer == "lbfgs" else "step"},
    }))  # fmt: skip
    for _ in range(7):  # beyond the end of an epoch of four updates
        told = after_next_update(session.snapshot(), session.data)
        session.step_batch()
        np.testing.assert_array_equal(told, session.snapshot().theta)


def test_the_ratio_is_rate_times_gradient_over_weight_for_plain_descent():
    snapshot, data = network("sine", HIDDEN, LINEAR, optimizer={"name": "sgd", "learning_rate": 0.1},
                             training={"precision": "float64", "batch_size": 10_000})  # fmt: skip
    grads = snapshot.plan.unpack(snapshot.gradient(data.x_train, data.y_train))
    wanted = [0.1 * np.linalg.norm(dw) / np.linalg.norm(w)
              for (dw, _), (w, _) in zip(grads, snapshot.weights(), strict=True)]  # fmt: skip
    np.testing.assert_allclose(update_ratios(snapshot, data), wanted, rtol=1e-12)


def test_weights_of_zero_have_no_ratio():
    snapshot, data = network("circle", {**HIDDEN, **ZEROS}, SIGMOID)
    assert np.isnan(update_ratios(snapshot, data)[0])
