"""How long Relevo's kernels take to be ready: compiled from nothing, and read from the cache on disk."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile

# In a process of its own: the first epoch of a fresh Session, nothing compiled yet.
FIRST_EPOCH = """
import time
from engine import Experiment, Session
session = Session(Experiment.load("resources/examples/spiral.json"))
begin = time.perf_counter()
session.run(1)
session.metrics()
print(time.perf_counter() - begin)
"""


def first_epoch(cache: str) -> float:
    """Return the seconds of the first epoch and its metrics in a new process with this kernel cache."""
    done = subprocess.run(
        [sys.executable, "-c", FIRST_EPOCH], env={**os.environ, "RELEVO_CACHE_DIR": cache}, text=True,
        capture_output=True, check=True,
    )  # fmt: skip
    return float(done.stdout)


def report() -> str:
    """Return both figures in one line."""
    with tempfile.TemporaryDirectory() as cache:
        cold, warm = first_epoch(cache), first_epoch(cache)
    return f"First epoch and metrics: {cold:.1f} s with an empty kernel cache, {warm:.2f} s with a full one"
