"""One choice with its parameters as rows of a form: built from the table of its family."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from engine.choice import Value
from engine.experiment import Choice
from gui.i18n import language, name_of, tr
from gui.panels.parameters import Field, parameter_field, show_settings
from gui.theme import px
from gui.widgets.basics import Label
from gui.widgets.combo import ChoiceBox
from gui.widgets.formula import formula_words

Chosen = TypeVar("Chosen", bound=Choice)
LABEL_WIDTH, FIELD_WIDTH = 112, 208


class ChoiceRows(QWidget):
    """A drop-down list of one family, a field for each parameter of what is chosen, and its formula.

    Attributes:
        box: the drop-down list.
        fields: the parameters' fields by key.

    Signals:
        changed(Choice): the user chose something else, or another value of a parameter.
    """

    changed = Signal(object)

    def __init__(self, field: str, family: str, chosen: Choice, keys: Iterable[str],
                 parent: QWidget | None = None) -> None:  # fmt: skip
        super().__init__(parent)
        self._field, self._chosen = field, chosen
        self.box = ChoiceBox(family, keys)
        self.fields: dict[str, Field] = {}
        self._labels: dict[str, Label] = {}
        self._title = Label("", "muted")
        self._title.setWordWrap(True)
        self._title.setFixedWidth(px(LABEL_WIDTH))
        self._formula = Label("", "small")
        self._formula.setWordWrap(True)
        self._formula.setTextFormat(Qt.TextFormat.PlainText)
        self._formula.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setVerticalSpacing(px(4))
        self._grid.setHorizontalSpacing(px(8))
        self._grid.setColumnMinimumWidth(0, px(LABEL_WIDTH))
        self._grid.setColumnMinimumWidth(1, px(FIELD_WIDTH))
        self._grid.addWidget(self._title, 0, 0)
        self._grid.addWidget(self.box, 0, 1)
        self.box.picked.connect(self._pick)
        language.changed.connect(self.retranslate)
        self._build()
        self.show_choice(chosen)

    def show_choice(self, chosen: Choice) -> None:
        """Show what is chosen now."""
        rebuild = chosen.name != self._chosen.name
        self._chosen = chosen
        if rebuild:
            self._build()
        self.box.set_key(chosen.name)
        show_settings(self.fields, chosen)
        self.retranslate()

    def retranslate(self) -> None:
        """Show the texts in the current language."""
        name = name_of("field", self._field)
        self._title.setText(name)
        self.box.setAccessibleName(name)
        formula = formula_words(tr(self._chosen.entry.formula))
        self._formula.setText(formula)
        self._formula.setVisible(len(formula) > 1)
        for key, label in self._labels.items():
            words = name_of("parameter", key)
            label.setText(words)
            self.fields[key].setAccessibleName(f"{name}: {words}")

    def _build(self) -> None:
        """Make a row for each parameter, then the formula below them."""
        for widget in (*self.fields.values(), *self._labels.values()):
            widget.hide()
            self._grid.removeWidget(widget)
            widget.deleteLater()
        self.fields, self._labels = {}, {}
        for row, parameter in enumerate(self._chosen.entry.parameters, start=1):
            self.fields[parameter.key] = field = parameter_field(parameter, self._set)
            self._labels[parameter.key] = label = Label("", "muted")
            label.setWordWrap(True)
            label.setFixedWidth(px(LABEL_WIDTH))
            self._grid.addWidget(label, row, 0)
            self._grid.addWidget(field, row, 1)
        self._grid.addWidget(self._formula, len(self.fields) + 1, 1)

    def _pick(self, key: str) -> None:
        if key != self._chosen.name:
            self.changed.emit(type(self._chosen)(key))

    def _set(self, key: str, value: Value) -> None:
        self.changed.emit(self._chosen.replace(**{key: value}))
