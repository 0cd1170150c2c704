"""Weights files: what is written is read, and nothing else, without a large allocation."""

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
from safetensors.numpy import load_file, save, save_file

from engine import Session
from engine.experiment import Experiment, ExperimentError, from_plain, replace_at
from engine.files import (
    LARGEST_FILE,
    WeightsError,
    load_layers,
    load_parameters,
    load_weights,
    save_weights,
    tensor_shapes,
    transferred,
)
from engine.tensor_file import DISGUISES, LONGEST_HEADER
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


def test_a_file_that_is_not_there(tmp_path: Path, session: Session) -> None:
    with pytest.raises(OSError, match="nothing"):
        load(tmp_path / "nothing", session)
    with pytest.raises(OSError, match=tmp_path.name):
        load(tmp_path, session)


# Files that lie, or are something else.


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


def body(session: Session) -> bytes:
    content = save(tensors(session))
    return content[8 + struct.unpack("<Q", content[:8])[0] :]


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


def peak_of(work: Any) -> int:
    """Return the most memory, in bytes, that Python had at once meanwhile."""
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes with names")
def test_a_pipe_is_not_waited_for(tmp_path: Path, session: Session) -> None:
    os.mkfifo(tmp_path / "w")
    refused(tmp_path / "w", session)


def test_a_very_long_experiment_is_left_out_of_the_metadata(tmp_path: Path) -> None:
    plain = json.loads(experiment((2,), data="gate_or").to_json()) | {"title": "\x01" * 300_000}
    session = Session(from_plain(plain))
    save_weights(tmp_path / "w", session.snapshot())
    load(tmp_path / "w", session)
    assert (tmp_path / "w").stat().st_size < 2000


# Batch normalization's numbers, and masks.


def normalized(chosen: Experiment, layer: int = 0) -> Experiment:
    """Return an experiment with batch normalization in a layer."""
    return replace_at(chosen, f"network.layers[{layer}].batch_norm", True)


def norm_tensors(session: Session) -> dict[str, np.ndarray]:
    names = ("scale", "shift", "running_mean", "running_variance")
    return tensors(session) | {f"layers.0.{name}": np.arange(5.0) for name in names}


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


# Transfer: some layers of a file, or of another session.


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
