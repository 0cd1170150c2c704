"""Random streams from (seed, purpose, index), with no hidden generator state.

Every draw of an experiment comes from a stream that is named by what it is for, so adding a layer or
changing the noise leaves all other draws as they were, and any epoch's order can be had without the
epochs before it.
"""

import zlib

import numpy as np


def key(seed: int, purpose: str, index: int = 0) -> np.random.SeedSequence:
    """Return the seed sequence of a stream."""
    return np.random.SeedSequence((seed, zlib.crc32(purpose.encode()), index))


def stream(seed: int, purpose: str, index: int = 0) -> np.random.Generator:
    """Return a fresh generator (PCG64) at the start of the stream (seed, purpose, index).

    Parameters
    ----------
    seed : a user's seed, at least 0
    purpose : what the draws are for, such as ``"weights"`` or ``"split"``
    index : the layer or epoch
    """
    return np.random.default_rng(key(seed, purpose, index))
