"""The gallery's experiments in pairs, a poor way beside a better one, and what really came of them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.experiment import Experiment
from engine.resources import resource

SIDE = 48  # of the picture of a result, in its own pixels
POINTS = 120  # drawn at most
MARGIN = 1.1  # how much farther than the points a picture goes
CURVE = 64  # moments of the loss


@dataclass(frozen=True)
class Example:
    """One experiment of the gallery.

    Attributes:
        key: its file's name.
        name: what it is called beside the other one of its pair, in English.
        look: what to look for, in one English sentence.
    """

    key: str
    name: str
    look: str

    @property
    def path(self) -> Path:
        """Its file."""
        return resource("examples", "pairs", f"{self.key}.json")


@dataclass(frozen=True)
class Pair:
    """Two experiments that differ in one thing, the poorer one first."""

    title: str
    examples: tuple[Example, Example]


@dataclass(frozen=True, eq=False)
class Result:
    """What came of an experiment after all its epochs.

    Attributes:
        field: (SIDE, SIDE) uint8, the probability of class 1 times 255; rows go up, over the training
            points and a little farther.
        points: (n, 2) float32 training points, from -1 to 1 in that square.
        classes: (n,) uint8 their classes.
        losses: (CURVE,) float32 the training loss, evenly spread over the epochs; NaN after an early end.
    """

    field: NDArray[np.uint8]
    points: NDArray[np.float32]
    classes: NDArray[np.uint8]
    losses: NDArray[np.float32]


@cache
def pairs() -> tuple[Pair, ...]:
    """Return the gallery, in its order."""
    read = json.loads(resource("examples", "pairs", "index.json").read_text(encoding="utf-8"))
    return tuple(
        Pair(pair["title"], (Example(**pair["examples"][0]), Example(**pair["examples"][1]))) for pair in read
    )


def train(experiment: Experiment) -> Result:
    """Return what comes of an experiment with two inputs and two classes."""
    from engine.session import Session

    session, epochs = Session(experiment), experiment.training.epochs
    losses = []
    for done in np.linspace(0, epochs, CURVE).round().astype(int):
        if session.stopped is None:
            session.run(int(done) - session.epoch)
        losses.append(np.nan if session.epoch < done else session.metrics()["train_loss"])
    x = session.data.x_train
    middle, reach = (x.max(axis=0) + x.min(axis=0)) / 2, (x.max(axis=0) - x.min(axis=0)) / 2 * MARGIN
    ticks = (np.arange(SIDE) + 0.5) / SIDE * 2 - 1
    grid = middle + reach * np.stack(np.meshgrid(ticks, ticks), axis=-1).reshape(-1, 2)
    field = np.rint(session.predict(grid)[:, 0] * 255).reshape(SIDE, SIDE).astype(np.uint8)
    classes = session.data.y_train[:POINTS, 0] > 0.5
    points = ((x[:POINTS] - middle) / reach).astype(np.float32)
    return Result(field, points, classes.astype(np.uint8), np.array(losses, np.float32))


def write_results() -> None:
    """Train every experiment of the gallery and store what came of it beside them."""
    arrays: dict[str, NDArray] = {}
    for example in (example for pair in pairs() for example in pair.examples):
        result = train(Experiment.load(example.path))
        arrays |= {f"{example.key}.{name}": array for name, array in vars(result).items()}
    np.savez_compressed(resource("examples", "pairs", "results.npz"), allow_pickle=False, **arrays)


@cache
def results() -> dict[str, Result]:
    """Return the stored results by the experiments' keys."""
    with np.load(resource("examples", "pairs", "results.npz")) as arrays:
        names = Result.__dataclass_fields__
        return {
            example.key: Result(*(arrays[f"{example.key}.{name}"] for name in names))
            for pair in pairs() for example in pair.examples
        }  # fmt: skip


if __name__ == "__main__":
    write_results()
