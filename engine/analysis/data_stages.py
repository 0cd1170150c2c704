"""What noise, split and scaling make of the rows: before and after, as small pictures show it."""

from dataclasses import dataclass

import numpy as np

from engine.data import Data, preview
from engine.data_rules import describe
from engine.experiment import Experiment

MOST_INPUTS, FEWEST_BINS, BINS, POINTS = 6, 12, 48, 160


@dataclass(frozen=True, eq=False)
class Strips:
    """How the values of a few inputs lie on one common axis, before or after scaling.

    Attributes
    ----------
    low, high : the ends of the axis
    shares : (k, bins), how many of an input's rows fall into each part of the axis, the fullest 1
    means, stds : (k,) of each input
    """

    low: float
    high: float
    shares: np.ndarray
    means: np.ndarray
    stds: np.ndarray


@dataclass(frozen=True, eq=False)
class Scatter:
    """Rows as points: (n,) first and second coordinate and class; of one input the second is the target."""

    first: np.ndarray
    second: np.ndarray
    labels: np.ndarray


@dataclass(frozen=True, eq=False)
class Stages:
    """All of it for one experiment.

    Attributes
    ----------
    rows : how many rows train, validate and test
    names : the inputs that are shown
    others : how many inputs are not
    before, after : these inputs, as they are and scaled
    clean, noisy : rows without noise and the same with it, also with noise 0; None where noise means nothing
    noise : how much of it
    """

    rows: tuple[int, int, int]
    names: tuple[str, ...]
    others: int
    before: Strips
    after: Strips
    clean: Scatter | None
    noisy: Scatter | None
    noise: float


def stages(experiment: Experiment, data: Data) -> Stages:
    """Return what noise, split and scaling made of the data of an experiment; measured on training rows."""
    shown = _chosen(data)
    offset, factor = (part[shown] for part in data.scaler)
    after = data.x_train[:, shown].astype(np.float64)
    # A constant column is 0 whatever it was: its number is in the offset.
    before = np.where(factor == 0, 0.0, after / np.where(factor == 0, 1.0, factor)) + offset
    clean, noisy = _noise(experiment)
    sizes = len(data.x_train), len(data.x_validation), len(data.x_test)
    names = tuple(data.features[index] for index in shown)
    others, noise = len(data.features) - len(names), experiment.data.noise
    return Stages(sizes, names, others, strips(before), strips(after), clean, noisy, noise)


def strips(values: np.ndarray) -> Strips:
    """Return how the columns of (n, k) values lie on one common axis."""
    low, high = float(values.min()), float(values.max())
    if low == high:
        low, high = low - 1.0, high + 1.0
    # Of whole numbers, such as grey values, finer parts would lie empty between them.
    bins = int(np.clip(len(np.unique(values[:1000])), FEWEST_BINS, BINS))
    counts = np.stack([np.histogram(column, bins, (low, high))[0] for column in values.T]).astype(float)
    shares = counts / counts.max(axis=1, keepdims=True)
    return Strips(low, high, shares, values.mean(axis=0), values.std(axis=0))


def _chosen(data: Data) -> np.ndarray:
    """Return the inputs to show: of many those that vary most, in their order."""
    if len(data.features) <= MOST_INPUTS:
        return np.arange(len(data.features))
    factor = np.where(data.scaler[1] == 0, np.inf, data.scaler[1])
    spread = data.x_train[:1000].std(axis=0) / factor
    return np.sort(np.argsort(spread, kind="stable")[-MOST_INPUTS:])


def _noise(experiment: Experiment) -> tuple[Scatter | None, Scatter | None]:
    entry, data = describe(experiment.data), experiment.data
    drawn = len(entry.inputs) == 1 or (len(entry.inputs) == 2 and bool(entry.classes))
    if not entry.noisy or not drawn:
        return None, None
    seed = experiment.seeds.data
    made = [preview(data.name, POINTS, noise, seed, classes=data.classes) for noise in (0.0, data.noise)]
    first, second = (
        Scatter(rows.raw[:, 0], rows.raw[:, 1] if entry.classes else rows.targets[:, 0],
                rows.labels if entry.classes else np.ones(len(rows.raw), np.int64))
        for rows in made
    )  # fmt: skip
    return first, second
