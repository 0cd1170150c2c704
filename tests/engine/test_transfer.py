"""Transfer: some layers of a file or of another session, and the start that copies from a file."""

import json
import os
import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import save_file

from engine import Session
from engine.experiment import ExperimentError, from_plain, replace_at
from engine.files import WeightsError, load_layers, save_weights, transferred
from tests.engine.reference.build import PRECISIONS, experiment
from tests.engine.reference.weights import norm_tensors, normalized, tensors


def test_some_layers_of_a_file(path: Path, session: Session) -> None:
    other = experiment((7, 5, 4), data="iris", output="softmax")
    found = load_layers(path, {2: 1, 3: 2}, other, 4)
    assert set(found) == {"layers.2.weight", "layers.2.bias", "layers.3.weight", "layers.3.bias"}
    assert np.array_equal(found["layers.2.weight"], session.weights()[1][0])
    assert np.array_equal(found["layers.3.bias"], session.weights()[2][1])
    again = transferred(session.parameters(), {2: 1, 3: 2}, other, 4)
    assert all(np.array_equal(found[name], again[name]) for name in found | again)


def test_batch_normalization_is_transferred_where_both_have_it(tmp_path: Path, session: Session) -> None:
    save_file(norm_tensors(session), tmp_path / "w")
    chosen = normalized(session.experiment)
    with_norm = load_layers(tmp_path / "w", {0: 0}, chosen, 4)
    assert np.array_equal(with_norm["layers.0.scale"], np.arange(5.0))
    pair = {"layers.0.weight", "layers.0.bias"}
    assert set(load_layers(tmp_path / "w", {0: 0}, session.experiment, 4)) == pair
    assert set(transferred(tensors(session), {0: 0}, chosen, 4)) == pair


@pytest.mark.parametrize(
    ("layers", "message"),
    [({1: 0}, "layers.1.weight: the shape [4, 5] of layers.0.weight does not fit this network's [5, 4]"),
     ({0: 7}, "layers.0.weight: there is no layers.7.weight, which this network needs"),
     ({9: 0}, "this network has no layer 9"), ({-1: 0}, "this network has no layer -1")],
)  # fmt: skip
def test_layers_that_do_not_fit_are_named(
    path: Path, session: Session, layers: dict[int, int], message: str
) -> None:
    with pytest.raises(WeightsError) as caught:
        load_layers(path, layers, session.experiment, 4)
    assert str(caught.value) == message
    with pytest.raises(WeightsError) as caught:
        transferred(tensors(session), layers, session.experiment, 4)
    assert str(caught.value) == message


def test_what_is_transferred_is_finite(session: Session) -> None:
    spoiled = tensors(session)
    spoiled["layers.1.bias"][2] = np.nan
    transferred(spoiled, {0: 0}, session.experiment, 4)
    with pytest.raises(WeightsError, match=r"layers\.1\.bias holds nan"):
        transferred(spoiled, {1: 1}, session.experiment, 4)


# The initializer that copies.


def from_file(path: object, **parameters: Any) -> dict[str, Any]:
    return {"name": "from_file", "path": str(path), **parameters}


def started(hidden: tuple[int, ...], starts: dict[int, Any], **parts: Any) -> Session:
    """Return a session on iris in which some layers start in their own way."""
    plain = json.loads(experiment(hidden, data="iris", output="softmax", bias="constant", **parts).to_json())
    for layer, start in starts.items():
        plain["network"]["layers"][layer]["initializer"] = start
    return Session(from_plain(plain))


@pytest.mark.parametrize("precision", PRECISIONS)
def test_weights_and_biases_are_copied_from_a_file(tmp_path: Path, precision: str) -> None:
    source = started((5, 4), {}, precision="float64")
    source.run(2)
    save_weights(tmp_path / "w", source.snapshot())
    copy = started((5, 4), {0: from_file(tmp_path / "w"), 2: from_file(tmp_path / "w", layer=2)},
                   precision=precision)  # fmt: skip
    plain = started((5, 4), {}, precision=precision)
    for layer, ((w, b), (there, other), (drawn, usual)) in enumerate(
        zip(copy.weights(), source.weights(), plain.weights(), strict=True)
    ):
        assert np.array_equal(w, drawn if layer == 1 else there.astype(precision))
        assert np.array_equal(b, usual if layer == 1 else other.astype(precision))
    assert copy.start_report == ()


def test_a_start_from_a_file_takes_batch_normalization_along(tmp_path: Path) -> None:
    plain = experiment((5, 4), data="iris", output="softmax")
    source = Session(normalized(plain))
    source.run(2)
    save_weights(tmp_path / "w", source.snapshot())
    copy = Session(replace_at(normalized(plain), "network.layers[0].initializer", from_file(tmp_path / "w")))
    without = Session(replace_at(plain, "network.layers[0].initializer", from_file(tmp_path / "w")))
    for name, array in source.parameters().items():
        if name.startswith("layers.0."):
            assert np.array_equal(copy.parameters()[name], array), name
    assert np.array_equal(without.parameters()["layers.0.weight"], source.parameters()["layers.0.weight"])


def test_any_layer_of_the_file_is_taken(path: Path, session: Session) -> None:
    copy = started((7, 5, 4), {2: from_file(path, layer=1)})
    assert np.array_equal(copy.weights()[2][0], session.weights()[1][0])
    assert np.array_equal(copy.weights()[2][1], session.weights()[1][1])


PATH = "network.layers[0].initializer.path: "


@pytest.mark.parametrize(
    ("name", "layer", "message"),
    [("weights.safetensors", 1, "the shape [5, 4] of layers.1.weight does not fit this network's [4, 5]"),
     ("weights.safetensors", 9, "there is no layers.9.weight, which this network needs"),
     ("nothing", -1, "{}/nothing cannot be read (No such file or directory)"),
     ("", -1, "{}/ cannot be read (Is a directory)"), ("odd", -1, "this is a pickle, not a safetensors file"),
     ("\x00", -1, "{}/\\x00 cannot be read (embedded null byte)")],
)  # fmt: skip
@pytest.mark.skipif(os.name == "nt", reason="these are the words of POSIX")
def test_a_start_that_cannot_be_copied_names_the_layer(
    path: Path, name: str, layer: int, message: str
) -> None:
    (path.parent / "odd").write_bytes(pickle.dumps([1.0]))
    with pytest.raises(ExperimentError) as caught:
        started((5, 4), {0: from_file(f"{path.parent}/{name}", layer=layer)})
    assert str(caught.value) == PATH + message.format(path.parent)


def test_a_path_is_text_that_is_not_empty() -> None:
    with pytest.raises(ExperimentError) as caught:
        started((5, 4), {0: "from_file"})
    assert str(caught.value) == PATH + "a weights file has to be named"
    for value in (None, 3, ["w"], "x" * 5000):
        with pytest.raises(ExperimentError, match="initializer.path: .* is not a text"):
            started((5, 4), {0: {"name": "from_file", "path": value}})
    with pytest.raises(ExperimentError, match="is not a whole number"):
        started((5, 4), {0: from_file("w", layer=0.5)})
