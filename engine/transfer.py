"""Layers that start with the weights of another training, read from a file: transfer."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from engine.experiment import Experiment, ExperimentError, Initializer, from_plain, to_plain
from engine.files import read_start
from engine.tensor_file import open_tensors

USUAL = "xavier_uniform"  # the start of a layer that no longer fits its file
Plain = dict[str, Any]


def start_from_file(experiment: Experiment, layers: Sequence[int], path: str | Path) -> Experiment:
    """Have layers start with the weights and biases of a safetensors file.

    Each takes those of the layer of its own number there or, where these are of another shape, of the one
    layer that has its shape. What was typed by hand in them is forgotten. Raises ExperimentError where
    nothing fits, or the file cannot be used.
    """
    plain = to_plain(experiment)
    chosen = plain["network"]["layers"]
    sizes = sizes_of(experiment)
    shapes = _shapes(path, layers)
    for layer in layers:
        origin = _origin(layer, sizes[layer : layer + 2], shapes)
        chosen[layer]["initializer"] = {"name": "from_file", "path": str(path), "layer": origin}
        chosen[layer]["typed_weights"], chosen[layer]["typed_biases"] = [], []
    return tried(from_plain(plain), layers)


def tried(experiment: Experiment, layers: Iterable[int]) -> Experiment:
    """Return an experiment when the files of those of the layers that start from one hold what they need.

    So what is wrong with a file is said before anything is given up for it. Raises ExperimentError.
    """
    for layer in layers:
        start = experiment.network.layers[layer].initializer
        if start.entry.reads_file and start.settings["path"]:
            read_start(experiment, layer, sizes_of(experiment)[0])
    return experiment


def sizes_of(experiment: Experiment) -> tuple[int, ...]:
    """Return the numbers of inputs and of each layer's units."""
    return (len(experiment.data.features or ()), *(layer.units for layer in experiment.network.layers))


def without_stale_files(old: Experiment, new: Experiment) -> Experiment:
    """Return the new experiment, in which layers that were resized no longer start from their file.

    A file fits one shape only; a layer that has lost it starts as usual.
    """
    before = [(layer.initializer, shape) for layer, shape in _shaped(old)]
    stale = [
        index for index, (layer, shape) in enumerate(_shaped(new))
        if layer.initializer.entry.reads_file and (layer.initializer, shape) not in before
        and any(layer.initializer == known for known, _ in before)
    ]  # fmt: skip
    if not stale:
        return new
    plain = to_plain(new)
    for index in stale:
        plain["network"]["layers"][index]["initializer"] = Initializer(USUAL).to_plain()
    return from_plain(plain)


def _shaped(experiment: Experiment) -> list[tuple[Any, tuple[int, ...]]]:
    """Return each layer with the shape of its weights."""
    sizes = sizes_of(experiment)
    return [(layer, sizes[index : index + 2]) for index, layer in enumerate(experiment.network.layers)]


def _shapes(path: str | Path, layers: Sequence[int]) -> Mapping[str, tuple[int, ...]]:
    try:
        with open_tensors(path) as file:
            return {name: tensor.shape for name, tensor in file.tensors.items()}
    except ExperimentError:
        raise
    except (OSError, ValueError) as error:  # ValueError: a path that no system has
        place = f"network.layers[{layers[0]}].initializer.path" if layers else ""
        detail = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise ExperimentError(
            place, "{file} cannot be read ({detail})", file=str(path), detail=detail
        ) from error


def _origin(layer: int, shape: tuple[int, ...], shapes: Mapping[str, tuple[int, ...]]) -> int:
    """Return which layer of the file a layer takes."""
    if shapes.get(f"layers.{layer}.weight") == shape:
        return layer
    fitting = [index for index in range(100) if shapes.get(f"layers.{index}.weight") == shape]
    return fitting[0] if len(fitting) == 1 else layer
