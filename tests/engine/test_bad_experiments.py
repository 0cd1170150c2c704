"""Whatever stands in an experiment file: a place and a reason, no crash, soon and in little memory."""

import json
import os
import pickle
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import Experiment, ExperimentError
from engine.experiment import from_plain, table_of_file, to_plain
from engine.parsing import LARGEST

PLAIN: dict[str, Any] = {
    "title": "Espiral, ação e π",
    "data": {"name": "spiral", "samples": 100, "validation_fraction": 0.1, "features": ["x1", "x2^2"]},
    "network": {"layers": [
        {"units": 4, "activation": {"name": "leaky_relu", "slope": 0.1}, "batch_norm": True, "l1": 0.1,
         "cut": [[0, 1], [1, 3]], "typed_weights": [[0, 0, 0.5]], "typed_biases": [[2, -1.0]]},
        {"units": 4, "dropout": 0.1, "trainable": False, "skip_from": 0, "max_norm": 2.0},
        {"units": 1, "activation": "sigmoid", "initializer": {"name": "normal", "std": 0.1}}]},
    "regularization": {"l2": 0.1, "gradient_clip": {"name": "value", "limit": 2}, "class_weights": [1, 2.5]},
    "schedule": {"name": "step", "every": 3},
    "training": {"early_stopping": {"patience": 3}, "target_loss": 0.1, "augmentation": {"jitter": 0.1}},
}  # fmt: skip
WHOLE = to_plain(from_plain(PLAIN))
TEXT = from_plain(PLAIN).to_json()


def error_of(text: str | bytes) -> ExperimentError:
    with pytest.raises(ExperimentError) as caught:
        Experiment.from_json(text)
    assert str(caught.value).isprintable() and len(str(caught.value)) < 500
    return caught.value


def places(part: Any, place: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Return the place of everything inside plain dictionaries and lists."""
    inside = part.items() if isinstance(part, dict) else enumerate(part) if isinstance(part, list) else ()
    return [found for key, item in inside for found in ((*place, key), *places(item, (*place, key)))]


def written(place: tuple[str | int, ...]) -> str:
    """Return a place as errors write it."""
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in place).lstrip(".")


def with_raw(place: tuple[str | int, ...], raw: str, key: str = "") -> str:
    """Return the whole experiment's JSON with other JSON at a place, under another key if one is given."""
    plain = json.loads(json.dumps(WHOLE))
    here = plain
    for step in place[:-1]:
        here = here[step]
    if key:
        del here[place[-1]]
    here["@" if key else place[-1]] = "@"
    return json.dumps(plain).replace('"@":', f'"{key}":').replace('"@"', raw)


def test_the_experiment_itself_is_read() -> None:
    assert Experiment.from_json(TEXT) == from_plain(WHOLE) == from_plain(PLAIN)


NASTY = [
    "NaN", "Infinity", "-Infinity", "1e999", "-1e999", "-0", "1e-320", "9" * 400, "-" + "9" * 4000, "0.1e400",
    "null", "true", '""', "[]", "{}", "[[]]", "[{}]", "[null]", '{"name": null}', '{"a": 1, "a": 1}',
    '"\\ud800"', '"\\u0000"', '{"\\udfff": 1}', '["\\ud800"]', "[" * 500 + "]" * 500,
    '{"a":' * 500 + "1" + "}" * 500, "1000000000", "2147483648", "18446744073709551616", "0.5", "-1",
    "[[0, 0]]", "[[0, 0, NaN]]", "[[0, 1e999]]", "[[-1, 0]]", "[[99999999999999999999, 0]]", '[["a", 0]]',
    "[0]", "[[0, 0, 0, 0]]", '"' + "x" * 5000 + '"', "[1, [2, [3]]]",
]  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(places(WHOLE)), st.sampled_from(NASTY))
def test_anything_anywhere(place: tuple[str | int, ...], raw: str) -> None:
    text = with_raw(place, raw)
    try:
        experiment = Experiment.from_json(text)
    except ExperimentError as error:
        assert error.place and str(error).isprintable() and len(str(error)) < 500
    else:
        assert Experiment.from_json(experiment.to_json()) == experiment


@settings(max_examples=150, deadline=None)
@given(st.sampled_from([place for place in places(WHOLE) if isinstance(place[-1], str)]))
def test_a_key_that_stands_there_twice(place: tuple[str | int, ...]) -> None:
    raw = json.dumps(WHOLE)
    here = WHOLE
    for step in place:
        here = here[step]
    twice = with_raw(place, f'{json.dumps(here)}, "{place[-1]}": {json.dumps(here)}')
    assert raw != twice
    assert str(error_of(twice)) == f"{written(place)}: this field stands there twice"


@settings(max_examples=100, deadline=None)
@given(
    st.sampled_from([place for place in places(WHOLE) if isinstance(place[-1], str)]),
    st.sampled_from(["\\ud800", "ação", "\\u0000", "unitz", " units", "Units", "a.b", "a[0]", "`", "{x}"]),
)
def test_a_key_that_nobody_knows(place: tuple[str | int, ...], key: str) -> None:
    error = error_of(with_raw(place, "1", key))
    assert error.place.startswith(written(place[:-1]))


def test_truncated_at_any_byte() -> None:
    content = TEXT.encode().rstrip()
    for end in range(len(content)):
        error_of(content[:end])


def test_a_byte_changed() -> None:
    content = bytearray(TEXT.encode())
    for index in range(0, len(content), 3):
        spoiled = bytes(content[:index]) + bytes([content[index] ^ 0x81]) + bytes(content[index + 1 :])
        try:
            Experiment.from_json(spoiled)
        except ExperimentError as error:
            assert str(error).isprintable()


