import numpy as np
import pytest

from engine.analysis.distributions import round_up
from engine.analysis.weights import first_layer_images, weight_histograms
from tests.engine.analysis.support import SIGMOID, ZEROS, network, with_weights

HIDDEN = {"units": 4, "activation": "tanh"}


def test_now_and_start_share_symmetric_bins_and_every_weight_is_counted():
    initial, _ = network("circle", HIDDEN, SIGMOID)
    now = initial.at(initial.theta * 3)
    for layer, shown in enumerate(weight_histograms(now, initial, bins=20)):
        weight = now.weights()[layer][0]
        np.testing.assert_allclose(shown.edges, -shown.edges[::-1])
        assert shown.edges[-1] >= np.abs(weight).max()
        assert shown.now.sum() == shown.initial.sum() == weight.size
        assert (shown.mean, shown.std) == pytest.approx((weight.mean(), weight.std()))
        assert (shown.low, shown.high) == pytest.approx((weight.min(), weight.max()))


def test_zeros_fall_into_the_middle():
    initial, _ = network("circle", {**HIDDEN, **ZEROS}, {**SIGMOID, **ZEROS})
    shown = weight_histograms(initial, initial, bins=5)[0]
    assert shown.now.tolist() == [0, 0, 8, 0, 0]
    assert (shown.mean, shown.std, shown.edges[-1]) == (0, 0, 1)


def test_nan_and_infinity_are_counted_apart():
    initial, _ = network("circle", HIDDEN, SIGMOID)
    theta = initial.theta.copy()
    theta[:2] = np.nan, np.inf
    shown = weight_histograms(initial.at(theta), initial)[0]
    assert shown.broken == 2
    assert shown.now.sum() == 6
    assert np.isfinite(shown.mean)
    gone = weight_histograms(initial.at(np.full_like(theta, np.nan)), initial)[0]
    assert np.isnan(gone.mean)
    assert gone.now.sum() == 0


@pytest.mark.parametrize(
    ("value", "rounded"),
    [(0.9, 1), (1, 1), (1.2, 1.5), (2.1, 3), (7.6, 10), (0.021, 0.03), (0, 1), (np.nan, 1)],
)
def test_limits_are_rounded_up(value, rounded):
    assert round_up(value) == pytest.approx(rounded)


def test_the_first_layer_s_images_are_the_right_way_up():
    layers = {"units": 3, "activation": "relu"}, {"units": 10, "activation": "softmax"}
    snapshot, data = network("digits", *layers, loss="categorical_cross_entropy")
    pairs = snapshot.weights()
    pairs[0][0][:] = 0
    pairs[0][0][7, 1] = 5.0  # pixel 7 is the last one of the top row
    pairs[0][0][8, 2] = -5.0  # pixel 8 is the first one of the second row
    images = first_layer_images(with_weights(snapshot, pairs), data.image)
    assert images.shape == (3, 8, 8)
    assert images[1, 0, 7] == 5
    assert images[2, 1, 0] == -5
    assert np.abs(images).sum() == 10
    with pytest.raises(ValueError, match="not an image"):
        first_layer_images(snapshot, (28, 28))
