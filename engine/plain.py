"""Parts of an experiment as plain dictionaries, lists, strings and numbers, and back, checked on the way."""

import re
import typing
from collections.abc import Iterator
from functools import cache
from typing import Any

import msgspec

from engine.choice import Choice
from engine.choices.base import Range
from engine.errors import ExperimentError, check_number, written


class Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A part of an experiment: immutable, with no unknown fields."""


AnyPart = typing.TypeVar("AnyPart", bound=Part)


def to_plain(part: Any) -> Any:
    """Return an experiment, or a part of one, as dictionaries, lists, strings and numbers."""
    return _listed(msgspec.to_builtins(part, enc_hook=lambda choice: choice.to_plain()))


def _listed(plain: Any) -> Any:
    """Return plain values with lists for tuples, so that edits can insert and delete."""
    if isinstance(plain, list | tuple):
        return [_listed(item) for item in plain]
    return {key: _listed(item) for key, item in plain.items()} if isinstance(plain, dict) else plain


def part_from_plain(plain: Any, kind: type[AnyPart], place: str = "") -> AnyPart:
    """Return the part of an experiment at a place that plain values describe: types and ranges are right.

    Raises ExperimentError.
    """
    try:
        part = msgspec.convert(plain, kind, dec_hook=lambda kind, value: kind.from_plain(value))
    except msgspec.ValidationError as error:
        raise _located(error, plain, place) from error
    for where, value, allowed in _ranged(part, place):
        check_number(where, value, allowed)
    return part


def _located(error: msgspec.ValidationError, plain: Any, part: str) -> ExperimentError:
    """Turn msgspec's message about a part of an experiment into a place and a reason."""
    message, _, path = str(error).rpartition(" - at `") if " - at `" in str(error) else (str(error), "", "")
    inside = path.rstrip("`").removeprefix("$")
    place = (part + inside).removeprefix(".")
    cause = error.__cause__
    if isinstance(cause, ExperimentError):
        whole = f"{place}.{cause.place}" if cause.place else place
        return ExperimentError(whole, cause.reason, **cause.values)
    unknown = re.fullmatch(r"Object contains unknown field `(.*)`", message, re.DOTALL)
    if unknown:
        return ExperimentError(f"{place}.{unknown[1]}".lstrip("."), "there is no such field")
    missing = re.fullmatch(r"Object missing required field `(.*)`", message)
    if missing:
        return ExperimentError(f"{place}.{missing[1]}".lstrip("."), "this field is required")
    wanted = re.fullmatch(r"Expected `(.*?)`, got `(.*?)`", message)
    if wanted:
        value = written(value_at(plain, inside))
        return ExperimentError(place, "{value} is not of type {wanted}", value=value, wanted=wanted[1])
    return ExperimentError(place, "{detail}", detail=message)


def _ranged(part: Any, place: str = "") -> Iterator[tuple[str, float, Range]]:
    """Yield (place, value, range) for every number of a part that its class gives a range."""
    if isinstance(part, tuple) and part and isinstance(part[0], msgspec.Struct):
        for index, item in enumerate(part):
            yield from _ranged(item, f"{place}[{index}]")
    elif isinstance(part, msgspec.Struct):
        ranges = ranges_of(type(part))
        for field in part.__struct_fields__:
            value, where = getattr(part, field), f"{place}.{field}".lstrip(".")
            if field in ranges and value is not None:
                yield where, value, ranges[field]
            else:
                yield from _ranged(value, where)


@cache
def ranges_of(part: type) -> dict[str, Range]:
    """Return the range of each number of a part of the experiment, by field."""
    hints = typing.get_type_hints(part, include_extras=True)
    return {
        field: extra
        for field, hint in hints.items()
        for extra in getattr(hint, "__metadata__", ())
        if isinstance(extra, Range)
    }


def value_at(part: Any, place: str) -> Any:
    """Return what stands at a place such as ``network.layers[0].units`` (None where nothing does)."""
    for step in steps(place):
        try:
            if isinstance(part, msgspec.Struct):
                part = getattr(part, str(step))
            elif isinstance(part, Choice):
                part = part.parameters[str(step)]
            else:
                part = part[step]
        except (AttributeError, KeyError, IndexError, TypeError):
            return None
    return part


def steps(place: str) -> list[str | int]:
    """Return the steps to a place: names, and numbers in lists."""
    return [int(step) if step.isdigit() else step for step in re.findall(r"[^.\[\]]+", place)]
