import numpy as np
import pytest

from engine.analysis.gradients import gradients
from engine.analysis.units import class_means, domain_points, normalised, unit_maps
from engine.experiment import Activation, from_plain
from engine.session import Session


def session_of(data: str, *units: int, activation: str = "tanh", output: str = "sigmoid", **more) -> Session:
    *hidden, last = units
    layers = [{"units": count, "activation": activation} for count in hidden]
    plain = {
        "data": {"name": data},
        "network": {"layers": [*layers, {"units": last, "activation": output}]},
        **more,
    }
    plain["loss"] = {"sigmoid": "binary_cross_entropy", "softmax": "categorical_cross_entropy"}.get(
        output, "mse"
    )
    return Session(from_plain(plain))


def test_points_run_from_the_top_row_by_row():
    points = domain_points(np.array([[-1.0, 1.0], [10.0, 14.0]]), 2)
    assert points.tolist() == [[-0.5, 13.0], [0.5, 13.0], [-0.5, 11.0], [0.5, 11.0]]
    assert domain_points(np.array([[0.0, 4.0]]), 4).ravel().tolist() == [0.5, 1.5, 2.5, 3.5]
    assert domain_points(np.zeros((3, 2)), 4) is None


def test_two_inputs_give_an_image_a_unit_the_right_way_up():
    session = session_of("spiral", 3, 1)
    maps = unit_maps(session.snapshot(), session.data, 8)
    assert [part.shape for part in maps] == [(2, 8, 8), (3, 8, 8), (1, 8, 8)]
    x1, x2 = maps[0]
    assert np.all(np.diff(x1, axis=1) > 0) and np.ptp(x1, axis=0).max() < 1e-6
    assert np.all(np.diff(x2, axis=0) < 0), "the highest x2 is the top row"
    assert all(np.abs(part).max() <= 1 for part in maps)


def test_the_output_is_what_the_network_predicts():
    session = session_of("circle", 4, 1)
    data, maps = session.data, unit_maps(session.snapshot(), session.data, 5)
    raw = domain_points(data.domain, 5)
    expected = 2 * session.predict(data.transform(raw)) - 1
    np.testing.assert_allclose(maps[-1].ravel(), expected.ravel(), rtol=1e-6)


def test_one_input_gives_a_profile_and_many_give_nothing():
    sine = session_of("sine", 4, 1, output="linear")
    assert [part.shape for part in unit_maps(sine.snapshot(), sine.data, 16)] == [(1, 16), (4, 16), (1, 16)]
    iris = session_of("iris", 4, 3, output="softmax")
    assert unit_maps(iris.snapshot(), iris.data) is None


def test_large_layers_can_be_left_out():
    session = session_of("spiral", 20, 3, 1)
    maps = unit_maps(session.snapshot(), session.data, 4, most=12)
    assert maps[1] is None and maps[2].shape == (3, 4, 4)


def test_what_is_between_0_and_1_is_spread_and_what_has_no_bounds_is_scaled():
    values = np.array([[0.0, 0.5], [1.0, 0.25]])
    assert normalised(Activation("sigmoid"), values).tolist() == [[-1, 0], [1, -0.5]]
    assert normalised(Activation("tanh"), values).tolist() == values.tolist()
    assert normalised(Activation("relu"), 10 * values).tolist() == [[0, 1], [1, 0.5]]
    dead = np.array([[0.0, 5.0], [0.0, 1.0]])
    assert normalised(Activation("relu"), dead)[:, 0].tolist() == [0, 0]


def test_what_diverged_is_not_a_number():
    values = normalised(Activation("linear"), np.array([[np.inf, 1.0], [2.0, np.nan]]))
    assert np.isnan(values[0, 0]) and np.isnan(values[1, 1]) and values[1, 0] == 1


def test_class_means_are_the_means_of_the_rows_of_a_class():
    session = session_of("iris", 4, 3, output="softmax")
    session.run(5)
    data, snapshot = session.data, session.snapshot()
    means = class_means(snapshot, data)
    assert [part.shape for part in means] == [(4, 3), (4, 3), (3, 3)]
    predicted = snapshot.predict(data.x_train)
    for label in range(3):
        expected = predicted[data.labels_train == label].mean(axis=0)
        np.testing.assert_allclose(means[-1][:, label], expected, rtol=1e-5)
    regression = session_of("plane", 2, 1, output="linear")
    assert class_means(regression.snapshot(), regression.data) == []


@pytest.mark.parametrize("units", [(3, 1), (60, 40, 1)])
def test_gradients_are_the_sessions(units):
    session = session_of("spiral", *units, regularization={"l2": 0.01}, training={"precision": "float64"})
    _, expected = session.loss_and_gradients(session.data.x_train, session.data.y_train)
    for (dw, db), (w, b) in zip(gradients(session.snapshot(), session.data), expected, strict=True):
        np.testing.assert_allclose(dw, w, atol=1e-14)
        np.testing.assert_allclose(db, b, atol=1e-14)
    assert len(gradients(session.snapshot(), session.data, rows=7)) == len(units)
