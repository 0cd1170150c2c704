"""What the keyboard does on the canvas, once it stands on something there."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QLineEdit

from gui.canvas.chosen import Chosen
from gui.canvas.scene import Item, link_beside, neighbour

ARROWS = {
    Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1),
}  # fmt: skip
MORE = (Qt.Key.Key_Plus, Qt.Key.Key_Insert)
LESS = (Qt.Key.Key_Minus,)
AWAY = (Qt.Key.Key_Delete, Qt.Key.Key_Backspace)
DO = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
TO_LINKS = Qt.Key.Key_L  # from a unit to the links into it
TAKE = Qt.Key.Key_Space  # with Ctrl: into what is chosen, or out of it
PRESSED = ("insert", "add", "remove", "close")  # circles, which do something at once


class Keys(Chosen):
    """The keyboard on the canvas."""

    def takes(self, event: QKeyEvent) -> bool:
        """Whether a key is meant for the canvas: once the keyboard stands on something."""
        key = Qt.Key(event.key())
        if _with_control(event):
            return self.cursor is not None and (key in ARROWS or key == TAKE)
        plain = not event.modifiers() & ~(
            Qt.KeyboardModifier.KeypadModifier | Qt.KeyboardModifier.ShiftModifier
        )
        if not plain or (key in ARROWS and event.modifiers() & Qt.KeyboardModifier.ShiftModifier):
            return False
        if key in AWAY:
            return bool(self.selected or self.layers) or self.cursor is not None
        known = key in ARROWS or key in MORE + LESS + DO + (Qt.Key.Key_Escape, TO_LINKS)
        return self.cursor is not None and (known or self._types(event))

    def _types(self, event: QKeyEvent) -> bool:
        """Whether a key begins a number that the link or unit under the keyboard gets."""
        if self.cursor is None or self.cursor[0] not in ("link", "unit") or not event.text():
            return False
        return event.text() in ("0123456789,.-" if self.cursor[0] == "link" else "0123456789,.")

    def key(self, event: QKeyEvent) -> bool:
        """Do what a key means; return whether it means anything."""
        if not self.takes(event):
            return False
        key = Qt.Key(event.key())
        if _with_control(event) and self.cursor is not None:
            if key == TAKE:
                self.take(self.cursor)
            else:
                self.go(neighbour(self.canvas.geometry_now, self.cursor, *ARROWS[key]))
        elif self._types(event):
            self._type(event)
        elif key in ARROWS:
            self.stand_on(neighbour(self.canvas.geometry_now, self.cursor, *ARROWS[key]))
        elif key == Qt.Key.Key_Escape:
            if self.canvas.close_editor() is None and not self.canvas.motion.stop():
                self.stand_on(None)
        elif key == TO_LINKS:
            link = link_beside(self.canvas.geometry_now, self.cursor) if self.cursor is not None else None
            self.stand_on(link or self.cursor)
        elif key in AWAY:
            self.acts.delete()
        elif key in DO and self.cursor is not None:
            if self.cursor[0] in PRESSED:
                self.click(self.cursor)
            else:
                self.open(self.cursor, typing=True)
        elif self.cursor is not None:
            self.acts.change_count(self.cursor, 1 if key in MORE else -1)
        return True

    def _type(self, event: QKeyEvent) -> None:
        """Hand a key on to the number of the link or unit under the keyboard."""
        assert self.cursor is not None
        self.canvas.open_popup(self.cursor, typing=True)
        field = QApplication.focusWidget()
        if isinstance(field, QLineEdit):
            field.keyPressEvent(event)

    def click(self, item: Item | None, more: bool = False) -> None:
        """Do what a click on an item means."""
        raise NotImplementedError

    def open(self, item: Item, closed: Item | None = None, typing: bool = False) -> None:
        """Open the fields of an item, unless a click has just closed them."""
        if item[0] in ("head", "block"):
            if closed != ("head", item[1]):
                self.canvas.open_editor(int(item[1]))
        elif item != closed:
            self.canvas.open_popup(item, typing)


def _with_control(event: QKeyEvent) -> bool:
    """Whether Ctrl is held, and nothing else."""
    return event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier == Qt.KeyboardModifier.ControlModifier
