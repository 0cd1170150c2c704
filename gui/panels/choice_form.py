"""One choice of any family as lines of a form: its list, and a field for each parameter of what is chosen."""

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from engine.choice import Choice
from gui.i18n import name_of, tr
from gui.panels.parameters import (
    Field,
    entry_hint,
    entry_hints,
    parameter_cells,
    said_parameter,
    show_settings,
)
from gui.widgets.combo import ChoiceBox
from gui.widgets.rows import CONTROL, Cells, Row


class ChoiceForm(QObject):
    """A drop-down list of a family's entries and the fields of the one that is chosen.

    Attributes:
        row: the line with the list
        cells: the fields, side by side; empty where the entry takes nothing
        box: the list
        fields: the fields by parameter key

    Signals:
        proposed(Choice, str): the user chose this; the words are for the undo menu
    """

    proposed = Signal(object, str)

    def __init__(self, kind: type[Choice], family: str, caption: str, parent: QWidget,
                 name: str = "", width: int = CONTROL) -> None:  # fmt: skip
        super().__init__(parent)
        self.kind, self.family, self.name = kind, family, name or caption
        self.box = ChoiceBox(family)
        self.box.set_keys(kind.family, entry_hints(kind.family))
        self.row, self.cells = Row(caption, self.box, self.name, width), Cells(parent=parent)
        self.fields: dict[str, Field] = {}
        self._shown: Choice | None = None
        self.box.picked.connect(self._pick)

    def show_choice(self, choice: Choice | None, otherwise: str = "") -> None:
        """Show what is chosen; None shows the text ``otherwise``."""
        if (choice and choice.name) != (self._shown and self._shown.name):
            self._rebuild(choice)
        self._shown = choice
        self.box.set_key(choice.name if choice else None, otherwise)
        self.box.setToolTip(entry_hint(choice.entry) if choice else "")
        if choice is not None:
            show_settings(self.fields, choice)

    def _rebuild(self, choice: Choice | None) -> None:
        made = parameter_cells(choice.entry, self._set) if choice else None
        self.fields = dict(made.fields) if made else {}
        cells = made.cells if made else []
        self.cells.columns = 2 if len(cells) in (2, 4) else 3
        self.cells.fill(cells)

    def _pick(self, key: str) -> None:
        words = tr("{name}: {value}", name=tr(self.name), value=name_of(self.family, key))
        self.proposed.emit(self.kind(key), words)

    def _set(self, key: str, value: object) -> None:
        if self._shown is not None:
            words = f"{tr(self.name)}, {said_parameter(key, value)}"
            self.proposed.emit(self._shown.replace(**{key: value}), words)  # type: ignore[arg-type]
