"""How much memory the largest networks and data take beyond the data: ``python -m benchmarks.memory``.

Each case runs in a process of its own, with its kernels compiled beforehand. What is measured is how far the
process grows beyond what it was after its imports, less the arrays of the data: two updates, the metrics, and
loss and gradients over all rows at once. (Over 4,000 for the deepest normalized network: it goes through them
two hundred times, and takes no more memory for more of them.) The limit is 1 GiB. Linux only.
"""

import json
import subprocess
import sys
from typing import Any

LIMIT = 1024  # MiB
NORMALIZED = "100 layers x 64, batch norm, batch 64"
ROWS = {"samples": 100_000, "test_fraction": 0.0}
SPIRAL: dict[str, Any] = {"name": "spiral", **ROWS}


def experiment(data: dict[str, Any], units: list[int], batch: int, last: str = "sigmoid", outputs: int = 1,
               precision: str = "float32", **layer: Any) -> dict[str, Any]:  # fmt: skip
    """Return the plain experiment of a network with these hidden layers."""
    hidden = [{"units": n, "activation": "tanh", **layer} for n in units]
    loss = {"softmax": "categorical_cross_entropy"}.get(last, "binary_cross_entropy")
    return {
        "data": data, "loss": loss,
        "network": {"layers": [*hidden, {"units": outputs, "activation": last}]},
        "training": {"batch_size": batch, "precision": precision},
    }  # fmt: skip


# name: (experiment, inputs that random rows are made of, rows of them; 0 for the data set itself)
CASES: dict[str, tuple[dict[str, Any], int, int]] = {
    "100 layers x 64, batch 64": (experiment(SPIRAL, [64] * 99, 64), 0, 0),
    NORMALIZED: (experiment(SPIRAL, [64] * 99, 64, batch_norm=True), 0, 0),
    "4096-2048-10, 5,000 rows, batch 64": (
        experiment({"name": "mnist"}, [2048], 64, "softmax", 10), 4096, 5_000),
    "4096-2048-10, 100,000 rows, batch 64": (
        experiment({"name": "mnist"}, [2048], 64, "softmax", 10), 4096, 100_000),
    "2-8-8-1, 100,000 rows, full batch": (experiment(SPIRAL, [8, 8], 100_000), 0, 0),
    "2-8-8-1, batch norm, full batch": (experiment(SPIRAL, [8, 8], 100_000, batch_norm=True), 0, 0),
    "64-64-32-10, 100,000 rows, full batch": (
        experiment({"name": "digits"}, [64, 32], 100_000, "softmax", 10), 64, 100_000),
    "64-64-32-10, batch norm, full batch": (
        experiment({"name": "digits"}, [64, 32], 100_000, "softmax", 10, batch_norm=True), 64, 100_000),
    "64-64-32-10, batch norm, float64": (
        experiment({"name": "digits"}, [64, 32], 100_000, "softmax", 10, "float64", batch_norm=True),
        64, 100_000),
    "64-64-32-10, batch norm, float64, L-BFGS": (
        experiment({"name": "digits"}, [64, 32], 100_000, "softmax", 10, "float64", batch_norm=True)
        | {"optimizer": "lbfgs"}, 64, 100_000),
    "4096-2048-10, batch norm, 20,000 rows, full batch": (
        experiment({"name": "mnist"}, [2048], 20_000, "softmax", 10, batch_norm=True), 4096, 20_000),
}  # fmt: skip

RUN = """
import json, sys
import numpy as np
from engine import Session, session as module
from engine.data import Data, load
from engine.experiment import from_plain
import dataclasses

def status(key):
    with open("/proc/self/status") as file:
        return next(int(line.split()[1]) for line in file if line.startswith(key)) / 1024

plain, inputs, rows = json.loads(sys.argv[1])
experiment, own = from_plain(plain), load

def random_rows(experiment):
    # Rows of any number of columns in the place of the data set's own.
    data, dtype = own(experiment), experiment.training.precision
    rng = np.random.default_rng(0)
    labels = rng.integers(0, len(data.classes), rows)
    x = rng.standard_normal((rows, inputs), np.float32).astype(dtype, copy=False)
    y = np.eye(len(data.classes), dtype=dtype)[labels]
    return dataclasses.replace(data, x_train=x, y_train=y, labels_train=labels, x_test=x[:9], y_test=y[:9],
                               raw_train=x[:0], raw_test=x[:0])

if rows:
    module.load = random_rows
before = status("VmRSS")
session = Session(experiment)
data = session.data
x, y = data.x_train, data.y_train
held = sum(a.nbytes for a in vars(data).values() if isinstance(a, np.ndarray)) / 2**20
session.step_batch()
session.step_batch()
session.metrics()
most = int(sys.argv[2])
session.loss_and_gradients(x[:most], y[:most])
print(f"{status('VmHWM') - before:.0f} {held:.0f}")
"""


def main() -> None:
    """Measure every case and print how far each is below the limit; the first run of each only compiles."""
    print(f"{'case':50} {'grown':>8} {'data':>8} {'beyond':>8}  MiB, of {LIMIT}")
    for name, case in CASES.items():
        command = [sys.executable, "-c", RUN, json.dumps(case)]
        subprocess.run([*command, "10"], check=True, stdout=subprocess.DEVNULL)
        most = "4000" if name == NORMALIZED else "100000"
        done = subprocess.run([*command, most], check=True, capture_output=True, text=True)
        grown, held = map(float, done.stdout.split())
        print(f"{name:50} {grown:8.0f} {held:8.0f} {grown - held:8.0f}", flush=True)


if __name__ == "__main__":
    main()
