"""Smoothing of curves that jitter: pure arithmetic."""

import numpy as np
from numpy.typing import NDArray

REACH = 10  # points to each side that are averaged


def smoothed(values: NDArray[np.float64], reach: int = REACH) -> NDArray[np.float64]:
    """Return the centred running mean of (n,) values: over up to ``reach`` points on either side.

    Towards both ends the window narrows evenly, so that the line neither lags nor ends elsewhere than the
    values. A value that is not finite is left out of its neighbours' means, and NaN stands where it was.
    """
    count, places = len(values), np.arange(len(values))
    half = np.minimum(reach, np.minimum(places, count - 1 - places))
    known = np.isfinite(values)
    sums = np.concatenate([[0.0], np.cumsum(np.where(known, values, 0.0))])
    numbers = np.concatenate([[0], np.cumsum(known)])
    first, last = places - half, places + half + 1
    with np.errstate(invalid="ignore", divide="ignore"):
        means = (sums[last] - sums[first]) / (numbers[last] - numbers[first])
    return np.where(known, np.where(half == 0, values, means), np.nan)
