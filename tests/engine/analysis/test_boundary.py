import numpy as np
import pytest

from engine.analysis.boundary import fitted_curve, output_field
from tests.engine.analysis.support import LINEAR, SIGMOID, network, with_weights


def test_a_field_is_the_output_at_the_middle_of_each_cell_right_way_up():
    snapshot, data = network("circle", SIGMOID)
    snapshot = with_weights(snapshot, [([[0.3], [-0.7]], [0.2])])
    field = output_field(snapshot, data, 10)
    assert field.values.shape == (10, 10, 1)
    (low_x, high_x), (low_y, high_y) = data.domain
    x = low_x + (np.arange(10) + 0.5) / 10 * (high_x - low_x)
    y = high_y - (np.arange(10) + 0.5) / 10 * (high_y - low_y)
    expected = 1 / (1 + np.exp(-(0.3 * x[None, :] - 0.7 * y[:, None] + 0.2)))
    np.testing.assert_allclose(field.values[..., 0], expected, rtol=1e-12)


def test_a_field_answers_at_points_of_its_domain():
    snapshot, data = network("circle", SIGMOID)
    field = output_field(with_weights(snapshot, [([[1.0], [0.0]], [0.0])]), data, 20)
    assert field.at(data.domain[0, 1], 0)[0] > 0.99 > 0.01 > field.at(data.domain[0, 0], 0)[0]


def test_a_field_knows_where_its_classes_meet():
    for loss, threshold in (("mse", 0.5), ("hinge", 0.0)):
        assert output_field(*network("circle", LINEAR, loss=loss), 4).threshold == threshold


def test_standard_scaling_is_taken_into_account():
    snapshot, data = network("circle", SIGMOID, data={"scaling": "standard"})
    field = output_field(snapshot, data, 8)
    middle = data.domain.mean(axis=1)
    near = snapshot.predict(data.transform(middle[None]))[0, 0]
    assert abs(np.median(field.values[3:5, 3:5]) - near) < 0.1


def test_a_curve_is_the_output_along_the_only_input():
    snapshot, data = network("sine", LINEAR)
    curve = fitted_curve(with_weights(snapshot, [([[2.0]], [-1.0])]), data, 33)
    assert (curve.inputs[0], curve.inputs[-1]) == tuple(data.domain[0])
    np.testing.assert_allclose(curve.outputs[:, 0], 2 * curve.inputs - 1, rtol=1e-12)


def test_the_number_of_inputs_must_fit():
    two, one = network("circle", SIGMOID), network("sine", LINEAR)
    with pytest.raises(ValueError, match="two raw inputs"):
        output_field(*one)
    with pytest.raises(ValueError, match="one raw input"):
        fitted_curve(*two)
