"""What two experiments, or two trainings changed on their way, differ in: the one thing, or all of them."""

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Any, NamedTuple

from engine.experiment import Experiment, to_plain

UNIMPORTANT = ("title", "version")


class Difference(NamedTuple):
    """One field that differs.

    Attributes
    ----------
    place : as in error messages, such as ``network.layers[0].activation``
    before, after : numbers, texts or truth values; the names of choices; the sizes of layers
        (``"8 – 8 – 1"``) where there are more or fewer of them; how many where lists differ; None for
        what is not there
    """

    place: str
    before: Any
    after: Any


def differences(before: Experiment, after: Experiment) -> list[Difference]:
    """Return everything that differs, in the order of the experiment's fields; titles do not count."""
    return _between(to_plain(before), to_plain(after))


def _between(one: dict[str, Any], other: dict[str, Any]) -> list[Difference]:
    return [found for key in _keys(one, other) if key not in UNIMPORTANT
            for found in _walk(key, one.get(key), other.get(key))]  # fmt: skip


class Step(NamedTuple):
    """From which epoch on a training was one of an experiment."""

    epoch: float
    experiment: Experiment


class Since(NamedTuple):
    """From which epoch on a field had a value, as in a :class:`Difference`."""

    epoch: float
    value: Any


class CourseDifference(NamedTuple):
    """One field that had other values, or the same ones at other times.

    Attributes
    ----------
    place : as in a :class:`Difference`
    before, after : its values in order, the first from the start on
    """

    place: str
    before: tuple[Since, ...]
    after: tuple[Since, ...]


def course_differences(before: Sequence[Step], after: Sequence[Step]) -> list[CourseDifference]:
    """Return everything in which two trainings differ that may have been changed by hand on their way.

    What they started with comes first, then what was changed on the way of the one and of the other.
    """
    there, here = ([(step.epoch, to_plain(step.experiment)) for step in way] for way in (before, after))
    pairs = [(there[0], here[0]), *pairwise(there), *pairwise(here)]
    places = dict.fromkeys(found.place for one, other in pairs for found in _between(one[1], other[1]))
    courses = ((place, _course(there, place), _course(here, place)) for place in places)
    return [CourseDifference(place, _told(one), _told(other)) for place, one, other in courses
            if one != other]  # fmt: skip


def _course(steps: Sequence[tuple[float, dict[str, Any]]], place: str) -> list[Since]:
    """Return what a field was on the way, as it stands in a file, and from when on."""
    found: list[Since] = []
    for epoch, plain in steps:
        value = _value(plain, place)
        if not found or found[-1].value != value:
            found.append(Since(epoch, value))
    return found


def _value(plain: Any, place: str) -> Any:
    """Return a field of an experiment; of a choice its name, of layers their sizes, None for none."""
    for key in re.findall(r"[^.\[\]]+", place):
        if isinstance(plain, dict):
            plain = plain.get(key)
        elif isinstance(plain, list) and key.isdigit() and int(key) < len(plain):
            plain = plain[int(key)]
        else:
            return None
    if isinstance(plain, list) and plain and all(isinstance(item, dict) for item in plain):
        return _sizes(plain)
    return _name(plain) if isinstance(plain, dict) else plain


def _told(course: list[Since]) -> tuple[Since, ...]:
    return tuple(Since(epoch, len(value) if isinstance(value, list) else value) for epoch, value in course)


def _sizes(layers: list[Any]) -> str:
    return " – ".join(str(layer.get("units")) for layer in layers)


def _walk(place: str, one: Any, other: Any) -> list[Difference]:
    if one == other:
        return []
    if _name(one) != _name(other):
        return [Difference(place, _name(one), _name(other))]
    if isinstance(one, dict) and isinstance(other, dict):
        return [found for key in _keys(one, other)
                for found in _walk(f"{place}.{key}", one.get(key), other.get(key))]  # fmt: skip
    if isinstance(one, list) and isinstance(other, list):
        return _walk_lists(place, one, other)
    if isinstance(one, dict) or isinstance(other, dict):  # a choice written with and without parameters
        return _walk(place, _whole(one), _whole(other))
    return [Difference(place, one, other)]


def _walk_lists(place: str, one: list[Any], other: list[Any]) -> list[Difference]:
    layers = all(isinstance(item, dict) for item in (*one, *other))
    if layers and len(one) == len(other):
        return [found for index, (first, second) in enumerate(zip(one, other, strict=True))
                for found in _walk(f"{place}[{index}]", first, second)]  # fmt: skip
    if layers:
        return [Difference(place, _sizes(one), _sizes(other))]
    return [Difference(place, len(one), len(other))]


def _keys(one: dict[str, Any], other: dict[str, Any]) -> list[str]:
    return [*one, *(key for key in other if key not in one)]


def _name(part: Any) -> Any:
    """Return the name of a choice, written with parameters or without; None for what is none."""
    return part.get("name") if isinstance(part, dict) else part if isinstance(part, str) else None


def _whole(part: Any) -> dict[str, Any]:
    return part if isinstance(part, dict) else {} if part is None else {"name": part}
