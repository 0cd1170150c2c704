"""Points drawn by hand: made of any picture's rows, added, moved, painted and erased."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.data import load
from engine.drawing import (
    FIRST,
    add_points,
    can_be_drawn,
    draw_points,
    erase_points,
    move_point,
    nearest,
    paint_point,
    points_of,
)  # fmt: skip
from engine.edits import change_data, choose_data, choose_features
from engine.experiment import Experiment, ExperimentError, from_plain


def experiment(name: str = "points", **data: object) -> Experiment:
    if name == "points":
        data = {"points": [[0, 1, 0], [1, 0, 1], [2, 2, 1]]} | data
    layers = [{"units": 3}, {"units": 1, "activation": "sigmoid"}]
    return from_plain({"data": {"name": name, **data}, "network": {"layers": layers}})


def test_rows_of_another_set_become_points() -> None:
    before = choose_features(
        experiment("spiral", samples=60, noise=0.1, test_fraction=0.3), ("x1", "x2", "x1^2")
    )
    after = draw_points(before)
    rows, points = load(before), load(after)
    for field in ("raw_train", "raw_test"):  # what tested tests, and what trained trains, in the same order
        np.testing.assert_allclose(getattr(points, field), getattr(rows, field), atol=5.1e-4)
    for field in ("labels_train", "labels_test"):
        assert np.array_equal(getattr(points, field), getattr(rows, field))
    assert len(after.data.points) == 60 and after.data.test_points == 18 and after.data.test_fraction == 0.3
    assert Experiment.from_json(after.to_json()) == after
    assert after.data.features == ("x1", "x2", "x1^2")
    assert after.network == before.network, "nothing else is another one"


def test_test_points_stay_what_they_are_whatever_is_drawn() -> None:
    before = experiment("moons", samples=40, test_fraction=0.25, validation_fraction=0.2)
    tests = load(draw_points(before)).raw_test
    now = add_points(before, [(0.5, 0.5, 1), (0.7, 0.5, 0)])
    assert np.array_equal(load(now).raw_test, tests) and now.data.test_points == 10
    assert load(now).raw_train.shape[0] + load(now).raw_validation.shape[0] == 32
    now = paint_point(move_point(now, 41, 3, 3), 12, 1)
    assert np.array_equal(load(now).raw_test, tests)
    now = erase_points(now, {0, 9, 41})  # two of the test and one of the training
    assert np.array_equal(load(now).raw_test, tests[1:9]) and now.data.test_points == 8
    moved = move_point(now, 3, -4, -4)
    assert load(moved).raw_test[3].tolist() == [-4, -4]
    assert now.data.test_fraction == round(8 / 39, 6)


def test_another_share_splits_points_at_random_again() -> None:
    now = draw_points(experiment("moons", samples=40))
    other = change_data(now, test_fraction=0.5)
    assert other.data.test_points is None and len(load(other).raw_test) == 20
    assert not np.array_equal(np.sort(load(other).raw_test, axis=0), np.sort(load(now).raw_test, axis=0))
    assert change_data(now, class_shares=[1, 3]).data.test_points is None
    for wrong, message in (
        ({"test_points": 3}, "too few are left"), ({"test_points": 1, "test_fraction": 0.9}, "not the share"),
        ({"test_points": 1, "class_shares": [1, 2]}, "split at random"), ({"test_points": -1}, "test_points"),
    ):  # fmt: skip
        with pytest.raises(ExperimentError, match=message):
            experiment(**wrong)
    with pytest.raises(ExperimentError, match="takes no such choice"):
        experiment("moons", test_points=3)


def test_three_classes_stay_three() -> None:
    arms = choose_data(experiment(), "spiral", classes=3, samples=30)
    after = draw_points(arms)
    assert after.data.classes == 3 and after.network.layers[-1].units == 3
    assert {label for *_, label in after.data.points} == {0, 1, 2}


def test_what_has_no_two_inputs_begins_anew() -> None:
    iris = choose_data(experiment(), "iris")
    sine = choose_data(experiment(), "sine")
    assert not can_be_drawn(iris) and not can_be_drawn(sine)
    assert draw_points(iris).data.points == draw_points(sine).data.points == FIRST


def test_one_more_one_less_one_elsewhere_one_of_another_class() -> None:
    now = add_points(experiment(), [(1.23456, -2, 0)])
    assert now.data.points[-1] == (1.235, -2.0, 0) and now.data.samples == 4
    assert move_point(now, 0, 5, 5).data.points[0] == (5.0, 5.0, 0)
    assert paint_point(now, 0, 1).data.points[0] == (0.0, 1.0, 1)
    assert len(erase_points(now, {3}).data.points) == 3


def test_a_new_class_brings_its_output() -> None:
    now = add_points(experiment(), [(0, 0, 2)])
    assert now.network.layers[-1].units == 3 and now.network.layers[-1].activation.name == "softmax"
    chosen = experiment(classes=2)
    assert add_points(chosen, [(0, 0, 2)]).data.classes is None
    assert len(load(add_points(chosen, [(0, 0, 2)])).classes) == 3


def test_gates_can_be_drawn_on() -> None:
    now = add_points(experiment("gate_xor"), [(0.5, 0.5, 1)])
    assert len(now.data.points) == 5 and now.data.test_fraction == 0


def test_what_cannot_be_is_said() -> None:
    two = erase_points(experiment(), [0])
    with pytest.raises(ExperimentError, match="too few"):
        erase_points(two, [0])
    with pytest.raises(ExperimentError, match="not a point"):
        add_points(two, [(1e6, 0, 0)])
    with pytest.raises(ExperimentError, match="not a point"):
        add_points(two, [(0, 0, 10)])
    with pytest.raises(ExperimentError, match="no points"):
        nearest((), 0, 0)


coordinates = st.floats(-6, 6, allow_nan=False)
points = st.lists(st.tuples(coordinates, coordinates, st.integers(0, 3)), min_size=1, max_size=12)


@settings(max_examples=60, deadline=None)
@given(points, coordinates, coordinates)
def test_the_nearest_is_the_nearest(drawn: list, x1: float, x2: float) -> None:
    index, distance = nearest(tuple(drawn), x1, x2)
    distances = np.hypot(*(np.array(drawn)[:, :2] - (x1, x2)).T)
    assert distance == pytest.approx(distances.min(), abs=1e-9)
    assert distances[index] == pytest.approx(distances.min(), abs=1e-9)


def test_of_points_at_one_place_the_last_drawn_is_taken() -> None:
    assert nearest(((0, 0, 0), (0, 0, 1), (1, 1, 0)), 0, 0) == (1, 0)
    assert points_of(experiment()) == experiment().data.points
