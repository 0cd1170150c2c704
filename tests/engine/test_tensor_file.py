"""Files that lie, end too early or are something else: refused in one line, without a large allocation."""

import io
import json
import os
import pickle
import struct
import tempfile
import tracemalloc
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors.numpy import load as load_tensors
from safetensors.numpy import save

from engine import Session
from engine.files import LARGEST_FILE, WeightsError
from engine.tensor_file import DISGUISES, LONGEST_HEADER
from tests.engine.reference.build import experiment
from tests.engine.reference.weights import body, header_of, load, peak_of, refused, tensors, with_header


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
    header = 8 + struct.unpack("<Q", content[:8])[0]
    for length in [*range(64), *range(64, header, 11), *range(header - 2, len(content))]:
        path.write_bytes(content[:length])
        reason = "this file is cut off" if length >= header else "this is not a safetensors file"
        assert str(refused(path, session)).startswith(reason)
    path.write_bytes(content + b"\x00")
    assert str(refused(path, session)) == "this file goes on after its last tensor"


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
    lie = {
        f"layers.{layer}.weight": {"dtype": "F32", "shape": [2**20, 2**20],
                                   "data_offsets": [layer * 2**42, (layer + 1) * 2**42]}
        for layer in range(3)
    }  # fmt: skip
    (tmp_path / "w").write_bytes(with_header(lie))
    assert str(refused(tmp_path / "w", session)) == (
        "this file is cut off: of 13194139533312 bytes after the header there are 0"
    )


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
            assert error.reason
        else:
            session.set_weights(pairs)
            theirs = load_tensors(bytes(content))
            for layer, (w, b) in enumerate(pairs):
                assert np.array_equal(w, theirs[f"layers.{layer}.weight"])
                assert np.array_equal(b, theirs[f"layers.{layer}.bias"])


def spoiled_header(session: Session, spoil: Any) -> bytes:
    """Return a whole file whose header's text went through a function."""
    content = save(tensors(session))
    (length,) = struct.unpack("<Q", content[:8])
    return with_header(spoil(content[8 : 8 + length].rstrip()), content[8 + length :])


@pytest.mark.parametrize(
    ("spoil", "message"),
    [(lambda text: text[:-1] + b"," + text[1:], "layers.0.bias is named twice"),
     (lambda text: text.replace(b'"dtype"', b'"shape":[5],"dtype"', 1), "shape is named twice"),
     (lambda text: text.replace(b"[0,20]", b"[0,24]"),
      "layers.0.bias of the shape [5] does not take 24 bytes"),
     (lambda text: text.replace(b"[20,100]", b"[0,80]"),
      "layers.0.weight does not begin where the tensor before it ends"),
     (lambda text: text.replace(b"[0,20]", b"[4,24]").replace(b"[20,100]", b"[24,104]"),
      "layers.0.bias does not begin where the tensor before it ends"),
     (lambda text: text.replace(b"[20,100]", b"[20,100,3]"),
      "what the header says of layers.0.weight is no type, shape and place"),
     (lambda text: text.replace(b"[20,100]", b"[100,20]"),
      "what the header says of layers.0.weight is no type, shape and place"),
     (lambda text: text.replace(b"[4,5]", b"[4,5.0]"),
      "what the header says of layers.0.weight is no type, shape and place"),
     (lambda text: text.replace(b"[4,5]", b"[-4,-5]"),
      "what the header says of layers.0.weight is no type, shape and place"),
     (lambda text: text.replace(b"[4,5]", b"[true,5]"),
      "what the header says of layers.0.weight is no type, shape and place"),
     (lambda text: b" " + text, "this is not a safetensors file")],
)  # fmt: skip
def test_a_header_that_lies_is_told(tmp_path: Path, session: Session, spoil: Any, message: str) -> None:
    (tmp_path / "w").write_bytes(spoiled_header(session, lambda text: text))
    load(tmp_path / "w", session)
    (tmp_path / "w").write_bytes(spoiled_header(session, spoil))
    assert message in str(refused(tmp_path / "w", session))


