"""How long Relevo's kernels take to be ready: compiled from nothing, and read from the cache on disk."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile

# In a process of its own, with nothing compiled yet: the network that a window starts with, then all others.
# Both ways of computing: plain, with everything in blocks.py, and with functions that few use; pictures; many
# trainings at once; a large network. Prints processor seconds, and those of the clock.
FIRST_TIME = """
import time
import numpy as np
from engine import Experiment, Session, ensemble, surface
from engine.experiment import from_plain

def network(data, units, outputs, size=10, optimizer="adam", activation="tanh", **layer):
    hidden = [{"units": each, "activation": activation, **layer} for each in units]
    last = {"units": outputs, "activation": "sigmoid" if outputs == 1 else "softmax"}
    return from_plain({"data": data, "network": {"layers": [*hidden, last]}, "optimizer": {"name": optimizer},
                       "loss": "binary_cross_entropy" if outputs == 1 else "categorical_cross_entropy",
                       "training": {"batch_size": size}})

def use(experiment, plain):
    session = Session(experiment)
    session.run(1)
    session.metrics()
    session.predict(session.data.x_test)
    session.loss_and_gradients(session.data.x_train, session.data.y_train)
    if plain:
        a = np.ones(session.plan.size, np.float32)
        surface.losses(session.snapshot(), session.data, a, a, [0.0], [0.0])

def report(name):
    print(f"{name}: {time.process_time() - busy:.2f} {time.perf_counter() - begin:.2f}")

busy, begin = time.process_time(), time.perf_counter()
session = Session(Experiment.load("resources/examples/spiral.json"))
session.run(1)
session.metrics()
report("first")
for data, units, outputs in (({"name": "spiral"}, [8, 8], 1), ({"name": "digits"}, [64, 32], 10)):
    use(network(data, units, outputs), True)
    use(network(data, units, outputs, batch_norm=True, dropout=0.1), False)
report("usual")
for data, units, outputs in (({"name": "spiral"}, [8, 8], 1), ({"name": "digits"}, [64, 32], 10)):
    use(network(data, units, outputs, optimizer="adamw", activation="gelu"), False)
Session(network({"name": "digits"}, [512, 512], 10, size=256)).run(1)
list(ensemble.run([network({"name": "spiral"}, [8, 8], 1)] * 16, 1))
report("all")
"""
NAMES = {
    "first": "2-8-8-1: training and metrics",
    "usual": "... also gradients, surfaces, 64-64-32-10, and both with batch normalization and dropout",
    "all": "... also GELU and AdamW in both, a large network, an ensemble",
}


def first_time(cache: str) -> dict[str, tuple[float, float]]:
    """Return the processor's seconds and the clock's, in a new process with this kernel cache, by name."""
    done = subprocess.run(
        [sys.executable, "-c", FIRST_TIME], env={**os.environ, "RELEVO_CACHE_DIR": cache}, text=True,
        capture_output=True, check=True,
    )  # fmt: skip
    found = (line.split(": ") for line in done.stdout.splitlines())
    return {name: (float(times.split()[0]), float(times.split()[1])) for name, times in found}


def report() -> str:
    """Return the times as a small table."""
    with tempfile.TemporaryDirectory() as cache:
        cold, warm = first_time(cache), first_time(cache)
    lines = ["Until everything is ready (seconds of the processor; in brackets of the clock):"]
    for key, name in NAMES.items():
        (cold_cpu, cold_clock), (warm_cpu, warm_clock) = cold[key], warm[key]
        lines.append(f"  {cold_cpu:5.1f} ({cold_clock:.1f}) compiled, {warm_cpu:.2f} ({warm_clock:.2f}) "
                     f"from the cache: {name}")  # fmt: skip
    return "\n".join(lines)


if __name__ == "__main__":
    print(report())
