"""Which choices of data make sense, and what they make of a data set: its classes, its columns, its rows."""

from dataclasses import replace
from functools import lru_cache
from typing import Any

import msgspec

from engine.choices import DATASETS, SCALINGS
from engine.choices.base import Range
from engine.choices.datasets import CLASSES, Dataset
from engine.errors import ExperimentError, check_number, shown
from engine.experiment import Data, Experiment

GENERATED_SAMPLES, GENERATED_TEST, REAL_TEST = 500, 0.5, 0.2
FEWEST_SAMPLES = 4  # of what is generated; what is read may have fewer
FEWEST_ROWS = 2  # of the user's own: one to train on, one to test on
MOST_POINTS = 10_000
MOST_TESTED = 0.95  # the largest share of rows that test
FARTHEST = 100.0  # of a point drawn by hand, along each axis
SHARE = Range(1e-6, 1e6)  # of a class, in proportion to the others
# Which fields mean something for one data set, or for two, alone.
FIELDS_OF = {
    "points": ("points",), "test_points": ("points",),
    "path": ("csv",), "target": ("csv",), "columns": ("csv",), "header": ("csv",), "decimal": ("csv",),
}  # fmt: skip


def dataset_of(experiment: Experiment) -> Dataset:
    """Return what the experiment's choices make of its data set: an entry with its classes and columns.

    Raises ExperimentError for an unknown name, points that are none, and a file that cannot be read.
    """
    return describe(experiment.data)


def describe(choices: Data, fresh: bool = False) -> Dataset:
    """Return the entry that these choices of data mean.

    Parameters
    ----------
    choices : as they stand in an experiment
    fresh : look whether a file of the user's has changed; else what was read of it last holds
    """
    entry = DATASETS.get(choices.name)
    if entry is None:
        raise ExperimentError(
            "data.name", "{value} is not a known {kind}", value=choices.name, kind="data set"
        )
    if entry.key == "points":
        return _of_points(entry, choices)
    if entry.key == "csv":
        from engine.data.csv_table import entry_of  # only those with a file wait for it

        return entry_of(entry, choices, fresh)
    if choices.task == "regression" and "regression" in entry.tasks:
        return replace(entry, task="regression", classes=())
    return _with_classes(entry, choices.classes) if choices.classes and entry.any_classes else entry


@lru_cache(maxsize=32)
def _with_classes(entry: Dataset, count: int) -> Dataset:
    """Return an entry with so many classes, named 0, 1, 2, ..."""
    task = "binary" if count == 2 else "multiclass"
    return replace(entry, task=task, classes=tuple(map(str, range(count))))


def _of_points(entry: Dataset, choices: Data) -> Dataset:
    """Return the entry for points drawn by hand. Raises ExperimentError for the first that cannot be."""
    points, most = choices.points, int(CLASSES.high)
    if len(points) < FEWEST_ROWS:
        raise ExperimentError("data.points", "{rows} points are too few, at least {fewest} are needed",
                              rows=len(points), fewest=FEWEST_ROWS)  # fmt: skip
    if len(points) > MOST_POINTS:
        raise ExperimentError("data.points", "{rows} points are too many, {most} are allowed",
                              rows=len(points), most=MOST_POINTS)  # fmt: skip
    for index, (x1, x2, label) in enumerate(points):
        if not (-FARTHEST <= x1 <= FARTHEST and -FARTHEST <= x2 <= FARTHEST and 0 <= label < most):
            raise ExperimentError(
                f"data.points[{index}]",
                "{value} is not a point: two numbers from −{farthest} to {farthest} and a class up to {last}",
                value=shown((x1, x2, label)), farthest=int(FARTHEST), last=most - 1,
            )  # fmt: skip
    used = max(2, 1 + max(label for *_, label in points))
    if choices.classes is not None and choices.classes < used:
        raise ExperimentError("data.classes", "the points have {used} classes, {value} are too few",
                              used=used, value=choices.classes)  # fmt: skip
    return replace(_with_classes(entry, choices.classes or used), rows=len(points))


def resolve_data(choices: Data) -> Data:
    """Return the choices with the data set's own values where none were given.

    Of points drawn by hand all are taken, whatever ``samples`` says, so that one more is one more.
    """
    entry = describe(choices, fresh=True)
    filled: dict[str, Any] = {}
    if choices.samples is None or entry.key == "points":
        filled["samples"] = entry.rows or GENERATED_SAMPLES
    if choices.test_fraction is None:
        filled["test_fraction"] = tested_share(choices) if choices.points else _usual_test(entry)
    if choices.features is None:
        filled["features"] = entry.default_features
    return msgspec.structs.replace(choices, **filled)


def tested_share(choices: Data) -> float:
    """Return the share of points drawn by hand that test; all are trained on where nothing else is said."""
    return round((choices.test_points or 0) / len(choices.points), 6)


