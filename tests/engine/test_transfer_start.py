"""Layers that start with a file: which layer of it they take, and what happens when they change."""

from pathlib import Path

import numpy as np
import pytest

from engine import edits, links
from engine.experiment import Experiment, ExperimentError, from_plain
from engine.files import save_weights
from engine.session import Session
from engine.transfer import start_from_file, without_stale_files


def network(*units: int, data: str = "circle") -> Experiment:
    layers = [{"units": count} for count in units] + [{"units": 1, "activation": "sigmoid"}]
    return from_plain({"data": {"name": data, "samples": 40}, "network": {"layers": layers}})


@pytest.fixture
def trained(tmp_path: Path) -> tuple[Path, dict[str, np.ndarray]]:
    session = Session(network(4, 5))
    session.run(3)
    path = tmp_path / "trained.safetensors"
    save_weights(path, session.snapshot())
    return path, session.parameters()


def test_layers_take_the_weights_of_their_own_number(trained) -> None:
    path, weights = trained
    fresh = links.type_bias(network(4, 5, data="moons"), 1, 0, 9.0)
    start = Session(start_from_file(fresh, [0, 1], path)).parameters()
    for name in ("layers.0.weight", "layers.0.bias", "layers.1.weight", "layers.1.bias"):
        assert np.array_equal(start[name], weights[name])
    assert not np.array_equal(start["layers.2.weight"], weights["layers.2.weight"])


def test_else_those_of_the_one_layer_that_fits(trained) -> None:
    path, weights = trained
    start = Session(start_from_file(network(2, 4, 5), [2, 1], path))
    assert np.array_equal(start.parameters()["layers.2.weight"], weights["layers.1.weight"])
    assert np.array_equal(start.parameters()["layers.1.weight"], weights["layers.0.weight"])


@pytest.mark.parametrize(("units", "layer", "reason"), [
    ((3, 5), 0, "does not fit"), ((4, 5, 6, 6), 3, "there is no layers.3.weight"),
])  # fmt: skip
def test_what_does_not_fit_is_said_with_its_layer(trained, units, layer, reason) -> None:
    with pytest.raises(ExperimentError, match=reason) as caught:
        start_from_file(network(*units), [layer], trained[0])
    assert caught.value.place.startswith(f"network.layers[{layer}].initializer")


def test_a_file_that_is_none_is_said(tmp_path: Path) -> None:
    for name, content in (("none", None), ("text", b"hello"), ("folder", None)):
        path = tmp_path / name
        if content:
            path.write_bytes(content)
        elif name == "folder":
            path.mkdir()
        with pytest.raises(ExperimentError):
            start_from_file(network(4), [0], path)
    with pytest.raises(ExperimentError, match="cannot be read"):
        start_from_file(network(4), [0], "\x00")  # as no file of any system is called


def test_a_layer_that_is_resized_loses_its_file_and_others_keep_theirs(trained) -> None:
    old = start_from_file(network(4, 5), [0, 1], trained[0])

    def starts(new: Experiment) -> list[str]:
        return [layer.initializer.name for layer in without_stale_files(old, new).network.layers]

    assert starts(edits.set_units(old, 1, 6)) == ["from_file", "xavier_uniform", "xavier_uniform"]
    assert starts(edits.set_units(old, 0, 3)) == ["xavier_uniform", "xavier_uniform", "xavier_uniform"]
    assert starts(edits.insert_layer(old, 1))[:2] == ["from_file", "xavier_uniform"]
    assert without_stale_files(old, links.freeze(old, 0)) == links.freeze(old, 0)
    assert without_stale_files(network(4, 5), old) == old
    removed = edits.remove_layer(edits.insert_layer(old, 0, 2), 0)
    assert without_stale_files(old, removed) == removed
