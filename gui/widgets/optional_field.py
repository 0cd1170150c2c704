"""A number field that may be empty: a limit that is not set, or numbers of layers that differ."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from engine.choices.base import Range
from gui.i18n import tr
from gui.widgets.number_field import ANY, NumberField, Stepping


class OptionalField(NumberField):
    """A number, or none when nothing is typed.

    Attributes:
        none: whether there is no number
        first: the number from which the arrow keys start where there is none
        empty_word: the English word that stands in the empty field

    Signals:
        committed(object): another number, or None
    """

    committed = Signal(object)

    def __init__(
        self,
        allowed: Range = ANY,
        stepping: Stepping = "ratio",
        step: float = 1.0,
        first: float = 1.0,
        empty_word: str = "none",
        parent: QWidget | None = None,
    ) -> None:
        self.none, self.first, self.empty_word = True, first, empty_word
        super().__init__(allowed, stepping, step, parent=parent)
        self.value = first
        self.retranslate()

    def set_value(self, value: float | None) -> None:
        """Show a number as the accepted one, or none, unless the user is just typing another."""
        self.none = value is None
        super().set_value(self.first if value is None else value)

    def retranslate(self) -> None:
        """Show the accepted number, or the word for none, in the current language."""
        self.setPlaceholderText(tr(self.empty_word))
        super().retranslate()

    def _written(self) -> str:
        return "" if self.none else super()._written()

    def commit(self) -> bool:
        """Take what is typed when it fits, nothing too. Return whether it fits."""
        if not self.isModified() or self.text().strip():
            return super().commit()
        before, self.none = self.none, True
        self.retranslate()
        if not before:
            self.committed.emit(None)
        return True

    def _give(self, value: float) -> None:
        before = None if self.none else self.value
        self.none, self.value = False, value
        self.retranslate()
        if value != before:
            self.committed.emit(value)

    def _step(self, up: bool) -> None:
        if self.commit() and self.none:
            self._give(self.first)
            self.selectAll()
        else:
            super()._step(up)
