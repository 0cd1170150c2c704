"""Compiled code: its cache survives damage, does without a folder, and keeps BLAS to its threads."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import Session, jit
from engine.cache import CheckedFile
from tests.engine.reference.build import experiment

# The smallest kernel there is; prints its result, and whether it was compiled or found.
SHUFFLE = """
import warnings
warnings.simplefilter("error")
import numpy as np
from engine import jit
from engine.streams import shuffle
order = np.empty(8, np.int64)
shuffle(12345, 6, order)
found = bool(shuffle.stats.cache_hits)
print(order.tolist(), "found" if found else "compiled", jit.CAN_CACHE)
"""


def run(code: str, **environment: Any) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=300,
        env=os.environ | {key: str(value) for key, value in environment.items()},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return done.stdout.strip()


def cached_files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*.nb[ic]") if path.is_file()]


def test_a_damaged_cache_is_repaired(tmp_path: Path) -> None:
    first = run(SHUFFLE, RELEVO_CACHE_DIR=tmp_path)
    assert "compiled True" in first
    found = first.replace("compiled", "found")
    assert run(SHUFFLE, RELEVO_CACHE_DIR=tmp_path) == found
    files = cached_files(tmp_path)
    assert {path.suffix for path in files} == {".nbi", ".nbc"}
    for path in files:
        path.write_bytes(b"\x80garbage" * 50)
    assert run(SHUFFLE, RELEVO_CACHE_DIR=tmp_path) == first
    assert run(SHUFFLE, RELEVO_CACHE_DIR=tmp_path) == found
    for path in files:
        path.write_bytes(path.read_bytes()[:-100])
    assert run(SHUFFLE, RELEVO_CACHE_DIR=tmp_path) == first
    for path in cached_files(tmp_path):
        path.unlink() if path.suffix == ".nbc" else None
    assert run(SHUFFLE, RELEVO_CACHE_DIR=tmp_path) == first
    assert run(SHUFFLE, RELEVO_CACHE_DIR=tmp_path) == found


def test_kernels_are_found_from_another_folder_and_installation(tmp_path: Path) -> None:
    """Neither where the program lies nor where it is started from has a part in the cache."""
    first = run(SHUFFLE, RELEVO_CACHE_DIR=tmp_path / "cache")
    assert "compiled True" in first
    other = tmp_path / "outra instalação ã"
    shutil.copytree(jit.ENGINE, other / "engine", ignore=shutil.ignore_patterns("__pycache__"))
    there = f"import os, sys; os.chdir({str(other)!r}); sys.path.insert(0, {str(other)!r})\n"
    said = run(f"{there}{SHUFFLE}print(jit.ENGINE)", RELEVO_CACHE_DIR=tmp_path / "cache").splitlines()
    assert said == [first.replace("compiled", "found"), str(other / "engine")]


def test_kernels_are_found_in_a_folder_that_can_only_be_read(tmp_path: Path) -> None:
    first = run(SHUFFLE, RELEVO_CACHE_DIR=tmp_path)
    # The user may be root, whom no permission stops: so what would be refused is played.
    refused = "from pathlib import Path\ndef refuse(*_): raise PermissionError\nPath.touch = refuse\n"
    said = run(f"{refused}{SHUFFLE}print(jit.CAN_WRITE)", RELEVO_CACHE_DIR=tmp_path)
    assert said.splitlines() == [first.replace("compiled", "found"), "False"]


def test_a_whole_session_survives_damage(tmp_path: Path) -> None:
    """A copy of this run's cache in which some kernels' files are garbage: compiled again, same bits."""
    if not jit.CAN_CACHE:
        pytest.skip("there is no cache here")
    chosen = experiment((4,), data="gate_xor")
    session = Session(chosen)
    session.run(3)
    session.metrics()
    shutil.copytree(jit.FOLDER, tmp_path / jit.FOLDER.name)
    damaged = re.compile(r"streams|evaluate")
    small = [path for path in cached_files(tmp_path) if damaged.search(str(path))]
    assert small
    for path in small:
        path.write_bytes(b"garbage")
    code = (
        "from engine import Experiment, Session\n"
        f"session = Session(Experiment.from_json({chosen.to_json()!r})); session.run(3)\n"
        "print(session.snapshot().theta.tobytes().hex(), session.metrics())"
    )
    expected = f"{session.snapshot().theta.tobytes().hex()} {session.metrics()}"
    assert run(code, RELEVO_CACHE_DIR=tmp_path) == expected  # compiled there
    assert run(code, RELEVO_CACHE_DIR=tmp_path) == expected  # found there


def test_the_cache_holds_nothing_but_kernels(tmp_path: Path) -> None:
    """What a kernel calls is copied into it, and needs no files of its own."""
    assert "compiled True" in run(SHUFFLE, RELEVO_CACHE_DIR=tmp_path)
    assert {path.name.partition("-")[0] for path in cached_files(tmp_path)} == {"streams.shuffle"}


RAISES = """
from engine.jit import jit, jit_inline

