"""The generated data sets. The formulas stand in :mod:`engine.choices.datasets`.

Each generator gets two streams, one for where the points are and one for the noise, and draws from the
second whatever the noise is. So the noise only moves points, ever farther along the same directions.
Row i belongs to class i mod 2: the classes are balanced.
"""

from collections.abc import Callable

import numpy as np

from engine.data.rows import Rows
from engine.streams import stream

Generator = np.random.Generator
Maker = Callable[[Generator, Generator, int, float], Rows]

RADIUS = 5.0
LIMIT = 6.0
MARGIN = 0.3


def _labels(n: int) -> np.ndarray:
    """Return the classes 0, 1, 0, 1, ... of n rows."""
    return np.arange(n, dtype=np.int64) % 2


def _jitter(rng: Generator, n: int, reach: float) -> np.ndarray:
    """Return (n, 2) displacements, uniform up to ``reach`` along each axis."""
    return reach * rng.uniform(-1, 1, (n, 2))


def line(points: Generator, noise: Generator, n: int, level: float) -> Rows:
    """Points on either side of the straight line 3 x1 + 4 x2 = 0."""
    labels = _labels(n)
    sides = 2.0 * labels - 1
    raw = points.uniform(-RADIUS, RADIUS, (n, 2))
    normal = np.array([0.6, 0.8])
    raw *= (np.where(raw @ normal > 0, 1, -1) * sides)[:, None]  # mirrored when on the wrong side
    raw += MARGIN * sides[:, None] * normal
    return Rows(raw + _jitter(noise, n, RADIUS * level), labels)


def circle(points: Generator, noise: Generator, n: int, level: float) -> Rows:
    """A disc of class 1 within a ring of class 0."""
    labels = _labels(n)
    share, turn = points.uniform(0, 1, (n, 2)).T
    radius = RADIUS * np.where(labels == 1, 0.5 * share, 0.7 + 0.3 * share)
    angle = 2 * np.pi * turn
    raw = np.column_stack([radius * np.sin(angle), radius * np.cos(angle)])
    return Rows(raw + _jitter(noise, n, RADIUS * level), labels)


def xor(points: Generator, noise: Generator, n: int, level: float) -> Rows:
    """Class 1 where the signs of the two inputs differ."""
    labels = _labels(n)
    draws = points.uniform(-1, 1, (n, 2))
    raw = MARGIN + RADIUS * np.abs(draws)
    first = np.where(draws[:, 0] < 0, -1.0, 1.0)
    raw *= np.column_stack([first, np.where(labels == 1, -first, first)])
    return Rows(raw + _jitter(noise, n, RADIUS * level), labels)


def gaussians(points: Generator, noise: Generator, n: int, level: float) -> Rows:
    """Two round clouds, wider with more noise."""
    labels = _labels(n)
    centres = 2.0 * (2.0 * labels - 1)
    return Rows(centres[:, None] + np.sqrt(0.5 + 7 * level) * points.standard_normal((n, 2)), labels)


def moons(points: Generator, noise: Generator, n: int, level: float) -> Rows:
    """Two half circles that reach into each other."""
    labels = _labels(n)
    angle = points.uniform(0, np.pi, n)
    upper = np.column_stack([np.cos(angle) - 0.5, np.sin(angle) - 0.25])
    raw = 3.4 * upper * np.where(labels == 1, -1.0, 1.0)[:, None]
    return Rows(raw + _jitter(noise, n, 3 * level), labels)


def spiral(points: Generator, noise: Generator, n: int, level: float) -> Rows:
    """Two arms of one and three quarter turns; without noise every point lies exactly on its arm."""
    labels = _labels(n)
    share = (np.arange(n) // 2 + 1) / np.array([n - n // 2, n // 2])[labels]
    radius = RADIUS * share
    angle = 1.75 * 2 * np.pi * share + np.where(labels == 1, 0, np.pi)
    raw = np.column_stack([radius * np.sin(angle), radius * np.cos(angle)])
    # A few rows may lie on one axis: there a zero must be zero, or scaling would blow the rounding up.
    return Rows(np.round(raw, 12) + _jitter(noise, n, level), labels)


def _gate(outputs: tuple[int, int, int, int]) -> Maker:
    """Return the maker of a truth table, its rows in the order 00, 01, 10, 11."""

    def make(points: Generator, noise: Generator, n: int, level: float) -> Rows:
        raw = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
        return Rows(raw, np.array(outputs, np.int64))

    return make


def _regression(inputs: int, target: Callable[[np.ndarray], np.ndarray]) -> Maker:
    """Return the maker of a function's values, noise added, over inputs uniform in [−6, 6]."""

    def make(points: Generator, noise: Generator, n: int, level: float) -> Rows:
        raw = points.uniform(-LIMIT, LIMIT, (n, inputs))
        values = target(raw) + level * noise.standard_normal(n)
        return Rows(raw, targets=values[:, None])

    return make


MAKERS: dict[str, Maker] = {
    "line": line,
    "circle": circle,
    "xor": xor,
    "gaussians": gaussians,
    "moons": moons,
    "spiral": spiral,
    "gate_and": _gate((0, 0, 0, 1)),
    "gate_or": _gate((0, 1, 1, 1)),
    "gate_xor": _gate((0, 1, 1, 0)),
    "plane": _regression(2, lambda raw: raw.sum(axis=1) / 10),
    "gaussian_bump": _regression(2, lambda raw: np.exp(-(raw**2).sum(axis=1) / 8)),
    "sine": _regression(1, lambda raw: np.sin(raw[:, 0])),
}


def make(name: str, samples: int, noise: float, seed: int) -> Rows:
    """Make a generated data set.

    Parameters
    ----------
    name : a key of MAKERS
    samples : how many rows (a gate always has its four)
    noise : from 0 to 1
    seed : ``seeds.data``
    """
    return MAKERS[name](stream(seed, "points"), stream(seed, "noise"), samples, noise)