def _usual_test(entry: Dataset) -> float:
    """Return the share of test rows that a set has by itself."""
    if not entry.split:
        return 0.0
    return REAL_TEST if entry.rows else GENERATED_TEST


def check_data(choices: Data) -> None:
    """Raise ExperimentError for the first choice of data that does not fit the others."""
    entry = describe(choices)
    if choices.scaling not in SCALINGS:
        raise ExperimentError(
            "data.scaling", "{value} is not a known {kind}", value=choices.scaling, kind="scaling"
        )
    if choices.noise and not entry.noisy:
        raise ExperimentError("data.noise", "{name} takes no noise", name=choices.name)
    _check_own_fields(entry, choices)
    _check_rows(entry, choices)
    _check_test_points(choices)
    _check_classes(entry, choices)
    _check_features(entry, choices.features or ())


def _check_own_fields(entry: Dataset, choices: Data) -> None:
    """Raise ExperimentError where a field is set that only another data set has."""
    for field, names in FIELDS_OF.items():
        if getattr(choices, field) not in (None, ()) and entry.key not in names:
            raise ExperimentError(f"data.{field}", "{name} takes no such choice", name=choices.name)
    if choices.task is not None and choices.task not in entry.tasks:
        if entry.tasks:
            raise ExperimentError(
                "data.task", "{value} is not a known {kind}", value=choices.task, kind="task"
            )
        raise ExperimentError("data.task", "{name} takes no such choice", name=choices.name)


def _check_rows(entry: Dataset, choices: Data) -> None:
    samples = choices.samples or 0
    if entry.rows is not None and samples > entry.rows:
        raise ExperimentError(
            "data.samples", "{name} has only {rows} rows", name=choices.name, rows=entry.rows
        )
    if entry.rows is None and samples < FEWEST_SAMPLES:
        raise ExperimentError("data.samples", "{value} samples are too few, at least {fewest} are needed",
                              value=samples, fewest=FEWEST_SAMPLES)  # fmt: skip
    if entry.split:
        return
    wrong = {"test_fraction": choices.test_fraction, "validation_fraction": choices.validation_fraction,
             "samples": choices.samples != entry.rows}  # fmt: skip
    for field, value in wrong.items():
        if value:
            raise ExperimentError(
                f"data.{field}", "{name} always trains and tests on all its rows", name=choices.name
            )


def _check_test_points(choices: Data) -> None:
    """Raise ExperimentError where the first points cannot be the ones that test."""
    tested = choices.test_points
    if tested is None:
        return
    if tested > MOST_TESTED * len(choices.points):
        raise ExperimentError(
            "data.test_points", "{value} of {rows} points test, too few are left to train on",
            value=tested, rows=len(choices.points),
        )  # fmt: skip
    if choices.test_fraction != tested_share(choices):
        raise ExperimentError(
            "data.test_fraction", "{value} is not the share of the {tested} points that test",
            value=choices.test_fraction, tested=tested,
        )  # fmt: skip
    if choices.class_shares is not None:
        raise ExperimentError("data.class_shares", "they go with a split at random, without test_points")


def _check_classes(entry: Dataset, choices: Data) -> None:
    """Raise ExperimentError where classes are counted, weighed or flipped that are not there."""
    name = choices.name
    if choices.classes is not None and (not entry.any_classes or not entry.classes):
        raise ExperimentError("data.classes", "{name} has its own classes", name=name)
    if choices.label_noise and not entry.classes:
        raise ExperimentError("data.label_noise", "{name} has numbers and no classes", name=name)
    shares = choices.class_shares
    if shares is None:
        return
    if not entry.classes:
        raise ExperimentError("data.class_shares", "{name} has numbers and no classes", name=name)
    if not entry.split:
        raise ExperimentError(
            "data.class_shares", "{name} always trains and tests on all its rows", name=name
        )
    if len(shares) != len(entry.classes):
        raise ExperimentError("data.class_shares", "{value} shares do not fit {wanted} classes",
                              value=len(shares), wanted=len(entry.classes))  # fmt: skip
    for index, share in enumerate(shares):
        check_number(f"data.class_shares[{index}]", share, SHARE)
    absent = set(range(len(shares))) - {label for *_, label in choices.points}
    if entry.key == "points" and absent:
        raise ExperimentError("data.class_shares", "class {value} has no point", value=min(absent))


def _check_features(entry: Dataset, features: tuple[str, ...]) -> None:
    if not features:
        raise ExperimentError("data.features", "at least one feature is needed")
    offered, seen = set(entry.features), set()
    for index, feature in enumerate(features):
        if feature not in offered:
            raise ExperimentError(
                f"data.features[{index}]", "{name} has no feature {value}", name=entry.key, value=feature
            )
        if feature in seen:
            raise ExperimentError(f"data.features[{index}]", "{value} is named twice", value=feature)
        seen.add(feature)
