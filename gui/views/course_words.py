"""What two trainings differ in, in words: "Learning rate: 3, then 0.03 (epoch 60) → 0.03"."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from engine.analysis.differences import CourseDifference, Since, Step, course_differences
from gui.i18n import number, place_name, tr
from gui.names import english_of_any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.experiment import Experiment
    from gui.frame import Mark

CONSTANT = "constant"  # the schedule that does not depend on how long a training is to be
LAYER = re.compile(r"layers\[(\d+)\]")
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
    counted = [one for one in found if scheduled or one.place != "training.epochs"]
    said = [_said(group, len(now.network.layers)) for group in _grouped(counted)]
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


def _grouped(found: Sequence[CourseDifference]) -> list[list[CourseDifference]]:
    """Return the differences together with those that are the same in other layers."""
    groups: dict[object, list[CourseDifference]] = {}
    for one in found:
        field = LAYER.sub("layers[]", one.place)
        groups.setdefault((field, one.before, one.after), []).append(one)
    return list(groups.values())


def _said(group: Sequence[CourseDifference], layers: int) -> Said:
    """Return one difference in words, that of several layers at once or of all."""
    first = group[0]
    name = place_name(first.place) or tr("Layers")
    if len(group) > 1:
        name = place_name(LAYER.sub("", first.place))
        if len(group) < layers:
            numbers = _listed([_layer(one.place) for one in group])
            name = f"{tr('Layers {numbers}', numbers=numbers)}, {name}"
    before, after = _course(first.place, first.before), _course(first.place, first.after)
    return Said(first.place, tr("{place}: {before} → {after}", place=name, before=before, after=after))


def _layer(place: str) -> int:
    """Return the number of a place's layer, the first is 1."""
    found = LAYER.search(place)
    return int(found[1]) + 1 if found else 0


def _listed(numbers: Sequence[int]) -> str:
    """Return growing numbers in a row: ``1–5`` where none is left out, else ``1, 3``."""
    if len(numbers) > TOLD and numbers[-1] - numbers[0] == len(numbers) - 1:
        return f"{number(numbers[0])}–{number(numbers[-1])}"
    return ", ".join(map(number, numbers))


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