def zipped() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("archive/data.pkl", "x")
    return stream.getvalue()


def of_numpy() -> bytes:
    stream = io.BytesIO()
    np.save(stream, np.zeros(3))
    return stream.getvalue()


@pytest.mark.parametrize(
    ("content", "kind"),
    [(zipped(), "a zip archive, as PyTorch writes them"), (pickle.dumps({"w": [1.0]}), "a pickle"),
     (b"<!DOCTYPE html><html></html>", "a page of the web"),
     (b"\x89HDF\r\n\x1a\n" + bytes(9), "an HDF5 file"),
     (of_numpy(), "a file of NumPy"), (b'{"version": 1, "data": {}}', "a JSON file")],
)  # fmt: skip
def test_what_it_is_instead_is_told(tmp_path: Path, session: Session, content: bytes, kind: str) -> None:
    (tmp_path / "w").write_bytes(content)
    assert str(refused(tmp_path / "w", session)) == f"this is {kind}, not a safetensors file"
    assert kind in DISGUISES.values()


def test_a_header_whose_first_byte_is_that_of_a_pickle_is_read(tmp_path: Path, session: Session) -> None:
    for filled in range(128, 384, 3):
        header = json.dumps(header_of(session)).encode()
        (tmp_path / "w").write_bytes(with_header(header + b" " * filled, body(session)))
        load(tmp_path / "w", session)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**64 - 1) | st.integers(0, 2000))
def test_a_header_of_another_length_is_refused(length: int) -> None:
    session = Session(experiment((2,), data="gate_or"))
    content = save(tensors(session))
    if length == struct.unpack("<Q", content[:8])[0]:
        return
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "w"
        path.write_bytes(struct.pack("<Q", length) + content[8:])
        refused(path, session)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.sampled_from(["F32", "F64", "I8", ""]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["dtype", "shape", "data_offsets", "x"]), inner, max_size=4)
    ),
    max_leaves=8,
)


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(st.sampled_from(["layers.0.weight", "layers.0.bias", "__metadata__"]), JSON),
       st.binary(max_size=30))  # fmt: skip
def test_any_header_is_refused_in_order(header: dict[str, Any], rest: bytes) -> None:
    session = Session(experiment((2,), data="gate_or"))
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "w"
        path.write_bytes(with_header(header, rest))
        assert "\n" not in str(refused(path, session))


@pytest.mark.parametrize("piece", ["{}", "[]", "[[[]]]", '{"a":{}}'])
def test_the_largest_header_takes_little_memory(tmp_path: Path, session: Session, piece: str) -> None:
    count = (LONGEST_HEADER - 20) // (len(piece) + 1)
    (tmp_path / "w").write_bytes(with_header(('{"a":[' + ",".join([piece] * count) + "]}").encode()))
    assert peak_of(lambda: refused(tmp_path / "w", session)) < 256 * 1024 * 1024


def test_a_header_of_many_names_takes_little_memory(tmp_path: Path, session: Session) -> None:
    names = ",".join(f'"{index:x}":0' for index in range(LONGEST_HEADER // 10))
    (tmp_path / "w").write_bytes(with_header(f"{{{names}}}".encode()))
    assert peak_of(lambda: refused(tmp_path / "w", session)) < 256 * 1024 * 1024


def test_a_header_without_end_is_not_read(tmp_path: Path, session: Session) -> None:
    with (tmp_path / "w").open("wb") as file:
        file.write(struct.pack("<Q", LARGEST_FILE - 8))
        file.truncate(LARGEST_FILE)
    assert peak_of(lambda: refused(tmp_path / "w", session)) < 1_000_000


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes with names")
def test_a_pipe_is_not_waited_for(tmp_path: Path, session: Session) -> None:
    os.mkfifo(tmp_path / "w")
    refused(tmp_path / "w", session)
