"""Where layers work on their functions."""

import numpy as np
import pytest

from engine.analysis.clouds import CURVE, clouds
from engine.choices import ACTIVATIONS
from tests.engine.analysis.support import SIGMOID, network, with_weights


def test_all_inputs_are_counted_and_the_extremes_told():
    snapshot, data = network("circle", {"units": 6, "activation": "tanh"}, SIGMOID)
    z = snapshot.forward(data.x_train, pre=True)[0]
    cloud = clouds(snapshot, data)[0]
    assert cloud.counts.sum() == z.size
    assert (cloud.low, cloud.high, cloud.mean) == pytest.approx((z.min(), z.max(), z.mean()))
    assert cloud.share == pytest.approx(np.mean(1 - np.tanh(z) ** 2 < 0.02))
    assert cloud.curve_z.shape == cloud.curve_a.shape == cloud.flat.shape == (CURVE,)
    np.testing.assert_allclose(cloud.curve_a, np.tanh(cloud.curve_z), rtol=1e-12)


def test_a_start_with_large_weights_is_flat_nearly_everywhere():
    snapshot, data = network("circle", {"units": 6, "activation": "sigmoid"}, SIGMOID)
    big = with_weights(snapshot, [(1000 * w, b) for w, b in snapshot.weights()])
    assert clouds(big, data)[0].share > 0.9 > clouds(snapshot, data)[0].share


@pytest.mark.parametrize("name", [name for name in ACTIVATIONS if name != "softmax"])
def test_every_function_has_a_cloud(name):
    snapshot, data = network("circle", {"units": 3, "activation": name}, SIGMOID)
    cloud = clouds(snapshot, data)[0]
    assert np.isfinite(cloud.curve_a).all()
    assert 0 <= cloud.share <= 1


def test_softmax_has_inputs_but_no_curve_and_nan_no_inputs():
    snapshot, data = network("iris", {"units": 3, "activation": "softmax"}, loss="categorical_cross_entropy")
    (cloud,) = clouds(snapshot, data)
    assert cloud.curve_a is None
    assert cloud.counts.sum() == 3 * len(data.x_train)
    (gone,) = clouds(with_weights(snapshot, [(np.full((4, 3), np.nan), np.zeros(3))]), data)
    assert gone.counts.sum() == 0
    assert np.isnan(gone.mean)
