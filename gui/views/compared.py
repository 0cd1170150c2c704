"""Whether two trainings can be compared, and the numbers in which they are."""

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from gui.i18n import tr
from gui.views import scores

if TYPE_CHECKING:
    from gui.frame import Curves, Frame, Mark, Run

NAMES = {
    "train_loss": "train loss", "test_loss": "test loss", "train_accuracy": "train accuracy",
    "test_accuracy": "test accuracy", "train_f1": "train F1", "test_f1": "test F1", "train_r2": "train R²",
    "test_r2": "test R²",
}  # fmt: skip


class Ends(NamedTuple):
    """A number at the start and the end of a training; NaN where there is none."""

    start: float
    end: float


class Row(NamedTuple):
    """What is measured by a score, of the training before and of this one."""

    name: str
    score: str
    before: Ends
    now: Ends


def measured(then: "Curves", now: "Curves", task: str) -> list[Row]:
    """Return what is measured of either: the losses, then every score that the task has, of both parts."""
    found = []
    for score in scores.fitting(task):
        for part in ("train", "test"):
            name = f"{part}_{score}"
            found.append(Row(tr(NAMES[name]), score, _ends(then, name), _ends(now, name)))
    return [row for row in found if np.isfinite([*row.before, *row.now]).any()]


def same_set(run: "Run", frame: "Frame") -> bool:
    """Whether two trainings learn rows of one data set, however many, noisy or scaled."""
    one, other = run.experiment.data, frame.experiment.data
    columns = run.data.input_names == frame.data.input_names and run.data.task == frame.data.task
    return columns and (one.name, one.path) == (other.name, other.path)


def put_at_start(marks: "tuple[Mark, ...]", frame: "Frame") -> bool:
    """Whether one of two trainings began with numbers put in by hand."""
    return any(mark.epoch == 0 for mark in (*marks, *frame.timeline.past))


def _ends(curves: "Curves", name: str) -> Ends:
    values = getattr(curves, name)
    return Ends(float(values[0]), float(values[-1])) if len(values) else Ends(np.nan, np.nan)
