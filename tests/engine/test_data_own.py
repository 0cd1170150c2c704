"""Rows of the user's own, a file or points drawn by hand, as part of an experiment."""

import json
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import Experiment, ExperimentError, Session, edits
from engine.choices.datasets import READY
from engine.data import csv_table, load, preview
from engine.data.csv_table import table_of
from engine.data_rules import describe
from engine.experiment import Data, from_plain, replace_at, to_plain
from engine.rules import check, dataset_of, legal_losses, output_units, resolve
from tests.engine.reference.build import experiment

POINTS = [[-1.0, 2.0, 0], [1.5, 2.0, 1], [0.0, -3.0, 1], [5.0, 5.0, 0]]


def write(path: Path, rows: int = 40, classes: int = 2, extra: str = "") -> Path:
    """Write a table of two numbers and a category with so many classes."""
    lines = ["height,weight,city,kind"]
    lines += [f"{150 + i},{50 + i * 0.5},{('Natal', 'Recife')[i % 2]},k{i % classes}" for i in range(rows)]
    path.write_text("\n".join(lines) + "\n" + extra, encoding="utf-8")
    return path


def on_file(path: Path, **data: Any) -> Experiment:
    return edits.choose_data(experiment(), "csv", path=str(path), **data)


def on_points(points: list[list[float]], **data: Any) -> Experiment:
    return edits.choose_data(experiment(), "points", points=points, **data)


def assert_usable(chosen: Experiment) -> None:
    assert from_plain(to_plain(chosen)) == chosen
    assert Experiment.from_json(chosen.to_json()) == chosen
    check(resolve(chosen))
    entry, last = dataset_of(chosen), chosen.network.layers[-1]
    assert last.units == output_units(entry, last.activation.name)
    assert chosen.loss.name in legal_losses(entry, last.activation.name)


# A file


@pytest.mark.parametrize("classes", [2, 3])
def test_a_file_is_trained_on(tmp_path: Path, classes: int) -> None:
    chosen = on_file(write(tmp_path / "a.csv", classes=classes))
    assert_usable(chosen)
    assert chosen.data.features == ("height", "weight", "city=Natal", "city=Recife")
    assert (chosen.data.samples, chosen.data.test_fraction) == (40, 0.2)
    entry = dataset_of(chosen)
    assert entry.classes == tuple(f"k{i}" for i in range(classes)) and entry.rows == 40
    session = Session(chosen)
    assert session.data.classes == entry.classes and session.data.input_names == entry.inputs
    assert session.data.x_train.shape == (32, 4) and session.data.x_test.shape == (8, 4)
    assert session.data.categories == entry.categories == ("city=Natal", "city=Recife")
    session.run(3)
    assert np.isfinite(session.metrics()["test_loss"])


def test_numbers_are_predicted(tmp_path: Path) -> None:
    chosen = on_file(write(tmp_path / "a.csv"), target="weight")
    assert_usable(chosen)
    assert (chosen.network.layers[-1].activation.name, chosen.loss.name) == ("linear", "mse")
    data = load(chosen)
    assert data.task == "regression" and sorted([*data.y_train[:, 0], *data.y_test[:, 0]])[0] == 50


def test_columns_may_be_left_out_and_features_picked(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv")
    chosen = on_file(path, columns=[["city", "left_out"]], features=["weight"])
    data = load(chosen)
    assert data.input_names == ("height", "weight") and data.features == ("weight",)
    with pytest.raises(ExperimentError, match="csv has no feature city=Natal"):
        on_file(path, columns=[["city", "left_out"]], features=["city=Natal"])


def test_the_data_seed_decides_the_split(tmp_path: Path) -> None:
    chosen = on_file(write(tmp_path / "a.csv"))
    same, other = (load(replace_at(chosen, "seeds.data", seed)) for seed in (0, 1))
    assert same is load(chosen)
    assert not np.array_equal(same.raw_test, other.raw_test)
    fewer = load(replace_at(chosen, "data.samples", 10))
    assert len(fewer.raw_train) + len(fewer.raw_test) == 10


def test_a_relative_path_starts_at_the_current_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "a.csv", rows=20)
    monkeypatch.chdir(tmp_path)
    chosen = on_file(Path("a.csv"))
    assert len(load(chosen).raw_train) == 16 and len(table_of(chosen.data).rows().raw) == 20
    (tmp_path / "other").mkdir()
    write(tmp_path / "other" / "a.csv", rows=30)
    monkeypatch.chdir(tmp_path / "other")
    assert len(table_of(chosen.data).rows().raw) == dataset_of(chosen).rows == 30


