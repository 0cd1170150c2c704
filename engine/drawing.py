"""Points of one's own: how they begin, and how one is added, moved or erased. Each returns an experiment.

They are the data set ``points``: (x1, x2, class) each. Whoever touches the rows of another set of two inputs
with classes makes points of them first, so that one can go on from any picture.
"""

from collections.abc import Collection, Iterable

from engine.data import preview
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
    """Return the points; of another data set its rows, all of them, as points."""
    data = experiment.data
    if data.name == "points":
        return data.points
    if not can_be_drawn(experiment):
        return FIRST
    choices = {field: getattr(data, field) for field in ("classes", "class_shares", "path", "target", "task",
                                                         "columns", "header", "decimal")}  # fmt: skip
    rows = preview(data.name, samples=data.samples or 0, noise=data.noise, seed=experiment.seeds.data,
                   **choices)  # fmt: skip
    return tuple((round(float(x1), DECIMALS), round(float(x2), DECIMALS), int(label))
                 for (x1, x2), label in zip(rows.raw, rows.labels, strict=True))  # fmt: skip


def draw_points(experiment: Experiment) -> Experiment:
    """Make points of one's own out of the data; the features stay. All of them are trained on.

    (A split would be another one with every point that comes or goes.)
    """
    return _with_points(experiment, points_of(experiment))


def add_points(experiment: Experiment, points: Iterable[Point]) -> Experiment:
    """Add points. Raises ExperimentError for one too far away and for a class beyond the last."""
    return _with_points(experiment, (*points_of(experiment), *(_point(*point) for point in points)))


def move_point(experiment: Experiment, index: int, x1: float, x2: float) -> Experiment:
    """Move a point to another place, within its class."""
    points = list(points_of(experiment))
    points[index] = _point(x1, x2, points[index][2])
    return _with_points(experiment, tuple(points))


def paint_point(experiment: Experiment, index: int, label: int) -> Experiment:
    """Give a point another class."""
    points = list(points_of(experiment))
    points[index] = _point(*points[index][:2], label)
    return _with_points(experiment, tuple(points))


def erase_points(experiment: Experiment, indices: Collection[int]) -> Experiment:
    """Take points away. Raises ExperimentError where fewer than two would be left."""
    points = enumerate(points_of(experiment))
    return _with_points(experiment, tuple(point for index, point in points if index not in indices))


def nearest(points: tuple[Point, ...], x1: float, x2: float) -> tuple[int, float]:
    """Return the index of the nearest point, the last drawn of several, and its distance."""
    if not points:
        raise ExperimentError("data.points", "there are no points")
    distances = [((px - x1) ** 2 + (py - x2) ** 2) ** 0.5 for px, py, _ in points]
    best = min(range(len(points)), key=lambda index: (distances[index], -index))
    return best, distances[best]


def _point(x1: float, x2: float, label: int) -> Point:
    return round(x1, DECIMALS), round(x2, DECIMALS), label


def _with_points(experiment: Experiment, points: tuple[Point, ...]) -> Experiment:
    entry, data = dataset_of(experiment), experiment.data
    if data.name == "points":
        # What was said of how many classes there are holds as long as no point has a later one.
        more = max((label for *_, label in points), default=0) >= (data.classes or 2)
        changes: Plain = {"points": points, "classes": None} if data.classes and more else {"points": points}
        return change_data(experiment, **changes)
    own: Plain = {"points": points}
    if can_be_drawn(experiment):
        if len(entry.classes) > 2:
            own["classes"] = len(entry.classes)
        if data.features and entry.inputs == ("x1", "x2"):
            own["features"] = data.features
    return choose_data(experiment, "points", **own)