def test_encodings() -> None:
    assert Experiment.from_json(TEXT.encode("utf-8-sig")) == Experiment.from_json("\ufeff" + TEXT)
    for encoding, name in (("utf-16", "UTF-16"), ("utf-16-le", "UTF-16"), ("utf-16-be", "UTF-16"),
                           ("utf-32", "UTF-32")):  # fmt: skip
        assert str(error_of(TEXT.encode(encoding))) == f"this text is in {name}: save it as UTF-8"
    first = TEXT.encode().index("ç".encode())
    latin = TEXT.replace("π", "p").encode("latin-1")
    assert str(error_of(latin)) == f"this is no text in UTF-8, from byte {first} on"


def test_what_is_something_else(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("experiment.json", TEXT)
    others = {
        pickle.dumps(WHOLE): "this is no text in UTF-8, from byte 0 on",
        pickle.dumps([1, 2], protocol=0): "this is not JSON: line 1, column 1",
        b"<!DOCTYPE html>\n<html><body>404</body></html>": "this is not JSON: line 1, column 1",
        (tmp_path / "a.zip").read_bytes(): "this is no text in UTF-8",
        b"\x00" * 100: "this is not JSON: line 1, column 1",
        b"x1,x2,y\n1,2,3\n": "this is not JSON: line 1, column 1",
        b"version: 1\ndata: {name: spiral}\n": "this is not JSON: line 1, column 1",
    }
    for content, message in others.items():
        assert str(error_of(content)).startswith(message)
    assert str(error_of('{"version": 1, // a comment\n}')).startswith("this is not JSON: line 1")
    assert error_of("[" * 100_000).reason == "this is nested too deeply to be an experiment"
    assert error_of("9" * 5000).reason == "a number in this file has too many digits"


def test_a_list_of_links_names_the_one_that_cannot_be() -> None:
    cut = ("network", "layers", 0, "cut")
    for raw, message in (
        ("[[0, 0], [1, 3], [0, 0]]", "network.layers[0].cut[2]: this link is cut twice"),
        ("[[0, 0], [2, 3]]", "network.layers[0].cut[1]: there is no unit 2 before: they are 0 to 1"),
        ("[[0, 4]]", "network.layers[0].cut[0]: there is no unit 4 in this layer: they are 0 to 3"),
        ("[[0, 0, 0]]", "network.layers[0].cut[0]: Expected `array` of length 2, got 3"),
    ):
        assert str(error_of(with_raw(cut, raw))) == message


BIG = """
import json, resource, sys
from engine import Experiment, ExperimentError
from engine.parsing import LARGEST

def fill(unit):
    return unit * ((LARGEST - 2000) // len(unit)) + unit.rstrip(",")

layer = '{"data": {"name": "spiral"}, "network": {"layers": [{"units": 8, %s}, {"units": 1}]}}'
texts = [
    layer % ('"cut": [' + ",".join(f"[{k % 2},{k // 2 % 8}]" for k in range(500_000)) + "]"),
    layer % ('"cut": [' + fill("[0,99],") + "]"),
    layer % ('"typed_biases": [' + fill("[0,NaN],") + "]"),
    layer % ('"typed_weights": [' + fill("[0,0,1],") + "]"),
    '{"data": {"name": "points", "points": [' + fill("[0,0,1],") + ']}, "network": {"layers": []}}',
    '{"data": {"name": "spiral"}, "network": {"layers": [' + fill('{"units":1},') + "]}}",
    '{"title": [' + fill("[],") + "]}",
    '{"loss": {' + ",".join(f'"{k}":1' for k in range(300_000)) + "}}",
    '{' + fill('"a":1,') + "}",
    '{"title": "' + fill("a") + '"}',
    "[" * LARGEST, '{"a":' * (LARGEST // 5), "9" * LARGEST, b"\\0" * (16 << 20), b"{" + b" " * (16 << 20),
]
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
for text in texts:
    try:
        Experiment.from_json(text)
        print("read")
    except ExperimentError as error:
        print(str(error)[:200])
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="measures memory as Linux counts it")
def test_large_files_take_little_memory() -> None:
    """The time limit is far above what it takes: it is there for what would never end."""
    command = [sys.executable, "-c", BIG]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)
    *said, megabytes = done.stdout.splitlines()
    assert int(megabytes) < 256
    assert [line.partition(":")[0] for line in said] == [
        "network.layers[0].cut[16]", "network.layers[0].cut[0]", "network.layers[0].typed_biases[0]",
        "network.layers[0].typed_weights[1]", "data.points", "network.layers", "title", "loss", "a", "data",
        "this is nested too deeply to be an experiment", "this is nested too deeply to be an experiment",
        "a number in this file has too many digits", "this file is too large to be an experiment",
        "this file is too large to be an experiment",
    ]  # fmt: skip


def test_a_file_that_is_too_large_is_not_even_read_whole(tmp_path: Path) -> None:
    path = tmp_path / "large.json"
    with path.open("wb") as file:
        file.truncate(1 << 40)  # takes no room on the disk
    with pytest.raises(ExperimentError, match="too large"):
        Experiment.load(path)
    path.write_bytes(TEXT.encode() + b" " * (LARGEST - len(TEXT.encode())))
    assert Experiment.load(path) == from_plain(PLAIN)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="a pipe has no name here")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.json")
    for read in (Experiment.load, table_of_file):
        with pytest.raises(ExperimentError, match="a pipe, not a file"):
            read(tmp_path / "pipe.json")
