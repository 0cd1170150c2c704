"""The real sets: the published facts about them, the bytes of their files, and no network."""

import hashlib
import json
import socket

import numpy as np
import pytest

from engine.choices.datasets import DATASETS
from engine.data import bundled
from engine.resources import resource

REAL = ("digits", "mnist", "iris", "wine", "breast_cancer")
SHA256 = {
    "breast_cancer.csv": "ef0aa54c457ad782095432cba146fd9e2c5d229005d1e64528d19b38c266ab71",
    "digits.npz": "089d33176bf6819a5c6ebd6746c5293713f4e81c2c8fc52b672e6e15faa78f41",
    "iris.csv": "81269defbe7c559bfe8c9c79a46698e32ef1dd3dbdf9d9c91a42a039bf85df2d",
    "mnist.npz": "866eaa8832a2cb575a3eb5d2697d1a8d4794b4c8cd04dfeddb7ee3e9f40bb854",
    "wine.csv": "64ed3890c87385c6232d610290cf904bb41f13ba2413a769b42f5c6cef784214",
}
COUNTS = {
    "digits": [178, 182, 177, 183, 181, 182, 181, 179, 174, 180],
    "mnist": [500] * 10,
    "iris": [50, 50, 50],
    "wine": [59, 71, 48],
    "breast_cancer": [212, 357],
}


@pytest.mark.parametrize("file", SHA256)
def test_files_are_the_ones_that_were_made(file: str) -> None:
    assert hashlib.sha256(resource("datasets", file).read_bytes()).hexdigest() == SHA256[file]


@pytest.mark.parametrize("name", REAL)
def test_rows_columns_and_classes_are_as_published(name: str) -> None:
    entry, rows = DATASETS[name], bundled.read(name)
    assert rows.raw.shape == (entry.rows, len(entry.inputs))
    assert np.bincount(rows.labels).tolist() == COUNTS[name]
    assert len(entry.classes) == len(COUNTS[name])
    assert np.isfinite(rows.raw).all()


@pytest.mark.parametrize(("name", "column", "low", "high", "mean"), [
    ("iris", "sepal_length", 4.3, 7.9, 5.84), ("iris", "sepal_width", 2.0, 4.4, 3.06),
    ("iris", "petal_length", 1.0, 6.9, 3.76), ("iris", "petal_width", 0.1, 2.5, 1.20),
    ("wine", "alcohol", 11.03, 14.83, 13.0), ("wine", "magnesium", 70, 162, 99.7),
    ("wine", "dilution", 1.27, 4.0, 2.61), ("wine", "proline", 278, 1680, 746.9),
    ("breast_cancer", "mean_radius", 6.981, 28.11, 14.13),
    ("breast_cancer", "error_area", 6.802, 542.2, 40.34),
    ("breast_cancer", "worst_concave_points", 0, 0.291, 0.1146),
    ("breast_cancer", "worst_fractal_dimension", 0.05504, 0.2075, 0.0839),
])  # fmt: skip
def test_columns_have_their_published_range_and_mean(
    name: str, column: str, low: float, high: float, mean: float
) -> None:
    values = bundled.read(name).raw[:, DATASETS[name].inputs.index(column)]
    assert (values.min(), values.max()) == (low, high)
    assert values.mean() == pytest.approx(mean, abs=0.005 if mean < 50 else 0.1)


@pytest.mark.parametrize(("name", "brightest"), bundled.BRIGHTEST.items())
def test_pixels_are_whole_numbers_up_to_the_brightest(name: str, brightest: float) -> None:
    raw = bundled.read(name).raw
    assert (raw.min(), raw.max()) == (0, brightest)
    assert np.array_equal(raw, np.round(raw))


def test_digits_sum_and_first_digit() -> None:
    rows = bundled.read("digits")
    assert rows.raw.sum() == 561_718
    assert rows.labels[:10].tolist() == list(range(10))
    assert rows.raw[0, :8].tolist() == [0, 0, 5, 13, 9, 1, 0, 0]


def middle(image: np.ndarray) -> float:
    """Return the column about which the ink is balanced."""
    return float((image.sum(axis=0) * np.arange(image.shape[1])).sum() / image.sum())


def test_images_are_the_right_way_up() -> None:
    """A mean 7 has its bar above and its foot farther to the left, a mean 6 is heavier below."""
    for name in bundled.BRIGHTEST:
        side = (DATASETS[name].image or (0, 0))[0]
        rows, half = bundled.read(name), side // 2
        seven, six = (rows.raw[rows.labels == digit].mean(axis=0).reshape(side, side) for digit in (7, 6))
        assert seven[:half].sum() > seven[half:].sum()
        assert middle(seven[-half // 2 :]) < middle(seven[half // 2 : half])
        assert six[half:].sum() > six[:half].sum()


def test_nothing_is_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*arguments: object) -> None:
        raise AssertionError("a data set asked for the network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    bundled._columns.cache_clear()
    for name in REAL:
        bundled.read(name)


def test_every_file_is_named_in_the_licences() -> None:
    text = resource("datasets", "LICENSES.md").read_text(encoding="utf-8")
    for path in resource("datasets").iterdir():
        assert path.name == "LICENSES.md" or f"`{path.name}`" in text


@pytest.mark.parametrize("name", ["iris", "wine", "breast_cancer"])
def test_columns_and_classes_have_their_portuguese(name: str) -> None:
    text = resource("translations", "pt_BR", "datasets.json").read_text(encoding="utf-8")
    entry, translations = DATASETS[name], json.loads(text)
    assert all(translations[key.replace("_", " ")] for key in (*entry.inputs, *entry.classes))


def test_resources_are_found_when_frozen(monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> None:
    monkeypatch.setattr("sys._MEIPASS", str(tmp_path), raising=False)
    assert resource("a", "b.txt").parts[-3:] == ("resources", "a", "b.txt")
    assert str(resource()).startswith(str(tmp_path))
