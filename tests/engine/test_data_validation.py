"""Validation rows: cut from the training part in proportion, seen by no scaling, and nothing else moves."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import ExperimentError, Session
from engine.choices import SCALINGS
from engine.data import load
from engine.data.scaling import measure
from engine.experiment import replace_at
from tests.engine.reference.build import experiment

OUTPUT = {"circle": "sigmoid", "iris": "softmax", "plane": "linear"}


def chosen(name: str, seed: int = 0, **data: Any) -> Any:
    return experiment((), data={"name": name, **data}, output=OUTPUT[name], precision="float64", seed=seed)


def sorted_rows(*parts: np.ndarray) -> list[tuple[float, ...]]:
    return sorted(map(tuple, np.vstack(parts)))


@pytest.mark.parametrize("name", OUTPUT)
@settings(max_examples=20, deadline=None)
@given(share=st.floats(0, 0.95), tested=st.floats(0, 0.95), seed=st.integers(0, 2**32 - 1))
def test_validation_rows_come_out_of_the_training_rows_alone(
    name: str, share: float, tested: float, seed: int
) -> None:
    whole = load(chosen(name, seed, samples=60, test_fraction=tested))
    data = load(chosen(name, seed, samples=60, test_fraction=tested, validation_fraction=share))
    assert np.array_equal(data.raw_test, whole.raw_test) and np.array_equal(data.y_test, whole.y_test)
    n = len(whole.raw_train)
    assert len(data.raw_validation) == min(int(np.ceil(n * share - 1e-9)), n - 1)
    assert sorted_rows(data.raw_train, data.raw_validation) == sorted_rows(whole.raw_train)
    for part in ("train", "validation"):
        x, y, raw = (getattr(data, f"{kind}_{part}") for kind in ("x", "y", "raw"))
        assert len(x) == len(y) == len(raw) and np.array_equal(data.transform(raw), x)
    if data.classes:
        sizes = np.bincount(whole.labels_train, minlength=len(data.classes))
        cut = np.bincount(data.labels_validation, minlength=len(data.classes))
        assert np.abs(cut - sizes * len(data.raw_validation) / n).max() < 1


def test_without_a_share_there_are_no_validation_rows_and_nothing_changes() -> None:
    data, usual = load(chosen("circle", validation_fraction=0.0)), load(chosen("circle"))
    assert data.x_validation.shape == (0, 2) and data.y_validation.shape == (0, 1)
    assert data.raw_validation.shape == (0, 2) and data.labels_validation.shape == (0,)
    assert np.array_equal(data.x_train, usual.x_train)


def test_the_rows_that_stay_keep_their_order() -> None:
    whole, data = load(chosen("circle")), load(chosen("circle", validation_fraction=0.4))
    place = {tuple(row): index for index, row in enumerate(whole.raw_train)}
    for part in (data.raw_train, data.raw_validation):
        places = [place[tuple(row)] for row in part]
        assert places == sorted(places)


@pytest.mark.parametrize("scaling", SCALINGS)
def test_scaling_sees_neither_validation_nor_test_rows(scaling: str) -> None:
    data = load(chosen("iris", scaling=scaling, validation_fraction=0.3))
    for ours, true in zip(data.scaler, measure(scaling, data.raw_train), strict=True):
        assert np.array_equal(ours, true)
    if scaling == "standard":
        np.testing.assert_allclose(data.x_train.mean(axis=0), 0, atol=1e-12)
        assert np.abs(data.x_validation.mean(axis=0)).max() > 1e-3


def test_what_is_trained_on_has_no_validation_row() -> None:
    """The same start, rows other by one share: the weights differ, the test rows do not."""
    plain = chosen("circle")
    sessions = [Session(plain), Session(replace_at(plain, "data.validation_fraction", 0.5))]
    for session in sessions:
        session.run(1)
    assert sessions[1].batches == 13 and sessions[0].batches == 25
    assert np.array_equal(sessions[0].data.raw_test, sessions[1].data.raw_test)
    assert not np.array_equal(sessions[0].weights()[0][0], sessions[1].weights()[0][0])


@pytest.mark.parametrize("field", ["validation_fraction", "test_fraction"])
def test_a_gate_is_never_cut(field: str) -> None:
    with pytest.raises(ExperimentError, match=f"data.{field}: gate_or always trains and tests on all"):
        experiment(data={"name": "gate_or", field: 0.25})
