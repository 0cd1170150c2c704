"""The point tools on the keyboard: a cross that the arrows move, and what Enter, Delete and the digits do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QKeyEvent

from gui.i18n import number
from gui.theme import px

if TYPE_CHECKING:
    from gui.views.point_tools import PointTools

STEP, FINE = 10, 2  # pixels by which the arrow keys move the cross, and with Shift

Key = Qt.Key
MOVES = {Key.Key_Left: (-1, 0), Key.Key_Right: (1, 0), Key.Key_Up: (0, -1), Key.Key_Down: (0, 1)}
DIGITS = (Key.Key_1, Key.Key_2, Key.Key_3, Key.Key_4, Key.Key_5, Key.Key_6, Key.Key_7, Key.Key_8, Key.Key_9,
          Key.Key_0)  # fmt: skip
USED = (*MOVES, *DIGITS, Key.Key_Space, Key.Key_Return, Key.Key_Enter, Key.Key_Delete, Key.Key_Backspace,
        Key.Key_Escape)  # fmt: skip


class PointKeys:
    """The keys of one picture's point tools."""

    def __init__(self, tools: PointTools) -> None:
        self._tools = tools

    def handle(self, event: QKeyEvent) -> bool:
        """Take a key that the tools use; return whether it was one."""
        others = ~(Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier)
        if event.key() not in USED or event.modifiers() & others:
            return False
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()  # these keys belong to the picture while points are drawn on it
        elif event.type() == QEvent.Type.KeyPress:
            self._press_key(Key(event.key()), bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
        return True

    def _press_key(self, key: Qt.Key, fine: bool) -> None:
        tools = self._tools
        if key in MOVES:
            self._step(*MOVES[key], FINE if fine else STEP)
        elif key in DIGITS:
            tools.pick(DIGITS.index(key))
        elif key == Key.Key_Escape:
            self._escape()
        elif key in (Key.Key_Delete, Key.Key_Backspace):
            hit = tools.hit(self._at_cross())
            if hit is not None:
                tools.erase({hit})
        else:
            self._enter()
        tools.overlay.update()

    def _at_cross(self) -> QPointF:
        """Return where the cross is in the picture; it begins in the middle."""
        tools = self._tools
        if tools.cross is None:
            middle = tools.boundary.square().center()
            tools.cross = tools.boundary.inputs_at(middle.x(), middle.y())
        return tools.boundary.place_of(*tools.cross)

    def _step(self, right: int, down: int, pixels: int) -> None:
        """Move the cross, and the point that it holds."""
        tools = self._tools
        at, square = self._at_cross(), tools.boundary.square()
        at = QPointF(min(max(at.x() + right * px(pixels), square.left()), square.right()),
                     min(max(at.y() + down * px(pixels), square.top()), square.bottom()))  # fmt: skip
        tools.cross = tools.boundary.inputs_at(at.x(), at.y())
        if tools.held is not None:
            tools.held = (tools.held[0], *tools.cross)
        first, second = (number(value) for value in tools.cross)
        tools.boundary.setAccessibleDescription(f"{first}; {second}")

    def _enter(self) -> None:
        """Drop the point that is held; else pick up the one at the cross; else add one there."""
        tools = self._tools
        at = self._at_cross()
        assert tools.cross is not None
        if tools.held is not None:
            held = tools.held
            tools.drop()
            tools.move(*held)
            return
        hit = tools.hit(at)
        if hit is not None and not tools.erasing:
            tools.held = (hit, *tools.points()[hit][:2])
            tools.cross = tools.held[1:]
        elif hit is not None:
            tools.erase({hit})
        elif not tools.erasing:
            tools.add([(*tools.cross, tools.brush)])

    def _escape(self) -> None:
        """Put the point back that is held; else end drawing."""
        tools = self._tools
        if tools.held is not None or tools.stroke or tools.touched:
            tools.drop()
        else:
            tools.set_on(False)
