"""The weights themselves: how they are distributed by layer, and what the first layer looks like."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.snapshot import Snapshot

# Limits of a histogram are rounded up to these, so that they do not jump at every frame.
STEPS = (1.0, 1.5, 2.0, 3.0, 5.0, 7.5, 10.0)


@dataclass(frozen=True, eq=False)
class Histogram:
    """One layer's weights now against its initial ones; biases are not counted.

    Attributes
    ----------
    edges : (bins + 1,) edges that both counts share, symmetric around 0
    now, initial : (bins,) numbers of weights
    mean, std, low, high : of the finite weights now (std divides by their number); NaN when none is
    broken : how many weights are NaN or infinite now
    """

    edges: NDArray[np.float64]
    now: NDArray[np.int64]
    initial: NDArray[np.int64]
    mean: float
    std: float
    low: float
    high: float
    broken: int


def round_up(value: float) -> float:
    """Return the first of 1, 1.5, 2, 3, 5, 7.5, 10 times a power of ten that is not below the value."""
    if not value > 0 or not np.isfinite(value):
        return 1.0
    power = 10.0 ** np.floor(np.log10(value))
    return float(next(step * power for step in STEPS if step * power >= value * (1 - 1e-9)))


def _histogram(now: NDArray[np.floating], initial: NDArray[np.floating], bins: int) -> Histogram:
    finite = now[np.isfinite(now)].astype(np.float64)
    start = initial[np.isfinite(initial)].astype(np.float64)
    largest = max(np.abs(finite).max(initial=0.0), np.abs(start).max(initial=0.0))
    edges = np.linspace(-1.0, 1.0, bins + 1) * round_up(float(largest))
    some = finite if finite.size else np.array([np.nan])
    return Histogram(
        edges=edges,
        now=np.histogram(finite, edges)[0],
        initial=np.histogram(start, edges)[0],
        mean=float(some.mean()), std=float(some.std()), low=float(some.min()), high=float(some.max()),
        broken=now.size - finite.size,
    )  # fmt: skip


def weight_histograms(snapshot: Snapshot, initial: Snapshot, bins: int = 30) -> list[Histogram]:
    """Count the weights of each layer now and at the start, in bins that both share."""
    pairs = zip(snapshot.weights(), initial.weights(), strict=True)
    return [_histogram(now.ravel(), start.ravel(), bins) for (now, _), (start, _) in pairs]


def first_layer_images(snapshot: Snapshot, image: tuple[int, int]) -> NDArray[np.floating]:
    """Return the incoming weights of each unit of the first layer as a picture, (units, h, w).

    Pixels lie as in the data: row 0 is the top. Raises ValueError when the inputs are not that image.
    """
    weight, _ = snapshot.weights()[0]
    height, width = image
    if weight.shape[0] != height * width:
        raise ValueError(f"{weight.shape[0]} inputs are not an image of {height} x {width}")
    return np.ascontiguousarray(weight.T).reshape(-1, height, width)