def test_a_file_that_changes_is_read_anew(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", rows=20)
    chosen = on_file(path)
    first = load(chosen)
    write(path, rows=30)
    os.utime(path, ns=(1, 1))
    assert dataset_of(chosen).rows == 20, "a view that only looks sees what was read"
    again = from_plain(to_plain(chosen))
    assert dataset_of(again).rows == 30 and load(again) is not first
    assert again.data.samples == 20, "the size that the experiment has stays"
    write(path, rows=10)
    os.utime(path, ns=(2, 2))
    with pytest.raises(ExperimentError, match="data.samples: csv has only 10 rows"):
        from_plain(to_plain(chosen))


def test_a_file_that_becomes_unreadable_says_so_and_one_that_has_gone_does_no_harm(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv")
    chosen = on_file(path)
    path.unlink()
    assert replace_at(chosen, "data.scaling", "none").data.samples == 40
    assert len(load(chosen).raw_train) == 32
    csv_table._kept.clear()
    assert dataset_of(chosen).rows == 40, "what a view asks for is remembered, even when the rows are not"
    path.write_bytes(b"\0")
    with pytest.raises(ExperimentError, match="no text"):
        replace_at(chosen, "data.scaling", "none")
    assert dataset_of(chosen).rows == 40


def test_other_choices_read_the_file_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    chosen = on_file(write(tmp_path / "a.csv"))
    monkeypatch.setattr("engine.data.csv_table.read_table", lambda *_: pytest.fail("read again"))
    for place, value in (("data.scaling", "minmax"), ("data.test_fraction", 0.5), ("seeds.data", 4)):
        load(replace_at(chosen, place, value))


def test_a_file_is_read_anew_for_other_options(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv")
    plain, other = Data(name="csv", path=str(path)), Data(name="csv", path=str(path), target="weight")
    assert (describe(plain).task, describe(other).task) == ("binary", "regression")
    assert table_of(plain) is table_of(plain) is not table_of(other)


@pytest.mark.parametrize(("data", "message"), [
    ({}, "data.path: this field is required"), ({"path": "there/is/none.csv"}, "there is no such file"),
    ({"path": 5}, "data.path: 5 is not of type str"), ({"path": "a\0b"}, "it cannot be read"),
    ({"path": "x", "columns": [["a"]]}, "data.columns"), ({"path": "x", "noise": 0.5}, "no such file"),
])  # fmt: skip
def test_a_file_that_cannot_be_read_is_said(data: dict[str, Any], message: str) -> None:
    with pytest.raises(ExperimentError, match=message):
        edits.choose_data(experiment(), "csv", **data)
    with pytest.raises(ExperimentError, match=message):
        from_plain({"data": {"name": "csv", **data}, "network": {"layers": [{"units": 1}]}})


# Points


def test_points_are_rows_in_the_order_in_which_they_were_drawn() -> None:
    chosen = on_points(POINTS)
    assert_usable(chosen)
    assert (chosen.data.samples, chosen.data.test_fraction) == (4, 0.0), "all of them are trained on"
    data = load(chosen)
    assert sorted(data.raw_train.tolist()) == sorted(point[:2] for point in POINTS)
    assert data.domain.tolist() == [[-6, 6], [-6, 6]] and data.classes == ("0", "1")
    assert load(on_points([*POINTS, [20, 0, 1]])).domain.tolist() == [[-20, 20], [-20, 20]]
    Session(chosen).run(2)


def test_one_point_more_is_one_row_more() -> None:
    chosen = on_points(POINTS)
    more = replace_at(chosen, "data.points", [*POINTS, [0, 0, 0]])
    assert more.data.samples == 5 and len(load(more).raw_train) == 5
    third = edits.change_data(chosen, points=[*POINTS, [0, 0, 2]])
    assert_usable(third)
    assert dataset_of(third).classes == ("0", "1", "2") and third.network.layers[-1].units == 3
    back = edits.change_data(third, points=POINTS)
    assert back.network.layers[-1].units == 1 and back.network.layers[-1].activation.name == "sigmoid"


def test_classes_without_a_point_yet() -> None:
    chosen = on_points(POINTS, classes=4)
    assert dataset_of(chosen).classes == ("0", "1", "2", "3") and load(chosen).y_train.shape == (4, 4)
    one = on_points([[0, 0, 0], [1, 1, 0]])
    assert dataset_of(one).classes == ("0", "1")
    with pytest.raises(ExperimentError, match="data.class_shares: class 2 has no point"):
        on_points(POINTS, classes=4, class_shares=[1, 1, 1, 1])


def test_points_stand_in_the_file_one_a_line() -> None:
    text = on_points(POINTS).to_json()
    assert "      [-1.0, 2.0, 0],\n      [1.5, 2.0, 1],\n" in text
    assert [list(point) for point in json.loads(text)["data"]["points"]] == POINTS


COORDINATE = st.floats(-100, 100)


@given(st.text(), st.lists(st.tuples(COORDINATE, COORDINATE, st.integers(0, 9)), min_size=2))
@settings(max_examples=40, deadline=None)
def test_points_and_texts_read_back_exactly(title: str, points: list[Any]) -> None:
    chosen = replace_at(on_points(points), "title", title + "[\n  1,\n  2\n]")
    assert Experiment.from_json(chosen.to_json()) == chosen


@pytest.mark.parametrize(("points", "message"), [
    ([], "data.points: 0 points are too few, at least 2 are needed"), ([[0, 0, 0]], "1 points are too few"),
    ([[0, 0, 0]] * 10_001, "10001 points are too many, 10000 are allowed"),
    ([[0, 0, 0], [0, 101, 1]], r"data.points\[1\]: \[0.0, 101.0, 1\] is not a point"),
    ([[0, 0, 10], [0, 1, 1]], r"data.points\[0\]: \[0.0, 0.0, 10\] is not a point"),
    ([[0, 0, -1], [0, 1, 1]], "is not a point"), ([[float("nan"), 0, 0], [0, 1, 1]], "is not a point"),
    ([[0, 0, 10**15], [0, 1, 1]], "is not a point"), ([[0, 0], [0, 1, 1]], "data.points"),
    ([[0, 0, 0.5], [0, 1, 1]], r"data.points\[0\]\[2\]: 0.5 is not of type int"),
])  # fmt: skip
def test_points_that_are_none(points: list[Any], message: str) -> None:
    with pytest.raises(ExperimentError, match=message):
        on_points(points)


def test_as_many_points_as_there_may_be() -> None:
    points = [[(i % 100) / 10 - 5, i / 2000, i % 10] for i in range(10_000)]
    assert len(load(on_points(points)).x_train) == 10_000


# What belongs to one set alone, and edits


@pytest.mark.parametrize(("field", "value"), [
    ("path", "a.csv"), ("target", "y"), ("columns", [["a", "number"]]), ("header", True), ("decimal", ","),
    ("points", POINTS), ("task", "classes"),
])  # fmt: skip
def test_fields_of_another_set_are_refused(field: str, value: Any) -> None:
    with pytest.raises(ExperimentError, match=f"data.{field}: spiral takes no such choice"):
        experiment(data={"name": "spiral", field: value})


@pytest.mark.parametrize("other", READY)
def test_from_ones_own_to_any_other_and_back(tmp_path: Path, other: str) -> None:
    path = write(tmp_path / "a.csv", classes=3)
    for own in (on_file(path), on_points([*POINTS, [0, 0, 2]])):
        away = edits.choose_data(own, other)
        assert_usable(away)
        assert away.data.path is None and away.data.points == ()
        assert_usable(edits.choose_data(away, "csv", path=str(path)))


def test_what_still_means_something_stays() -> None:
    data = {"name": "spiral", "noise": 0.2, "label_noise": 0.1, "validation_fraction": 0.3,
            "scaling": "minmax"}  # fmt: skip
    moons = edits.choose_data(experiment(data=data), "moons").data
    assert (moons.noise, moons.label_noise, moons.validation_fraction) == (0.2, 0.1, 0.3)
    plane = edits.choose_data(experiment(data=data), "plane").data
    assert (plane.label_noise, plane.validation_fraction) == (0, 0.3)
    gate = edits.choose_data(experiment(data=data), "gate_or").data
    assert (gate.label_noise, gate.validation_fraction, gate.scaling) == (0.1, 0, "minmax")


def test_classes_are_changed_with_the_output() -> None:
    two = experiment(data={"name": "spiral", "class_shares": [1, 2], "noise": 0.1, "samples": 200})
    five = edits.change_data(two, classes=5)
    assert_usable(five)
    assert (five.network.layers[-1].units, five.network.layers[-1].activation.name) == (5, "softmax")
    assert five.data.class_shares is None and (five.data.noise, five.data.samples) == (0.1, 200)
    back = edits.change_data(five, classes=2)
    assert (back.network.layers[-1].units, back.network.layers[-1].activation.name) == (1, "sigmoid")
    chance = edits.change_data(edits.choose_data(two, "credit"), task="regression")
    assert_usable(chance)
    assert chance.network.layers[-1].activation.name == "linear"
    for wrong in ({"classes": 1}, {"classes": 10**9}, {"classes": "x"}, {"samples": -1}, {"noise": 2}):
        with pytest.raises(ExperimentError):
            edits.change_data(two, **wrong)
    with pytest.raises(ExperimentError, match="there is no such field"):
        edits.change_data(two, colour=1)


def test_what_the_new_data_do_not_allow_goes(tmp_path: Path) -> None:
    iris = experiment((3,), data={"name": "iris", "validation_fraction": 0.2}, output="softmax",
                      optimizer="lbfgs", regularization={"class_weights": [1, 2, 3]},
                      training={"early_stopping": {"patience": 3}, "batch_size": 150})  # fmt: skip
    cut = edits.links.cut_link(edits.links.type_weight(iris, 0, 3, 1, 0.5), 1, 2, 2)
    gate = edits.choose_data(cut, "gate_or")
    assert_usable(gate)
    assert gate.training.early_stopping is None and gate.regularization.class_weights is None
    assert gate.network.layers[0].typed_weights == () and gate.network.layers[1].cut == ()
    digits = edits.choose_data(gate, "digits")
    shifted = replace_at(digits, "training.augmentation.shift", 2)
    assert_usable(edits.choose_data(shifted, "circle"))
    assert edits.choose_data(shifted, "circle").training.augmentation.shift == 0
    texts = tmp_path / "texts.csv"
    texts.write_text("a,b\nx,u\ny,v\nx,v\n", encoding="utf-8")
    jittered = replace_at(digits, "training.augmentation.jitter", 0.1)
    assert on_file(texts).training.augmentation.jitter == 0
    assert edits.choose_data(jittered, "csv", path=str(texts)).training.augmentation.jitter == 0
    assert edits.choose_data(jittered, "iris").training.augmentation.jitter == 0.1
    balanced = replace_at(digits, "regularization.class_weights", "balanced")
    assert edits.choose_data(balanced, "iris").regularization.class_weights == "balanced"
    assert edits.choose_data(balanced, "plane").regularization.class_weights is None


def test_previews_of_ones_own(tmp_path: Path) -> None:
    rows = preview("csv", samples=10, path=str(write(tmp_path / "a.csv", classes=3)))
    assert rows.raw.shape == (10, 4) and len(rows.labels) == 10
    assert len(preview("points", points=tuple(map(tuple, POINTS))).raw) == 4
    assert set(preview("spiral", classes=5).labels) == {0, 1, 2, 3, 4}
    with pytest.raises(ExperimentError):
        preview("csv")
