"""Weights in and out: what a network needs of a safetensors file, and what it leaves in one."""

import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from safetensors.numpy import save

from engine.experiment import Experiment
from engine.plan import NORM_TENSORS
from engine.snapshot import Pairs, Snapshot
from engine.tensor_file import LARGEST_FILE, TensorFile, WeightsError, open_tensors
from engine.writing import write_whole

__all__ = [
    "FORMAT", "LARGEST_FILE", "WeightsError", "load_layers", "load_parameters", "load_weights",
    "read_start", "save_weights", "tensor_shapes", "transferred",
]  # fmt: skip

FORMAT = "relevo-weights-1"
LONGEST_NOTE = 512 * 1024  # bytes of the experiment that is noted in a weights file
CHUNK = 1 << 20  # numbers looked at at once

Tensors = dict[str, np.ndarray]
Shapes = Mapping[str, tuple[int, ...]]


def save_weights(path: str | Path, snapshot: Snapshot) -> None:
    """Write a snapshot's tensors, with the experiment and the counters as metadata.

    They are named ``layers.0.weight`` (n_in, n_out), ``layers.0.bias`` (n_out,) and so on. The same moment
    of the same experiment is the same file, byte for byte.
    Raises OSError, and leaves what is there as it was.
    """
    experiment = snapshot.experiment.to_json().encode("utf-8", "backslashreplace").decode("utf-8")
    metadata = {
        "format": FORMAT,
        "experiment": experiment if len(json.dumps(experiment)) <= LONGEST_NOTE else "",
        "epoch": str(snapshot.epoch),
        "update": str(snapshot.update),
    }
    write_whole(path, _in_order(save(snapshot.parameters(), metadata)))


def _in_order(file: bytes) -> bytes:
    """Return a safetensors file with its metadata sorted: the library writes them in another order each time.

    A file is the length of its header in 8 bytes, the header as JSON, and the numbers.
    """
    end = 8 + int.from_bytes(file[:8], "little")
    header = json.loads(file[8:end])
    header["__metadata__"] = dict(sorted(header["__metadata__"].items()))
    text = json.dumps(header, ensure_ascii=False, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)  # numbers begin at a multiple of 8, as the format asks for
    return b"".join((len(text).to_bytes(8, "little"), text, memoryview(file)[end:]))


def tensor_shapes(experiment: Experiment, inputs: int) -> dict[str, tuple[int, ...]]:
    """Return the shape of each tensor that a network with ``inputs`` input columns needs, by name."""
    sizes = [inputs, *(layer.units for layer in experiment.network.layers)]
    shapes: dict[str, tuple[int, ...]] = {}
    for index, layer in enumerate(experiment.network.layers):
        shapes[f"layers.{index}.weight"] = (sizes[index], sizes[index + 1])
        shapes[f"layers.{index}.bias"] = (sizes[index + 1],)
        if layer.batch_norm.name != "none":
            shapes |= {f"layers.{index}.{part}": (sizes[index + 1],) for part in NORM_TENSORS}
    return shapes


def load_parameters(path: str | Path, experiment: Experiment, inputs: int) -> Tensors:
    """Read every tensor of the experiment's network with ``inputs`` input columns, by name.

    Returns arrays in the file's own precision. A mask of cut links is let pass: the experiment says which
    links are cut. Raises WeightsError when the file is no safetensors file, or a tensor is missing, unknown,
    of another shape, not of floating-point numbers, or holds what is no finite number in the experiment's
    precision; OSError when it cannot be read.
    """
    shapes = tensor_shapes(experiment, inputs)
    with open_tensors(path) as file:
        found = _shapes_of(file)
        for name in shapes:
            _check_shape(name, name, found, shapes)
        for name in found:
            if name not in shapes and name.replace(".mask", ".weight") not in shapes:
                raise WeightsError(name, "this network has no such tensor")
        return _read(file, {name: name for name in shapes}, experiment.training.precision)


def load_weights(path: str | Path, experiment: Experiment, inputs: int) -> Pairs:
    """Read [(W, b), ...] for all layers of the experiment's network, as :func:`load_parameters` does."""
    tensors = load_parameters(path, experiment, inputs)
    layers = range(len(experiment.network.layers))
    return [(tensors[f"layers.{layer}.weight"], tensors[f"layers.{layer}.bias"]) for layer in layers]


