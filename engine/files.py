"""Weights in and out: safetensors files, checked before anything large is allocated."""

import json
import struct
from pathlib import Path

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load as load_tensors
from safetensors.numpy import save

from engine.experiment import Experiment, ExperimentError
from engine.snapshot import Pairs, Snapshot
from engine.writing import write_whole

FORMAT = "relevo-weights-1"
LARGEST_FILE = 512 * 1024 * 1024  # bytes; a network here is far smaller


class WeightsError(ExperimentError):
    """A weights file that cannot be used: the reason, and the tensor where it lies."""


def save_weights(path: str | Path, snapshot: Snapshot) -> None:
    """Write a snapshot's weights and biases, with the experiment and the counters as metadata.

    Tensors are named ``layers.0.weight`` (n_in, n_out) and ``layers.0.bias`` (n_out,). Raises OSError, and
    leaves what is there as it was.
    """
    metadata = {
        "format": FORMAT,
        "experiment": snapshot.experiment.to_json().encode("utf-8", "backslashreplace").decode("utf-8"),
        "epoch": str(snapshot.epoch),
        "update": str(snapshot.update),
    }
    write_whole(path, save(snapshot.parameters(), metadata))


def load_weights(path: str | Path, experiment: Experiment, inputs: int) -> Pairs:
    """Read weights and biases that fit the experiment's network with ``inputs`` input columns.

    Returns [(W, b), ...] in the file's own precision. Raises WeightsError when the file is no safetensors
    file, or a tensor is missing, unknown, of another shape, or not of floating-point numbers;
    OSError when it cannot be read.
    """
    path = Path(path)
    if path.stat().st_size > LARGEST_FILE:
        raise WeightsError("", "this file is too large to hold a network's weights")
    content = path.read_bytes()
    sizes = [inputs, *(layer.units for layer in experiment.network.layers)]
    wanted: dict[str, tuple[int, ...]] = {}
    for layer in range(len(sizes) - 1):
        wanted[f"layers.{layer}.weight"] = (sizes[layer], sizes[layer + 1])
        wanted[f"layers.{layer}.bias"] = (sizes[layer + 1],)
    _check_header(_header(content), wanted)
    try:
        tensors = load_tensors(content)
    except (SafetensorError, ValueError, KeyError) as error:
        raise WeightsError("", "this is not a safetensors file") from error
    pairs = range(len(sizes) - 1)
    return [(tensors[f"layers.{layer}.weight"], tensors[f"layers.{layer}.bias"]) for layer in pairs]


def _header(content: bytes) -> dict[str, dict[str, object]]:
    """Return the description of each tensor of a safetensors file; nothing of their size is allocated."""
    try:
        (length,) = struct.unpack("<Q", content[:8])
        header = json.loads(content[8 : 8 + length])
        header.pop("__metadata__", None)
        return {name: dict(tensor) for name, tensor in header.items()}
    except (struct.error, ValueError, TypeError, AttributeError, RecursionError) as error:
        raise WeightsError("", "this is not a safetensors file") from error


def _check_header(header: dict[str, dict[str, object]], wanted: dict[str, tuple[int, ...]]) -> None:
    for name, shape in wanted.items():
        if name not in header:
            raise WeightsError(name, "the file has no such tensor; this network needs it")
        found = header[name].get("shape")
        if found != list(shape):
            raise WeightsError(
                name, "the file's shape {found} does not fit this network's {shape}",
                found=found, shape=list(shape),
            )  # fmt: skip
        if header[name].get("dtype") not in ("F16", "F32", "F64"):
            raise WeightsError(name, "the file's type {value} is not a floating-point type",
                               value=header[name].get("dtype"))  # fmt: skip
    for name in header:
        if name not in wanted:
            raise WeightsError(name, "this network has no such tensor")


def finite(pairs: Pairs, precision: str = "float64") -> bool:
    """Whether every weight and bias is a finite number in a precision."""
    with np.errstate(over="ignore"):
        return all(bool(np.isfinite(array.astype(precision)).all()) for pair in pairs for array in pair)
