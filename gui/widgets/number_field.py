"""A field for one number: decimal comma or point, arrow keys, a warning in words when it does not fit."""

import math
from typing import Literal

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QWheelEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from engine.choices.base import Range
from gui.guard import guarded
from gui.i18n import language, number, parse_number, range_words, tr
from gui.theme import px, themes
from gui.widgets.basics import restyle
from gui.widgets.bubble import hide_bubble, show_bubble

Stepping = Literal["even", "ratio", "complement"]
ANY = Range()


class NumberField(QLineEdit):
    """A number within a range. What is typed counts after Enter or when the field is left.

    Attributes:
        allowed: the range; a number outside is refused with a sentence
        stepping: what the arrow keys do: "even" adds ``step``, "ratio" goes 1, 2, 5, 10, and "complement"
            does that with the distance from 1 (0.9, 0.95, 0.98, 0.99)
        value: the last number that was accepted
        suffix: a unit shown after the number, such as ``%``
        whole: whether only whole numbers are taken

    Signals:
        committed(float): the user gave another number
        refused(str): the user gave something else; why, in one sentence
    """

    committed = Signal(float)
    refused = Signal(str)

    def __init__(self, allowed: Range = ANY, stepping: Stepping = "ratio", step: float = 1.0,
                 whole: bool = False, parent: QWidget | None = None) -> None:  # fmt: skip
        super().__init__(parent)
        self.allowed, self.stepping, self.step, self.whole = allowed, stepping, step, whole
        self.value, self.suffix = 0.0, ""
        self.setMinimumWidth(px(40))
        language.changed.connect(self.retranslate)
        themes.changed.connect(self._rescale)
        self._rescale()
        self.returnPressed.connect(self.commit)
        self.textEdited.connect(lambda: self._accept_look())

    def _rescale(self) -> None:
        self.setFixedHeight(px(28))

    def set_value(self, value: float) -> None:
        """Show a number as the accepted one, unless the user is just typing another."""
        self.value = value
        if not self.isModified():
            self.retranslate()

    def retranslate(self) -> None:
        """Show the accepted number in the current language."""
        self._accept_look()
        self.setText(self._written())
        self.setCursorPosition(0)
        self.setModified(False)

    def _written(self) -> str:
        if self.whole:  # without the thin spaces of large numbers: what is typed is typed plainly
            return f"{int(self.value)}{self.suffix}"
        return number(self.value, 9) + self.suffix

    def commit(self) -> bool:
        """Take what is typed when it fits, and say so; else warn. Return whether it fits."""
        if not self.isModified():
            return True
        typed = parse_number(self.text().rstrip().removesuffix(self.suffix))
        if typed is not None and self.whole and typed != int(typed):
            return self._refuse(tr("A whole number is needed: {range}.", range=range_words(self.allowed)))
        if typed is None or typed not in self.allowed:
            return self._refuse(tr("A number is needed: {range}.", range=range_words(self.allowed)))
        self._give(typed)
        return True

    def _give(self, value: float) -> None:
        before, self.value = self.value, value
        self.retranslate()
        if value != before:
            self.committed.emit(value)

    def _refuse(self, sentence: str) -> bool:
        restyle(self, "wrong", True)
        self.setAccessibleDescription(sentence)
        show_bubble(self, sentence)
        self.refused.emit(sentence)
        return False

    def _accept_look(self) -> None:
        if self.property("wrong"):
            restyle(self, "wrong", False)
            self.setAccessibleDescription("")
        hide_bubble(self)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and (self.isModified() or self.property("wrong")):
            self.retranslate()
            self.selectAll()
        elif event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self._step(event.key() == Qt.Key.Key_Up)
        else:
            super().keyPressEvent(event)

    def _step(self, up: bool) -> None:
        if self.commit():
            self._give(stepped(self.value, up, self.stepping, self.step, self.allowed, self.whole))
            self.selectAll()

    @guarded
    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason):
            self.selectAll()

    @guarded
    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.leave()

    def leave(self) -> None:
        """Take what is typed when it fits; else say why not, and show the accepted number again."""
        if not self.commit():
            # The experiment still has the old number, so the field must not go on showing another one.
            sentence = self.accessibleDescription()
            self.retranslate()
            show_bubble(self, sentence)

    @guarded
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.EnabledChange and not self.isEnabled():
            hide_bubble(self)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


def stepped(value: float, up: bool, stepping: Stepping, step: float, allowed: Range,
            whole: bool = False) -> float:  # fmt: skip
    """Return the next number up or down, or the same one where the range ends."""
    if stepping == "ratio":
        new = _next_nice(value, up)
    elif stepping == "complement":
        new = round(1 - _next_nice(1 - value, not up), 12)
    else:
        new = round(value + (step if up else -step), 12)
    if whole:
        new = math.ceil(new) if up else math.floor(new)
    if new in allowed:
        return new
    end = allowed.high if up else allowed.low
    return end if end in allowed else value


def _next_nice(value: float, up: bool) -> float:
    """Return the next of ..., 0.1, 0.2, 0.5, 1, 2, 5, 10, ...; 0 comes below 0.000001."""
    if value < 0:
        return -_next_nice(-value, not up)
    if value == 0:
        return 1e-5 if up else -1e-5
    power = math.floor(math.log10(value) + 1e-9)
    nice = [factor * 10.0**exponent for exponent in (power - 1, power, power + 1) for factor in (1, 2, 5)]
    if up:
        new = min(candidate for candidate in nice if candidate > value * (1 + 1e-9))
    else:
        new = max(candidate for candidate in nice if candidate < value * (1 - 1e-9))
    return float(f"{new:.0e}")
