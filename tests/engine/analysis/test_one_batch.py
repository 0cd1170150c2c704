"""One update in all its numbers, against the kernels' gradient and the training's own next step."""

import numpy as np
import pytest

from engine.analysis.one_batch import one_batch
from engine.experiment import Experiment, from_plain
from engine.session import Session


def experiment(**more: object) -> Experiment:
    layers = [{"units": 5, "activation": "tanh"}, {"units": 5}, {"units": 1, "activation": "sigmoid"}]
    return from_plain({
        "data": {"name": "moons", "samples": 60}, "network": {"layers": layers},
        "training": {"batch_size": 8, "precision": "float64"}, **more,
    })  # fmt: skip


CASES = {
    "plain": {},
    "sgd": {"optimizer": {"name": "sgd", "learning_rate": 0.1}},
    "penalties": {"regularization": {"l2": 0.01, "l1": 0.002}},
    "extras": {"network": {"layers": [
        {"units": 5, "dropout": 0.4}, {"units": 5, "batch_norm": True, "skip_from": 0, "cut": [[0, 1]]},
        {"units": 1, "activation": "sigmoid"},
    ]}},
    "whole": {"optimizer": {"name": "lbfgs"}, "training": {"batch_size": 60, "precision": "float64"}},
}  # fmt: skip


@pytest.mark.parametrize("case", list(CASES))
def test_it_is_the_next_update_to_the_bit(case: str) -> None:
    session = Session(experiment(**CASES[case]))
    for _ in range(9):
        session.step_batch()
    snapshot, rate = session.snapshot(), session.learning_rate
    shown = one_batch(snapshot, session.data)
    assert snapshot.update == session.update == 9  # looking changes nothing
    session.step_batch()
    assert (shown.update, shown.learning_rate) == (10, rate)
    for layer, (w, b) in zip(shown.layers, session.weights(), strict=True):
        assert np.array_equal(layer.new_weight, w) and np.array_equal(layer.new_bias, b)


@pytest.mark.parametrize("case", ["plain", "penalties", "extras"])
def test_its_numbers_belong_together(case: str) -> None:
    session = Session(experiment(**CASES[case]))
    session.step_epoch()
    snapshot, data = session.snapshot(), session.data
    shown = one_batch(snapshot, data)
    order = session.batch_order(session.epoch)[:8]
    assert np.array_equal(shown.rows, order)
    np.testing.assert_array_equal(shown.layers[0].x, data.x_train[order])
    for before, after in zip(shown.layers, shown.layers[1:], strict=False):
        np.testing.assert_array_equal(before.out, after.x)
    for layer in shown.layers:
        np.testing.assert_allclose(layer.u, layer.x @ layer.weight + layer.bias, rtol=1e-12)
    last = shown.layers[-1]
    np.testing.assert_allclose(last.delta, last.a - data.y_train[order], rtol=1e-12)  # sigmoid and BCE
    if case == "plain":
        gradient = snapshot.plan.unpack(snapshot.gradient(data.x_train[order], data.y_train[order]))
        for layer, (dw, db) in zip(shown.layers, gradient, strict=True):
            np.testing.assert_allclose(layer.weight_gradient, dw, rtol=1e-9, atol=1e-14)
            np.testing.assert_allclose(layer.bias_gradient, db, rtol=1e-9, atol=1e-14)
            np.testing.assert_allclose(layer.x.T @ layer.delta / 8, dw, rtol=1e-9, atol=1e-14)


def test_plain_descent_takes_rate_times_gradient_off() -> None:
    session = Session(experiment(**CASES["sgd"]))
    for layer in one_batch(session.snapshot(), session.data).layers:
        np.testing.assert_allclose(
            layer.new_weight, layer.weight - 0.1 * layer.weight_gradient, rtol=1e-12, atol=1e-15
        )
