"""Each kernel on a small task of its own: the numbers must be those of the stored file, and the speed near.

The stored numbers are float64 results of the formulas; here they are computed in float32, as users do, so
they agree to about 1e-7 of the largest. ``python -m engine.selfcheck`` writes the file anew, where a kernel
or a definition was changed on purpose.
"""

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import numpy as np

from engine import ensemble, surface
from engine.experiment import Experiment, from_plain, replace_at
from engine.resources import resource
from engine.session import Session

TOLERANCE = 1e-6  # of the largest number
SHOWN = 24  # numbers a task is compared by
MEASURED = 0.03  # seconds for measuring the speed of one task


@dataclass(frozen=True)
class Found:
    """What one task came to.

    Attributes
    ----------
    difference : largest difference from the stored numbers, as a share of the largest of them
    milliseconds : median time for the task's work
    slower : that time as a multiple of the stored one's
    """

    name: str
    difference: float
    milliseconds: float
    slower: float

    @property
    def right(self) -> bool:
        """Whether the numbers are those of the stored file (NaN is not)."""
        return self.difference <= TOLERANCE


Task = tuple[np.ndarray, Callable[[], object]]  # some numbers that came out, and the work to be timed


def _experiment(data: dict, layers: list[dict], loss: str, precision: str) -> Experiment:
    training = {"batch_size": 32, "precision": precision}
    optimizer = {"name": "momentum", "learning_rate": 0.05}
    return from_plain({"version": 1, "data": data, "network": {"layers": layers}, "loss": loss,
                       "optimizer": optimizer, "training": training})  # fmt: skip


def _small(precision: str, **first: object) -> Experiment:
    """Return 2-8-8-1 on the spiral, which is computed by the lanes."""
    hidden = {"units": 8, "activation": "tanh", "initializer": "xavier_normal"}
    last = {"units": 1, "activation": "sigmoid", "initializer": "xavier_normal"}
    layers = [{**hidden, **first}, hidden, last]
    return _experiment({"name": "spiral"}, layers, "binary_cross_entropy", precision)


def _digits(precision: str) -> Experiment:
    """Return 64-64-32-10 on the digits, which is computed by matrices."""
    hidden = {"activation": "tanh", "initializer": "xavier_normal"}
    last = {"units": 10, "activation": "softmax", "initializer": "xavier_normal"}
    layers = [{"units": 64, **hidden}, {"units": 32, **hidden}, last]
    data = {"name": "digits", "scaling": "minmax"}
    return _experiment(data, layers, "categorical_cross_entropy", precision)


def _trained(experiment: Experiment) -> Task:
    """Three updates; the work is an epoch."""
    session = Session(experiment)
    for _ in range(3):
        session.step_batch()
    return _some(*session.parameters().values()), session.step_epoch


def _measured(experiment: Experiment) -> Task:
    session = Session(experiment)
    snapshot, data = session.snapshot(), session.data
    return np.array([snapshot.loss(data.x_train, data.y_train)]), lambda: session.metrics()


def _gradients(experiment: Experiment) -> Task:
    session = Session(experiment)
    x, y = session.data.x_train[:100], session.data.y_train[:100]
    return _some(*session.gradients(x, y).values()), lambda: session.gradients(x, y)


def _units(experiment: Experiment) -> Task:
    session = Session(experiment)
    snapshot, x = session.snapshot(), session.data.x_train
    return _some(*snapshot.forward(x[:20])), lambda: snapshot.forward(x)


def _plane(experiment: Experiment) -> Task:
    session = Session(experiment)
    snapshot = session.snapshot()
    rng = np.random.Generator(np.random.PCG64(0))
    a, b = rng.standard_normal((2, snapshot.theta.size))
    steps = np.linspace(-0.2, 0.2, 4)
    losses = surface.losses(snapshot, session.data, a, b, steps, steps)
    return losses.ravel(), lambda: surface.losses(snapshot, session.data, a, b, steps, steps)


def _many(experiment: Experiment) -> Task:
    several = [replace_at(experiment, "seeds.init", seed) for seed in range(3)]

    def train() -> list[ensemble.Result]:
        return sorted(ensemble.run(several, epochs=2), key=lambda result: result.index)

    return _some(*(w for result in train() for w, _ in result.snapshot.weights())), train


def _some(*arrays: np.ndarray) -> np.ndarray:
    """Return numbers from all over some arrays."""
    whole = np.concatenate([np.asarray(array, np.float64).ravel() for array in arrays])
    return whole[np.linspace(0, len(whole) - 1, min(SHOWN, len(whole))).astype(int)]


TASKS: dict[str, Callable[[str], Task]] = {
    "training in lanes": lambda precision: _trained(_small(precision)),
    "training by matrices": lambda precision: _trained(_digits(precision)),
    "training with extras": lambda precision: _trained(_small(precision, batch_norm=True, dropout=0.2)),
    "gradients": lambda precision: _gradients(_small(precision)),
    "losses in lanes": lambda precision: _measured(_small(precision)),
    "losses by matrices": lambda precision: _measured(_digits(precision)),
    "pictures of units": lambda precision: _units(_small(precision)),
    "loss surface": lambda precision: _plane(_small(precision)),
    "many trainings": lambda precision: _many(_small(precision)),
}


def stored_file() -> Path:
    """Return the path of the stored numbers."""
    return resource("selfcheck.json")


def run() -> Iterator[Found]:
    """Compute every task and compare it with the stored file.

    Raises
    ------
    OSError, ValueError, KeyError
        If the stored file is missing or damaged.
    """
    stored = json.loads(stored_file().read_text(encoding="utf-8"))
    for name, task in TASKS.items():
        wanted = np.array(stored[name]["numbers"])
        numbers, work = task("float32")
        difference = np.abs(numbers - wanted).max() / np.abs(wanted).max()
        taken = _milliseconds(work)
        yield Found(name, float(difference), taken, taken / stored[name]["milliseconds"])


def _milliseconds(work: Callable[[], object]) -> float:
    """Return the median time for some work in ms, warmed up."""
    work()
    times: list[float] = []
    while sum(times) < MEASURED or len(times) < 3:
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return 1000 * median(times)


def write() -> None:
    """Store the numbers and this machine's speed."""
    stored = {}
    for name, task in TASKS.items():
        _, work = task("float32")
        numbers, _ = task("float64")
        stored[name] = {"numbers": numbers.tolist(), "milliseconds": round(_milliseconds(work), 4)}
    lines = ",\n".join(f' "{name}": {json.dumps(value)}' for name, value in stored.items())
    stored_file().write_text(f"{{\n{lines}\n}}\n", encoding="utf-8")


if __name__ == "__main__":
    write()
