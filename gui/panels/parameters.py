"""Fields for the parameters of any entry of a choice table: a new choice needs nothing here."""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from PySide6.QtWidgets import QLabel, QWidget

from engine.choice import Choice
from engine.choices.base import Entry, Parameter
from gui import names
from gui.i18n import name_of, number, tr
from gui.widgets.file_field import FileField, TextField
from gui.widgets.formula import formula_lines
from gui.widgets.number_field import NumberField
from gui.widgets.option_box import OptionBox
from gui.widgets.rows import captioned
from gui.widgets.switch import Switch

Commit = Callable[[str, Any], None]
Field = NumberField | Switch | OptionBox | TextField | FileField


class ParameterCells(NamedTuple):
    """Fields by parameter key, and the same fields with their captions."""

    fields: dict[str, Field]
    cells: list[tuple[QLabel, QWidget]]


def entry_hints(table: Mapping[str, Entry]) -> dict[str, Callable[[], str]]:
    """Return what to say of each entry of a table in a tooltip, in whatever language is then on."""
    return {key: partial(entry_hint, entry) for key, entry in table.items()}


def entry_hint(entry: Entry) -> str:
    """Return an entry's sentence, formula and reference, each in a line of its own."""
    said = (tr(entry.sentence), formula_lines(tr(entry.formula)) if entry.formula else "",
            "" if entry.reference == "-" else entry.reference)  # fmt: skip
    return "\n".join(text for text in said if text)


def parameter_field(parameter: Parameter, commit: Commit) -> Field:
    """Return a field for one parameter; ``commit(key, value)`` hears of every other value."""
    field = _MAKERS.get(parameter.kind, _number_field)(parameter)
    field.committed.connect(partial(commit, parameter.key))
    return field


def _number_field(parameter: Parameter) -> NumberField:
    allowed = parameter.range
    fraction = allowed.low >= 0 and allowed.high <= 1
    if fraction and float(parameter.default) >= 0.5:
        return NumberField(allowed, "complement")
    if parameter.kind == "whole":
        return NumberField(allowed, "even", whole=True)
    if allowed.low >= 0:
        return NumberField(allowed, "ratio")
    return NumberField(allowed, "even", 0.1)


def _text_field(parameter: Parameter) -> Field:
    """Return a field for a text: for a path a button that asks for the file."""
    if parameter.key == "path":
        return FileField("Load weights", "Weights (*.safetensors)")
    return TextField()


_MAKERS: dict[str, Callable[[Parameter], Field]] = {
    "switch": lambda parameter: Switch(),
    "option": lambda parameter: OptionBox(parameter.options),
    "text": _text_field,
}


def parameter_cells(entry: Entry, commit: Commit, captions: dict[str, str] | None = None,
                    without: tuple[str, ...] = ()) -> ParameterCells:  # fmt: skip
    """Return fields for an entry's parameters, captioned by their names (or by ``captions``).

    Parameters:
        without: keys that are left out
    """
    fields = {
        parameter.key: parameter_field(parameter, commit)
        for parameter in entry.parameters
        if parameter.key not in without
    }
    cells = [
        captioned((captions or {}).get(key) or names.english("parameter", key), field)
        for key, field in fields.items()
    ]
    return ParameterCells(fields, cells)


def show_settings(fields: Mapping[str, Field], choice: Choice) -> None:
    """Show the values of a choice's parameters in their fields."""
    for key, value in choice.settings.items():
        if key in fields:
            fields[key].set_value(value)  # type: ignore[arg-type]  # each kind of field takes its own kind


def said_value(key: str, value: object) -> str:
    """Return a parameter's value in words: a number, on or off, an option's name, a file's name."""
    if isinstance(value, bool):
        return tr("on" if value else "off")
    if isinstance(value, str):
        return Path(value).name if key == "path" else name_of("option", value)
    return number(float(value), 9)  # type: ignore[arg-type]


def said_parameter(key: str, value: object, family: str = "parameter") -> str:
    """Return "Momentum: 0.9", as the undo menu says it."""
    return tr("{name}: {value}", name=name_of(family, key), value=said_value(key, value))


def others(choice: Choice) -> list[str]:
    """Return in words the parameters of a choice that are not as published."""
    usual = type(choice)(choice.name).settings
    return [said_parameter(key, value) for key, value in choice.settings.items() if value != usual[key]]
