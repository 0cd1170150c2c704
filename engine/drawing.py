"""Points of one's own: how they begin, and how one is added, moved or erased. Each returns an experiment.

They are the data set ``points``: (x1, x2, class) each. Whoever touches the rows of another set of two inputs
with classes makes points of them first, so that one can go on from any picture. What tested there goes on
testing: the points that test stand first, and those that are drawn are trained on.
"""

from collections.abc import Collection, Iterable

import numpy as np

from engine.data import halves
from engine.edits import Plain, change_data, choose_data
from engine.experiment import Experiment, ExperimentError
from engine.rules import dataset_of

Point = tuple[float, float, int]

FIRST: tuple[Point, ...] = ((-2.0, 0.0, 0), (2.0, 0.0, 1))  # for whoever comes from data of another kind
DECIMALS = 3  # of a coordinate: no hand draws finer, and files stay short


def can_be_drawn(experiment: Experiment) -> bool:
    """Whether the data are points already or can be made such: two inputs, and classes."""
    entry = dataset_of(experiment)
    return len(entry.inputs) == 2 and bool(entry.classes) and not entry.categories


def points_of(experiment: Experiment) -> tuple[Point, ...]:
    """Return the points; of another data set its rows, all of them, as points, those that test first."""
    return _points_and_tested(experiment)[0]


def _points_and_tested(experiment: Experiment) -> tuple[tuple[Point, ...], int | None]:
    """Return the points, and how many of the first ones test; None where they are split at random."""
    data = experiment.data
    if data.name == "points":
        return data.points, data.test_points
    if not can_be_drawn(experiment):
        return FIRST, None
    train, test = halves(experiment)
    raw, labels = np.concatenate([test.raw, train.raw]), np.concatenate([test.labels, train.labels])
    points = tuple((round(x1, DECIMALS), round(x2, DECIMALS), label)
                   for (x1, x2), label in zip(raw.tolist(), labels.tolist(), strict=True))  # fmt: skip
    return points, len(test.raw) or None


def draw_points(experiment: Experiment) -> Experiment:
    """Make points of one's own out of the data; the features stay, and which rows test."""
    return _with_points(experiment, *_points_and_tested(experiment))


def add_points(experiment: Experiment, points: Iterable[Point]) -> Experiment:
    """Add points to train on. Raises ExperimentError for one too far away and for a class beyond the last."""
    there, tested = _points_and_tested(experiment)
    return _with_points(experiment, (*there, *(_point(*point) for point in points)), tested)


def move_point(experiment: Experiment, index: int, x1: float, x2: float) -> Experiment:
    """Move a point to another place, within its class."""
    there, tested = _points_and_tested(experiment)
    points = list(there)
    points[index] = _point(x1, x2, points[index][2])
    return _with_points(experiment, tuple(points), tested)


def paint_point(experiment: Experiment, index: int, label: int) -> Experiment:
    """Give a point another class."""
    there, tested = _points_and_tested(experiment)
    points = list(there)
    points[index] = _point(*points[index][:2], label)
    return _with_points(experiment, tuple(points), tested)


def erase_points(experiment: Experiment, indices: Collection[int]) -> Experiment:
    """Take points away. Raises ExperimentError where fewer than two, or none to train on, would be left."""
    there, tested = _points_and_tested(experiment)
    kept = tuple(point for index, point in enumerate(there) if index not in indices)
    if tested is not None:
        tested -= sum(0 <= index < tested for index in set(indices))
    return _with_points(experiment, kept, tested)


def nearest(points: tuple[Point, ...], x1: float, x2: float) -> tuple[int, float]:
    """Return the index of the nearest point, the last drawn of several, and its distance."""
    if not points:
        raise ExperimentError("data.points", "there are no points")
    distances = [((px - x1) ** 2 + (py - x2) ** 2) ** 0.5 for px, py, _ in points]
    best = min(range(len(points)), key=lambda index: (distances[index], -index))
    return best, distances[best]


def _point(x1: float, x2: float, label: int) -> Point:
    return round(x1, DECIMALS), round(x2, DECIMALS), label


def _with_points(experiment: Experiment, points: tuple[Point, ...], tested: int | None) -> Experiment:
    entry, data = dataset_of(experiment), experiment.data
    if data.name == "points":
        changes: Plain = {"points": points}
        if tested is not None:
            changes |= {"test_points": tested, "test_fraction": None}
        # What was said of how many classes there are holds as long as no point has a later one.
        if data.classes and max((label for *_, label in points), default=0) >= data.classes:
            changes["classes"] = None
        return change_data(experiment, **changes)
    own: Plain = {"points": points, "test_points": tested}
    if can_be_drawn(experiment):
        if len(entry.classes) > 2:
            own["classes"] = len(entry.classes)
        if data.features and entry.inputs == ("x1", "x2"):
            own["features"] = data.features
    return choose_data(experiment, "points", **own)
