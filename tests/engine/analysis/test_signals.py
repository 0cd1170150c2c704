"""Signals on their way through the layers, against the kernels' own gradient and activations."""

from dataclasses import replace

import numpy as np
import pytest

from engine.analysis.signals import gradient_ratio, signals, spaced
from tests.engine.analysis.support import LINEAR, SIGMOID, network, with_weights

HIDDEN = {"units": 5, "activation": "tanh"}


@pytest.mark.parametrize(
    ("name", "layers", "more"),
    [
        ("circle", (HIDDEN, {"units": 4, "activation": "relu"}, SIGMOID), {}),
        ("iris", (HIDDEN, {"units": 3, "activation": "softmax"}), {"loss": "categorical_cross_entropy"}),
        ("sine", (HIDDEN, {"units": 3, "activation": "relu"}, LINEAR), {}),
        ("circle", (HIDDEN, {"units": 5, "activation": "tanh", "skip_from": 0}, SIGMOID), {}),
    ],
)
def test_what_comes_back_makes_the_gradient_of_the_kernels(name, layers, more):
    snapshot, data = network(name, *layers, **more)
    found = signals(snapshot, data, rows=10_000)
    grads = snapshot.plan.unpack(snapshot.gradient(data.x_train, data.y_train))
    for signal, activation in zip(found, snapshot.forward(data.x_train), strict=True):
        np.testing.assert_allclose(signal.a, activation, rtol=1e-12, atol=1e-15)
    x = np.asarray(data.x_train)
    for signal, (dw, db) in zip(found, grads, strict=True):
        np.testing.assert_allclose(x.T @ signal.delta / len(x), dw, rtol=1e-9, atol=1e-14)
        np.testing.assert_allclose(signal.delta.mean(axis=0), db, rtol=1e-9, atol=1e-14)
        x = signal.a


def test_numbers_of_one_layer():
    snapshot, data = network("circle", SIGMOID)
    (signal,) = signals(snapshot, data)
    error = signal.a - data.y_train
    assert signal.spread == pytest.approx(signal.a.std())
    assert signal.gradient == pytest.approx(np.sqrt(np.mean(error**2)))
    assert gradient_ratio([signal]) == 1


def test_the_ratio_is_that_of_the_weights_between_linear_layers():
    snapshot, data = network("sine", {"units": 1, "activation": "linear"}, LINEAR)
    pairs = [(np.array([[0.3]]), np.zeros(1)), (np.array([[7.0]]), np.zeros(1))]
    assert gradient_ratio(signals(with_weights(snapshot, pairs), data)) == pytest.approx(7)


def test_a_network_without_errors_has_no_ratio():
    snapshot, data = network("sine", {"units": 1, "activation": "linear"}, LINEAR)
    first, last = signals(snapshot, data)
    assert np.isnan(gradient_ratio([first, replace(last, delta=np.zeros((3, 1)))]))


def test_broken_weights_come_out_as_no_numbers():
    snapshot, data = network("circle", HIDDEN, SIGMOID)
    pairs = [(np.full_like(w, np.nan), b) for w, b in snapshot.weights()]
    assert np.isnan(gradient_ratio(signals(with_weights(snapshot, pairs), data)))


def test_rows_are_spread_evenly_from_first_to_last():
    assert spaced(3, 5).tolist() == [0, 1, 2]
    assert spaced(9, 5).tolist() == [0, 2, 4, 6, 8]
    snapshot, data = network("circle", HIDDEN, SIGMOID)
    assert len(signals(snapshot, data, rows=40)[0].a) == 40
