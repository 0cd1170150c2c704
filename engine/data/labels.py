"""How many rows each class has, and training labels that are wrong on purpose."""

import numpy as np

from engine.data.split import quotas
from engine.streams import stream


def counts(sizes: np.ndarray, samples: int, shares: tuple[float, ...] | None) -> np.ndarray:
    """Return how many rows to take of each class.

    Parameters
    ----------
    sizes : (k,) how many there are
    samples : how many to take at most
    shares : the wanted proportion of the classes; None for the one that they have

    Returns
    -------
    (k,) int64: with shares, as many rows as keep the proportion (rounded, as :func:`quotas` does) without
    one class running out; without, ``samples`` of them
    """
    if shares is None:
        return quotas(sizes, min(samples, int(sizes.sum())))
    wanted = np.array(shares) / sum(shares)
    total = min(samples, int(np.floor((sizes / wanted).min() + 1e-9)))
    return np.minimum(quotas(wanted, total), sizes)


def flip(labels: np.ndarray, classes: int, share: float, seed: int) -> np.ndarray:
    """Return labels of which a share is wrong.

    Which ones is decided by the seed alone: more noise flips the same ones and others besides, to the
    same wrong classes.

    Parameters
    ----------
    labels : (n,) int64 class indices
    classes : how many classes there are
    share : from 0 to 1; share · n labels, rounded, become another class, each other one as likely
    """
    count = round(share * len(labels))
    if not count:
        return labels
    rng = stream(seed, "label_noise")
    chosen = rng.permutation(len(labels))[:count]
    step = rng.integers(1, classes, len(labels))
    flipped = labels.copy()
    flipped[chosen] = (labels[chosen] + step[chosen]) % classes
    return flipped
