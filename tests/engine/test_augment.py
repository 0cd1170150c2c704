"""What training rows are turned into: the same for the same seed and epoch, and nothing but what is asked."""

from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import augment
from engine.augment import augmented, is_on, shifted
from engine.data import load
from engine.experiment import Augmentation, Experiment, ExperimentError, from_plain, replace_at, to_plain
from tests.engine.reference.build import PRECISIONS, experiment


def chosen(data: Any = "moons", precision: str = "float32", **augmentation: float) -> Experiment:
    output = "softmax" if data == "digits" else "sigmoid"
    plain = experiment((4,), data=data, output=output, precision=precision)
    training = msgspec.structs.replace(plain.training, augmentation=Augmentation(**augmentation))  # type: ignore[arg-type]
    return msgspec.structs.replace(plain, training=training)


@pytest.mark.parametrize("augmentation", [{"input_noise": 0.1}, {"jitter": 0.2}, {"shift": 1}])
@pytest.mark.parametrize("precision", PRECISIONS)
def test_each_epoch_has_rows_of_its_own_that_come_again(
    augmentation: dict[str, float], precision: str
) -> None:
    experiment = chosen("digits", precision, **augmentation)
    data = load(experiment)
    before = data.x_train.copy()
    first, again, other = (augmented(data, experiment, epoch) for epoch in (3, 3, 4))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)
    reseeded = replace_seed(experiment, 1)
    assert not np.array_equal(first, augmented(data, reseeded, 3))
    assert first.dtype == data.x_train.dtype
    assert first.shape == before.shape
    assert first.flags.c_contiguous
    assert first.flags.writeable
    assert np.array_equal(data.x_train, before)


def test_noise_is_drawn_alike_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    experiment = chosen("moons", input_noise=0.1)
    data = load(experiment)
    at_once = augmented(data, experiment, 2)
    monkeypatch.setattr(augment, "ROWS_AT_ONCE", 7)
    assert np.array_equal(augmented(data, experiment, 2), at_once)


def replace_seed(experiment: Experiment, seed: int) -> Experiment:
    return msgspec.structs.replace(experiment, seeds=msgspec.structs.replace(experiment.seeds, order=seed))


def test_nothing_asked_nothing_changed() -> None:
    experiment = chosen()
    data = load(experiment)
    assert not is_on(experiment)
    assert np.array_equal(augmented(data, experiment, 0), data.x_train)
    for augmentation in ({"input_noise": 0.1}, {"jitter": 0.2}, {"shift": 1}):
        assert is_on(chosen(**augmentation))


def test_input_noise_has_its_size_on_every_input() -> None:
    experiment = chosen({"name": "moons", "samples": 20_000, "test_fraction": 0.0}, input_noise=0.3)
    data = load(experiment)
    noise = augmented(data, experiment, 0) - data.x_train
    np.testing.assert_allclose(noise.std(axis=0), 0.3, rtol=0.03)
    np.testing.assert_allclose(noise.mean(axis=0), 0, atol=0.01)


