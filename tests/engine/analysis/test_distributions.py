"""Counts by layer: every number is in a bin, and bins are shared."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.analysis.distributions import (
    activations_of,
    gradients_of,
    histograms,
    moments_of,
    ridges,
    weights_of,
)
from engine.session import Session
from tests.engine.analysis.support import SIGMOID, network

HIDDEN = {"units": 4, "activation": "relu"}
numbers = st.lists(st.floats(width=32, allow_nan=True, allow_infinity=True), max_size=50)


def test_each_quantity_is_that_of_the_engine():
    snapshot, data = network("circle", HIDDEN, SIGMOID)
    for found, (w, _) in zip(weights_of(snapshot, data), snapshot.weights(), strict=True):
        np.testing.assert_array_equal(found, w.ravel())
    _, grads = Session(snapshot.experiment).loss_and_gradients(data.x_train, data.y_train)
    for found, (dw, _) in zip(gradients_of(snapshot, data), grads, strict=True):
        np.testing.assert_array_equal(found, dw.ravel())
    for found, a in zip(activations_of(snapshot, data), snapshot.forward(data.x_train), strict=True):
        np.testing.assert_array_equal(np.sort(found), np.sort(a.ravel()))


def test_what_is_never_negative_begins_at_zero_and_its_zeros_are_told():
    (shown,) = histograms([np.array([0.0, 0.0, 0.4, 0.9])], [np.array([0.0, 0.5, 0.5, 0.5])], bins=10)
    assert (shown.edges[0], shown.edges[-1]) == (0, 1)
    assert shown.zeros == 0.5
    assert shown.now.tolist() == [2, 0, 0, 0, 1, 0, 0, 0, 0, 1]


def test_a_long_tail_is_counted_in_the_outermost_bins():
    values = np.concatenate([np.linspace(-1, 1, 998), [-1000.0, 500.0]])
    (shown,) = histograms([values], [values[:998]], bins=10, tail=0.005)
    assert shown.edges[-1] == 1
    assert shown.now.sum() == 1000
    assert shown.beyond == pytest.approx(0.002)
    assert (shown.low, shown.high) == (-1000, 500)


@given(numbers, numbers, st.sampled_from([0.0, 0.005]))
def test_every_finite_number_is_in_a_bin(now, start, tail):
    now, start = np.array(now, np.float32), np.array(start, np.float32)
    (shown,) = histograms([now], [start], tail=tail)
    assert shown.now.sum() == np.isfinite(now).sum() == now.size - shown.broken
    assert shown.initial.sum() == np.isfinite(start).sum()
    assert np.isfinite(shown.edges).all()
    assert (np.diff(shown.edges) > 0).all()


def test_ridges_share_their_bins_over_the_moments():
    first, last = ridges([[np.array([0.5, -0.5]), np.zeros(3)], [np.array([3.0, -1.0]), np.ones(3)]], bins=6)
    assert first.edges.tolist() == pytest.approx([-3, -2, -1, 0, 1, 2, 3])
    assert first.counts.tolist() == [[0, 0, 1, 1, 0, 0], [0, 0, 1, 0, 0, 1]]
    assert last.counts.sum(axis=1).tolist() == [3, 3]


def test_moments_are_even_over_the_epochs_and_keep_both_ends():
    path = [(epoch, np.array([epoch])) for epoch in (0.0, 0.1, 0.2, 5.0, 9.0, 9.5, 10.0)]
    assert [epoch for epoch, _ in moments_of(path, 3)] == [0, 5, 10]
    assert [epoch for epoch, _ in moments_of(path[:1], 3)] == [0]
    assert len(moments_of(path, 100)) == len(path)
