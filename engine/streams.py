"""Random streams from (seed, purpose, index), with no hidden generator state.

Every draw of an experiment comes from a stream that is named by what it is for, so adding a layer or
changing the noise leaves all other draws as they were, and any epoch's order can be had without the
epochs before it.
"""

import zlib

import numpy as np

from engine.jit import jit, jit_inline


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


def shuffle_key(seed: int, purpose: str) -> int:
    """Return the 63-bit key from which :func:`shuffle` makes the order of any epoch."""
    return int(key(seed, purpose).generate_state(1, np.uint64)[0] >> np.uint64(1))


# SplitMix64 (Steele, Lea and Flood 2014): a counter, mixed. NumPy's generators take longer to set up than
# a small net takes for a whole epoch.
_STEP = np.uint64(0x9E3779B97F4A7C15)
_MIX_1, _MIX_2 = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
_11, _27, _30, _31, _32 = np.uint64(11), np.uint64(27), np.uint64(30), np.uint64(31), np.uint64(32)


@jit_inline
def _mixed(counter: int) -> int:
    value = counter
    value = (value ^ (value >> _30)) * _MIX_1
    value = (value ^ (value >> _27)) * _MIX_2
    return value ^ (value >> _31)


@jit_inline
def stream_of(key: int, index: int) -> int:
    """Return the key of stream number ``index`` (0, 1, ...) within the stream of a key."""
    return _mixed(np.uint64(key) + _STEP * np.uint64(index + 1))


@jit_inline
def bits_of(key: int, index: int) -> float:
    """Return number ``index`` (0, 1, ...) of a stream, from 0 to just below 1."""
    return np.float64(stream_of(key, index) >> _11) * 2.0**-53


@jit
def shuffle(order_key: int, epoch: int, order: np.ndarray) -> None:
    """Call :func:`fill_order`, from Python."""
    fill_order(order_key, epoch, order)


@jit_inline
def fill_order(order_key: int, epoch: int, order: np.ndarray) -> None:
    """Fill order (n,) int64 with the numbers 0 to n - 1 in this epoch's random order (Fisher and Yates).

    The same key and epoch give the same order, whatever came before.
    """
    n = order.size
    for i in range(n):
        order[i] = i
    counter = _mixed(np.uint64(order_key) + _STEP * np.uint64(epoch + 1))
    for i in range(n - 1, 0, -1):
        counter += _STEP
        # 32 random bits times (i + 1), the upper part: a number from 0 to i
        j = np.int64(((_mixed(counter) >> _32) * np.uint64(i + 1)) >> _32)
        order[i], order[j] = order[j], order[i]
