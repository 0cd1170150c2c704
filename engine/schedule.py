"""Schedules as arrays: what the learning rate is multiplied by in each update.

Pure functions of the number of the update, so any update's rate can be had without those before it. Only
``plateau`` looks at the loss; what it has seen is a :class:`Plateau`.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from engine.choice import Schedule

Values = dict[str, float]


def factors(schedule: Schedule, first_update: int, count: int, batches: int, epochs: int) -> np.ndarray:
    """Return (count,) float64, what the learning rate is multiplied by in these updates.

    Parameters
    ----------
    first_update : the first update's number since the start of the training, from 0: where batches change
        their size on the way, epoch · batches + batch
    batches : updates an epoch
    epochs : of the whole training; past it, the last update's factor stays

    For ``plateau`` all are 1: its factor is in its :class:`Plateau`.
    """
    total = batches * epochs
    t = np.minimum(np.arange(first_update, first_update + count), total - 1).astype(float)
    return _FACTORS[schedule.name](schedule.parameters, t, batches, total)


def curve(schedule: Schedule, batches: int, epochs: int, points: int = 200) -> tuple[np.ndarray, np.ndarray]:
    """Return epochs (points,) from 0 to the end of the training and what the rate is multiplied by there.

    For a picture: updates in between are left out. ``plateau`` waits for the loss and is 1 all along.
    """
    updates = np.unique(np.linspace(0, batches * epochs - 1, points).astype(int))
    return updates / batches, np.concatenate([factors(schedule, t, 1, batches, epochs) for t in updates])


def _constant(values: Values, t: np.ndarray, batches: int, total: int) -> np.ndarray:
    return np.ones(len(t))


def _inverse_time(values: Values, t: np.ndarray, batches: int, total: int) -> np.ndarray:
    with np.errstate(over="ignore"):  # of a decay that is too large, nothing is left
        return 1 / (1 + values["decay"] * t / batches)


def _step(values: Values, t: np.ndarray, batches: int, total: int) -> np.ndarray:
    return values["factor"] ** (t // (batches * values["every"]))


def _exponential(values: Values, t: np.ndarray, batches: int, total: int) -> np.ndarray:
    return values["factor"] ** (t / batches)


def _cosine(values: Values, t: np.ndarray, batches: int, total: int) -> np.ndarray:
    return _half_cosine(1.0, values["final"], t / total)


def _warmup_cosine(values: Values, t: np.ndarray, batches: int, total: int) -> np.ndarray:
    up, down, rising = _ways(values, t, total)
    ramp = values["start"] + (1 - values["start"]) * up
    return np.where(rising, ramp, _half_cosine(1.0, values["final"], down))


def _one_cycle(values: Values, t: np.ndarray, batches: int, total: int) -> np.ndarray:
    up, down, rising = _ways(values, t, total)
    return np.where(rising, _half_cosine(values["start"], 1.0, up), _half_cosine(1.0, values["final"], down))


def _ways(values: Values, t: np.ndarray, total: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return how much of the way up and of the way down is done, and whether it still goes up."""
    top = int(values["warmup"] * total)
    return t / max(top, 1), (t - top) / (total - top), t < top


def _half_cosine(first: float, last: float, done: np.ndarray) -> np.ndarray:
    """Return the way from ``first`` to ``last``, flat at both ends, of which a share is done."""
    return last + (first - last) * (1 + np.cos(np.pi * done)) / 2


_FACTORS: dict[str, Callable[[Values, np.ndarray, int, int], np.ndarray]] = {
    "constant": _constant,
    "inverse_time": _inverse_time,
    "step": _step,
    "exponential": _exponential,
    "cosine": _cosine,
    "warmup_cosine": _warmup_cosine,
    "one_cycle": _one_cycle,
    "plateau": _constant,
}


@dataclass(frozen=True)
class Plateau:
    """What the schedule ``plateau`` has seen so far.

    Attributes
    ----------
    best : the lowest loss
    bad_epochs : epochs since then, or since the last reduction
    factor : what the learning rate is multiplied by now
    """

    best: float = float("inf")
    bad_epochs: int = 0
    factor: float = 1.0


def observe(schedule: Schedule, state: Plateau, loss: float) -> Plateau:
    """Return the state after an epoch that ended with this loss; a loss of NaN is never a better one.

    Parameters
    ----------
    loss : of the validation rows, where there are none of the training rows
    """
    values = schedule.parameters
    if loss < state.best - values["min_delta"]:
        return Plateau(loss, 0, state.factor)
    if state.bad_epochs + 1 < values["patience"]:
        return Plateau(state.best, state.bad_epochs + 1, state.factor)
    return Plateau(state.best, 0, max(values["factor"] * state.factor, values["lowest"]))
