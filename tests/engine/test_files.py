"""Weights files: what is written is read, and what does not fit is named."""

import json
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors import safe_open
from safetensors.numpy import load_file, save_file

from engine import Session
from engine.experiment import from_plain, replace_at
from engine.files import WeightsError, load_parameters, save_weights, tensor_shapes
from tests.engine.reference.build import PRECISIONS, experiment
from tests.engine.reference.weights import load, norm_tensors, normalized, refused, tensors


@pytest.mark.parametrize("precision", PRECISIONS)
@pytest.mark.parametrize("hidden", [(), (5, 4), (40, 40)])
def test_round_trip(tmp_path: Path, hidden: tuple[int, ...], precision: str) -> None:
    session = Session(experiment(hidden, data="iris", output="softmax", precision=precision))
    session.run(3)
    save_weights(tmp_path / "w.safetensors", session.snapshot())
    pairs = load(tmp_path / "w.safetensors", session)
    for (w, b), (expected_w, expected_b) in zip(pairs, session.weights(), strict=True):
        assert w.dtype == b.dtype == np.dtype(precision)
        assert np.array_equal(w, expected_w)
        assert np.array_equal(b, expected_b)
    fresh = Session(session.experiment)
    fresh.set_weights(pairs)
    assert np.array_equal(fresh.snapshot().theta, session.snapshot().theta)


def test_what_stands_in_the_file(path: Path, session: Session) -> None:
    found = load_file(path)
    assert {name: array.shape for name, array in found.items()} == {
        "layers.0.weight": (4, 5), "layers.0.bias": (5,), "layers.1.weight": (5, 4), "layers.1.bias": (4,),
        "layers.2.weight": (4, 3), "layers.2.bias": (3,),
    }  # fmt: skip
    (length,) = struct.unpack("<Q", path.read_bytes()[:8])
    metadata = json.loads(path.read_bytes()[8 : 8 + length])["__metadata__"]
    assert metadata["format"] == "relevo-weights-1"
    assert metadata["experiment"] == session.experiment.to_json()
    assert (metadata["epoch"], metadata["update"]) == ("0", "0")


def test_the_same_moment_is_the_same_file(tmp_path: Path, session: Session) -> None:
    for number in range(6):
        save_weights(tmp_path / str(number), session.snapshot())
    first, *rest = (file.read_bytes() for file in tmp_path.iterdir() if file.name.isdigit())
    assert [other == first for other in rest] == [True] * 5
    assert int.from_bytes(first[:8], "little") % 8 == 0
    with safe_open(tmp_path / "0", "np") as file:  # what reads it takes it
        assert set(file.metadata()) == {"format", "experiment", "epoch", "update"}
        assert set(file.keys()) == set(session.parameters())


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_floating_point_numbers_of_any_size_are_taken(tmp_path: Path, session: Session, dtype: type) -> None:
    save_file({name: array.astype(dtype) for name, array in tensors(session).items()}, tmp_path / "w")
    session.set_weights(load(tmp_path / "w", session))


SPOILED: list[tuple[Any, str]] = [
    (lambda t: t | {"layers.0.weight": t["layers.0.weight"].T.copy()},
     "layers.0.weight: the shape [5, 4] of layers.0.weight does not fit this network's [4, 5]"),
    (lambda t: t | {"layers.2.bias": t["layers.2.bias"][None]},
     "layers.2.bias: the shape [1, 3] of layers.2.bias does not fit this network's [3]"),
    (lambda t: t | {"layers.1.bias": np.zeros(4, np.int32)},
     "layers.1.bias is of the type I32, not F16, F32 or F64"),
    (lambda t: t | {"layers.1.bias": np.zeros(4, bool)},
     "layers.1.bias is of the type BOOL, not F16, F32 or F64"),
    (lambda t: t | {"layers.3.bias": np.zeros(4, np.float32)},
     "layers.3.bias: this network has no such tensor"),
    (lambda t: {name: array for name, array in t.items() if name != "layers.1.bias"},
     "layers.1.bias: there is no layers.1.bias, which this network needs"),
    (lambda t: {}, "layers.0.weight: there is no layers.0.weight, which this network needs"),
    (lambda t: t | {"layers.1.bias": np.array([0, 0, np.nan, np.inf])},
     "layers.1.bias holds nan, which is no finite number in float32"),
    (lambda t: t | {"layers.2.weight": np.full((4, 3), -1e300)},
     "layers.2.weight holds -1e+300, which is no finite number in float32"),
]  # fmt: skip


