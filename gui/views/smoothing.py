"""Smoothing of curves that jitter: pure arithmetic."""

import numpy as np
from numpy.typing import NDArray

KEPT = 0.9  # of the running mean at each point: the last ten points or so count


def smoothed(values: NDArray[np.float64], kept: float = KEPT) -> NDArray[np.float64]:
    """Return the exponential moving average of (n,) values, corrected for its start as in Adam.

    Each point is the mean of those up to it with weights that fall by ``kept`` a point, so what comes later
    never moves what was drawn. A value that is not finite is left out, and NaN stands where it was.
    """
    total = weight = 0.0
    found = np.full(len(values), np.nan)
    for index, value in enumerate(values.tolist()):
        if np.isfinite(value):
            total, weight = kept * total + (1 - kept) * value, kept * weight + (1 - kept)
            found[index] = total / weight
    return found
