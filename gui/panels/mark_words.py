"""What was changed on the way, in a few words: "Adam since epoch 60"."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import msgspec

from engine.choice import Choice
from gui.frame import Mark
from gui.i18n import name_of, number, tr
from gui.panels.parameters import said_value

if TYPE_CHECKING:
    from engine.experiment import Experiment

FAMILIES = {"optimizer": "optimizers", "schedule": "schedules"}


def of_mark(mark: Mark) -> str:
    """Return what was changed at a mark, and since when."""
    epoch = number(float(f"{mark.epoch:.2f}"), 9)
    return tr("{what} since epoch {epoch}", what=of_change(mark.before, mark.after), epoch=epoch)


def of_change(before: Experiment, after: Experiment) -> str:
    """Return the first difference in words, with three dots where there are more."""
    found = dict.fromkeys(_differences(before, after))
    if not found:
        return tr("weights put in")
    first, *more = found
    return f"{first} …" if more else first


def _differences(before: Any, after: Any) -> Iterator[str]:
    """Yield every difference between two parts of an experiment, the optimizer's first."""
    for field in sorted(after.__struct_fields__, key=lambda field: field != "optimizer"):
        old, new = getattr(before, field), getattr(after, field)
        if old == new or field == "title":
            continue
        if isinstance(new, Choice):
            yield from _of_choice(field, old, new)
        elif field == "layers":
            for one, other in zip(old, new, strict=False):
                yield from _differences(one, other)
        elif isinstance(new, msgspec.Struct) and isinstance(old, msgspec.Struct):
            yield from _differences(old, new)
        else:
            yield _said(field, new)


def _of_choice(field: str, old: Choice, new: Choice) -> Iterator[str]:
    """Yield another choice by its name, or the parameters that are other ones."""
    if not isinstance(old, Choice) or old.name != new.name:
        yield name_of(FAMILIES.get(field, field), new.name)
        return
    for key, value in new.settings.items():
        if value != old.settings.get(key):
            yield _said(key, value)


def _said(field: str, value: object) -> str:
    """Return a field with its value, or that it was changed where the value is more than a number."""
    if field == "trainable":
        return tr("layer unfrozen") if value else tr("layer frozen")
    if field == "cut":
        return tr("links")
    if field in ("typed_weights", "typed_biases"):
        return tr("weights put in")
    name = name_of("field", field)
    simple = isinstance(value, bool | int | float)
    return tr("{name}: {value}", name=name, value=said_value(field, value)) if simple else name
