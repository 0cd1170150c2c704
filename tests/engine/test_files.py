"""Weights files: what is written is read, and nothing else, without a large allocation."""

import json
import struct
import tempfile
import tracemalloc
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors.numpy import load_file, save, save_file

from engine import Session
from engine.files import LARGEST_FILE, WeightsError, finite, load_weights, save_weights
from tests.engine.reference.build import PRECISIONS, experiment


@pytest.fixture
def session() -> Session:
    return Session(experiment((5, 4), data="iris", output="softmax"))


@pytest.fixture
def path(tmp_path: Path, session: Session) -> Path:
    save_weights(tmp_path / "weights.safetensors", session.snapshot())
    return tmp_path / "weights.safetensors"


def load(path: Path, session: Session) -> list[tuple[np.ndarray, np.ndarray]]:
    return load_weights(path, session.experiment, session.data.x_train.shape[1])


def refused(path: Path, session: Session) -> WeightsError:
    with pytest.raises(WeightsError) as caught:
        load(path, session)
    return caught.value


def with_header(header: object, body: bytes = b"") -> bytes:
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + body


def tensors(session: Session) -> dict[str, np.ndarray]:
    return session.parameters()


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


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_floating_point_numbers_of_any_size_are_taken(tmp_path: Path, session: Session, dtype: type) -> None:
    save_file({name: array.astype(dtype) for name, array in tensors(session).items()}, tmp_path / "w")
    session.set_weights(load(tmp_path / "w", session))


SPOILED: list[tuple[Any, str]] = [
    (lambda t: t | {"layers.0.weight": t["layers.0.weight"].T.copy()},
     "layers.0.weight: the file's shape [5, 4] does not fit this network's [4, 5]"),
    (lambda t: t | {"layers.2.bias": t["layers.2.bias"][None]},
     "layers.2.bias: the file's shape [1, 3] does not fit this network's [3]"),
    (lambda t: t | {"layers.1.bias": np.zeros(4, np.int32)},
     "layers.1.bias: the file's type I32 is not a floating-point type"),
    (lambda t: t | {"layers.1.bias": np.zeros(4, bool)},
     "layers.1.bias: the file's type BOOL is not a floating-point type"),
    (lambda t: t | {"layers.3.bias": np.zeros(4, np.float32)},
     "layers.3.bias: this network has no such tensor"),
    (lambda t: {name: array for name, array in t.items() if name != "layers.1.bias"},
     "layers.1.bias: the file has no such tensor; this network needs it"),
    (lambda t: {}, "layers.0.weight: the file has no such tensor; this network needs it"),
]  # fmt: skip


@pytest.mark.parametrize(("spoil", "message"), SPOILED)
def test_what_does_not_fit_is_named(tmp_path: Path, session: Session, spoil: Any, message: str) -> None:
    save_file(spoil(tensors(session)), tmp_path / "w")
    assert str(refused(tmp_path / "w", session)) == message


@pytest.mark.parametrize(
    "content",
    [b"", b"1234567", b"\xff" * 8, b"\x00" * 8, b"garbage" * 100, struct.pack("<Q", 2**63) + b"{}",
     with_header(b"[]"), with_header(b"3"), with_header(b'"x"'), with_header(b"null"), with_header(b"{"),
     with_header(b'{"a": 1}'), with_header(b'{"a": [1]}'), with_header(b'{"a": "bc"}'),
     with_header(b"[" * 100_000), with_header(b'{"a":' * 100_000), with_header(b"\xff\xfe"),
     with_header(b"9" * 5000), with_header(b"{}")],
    ids=lambda content: repr(content[:12]),
)  # fmt: skip
def test_what_is_no_safetensors_file_is_refused(tmp_path: Path, session: Session, content: bytes) -> None:
    (tmp_path / "w").write_bytes(content)
    refused(tmp_path / "w", session)


def test_a_truncated_file_is_refused_at_every_length(path: Path, session: Session) -> None:
    content = path.read_bytes()
    for length in [*range(64), *range(64, len(content), 37), len(content) - 1]:
        path.write_bytes(content[:length])
        refused(path, session)
    path.write_bytes(content + b"\x00")
    refused(path, session)


def header_of(session: Session, **changes: Any) -> dict[str, Any]:
    (length,) = struct.unpack("<Q", save(tensors(session))[:8])
    header = json.loads(save(tensors(session))[8 : 8 + length])
    header["layers.0.weight"] |= changes
    return header


@pytest.mark.parametrize(
    "changes",
    [{"shape": [2**20, 2**20]}, {"shape": [4, 5, 2**40]}, {"shape": [2**62, 2]}, {"shape": [-4, -5]},
     {"shape": [4.0, 5.0]}, {"shape": [4, 5], "data_offsets": [0, 2**44]}, {"data_offsets": [0, 10**30]},
     {"data_offsets": [2**44, 2**44 + 80]}, {"data_offsets": [80, 0]}, {"data_offsets": "all"},
     {"dtype": "F64"}, {"dtype": "F16"}, {"dtype": "PICKLE"}, {"dtype": None}, {"shape": None}],
)  # fmt: skip
def test_a_lying_header_allocates_nothing(tmp_path: Path, session: Session, changes: dict[str, Any]) -> None:
    (tmp_path / "w").write_bytes(with_header(header_of(session, **changes), b"\x00" * 500))
    tracemalloc.start()
    try:
        refused(tmp_path / "w", session)
        assert tracemalloc.get_traced_memory()[1] < 2_000_000
    finally:
        tracemalloc.stop()


def test_a_network_of_terabytes_is_never_made(tmp_path: Path, session: Session) -> None:
    shapes = {"weight": [2**20, 2**20], "bias": [2**20]}
    lie = {
        f"layers.{layer}.{part}": {"dtype": "F32", "shape": shape, "data_offsets": [0, 2**42]}
        for layer in range(3)
        for part, shape in shapes.items()
    }
    (tmp_path / "w").write_bytes(with_header(lie))
    assert "does not fit" in str(refused(tmp_path / "w", session))


def test_a_huge_file_is_not_read(tmp_path: Path, session: Session) -> None:
    with (tmp_path / "w").open("wb") as file:
        file.truncate(LARGEST_FILE + 1)  # sparse: takes no room
    tracemalloc.start()
    try:
        assert "too large" in str(refused(tmp_path / "w", session))
        assert tracemalloc.get_traced_memory()[1] < 1_000_000
    finally:
        tracemalloc.stop()


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_a_changed_byte_is_read_or_refused_in_order(data: st.DataObject) -> None:
    session = Session(experiment((2,), data="gate_or"))
    content = bytearray(save(tensors(session)))
    for _ in range(data.draw(st.integers(1, 3))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "w"
        path.write_bytes(bytes(content))
        try:
            pairs = load(path, session)
        except WeightsError as error:
            assert "\n" not in str(error)
        else:
            session.set_weights(pairs)


def test_a_file_that_is_not_there(tmp_path: Path, session: Session) -> None:
    with pytest.raises(OSError, match="nothing"):
        load(tmp_path / "nothing", session)
    with pytest.raises(OSError, match=tmp_path.name):
        load(tmp_path, session)


def test_what_is_not_a_number_is_told(session: Session) -> None:
    pairs = session.weights()
    assert finite(pairs)
    for spoiled in (np.nan, np.inf):
        pairs[1][1][2] = spoiled
        assert not finite(pairs)
