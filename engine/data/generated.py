"""The generated data sets. The formulas stand in :mod:`engine.choices.datasets`.

Each generator gets two streams, one for where the points are and one for the noise, and draws from the
second whatever the noise is. So the noise only moves points, ever farther along the same directions.
The classes come first: unless shares are given, row i belongs to class i mod k, so they are balanced.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from engine.data.rows import Rows
from engine.data.split import quotas
from engine.streams import stream

Generator = np.random.Generator

RADIUS = 5.0
LIMIT = 6.0
MARGIN = 0.3
FEWEST_FIELDS = 4  # of the checkerboard, along each axis
EDGE = 0.1  # of a field of the checkerboard, without points
# The neuron that makes the credit table: the bill example's weights and bias.
CREDIT_WEIGHTS, CREDIT_BIAS = np.array([0.5, 0.4, 0.7]), 1.0
PERCENT, CREDIT_WIDTH = 100.0, 15.0


class Draw(NamedTuple):
    """What a generator works with.

    Attributes
    ----------
    points, noise : the streams of where the points are and of how they are moved
    labels : (n,) int64 the class of each row; only its length counts for a regression
    classes : how many classes there are
    level : the noise, from 0 to 1
    """

    points: Generator
    noise: Generator
    labels: np.ndarray
    classes: int
    level: float

    def jitter(self, reach: float) -> np.ndarray:
        """Return (n, 2) displacements, uniform up to ``reach`` along each axis."""
        return reach * self.noise.uniform(-1, 1, (len(self.labels), 2))


Maker = Callable[[Draw], Rows]


def spread(n: int, classes: int, shares: tuple[float, ...] | None = None) -> np.ndarray:
    """Return the classes of n rows, (n,) int64, each class spread evenly over them.

    Without shares 0, 1, ..., k − 1, 0, 1, ...; with shares each class has its part of the rows, rounded
    as :func:`engine.data.split.quotas` does.
    """
    if shares is None:
        return np.arange(n, dtype=np.int64) % classes
    sizes = quotas(np.array(shares), n)
    labels = np.repeat(np.arange(classes, dtype=np.int64), sizes)
    places = np.concatenate([(np.arange(size) + 0.5) / max(size, 1) for size in sizes])
    return labels[np.argsort(places, kind="stable")]


def line(draw: Draw) -> Rows:
    """Points on either side of the straight line 3 x1 + 4 x2 = 0."""
    sides = 2.0 * draw.labels - 1
    raw = draw.points.uniform(-RADIUS, RADIUS, (len(sides), 2))
    normal = np.array([0.6, 0.8])
    raw *= (np.where(raw @ normal > 0, 1, -1) * sides)[:, None]  # mirrored when on the wrong side
    raw += MARGIN * sides[:, None] * normal
    return Rows(raw + draw.jitter(RADIUS * draw.level), draw.labels)


def _round_the_centre(radius: np.ndarray, angle: np.ndarray) -> np.ndarray:
    return np.column_stack([radius * np.sin(angle), radius * np.cos(angle)])


def circle(draw: Draw) -> Rows:
    """A disc of class 1 within a ring of class 0."""
    share, turn = draw.points.uniform(0, 1, (len(draw.labels), 2)).T
    radius = RADIUS * np.where(draw.labels == 1, 0.5 * share, 0.7 + 0.3 * share)
    raw = _round_the_centre(radius, 2 * np.pi * turn)
    return Rows(raw + draw.jitter(RADIUS * draw.level), draw.labels)


def rings(draw: Draw) -> Rows:
    """Rings around one centre, a class each, as wide as the gaps between them."""
    share, turn = draw.points.uniform(0, 1, (len(draw.labels), 2)).T
    radius = RADIUS * (draw.labels + 0.5 + 0.5 * share) / draw.classes
    raw = _round_the_centre(radius, 2 * np.pi * turn)
    return Rows(raw + draw.jitter(RADIUS * draw.level), draw.labels)


def xor(draw: Draw) -> Rows:
    """Class 1 where the signs of the two inputs differ."""
    draws = draw.points.uniform(-1, 1, (len(draw.labels), 2))
    raw = MARGIN + RADIUS * np.abs(draws)
    first = np.where(draws[:, 0] < 0, -1.0, 1.0)
    raw *= np.column_stack([first, np.where(draw.labels == 1, -first, first)])
    return Rows(raw + draw.jitter(RADIUS * draw.level), draw.labels)


def checkerboard(draw: Draw) -> Rows:
    """Square fields in turn; each class's points are spread evenly over its own fields."""
    side = max(FEWEST_FIELDS, draw.classes)
    n, width = len(draw.labels), 2 * RADIUS / side
    pick = draw.points.uniform(0, 1, n)
    within = draw.points.uniform(EDGE, 1 - EDGE, (n, 2))
    column, row = np.divmod(np.arange(side * side), side)
    raw = np.empty((n, 2))
    for label in range(draw.classes):
        own = np.flatnonzero((column + row) % draw.classes == label)
        chosen = draw.labels == label
        field = own[(pick[chosen] * len(own)).astype(np.int64)]
        raw[chosen] = np.column_stack([column[field], row[field]])
    raw = width * (raw + within) - RADIUS
    return Rows(raw + draw.jitter(RADIUS * draw.level), draw.labels)