def test_jitter_moves_points_before_features_are_made() -> None:
    features = ["x1", "x2", "x1^2", "x1*x2"]
    rows = {"name": "moons", "samples": 20_000, "test_fraction": 0.0, "features": features}
    experiment = chosen(rows, "float64", jitter=0.5)
    data = load(experiment)
    offset, factor = data.scaler
    x1, x2, squared, product = (augmented(data, experiment, 2) / factor + offset).T
    np.testing.assert_allclose(squared, x1**2, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(product, x1 * x2, rtol=1e-9, atol=1e-9)
    moved = np.column_stack([x1, x2]) - data.raw_train
    np.testing.assert_allclose(moved.std(axis=0), 0.5, rtol=0.03)
    np.testing.assert_allclose(moved.mean(axis=0), 0, atol=0.02)


def test_both_precisions_see_the_same_noise() -> None:
    for augmentation in ({"input_noise": 0.5}, {"jitter": 0.5}):
        short, long = (
            augmented(load(experiment), experiment, 1)
            for experiment in (chosen("moons", precision, **augmentation) for precision in PRECISIONS)
        )
        np.testing.assert_allclose(short, long, rtol=0, atol=2e-6)


def test_images_are_shifted_as_far_as_asked_onto_a_dark_ground() -> None:
    experiment = chosen("digits", "float64", shift=2)
    data = load(experiment)
    offset, factor = data.scaler
    dead = factor == 0
    moved = augmented(data, experiment, 0)
    assert np.array_equal(moved[:, dead], np.zeros_like(moved[:, dead])), "a constant column stays constant"
    raw = np.where(dead, np.nan, moved / np.where(dead, 1, factor) + offset)
    seen = set()
    for row, image in zip(raw[:200], data.raw_train[:200], strict=True):
        fits = [
            (down, right)
            for down in range(-2, 3)
            for right in range(-2, 3)
            if np.allclose(row[~dead], by_hand(image, down, right)[~dead], rtol=0, atol=1e-9)
        ]
        assert fits
        seen.update(fits[:1] if len(fits) == 1 else [])
    assert len(seen) == 25, "each offset occurs"


def by_hand(image: np.ndarray, down: int, right: int) -> np.ndarray:
    wide = np.pad(image.reshape(8, 8), 2)
    return wide[2 - down : 10 - down, 2 - right : 10 - right].ravel()


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 5), st.integers(1, 5), st.integers(0, 7), st.integers(0, 2**32 - 1))
def test_shifts_of_any_image(height: int, width: int, reach: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    images, ground = rng.random((6, height * width)), rng.random(height * width)
    offsets = rng.integers(-reach, reach + 1, (6, 2))
    found = shifted(images, (height, width), offsets, ground).reshape(6, height, width)
    for index, (down, right) in enumerate(offsets):
        for y in range(height):
            for x in range(width):
                inside = 0 <= y - down < height and 0 <= x - right < width
                from_image = images[index].reshape(height, width)
                expected = from_image[y - down, x - right] if inside else ground.reshape(height, width)[y, x]
                assert found[index, y, x] == expected


@pytest.mark.parametrize(("data", "reason"), [
    ({"name": "moons"}, "only images can be shifted, and moons has none"),
    ({"name": "digits", "features": ["p0_0", "p0_1"]}, "only whole images can be shifted"),
])  # fmt: skip
def test_what_is_no_whole_image_is_not_shifted(data: dict[str, Any], reason: str) -> None:
    if data["name"] == "digits":
        data["features"] = list(to_plain(chosen("digits"))["data"]["features"][:2])
    output = "softmax" if data["name"] == "digits" else "sigmoid"
    plain = to_plain(experiment((4,), data=data, output=output))
    plain["training"]["augmentation"]["shift"] = 1
    with pytest.raises(ExperimentError, match=rf"training\.augmentation\.shift: {reason}"):
        from_plain(plain)


def test_jitter_leaves_categories_as_they_are(tmp_path: Path) -> None:
    def table(name: str, columns: str, row: str) -> Experiment:
        rows = "\n".join(row.format(i / 7, "ab"[i % 2], ["no", "yes"][i % 3 % 2]) for i in range(40))
        (tmp_path / name).write_text(f"{columns}\n{rows}\n")
        plain = to_plain(experiment((4,), data={"name": "csv", "path": str(tmp_path / name)}))
        plain["training"]["augmentation"]["jitter"] = 0.5
        return from_plain(plain)

    both = table("both.csv", "size,kind,target", "{0},{1},{2}")
    data = load(both)
    assert data.input_names == ("size", "kind=a", "kind=b")
    moved = augmented(data, both, 0) != data.x_train
    assert moved[:, 0].all()
    assert not moved[:, 1:].any()
    with pytest.raises(ExperimentError, match=r"training\.augmentation\.jitter: jitter moves numbers"):
        table("categories.csv", "kind,target", "{1},{2}")


def test_ranges() -> None:
    for place, value in (("shift", 9), ("jitter", -1), ("input_noise", 11)):
        with pytest.raises(ExperimentError, match="is not in"):
            replace_at(experiment(), f"training.augmentation.{place}", value)
