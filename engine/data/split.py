"""Which rows are trained on and which are kept for the test, every class in proportion."""

import math

import numpy as np


def quotas(sizes: np.ndarray, count: int) -> np.ndarray:
    """Share a count out among classes in proportion to their sizes.

    Each class gets its share rounded down; what is left goes to the largest remainders, the first class
    first. So each quota is within 1 of the exact share.

    Parameters
    ----------
    sizes : (k,) how many rows each class has, or any numbers in that proportion
    count : how many to take, at most as many rows as there are
    """
    shares = sizes * count / (sizes.sum() or 1)
    whole = np.floor(shares).astype(np.int64)
    left = count - int(whole.sum())
    whole[np.argsort(whole - shares, kind="stable")[:left]] += 1
    return whole


def choose(groups: np.ndarray, sizes: np.ndarray, order: np.ndarray) -> np.ndarray:
    """Mark rows, each group's first ones in the order.

    Parameters
    ----------
    groups : (n,) int64 the group (class) of each row
    sizes : (k,) how many rows of each group to mark
    order : (n,) a permutation of the rows

    Returns
    -------
    (n,) bool
    """
    marked = np.zeros(len(groups), bool)
    sorted_groups = groups[order]
    for group, size in enumerate(sizes):
        marked[order[sorted_groups == group][:size]] = True
    return marked


def tested(n: int, fraction: float) -> int:
    """Return how many of n rows are kept for the test: rounded up, but one row is left to train on."""
    return min(math.ceil(n * fraction - 1e-9), n - 1)


def subset(groups: np.ndarray, sizes: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return the indices of random rows, ``sizes[g]`` of each group g, in the rows' own order."""
    return np.flatnonzero(choose(groups, sizes, rng.permutation(len(groups))))


def split(groups: np.ndarray, fraction: float, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Split rows at random into training and test rows, every group in proportion.

    Returns
    -------
    train, test : indices, both in random order, so that the first rows of either hold all groups
    """
    sizes = quotas(np.bincount(groups), tested(len(groups), fraction))
    kept = choose(groups, sizes, rng.permutation(len(groups)))
    order = rng.permutation(len(groups))  # another one: the first took whole groups before others
    return order[~kept[order]], order[kept[order]]


def cut(groups: np.ndarray, fraction: float, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Cut validation rows out of training rows that are in random order, every group in proportion.

    Returns
    -------
    train, validation : indices, each in the order that the rows had; all rows and none for a fraction of 0
    """
    sizes = quotas(np.bincount(groups), tested(len(groups), fraction))
    kept = choose(groups, sizes, rng.permutation(len(groups)))
    return np.flatnonzero(~kept), np.flatnonzero(kept)