def gaussians(draw: Draw) -> Rows:
    """Round clouds, wider with more noise: two of them opposite, more around the same circle."""
    turn = np.pi * (1.25 + 2 * np.arange(draw.classes) / draw.classes)
    centres = np.round(_round_the_centre(np.full(draw.classes, np.sqrt(8.0)), turn), 12)
    offsets = np.sqrt(0.5 + 7 * draw.level) * draw.points.standard_normal((len(draw.labels), 2))
    return Rows(centres[draw.labels] + offsets, draw.labels)


def moons(draw: Draw) -> Rows:
    """Two half circles that reach into each other."""
    angle = draw.points.uniform(0, np.pi, len(draw.labels))
    upper = np.column_stack([np.cos(angle) - 0.5, np.sin(angle) - 0.25])
    raw = 3.4 * upper * np.where(draw.labels == 1, -1.0, 1.0)[:, None]
    return Rows(raw + draw.jitter(3 * draw.level), draw.labels)


def spiral(draw: Draw) -> Rows:
    """Arms of one and three quarter turns; without noise every point lies exactly on its arm."""
    labels, k = draw.labels, draw.classes
    sizes = np.bincount(labels, minlength=k)
    place = np.empty(len(labels), np.int64)  # 1, 2, 3, ... along the row's own arm
    for label, size in enumerate(sizes):
        place[labels == label] = np.arange(1, size + 1)
    share = place / sizes[labels]
    angle = 1.75 * 2 * np.pi * share + 2 * np.pi * (k - 1 - labels) / k
    # A few rows may lie on one axis: there a zero must be zero, or scaling would blow the rounding up.
    raw = np.round(_round_the_centre(RADIUS * share, angle), 12)
    return Rows(raw + draw.jitter(draw.level), labels)


def credit(draw: Draw) -> Rows:
    """Customers in three percentages; one neuron decides who pays, and with what chance."""
    n = len(draw.labels)
    raw = draw.points.uniform(0, PERCENT, (n, 3))
    middle = PERCENT / 2 * CREDIT_WEIGHTS.sum() + CREDIT_BIAS
    above = raw @ CREDIT_WEIGHTS + CREDIT_BIAS > middle
    wrong = above != (draw.labels == 1)
    raw[wrong] = PERCENT - raw[wrong]  # mirrored when on the wrong side
    score = raw @ CREDIT_WEIGHTS + CREDIT_BIAS
    chance = 1 / (1 + np.exp(-(score - middle) / CREDIT_WIDTH))
    moved = raw + PERCENT / 2 * draw.level * draw.noise.uniform(-1, 1, (n, 3))
    return Rows(np.clip(moved, 0, PERCENT), draw.labels, chance[:, None])


def _regression(inputs: int, target: Callable[[np.ndarray], np.ndarray]) -> Maker:
    """Return the maker of a function's values, noise added, over inputs uniform in [−6, 6]."""

    def make(draw: Draw) -> Rows:
        n = len(draw.labels)
        raw = draw.points.uniform(-LIMIT, LIMIT, (n, inputs))
        values = target(raw) + draw.level * draw.noise.standard_normal(n)
        return Rows(raw, targets=values[:, None])

    return make


MAKERS: dict[str, Maker] = {
    "line": line,
    "circle": circle,
    "rings": rings,
    "xor": xor,
    "checkerboard": checkerboard,
    "gaussians": gaussians,
    "moons": moons,
    "spiral": spiral,
    "plane": _regression(2, lambda raw: raw.sum(axis=1) / 10),
    "gaussian_bump": _regression(2, lambda raw: np.exp(-(raw**2).sum(axis=1) / 8)),
    "sine": _regression(1, lambda raw: np.sin(raw[:, 0])),
    "credit": credit,
}


def make(name: str, samples: int, noise: float, seed: int, classes: int = 2,
         shares: tuple[float, ...] | None = None) -> Rows:  # fmt: skip
    """Make a generated data set.

    Parameters
    ----------
    name : a key of MAKERS
    samples : how many rows
    noise : from 0 to 1
    seed : ``seeds.data``
    classes : how many classes, where there are any
    shares : what part of the rows each class has, in proportion; None for equal parts
    """
    labels = spread(samples, classes, shares)
    return MAKERS[name](Draw(stream(seed, "points"), stream(seed, "noise"), labels, classes, noise))
