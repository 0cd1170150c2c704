"""How the numbers of each layer are distributed: weights, gradients or activations, now and on the way.

A quantity is a function from a snapshot and its data to one flat array a layer. What is counted shares its
bins: now with the start, and each moment of a way with the others.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.analysis.signals import spaced
from engine.data import Data
from engine.snapshot import Snapshot

Values = NDArray[np.floating]
Quantity = Callable[[Snapshot, Data], list[Values]]

# Limits of a histogram are rounded up to these, so that they do not jump at every frame.
STEPS = (1.0, 1.5, 2.0, 3.0, 5.0, 7.5, 10.0)
ROWS = 512  # training rows whose activations are counted, evenly spaced
# Gradients have long tails: a few links get a hundred times what most get. Limits that hold the middle 99 %
# keep the others readable; what lies beyond is counted in the outermost bins and told.
TAIL = 0.005


@dataclass(frozen=True, eq=False)
class Histogram:
    """One layer's numbers now against those at the start.

    Attributes
    ----------
    edges : (bins + 1,) edges that both counts share, symmetric around 0, or from 0 where none is negative
    now, initial : (bins,) counts; what lies beyond the edges is in the outermost bins
    mean, std, low, high : of the finite numbers now (std divides by how many they are); NaN when none is
    broken : how many are NaN or infinite now
    zeros : the share that is exactly 0 now
    beyond : the share of those now that lies outside the edges
    """

    edges: NDArray[np.float64]
    now: NDArray[np.int64]
    initial: NDArray[np.int64]
    mean: float
    std: float
    low: float
    high: float
    broken: int
    zeros: float
    beyond: float


@dataclass(frozen=True, eq=False)
class Ridges:
    """One layer's numbers at several moments.

    Attributes
    ----------
    edges : (bins + 1,) edges that all share
    counts : (moments, bins) counts, the earliest moment first
    """

    edges: NDArray[np.float64]
    counts: NDArray[np.int64]


def weights_of(snapshot: Snapshot, data: Data) -> list[Values]:
    """Return each layer's weights; biases are not counted."""
    return [w.ravel() for w, _ in snapshot.weights()]


def gradients_of(snapshot: Snapshot, data: Data) -> list[Values]:
    """Return the gradients of each layer's weights, of the training rows' mean loss with penalties."""
    grad = snapshot.gradient(data.x_train, data.y_train)
    return [w.ravel() for w, _ in snapshot.plan.unpack(grad)]


def activations_of(snapshot: Snapshot, data: Data) -> list[Values]:
    """Return each layer's activations over units and up to 512 training rows."""
    return [layer.ravel() for layer in snapshot.forward(data.x_train[spaced(len(data.x_train), ROWS)])]


def round_up(value: float) -> float:
    """Return the first of 1, 1.5, 2, 3, 5, 7.5, 10 times a power of ten that is not below the value."""
    if not value > 0 or not np.isfinite(value):
        return 1.0
    power = 10.0 ** np.floor(np.log10(value))
    return float(next(step * power for step in STEPS if step * power >= value * (1 - 1e-9)))


def histograms(
    now: Sequence[Values], initial: Sequence[Values], bins: int = 30, tail: float = 0.0
) -> list[Histogram]:
    """Count each layer's numbers now and at the start, in bins that both share.

    Parameters
    ----------
    tail : the share at each end that the limits may leave out
    """
    return [_histogram(one, other, bins, tail) for one, other in zip(now, initial, strict=True)]


def _histogram(now: Values, initial: Values, bins: int, tail: float) -> Histogram:
    finite, start = _finite(now), _finite(initial)
    edges = _edges([finite, start], bins, tail)
    some = finite if finite.size else np.array([np.nan])
    outside = np.count_nonzero((finite < edges[0]) | (finite > edges[-1]))
    return Histogram(
        edges=edges, now=_count(finite, edges), initial=_count(start, edges),
        mean=float(some.mean()), std=float(some.std()), low=float(some.min()), high=float(some.max()),
        broken=now.size - finite.size, zeros=np.count_nonzero(finite == 0) / max(1, finite.size),
        beyond=outside / max(1, finite.size),
    )  # fmt: skip


def ridges(moments: Sequence[Sequence[Values]], bins: int = 40, tail: float = 0.0) -> list[Ridges]:
    """Count each layer's numbers at every moment, in bins that the moments share."""
    found = []
    for layer in zip(*moments, strict=True):
        finite = [_finite(values) for values in layer]
        edges = _edges(finite, bins, tail)
        found.append(Ridges(edges, np.array([_count(values, edges) for values in finite])))
    return found


def moments_of(path: Sequence[tuple[float, Values]], most: int) -> list[tuple[float, Values]]:
    """Return at most so many entries (epoch, parameters) of a path, evenly spread over its epochs.

    The first and the last are among them.
    """
    epochs = np.array([epoch for epoch, _ in path])
    wanted = np.linspace(epochs[0], epochs[-1], most)
    nearest = np.abs(epochs[None, :] - wanted[:, None]).argmin(axis=1)
    nearest[0], nearest[-1] = 0, len(path) - 1
    return [path[index] for index in sorted(set(nearest.tolist()))]


def _finite(values: Values) -> NDArray[np.float64]:
    return values[np.isfinite(values)].astype(np.float64)


def _edges(parts: Sequence[NDArray[np.float64]], bins: int, tail: float) -> NDArray[np.float64]:
    """Return edges that hold all parts but for the tail of each."""
    sizes = [np.abs(part) for part in parts if part.size]
    if tail:
        largest = max((float(np.quantile(size, 1 - tail)) for size in sizes), default=0.0)
    else:
        largest = max((float(size.max()) for size in sizes), default=0.0)
    one_sided = bool(sizes) and all(part.min() >= 0 for part in parts if part.size) and largest > 0
    return np.linspace(0.0 if one_sided else -1.0, 1.0, bins + 1) * round_up(largest)


def _count(values: NDArray[np.float64], edges: NDArray[np.float64]) -> NDArray[np.int64]:
    counted = np.histogram(np.clip(values, edges[0], edges[-1]), len(edges) - 1, (edges[0], edges[-1]))[0]
    return counted.astype(np.int64)