@pytest.mark.parametrize(("spoil", "message"), SPOILED)
def test_what_does_not_fit_is_named(tmp_path: Path, session: Session, spoil: Any, message: str) -> None:
    save_file(spoil(tensors(session)), tmp_path / "w")
    assert str(refused(tmp_path / "w", session)) == message


def test_a_file_that_is_not_there(tmp_path: Path, session: Session) -> None:
    with pytest.raises(OSError, match="nothing"):
        load(tmp_path / "nothing", session)
    with pytest.raises(OSError, match=tmp_path.name):
        load(tmp_path, session)


def test_a_very_long_experiment_is_left_out_of_the_metadata(tmp_path: Path) -> None:
    plain = json.loads(experiment((2,), data="gate_or").to_json()) | {"title": "\x01" * 300_000}
    session = Session(from_plain(plain))
    save_weights(tmp_path / "w", session.snapshot())
    load(tmp_path / "w", session)
    assert (tmp_path / "w").stat().st_size < 2000


# Batch normalization's numbers, and masks.


def test_everything_that_is_trained_or_running_makes_the_round_trip(tmp_path: Path) -> None:
    chosen = normalized(experiment((5, 4), data="iris", output="softmax"), 1)
    chosen = replace_at(chosen, "network.layers[0].cut", [[0, 1], [3, 2]])
    session = Session(chosen)
    session.run(2)
    save_weights(tmp_path / "w", session.snapshot())
    fresh = Session(chosen)
    fresh.set_parameters(load_parameters(tmp_path / "w", chosen, 4))
    assert np.array_equal(fresh.snapshot().theta, session.snapshot().theta)
    names = {name.rpartition(".")[2] for name in load_file(tmp_path / "w")}
    assert names == {"weight", "bias", "mask", "scale", "shift", "running_mean", "running_variance"}


def test_batch_normalization_comes_along(tmp_path: Path, session: Session) -> None:
    chosen = normalized(session.experiment)
    assert tensor_shapes(chosen, 4)["layers.0.running_variance"] == (5,)
    mask = {"layers.0.mask": np.ones((4, 5), bool)}
    save_file(norm_tensors(session) | mask, tmp_path / "w")
    found = load_parameters(tmp_path / "w", chosen, 4)
    assert set(found) == set(tensor_shapes(chosen, 4))
    assert np.array_equal(found["layers.0.shift"], np.arange(5.0))
    assert "no such tensor" in str(refused(tmp_path / "w", session))


@pytest.mark.parametrize(
    ("spoil", "message"),
    [({"layers.0.running_variance": -np.ones(5)}, "layers.0.running_variance holds a variance below 0"),
     ({"layers.0.scale": np.ones(4)}, "the shape [4] of layers.0.scale does not fit this network's [5]"),
     ({"layers.0.shift": None}, "there is no layers.0.shift, which this network needs")],
)  # fmt: skip
def test_batch_normalization_that_does_not_fit(
    tmp_path: Path, session: Session, spoil: dict[str, Any], message: str
) -> None:
    spoiled = {name: array for name, array in (norm_tensors(session) | spoil).items() if array is not None}
    save_file(spoiled, tmp_path / "w")
    with pytest.raises(WeightsError) as caught:
        load_parameters(tmp_path / "w", normalized(session.experiment), 4)
    assert message in str(caught.value)
