"""Compiles, trains and draws once, and says in plain lines what works on this machine."""

from __future__ import annotations

import math
import os
import platform
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from gui import display


def check() -> bool:
    """Print one line for each thing that is tried; return whether all that is needed works."""
    print(f"Python {platform.python_version()} on {platform.platform()}, {os.cpu_count()} processors")
    works = [_tried(name, work) for name, work in (("compile", _compile), ("train", _train), ("draw", _draw))]
    environment = {key: value for key, value in os.environ.items() if key != "QT_QPA_PLATFORM"}
    _line("window", not display.problem(environment), display.problem(environment) or "can be shown here")
    missing = display.missing_packages() if sys.platform.startswith("linux") else []
    _line("libraries", not missing, f"missing: {' '.join(missing)}" if missing else "all there")
    return all(works)


def _line(name: str, works: bool, remark: str) -> None:
    print(f"{'ok ' if works else '-- '} {name:10} {remark}", flush=True)


def _tried(name: str, work: Callable[[], str]) -> bool:
    start = time.perf_counter()
    try:
        remark = work()
    except Exception as error:
        _line(name, False, f"{type(error).__name__}: {error}")
        return False
    _line(name, True, f"{remark} ({time.perf_counter() - start:.2f} s)")
    return True


def _compile() -> str:
    import numba

    from engine import jit
    from engine.session import Session
    from gui.controller import first_experiment

    session = Session(first_experiment())
    session.step_batch()
    session.metrics()
    cached = f"kept in {jit.FOLDER}" if jit.CAN_CACHE else "not kept: the cache folder cannot be written"
    return f"Numba {numba.__version__}, kernels {cached}"


def _train() -> str:
    from engine.session import Session
    from gui.controller import first_experiment

    session = Session(first_experiment())
    before = session.metrics()["train_loss"]
    session.run(50)
    after = session.metrics()["train_loss"]
    if not (math.isfinite(after) and after < before):
        raise RuntimeError(f"the loss went from {before} to {after}")
    return f"spiral, 50 epochs, loss {before:.3f} to {after:.3f}"


def _draw() -> str:
    from PySide6.QtCore import qVersion

    from gui import screenshot
    from gui.controller import first_experiment

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "window.png")
        screenshot.take(first_experiment(), 5, (1280, 720), path)
        return f"Qt {qVersion()}, a window of {path.stat().st_size // 1024} KB"
