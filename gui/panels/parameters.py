"""Fields for the parameters of any entry of a choice table: a new choice needs nothing here."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import NamedTuple

from PySide6.QtWidgets import QLabel, QWidget

from engine.choices.base import Entry, Parameter
from gui import names
from gui.i18n import tr
from gui.widgets.number_field import NumberField
from gui.widgets.rows import captioned
from gui.widgets.switch import Switch

Commit = Callable[[str, float], None]
Field = NumberField | Switch


class ParameterCells(NamedTuple):
    """Fields by parameter key, and the same fields with their captions."""

    fields: dict[str, Field]
    cells: list[tuple[QLabel, QWidget]]


def entry_hints(table: Mapping[str, Entry]) -> dict[str, Callable[[], str]]:
    """Return what to say of each entry of a table in a tooltip, in whatever language is then on."""
    return {key: partial(_hint, entry) for key, entry in table.items()}


def _hint(entry: Entry) -> str:
    said = [tr(text) for text in (entry.sentence, entry.formula) if text]
    return "\n".join(said if entry.reference == "-" else [*said, entry.reference])


def parameter_field(parameter: Parameter, commit: Commit) -> Field:
    """Return a field for one parameter; ``commit(key, value)`` hears of every other value."""
    field = Switch() if parameter.kind == "switch" else _number_field(parameter)
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


def parameter_cells(entry: Entry, commit: Commit, captions: dict[str, str] | None = None,
                    without: tuple[str, ...] = (), switches: bool = False) -> ParameterCells:  # fmt: skip
    """Return fields for an entry's numbers, captioned by their names (or by ``captions``).

    Parameters:
        without: keys that are left out
        switches: whether what is on or off gets a check box among them
    """
    fields = {
        parameter.key: parameter_field(parameter, commit)
        for parameter in entry.parameters
        if parameter.key not in without and (parameter.numeric or (switches and parameter.kind == "switch"))
    }
    cells = [
        captioned((captions or {}).get(key) or names.english("parameter", key), field)
        for key, field in fields.items()
    ]
    return ParameterCells(fields, cells)