@jit_inline
def inner(x):
    if x > 3:
        raise ValueError("too much")
    return x + 1

@jit
def kernel(x):
    return inner(x)

print(kernel(2), end=" ")
try:
    kernel(4)
except ValueError as error:
    print(error.args)
"""


def test_what_is_inlined_can_raise(tmp_path: Path) -> None:
    file = tmp_path / "raises.py"
    file.write_text(RAISES)
    code = f"import sys; sys.path.insert(0, {str(tmp_path)!r}); import raises"
    for _ in ("compiled", "found"):
        assert run(code, RELEVO_CACHE_DIR=tmp_path) == "3 ('too much',)"


@pytest.mark.parametrize("place", ["a_file", "a_file/below"])
def test_a_cache_folder_that_cannot_be_written(tmp_path: Path, place: str) -> None:
    (tmp_path / "a_file").write_text("in the way")
    assert run(SHUFFLE, RELEVO_CACHE_DIR=tmp_path / place).endswith("compiled False")


def test_a_cache_folder_that_goes_away(tmp_path: Path) -> None:
    code = SHUFFLE.replace("order = np", "import shutil; shutil.rmtree(jit.FOLDER)\norder = np")
    assert "compiled True" in run(code, RELEVO_CACHE_DIR=tmp_path)


def test_old_caches_are_forgotten(tmp_path: Path) -> None:
    for number in range(6):
        (tmp_path / f"kernels-{number}").mkdir()
        os.utime(tmp_path / f"kernels-{number}", (number, number))
    (tmp_path / "other").mkdir()
    run("from engine import jit", RELEVO_CACHE_DIR=tmp_path)
    left = {path.name for path in tmp_path.iterdir()}
    assert {"other", "kernels-5", "kernels-4"} < left
    assert len(left) == 1 + jit.KEPT_CACHES


# The files themselves.

DATA = {"code": b"\x00\x01machine code" * 20, "number": 5}


def saved(folder: Path) -> CheckedFile:
    file = CheckedFile(str(folder), "kernel", "stamp")
    file.save("float32", DATA)
    file.save("float64", DATA)
    return file


def test_what_is_saved_is_loaded(tmp_path: Path) -> None:
    file = saved(tmp_path)
    assert file.load("float32") == file.load("float64") == DATA
    assert file.load("int8") is None
    assert CheckedFile(str(tmp_path), "kernel", "another stamp").load("float32") is None
    assert CheckedFile(str(tmp_path), "another", "stamp").load("float32") is None
    assert not list(tmp_path.glob("*.tmp*"))


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_whatever_is_changed_counts_as_missing(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("cache")
    file = saved(folder)
    path = data.draw(st.sampled_from(sorted(folder.glob("kernel*"))))
    content = path.read_bytes()
    place = data.draw(st.integers(0, len(content) - 1))
    flipped = bytes([content[place] ^ data.draw(st.integers(1, 255))])
    changes = [content[:place] + flipped + content[place + 1 :], content[:place], content + flipped, b""]
    path.write_bytes(data.draw(st.sampled_from(changes)))
    results = [file.load("float32"), file.load("float64")]
    assert None in results
    assert all(result in (None, DATA) for result in results)
    file.save("float32", DATA)
    file.save("float64", DATA)
    assert file.load("float32") == file.load("float64") == DATA


def test_where_nothing_can_be_saved_nothing_breaks(tmp_path: Path) -> None:
    file = CheckedFile(str(tmp_path / "gone"), "kernel", "stamp")
    file.save("float32", DATA)
    assert file.load("float32") is None


# The flags.


def test_flags_stand_in_one_file_and_keep_what_is_not_a_number() -> None:
    sources = {path: re.sub("#.*", "", path.read_text(encoding="utf-8")) for path in jit.ENGINE.rglob("*.py")}
    assert [path.name for path, text in sources.items() if "numba.njit" in text] == ["jit.py"]
    assert not any(re.search(r"parallel\s*=\s*True|fastmath\s*=\s*True", text) for text in sources.values())
    assert not {"nnan", "ninf", "fast"} & jit.FASTMATH


def test_blas_has_one_thread_from_the_first_session_on() -> None:
    import threadpoolctl

    Session(experiment((40, 40)))
    blas = [pool for pool in threadpoolctl.threadpool_info() if pool["user_api"] == "blas"]
    assert blas
    assert {pool["num_threads"] for pool in blas} == {1}


@pytest.mark.parametrize(("wanted", "threads"), [("2", 2), ("0", 1), ("many", 1)])
def test_the_number_of_blas_threads_can_be_set(wanted: str, threads: int) -> None:
    code = "from engine.jit import set_blas_threads; print(set_blas_threads())"
    assert run(code, RELEVO_BLAS_THREADS=wanted) == str(threads)
