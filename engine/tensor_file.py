"""Reading safetensors files, all of whose header is checked before a tensor is allocated.

A file is 8 bytes with the length of its header, the header (JSON: name -> type, shape and place) and the
tensors' bytes, one after the other. A file that lies about any of it is refused at the cost of its header.
"""

import json
import stat
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedReader
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from engine.errors import ExperimentError

LARGEST_FILE = 512 * 1024 * 1024  # bytes; a network here is far smaller
LONGEST_HEADER = 1024 * 1024  # bytes; what JSON becomes in memory is up to 30 times as large
MOST_DIMENSIONS, LARGEST_NUMBER = 8, 2**63 - 1
TYPES = {"F16": "<f2", "F32": "<f4", "F64": "<f8"}
# What else weights are kept in begins with these bytes.
DISGUISES = {
    b"PK\x03\x04": "a zip archive, as PyTorch writes them", b"\x80": "a pickle", b"\x89HDF": "an HDF5 file",
    b"<": "a page of the web", b"\x93NUMPY": "a file of NumPy", b"{": "a JSON file",
}  # fmt: skip


class WeightsError(ExperimentError):
    """A weights file that cannot be used: the reason, and the tensor where it lies."""


class Tensor(NamedTuple):
    """What the header says of a tensor: its type, its shape, where its bytes stand after the header."""

    dtype: str
    shape: tuple[int, ...]
    first: int
    end: int


class TensorFile(NamedTuple):
    """An open safetensors file whose header has been checked.

    Attributes
    ----------
    tensors : by name
    """

    tensors: dict[str, Tensor]
    stream: BufferedReader
    start: int

    def read(self, name: str) -> np.ndarray:
        """Return a tensor in its own precision. Raises WeightsError for one that is not floating-point."""
        tensor = self.tensors[name]
        if tensor.dtype not in TYPES:
            raise WeightsError("", "{tensor} is of the type {value}, not F16, F32 or F64",
                               tensor=name, value=tensor.dtype)  # fmt: skip
        array = np.empty(tensor.shape, TYPES[tensor.dtype])
        self.stream.seek(self.start + tensor.first)
        if self.stream.readinto(array.reshape(-1).view(np.uint8).data) != array.nbytes:
            raise OSError("the file became shorter while it was read")
        return array


@contextmanager
def open_tensors(path: str | Path) -> Iterator[TensorFile]:
    """Open a file for reading. Raises WeightsError for one that is none; OSError when it cannot be read."""
    path = Path(path)
    size = _size(path)
    with path.open("rb") as stream:
        header, start = _header(stream, size)
        yield TensorFile(_tensors(header, size - start), stream, start)


def _size(path: Path) -> int:
    found = path.stat()
    if not stat.S_ISREG(found.st_mode) and not stat.S_ISDIR(found.st_mode):  # a pipe would be waited for
        raise WeightsError("", "this is not a safetensors file")
    if found.st_size > LARGEST_FILE:
        raise WeightsError("", "this file is too large to hold a network's weights")
    return found.st_size


def _header(stream: BufferedReader, size: int) -> tuple[dict[str, Any], int]:
    """Return the header and where the tensors' bytes begin."""
    first = stream.read(8)
    length = struct.unpack("<Q", first)[0] if len(first) == 8 else 0
    if length > size - 8:
        raise _no_header(first)
    if length > LONGEST_HEADER:
        raise WeightsError("", "the header of this file is longer than {value} bytes", value=LONGEST_HEADER)
    text = stream.read(length)
    try:
        header = json.loads(text.decode("utf-8"), object_pairs_hook=_unlike_names)
    except (ValueError, RecursionError) as error:  # no text, no JSON, numbers or nesting without end
        if isinstance(error, WeightsError):
            raise
        raise _no_header(first) from error
    if not isinstance(header, dict) or not text.startswith(b"{"):
        raise _no_header(first)
    header.pop("__metadata__", None)
    return header, 8 + length


def _no_header(first: bytes) -> WeightsError:
    for bytes_, kind in DISGUISES.items():
        if first.startswith(bytes_):
            return WeightsError("", "this is {kind}, not a safetensors file", kind=kind)
    return WeightsError("", "this is not a safetensors file")


def _unlike_names(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return a JSON object as a dictionary. Raises WeightsError when a name stands in it twice."""
    table: dict[str, Any] = {}
    for name, value in pairs:
        if name in table:
            raise WeightsError("", "{value} is named twice", value=name)
        table[name] = value
    return table


def _tensors(header: dict[str, Any], size: int) -> dict[str, Tensor]:
    """Return the tensors of a header, which fill so many bytes without a gap."""
    tensors = {name: _tensor(name, plain) for name, plain in header.items()}
    end = 0
    for name, tensor in sorted(tensors.items(), key=lambda item: item[1][2:]):
        if tensor.first != end:
            raise WeightsError("", "{tensor} does not begin where the tensor before it ends", tensor=name)
        end = tensor.end
    if end > size:
        raise WeightsError("", "this file is cut off: of {wanted} bytes after the header there are {found}",
                           wanted=end, found=size)  # fmt: skip
    if end < size:
        raise WeightsError("", "this file goes on after its last tensor")
    return tensors


def _tensor(name: str, plain: Any) -> Tensor:
    """Return a tensor's description. Raises WeightsError unless its numbers go together."""
    described = plain if isinstance(plain, dict) else {}
    dtype: Any = described.get("dtype")
    shape: Any = described.get("shape")
    place: Any = described.get("data_offsets")
    good = isinstance(dtype, str) and _whole(shape, MOST_DIMENSIONS) and _whole(place, 2)
    if not good or len(place) != 2 or place[0] > place[1]:
        raise WeightsError("", "what the header says of {tensor} is no type, shape and place", tensor=name)
    tensor = Tensor(dtype, tuple(shape), *place)
    if dtype in TYPES:
        wanted = np.dtype(TYPES[dtype]).itemsize
        for size in shape:
            wanted *= size
        if tensor.end - tensor.first != wanted:
            raise WeightsError("", "{tensor} of the shape {shape} does not take {found} bytes",
                               tensor=name, shape=list(shape), found=tensor.end - tensor.first)  # fmt: skip
    return tensor


def _whole(value: Any, most: int) -> bool:
    """Whether a value is a short list of whole numbers of 64 bits."""
    return (
        isinstance(value, list)
        and len(value) <= most
        and all(type(number) is int and 0 <= number <= LARGEST_NUMBER for number in value)
    )
