"""Bringing columns to a common scale. The formulas stand in :mod:`engine.choices.scalings`.

Every scaling is (x − offset) · factor, a column at a time; a constant column gets the factor 0.
"""

import numpy as np

# The standard deviation needs room for a copy of what it is of: large tables go a few columns at a time.
LARGEST, COLUMNS_AT_ONCE = 2**23, 64


def measure(name: str, x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Measure a scaling on the training rows.

    Parameters
    ----------
    name : "none", "standard" or "minmax"
    x : (n, n_in) float64, the training rows alone

    Returns
    -------
    offset, factor : (n_in,) float64 each
    """
    if x.size > LARGEST and x.shape[1] > COLUMNS_AT_ONCE:
        starts = range(0, x.shape[1], COLUMNS_AT_ONCE)
        parts = [measure(name, np.ascontiguousarray(x[:, i : i + COLUMNS_AT_ONCE])) for i in starts]
        offsets, factors = zip(*parts, strict=True)
        return np.concatenate(offsets), np.concatenate(factors)
    low, high = x.min(axis=0), x.max(axis=0)
    if name == "none":
        return np.zeros_like(low), np.ones_like(low)
    if name == "standard":
        offset, width = x.mean(axis=0), x.std(axis=0)
    elif name == "minmax":
        offset, width = (low + high) / 2, (high - low) / 2
    else:
        raise KeyError(name)
    # Rounding can leave a tiny deviation in a constant column, so equality decides and not the width.
    constant = (low == high) | (width < np.finfo(np.float64).tiny)
    return np.where(constant, low, offset), np.where(constant, 0.0, 1 / np.where(constant, 1.0, width))