def load_layers(path: str | Path, layers: Mapping[int, int], experiment: Experiment, inputs: int) -> Tensors:
    """Read some layers of a file for some layers of a network with ``inputs`` input columns (transfer).

    Weights and biases, and batch normalization's numbers where both have them. The file may hold any others.

    Parameters
    ----------
    layers : which layer of the file (0 is the first) each layer of the network takes, {of network: of file}

    Returns
    -------
    dict : by their names in the network, in the file's own precision

    Raises what :func:`load_parameters` does; where a shape does not fit, the reason names both.
    """
    shapes = tensor_shapes(experiment, inputs)
    with open_tensors(path) as file:
        return _read(file, _origins(layers, _shapes_of(file), shapes), experiment.training.precision)


def transferred(source: Mapping[str, np.ndarray], layers: Mapping[int, int], experiment: Experiment,
                inputs: int) -> Tensors:  # fmt: skip
    """Do what :func:`load_layers` does with the parameters of another session or snapshot."""
    found = {name: array.shape for name, array in source.items()}
    origins = _origins(layers, found, tensor_shapes(experiment, inputs))
    return {
        name: _checked(origin, source[origin].copy(), experiment.training.precision)
        for name, origin in origins.items()
    }


def read_start(experiment: Experiment, layer: int, inputs: int) -> Tensors:
    """Return what a layer that starts ``from_file`` finds there, as :func:`load_layers` does.

    A relative path goes from the folder in which the program was started. Raises ExperimentError.
    """
    start = experiment.network.layers[layer].initializer
    path, place = str(start.settings["path"]), f"network.layers[{layer}].initializer.path"
    origin = layer if start["layer"] < 0 else int(start["layer"])
    try:
        return load_layers(path, {layer: origin}, experiment, inputs)
    except WeightsError as error:
        raise WeightsError(place, error.reason, **error.values) from error
    except (OSError, ValueError) as error:  # ValueError: a path that no system has
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise WeightsError(place, "{file} cannot be read ({detail})", file=path, detail=reason) from error


def _shapes_of(file: TensorFile) -> Shapes:
    return {name: tensor.shape for name, tensor in file.tensors.items()}


def _origins(layers: Mapping[int, int], found: Shapes, shapes: Shapes) -> dict[str, str]:
    """Return the name that each tensor of some layers of the network has where it comes from."""
    origins: dict[str, str] = {}
    for layer, source in layers.items():
        if f"layers.{layer}.weight" not in shapes:
            raise WeightsError("", "this network has no layer {value}", value=layer)
        for part in ("weight", "bias", *NORM_TENSORS):
            name, origin = f"layers.{layer}.{part}", f"layers.{source}.{part}"
            if part not in NORM_TENSORS or (name in shapes and origin in found):
                _check_shape(name, origin, found, shapes)
                origins[name] = origin
    return origins


def _check_shape(name: str, origin: str, found: Shapes, shapes: Shapes) -> None:
    if origin not in found:
        raise WeightsError(name, "there is no {tensor}, which this network needs", tensor=origin)
    if found[origin] != shapes[name]:
        raise WeightsError(
            name, "the shape {found} of {tensor} does not fit this network's {shape}",
            found=list(found[origin]), tensor=origin, shape=list(shapes[name]),
        )  # fmt: skip


def _read(file: TensorFile, origins: Mapping[str, str], precision: str) -> Tensors:
    return {name: _checked(origin, file.read(origin), precision) for name, origin in origins.items()}


def _checked(name: str, array: np.ndarray, precision: str) -> np.ndarray:
    """Return a tensor. Raises WeightsError when what it holds is no finite number in a precision."""
    flat = array.reshape(-1)
    for first in range(0, flat.size, CHUNK):
        part = flat[first : first + CHUNK]
        with np.errstate(over="ignore"):
            bad = np.flatnonzero(~np.isfinite(part.astype(precision)))
        if bad.size:
            raise WeightsError("", "{tensor} holds {value}, which is no finite number in {precision}",
                               tensor=name, value=float(part[bad[0]]), precision=precision)  # fmt: skip
        if name.endswith(".running_variance") and (part < 0).any():
            raise WeightsError("", "{tensor} holds a variance below 0", tensor=name)
    return array
