"""What two trainings differ in, in words: "Learning rate: 3, then 0.03 (epoch 60) → 0.03"."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from engine.analysis.differences import Since, Step, course_differences
from gui.i18n import number, place_name, tr
from gui.names import english_of_any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.experiment import Experiment
    from gui.frame import Mark

CONSTANT = "constant"  # the schedule that does not depend on how long a training is to be
TOLD = 2  # values of a field that are told one after the other; of more the first and the last


class Said(NamedTuple):
    """A difference in words.

    Attributes:
        place: the field; empty for numbers that were put in by hand.
        words: what it was before, and now.
    """

    place: str
    words: str


def told_differences(before: Experiment, marks_before: Sequence[Mark], now: Experiment,
                     marks_now: Sequence[Mark]) -> list[Said]:  # fmt: skip
    """Return what differs between two trainings: the experiments at their ends, and what led there."""
    found = course_differences(_steps(before, marks_before), _steps(now, marks_now))
    scheduled = {before.schedule.name, now.schedule.name} != {CONSTANT}
    said = [Said(one.place, _said(one.place, _course(one.place, one.before), _course(one.place, one.after)))
            for one in found if scheduled or one.place != "training.epochs"]  # fmt: skip
    put = [_put(marks) for marks in (marks_before, marks_now)]
    if any(put):
        words = tr("{place}: {before} → {after}", place=tr("Weights put in"), before=put[0] or "–",
                   after=put[1] or "–")  # fmt: skip
        said.append(Said("", words))
    return said


def _steps(end: Experiment, marks: Sequence[Mark]) -> list[Step]:
    if not marks:
        return [Step(0.0, end)]
    return [Step(0.0, marks[0].before), *(Step(mark.epoch, mark.after) for mark in marks)]


def _put(marks: Sequence[Mark]) -> str:
    """Return when numbers were put in that no field of an experiment tells of."""
    epochs = [mark.epoch for mark in marks if mark.before == mark.after]
    if len(epochs) > TOLD:
        return tr("{count} times", count=number(len(epochs)))
    return ", ".join(tr("epoch {epoch}", epoch=_epoch(epoch)) for epoch in epochs)


def _said(place: str, before: str, after: str) -> str:
    name = place_name(place) or tr("Layers")
    return tr("{place}: {before} → {after}", place=name, before=before, after=after)


def _course(place: str, values: Sequence[Since]) -> str:
    """Return what a field was on the way, and since which epoch."""
    first, last = (_written(place, since.value) for since in (values[0], values[-1]))
    if len(values) == 1:
        return first
    epoch = _epoch(values[-1].epoch)
    if len(values) == TOLD:
        return tr("{first}, then {last} (epoch {epoch})", first=first, last=last, epoch=epoch)
    return tr("{first}, after {count} changes {last} (epoch {epoch})", first=first, last=last, epoch=epoch,
              count=number(len(values) - 1))  # fmt: skip


def _epoch(epoch: float) -> str:
    return number(float(f"{epoch:.2f}"), 9)


def _written(place: str, value: Any) -> str:
    if value is None:
        return "–"
    if isinstance(value, bool):
        return tr("on") if value else tr("off")
    if isinstance(value, int | float):
        return number(value)
    kind = place.rpartition(".")[2].partition("[")[0]
    return tr(english_of_any(str(value), kind))
