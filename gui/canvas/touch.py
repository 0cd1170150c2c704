"""What Qt tells the canvas of mouse, wheel, fingers and keyboard, handed on to its hands."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, Qt
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QWheelEvent,
)  # fmt: skip

from gui.canvas import scene
from gui.canvas.hands import Hands
from gui.canvas.scene import Item
from gui.canvas.surface import Surface
from gui.guard import guarded


class Touched(Surface):
    """A surface that is touched.

    Attributes:
        hands: the state of mouse and keyboard.
    """

    hands: Hands

    def open_menu(self, item: Item | None, corner: QPoint) -> None:
        """Open what can be done with an item, at a point of the screen."""

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.hands.press(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.hands.press(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.hands.move(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.hands.release(event)

    def leaveEvent(self, event: QEvent) -> None:
        self.hands.hover(None, None)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        point = QPointF(event.pos())
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            item = self.hands.cursor
            if item is not None:
                point = self.seen(scene.spot_of(self.geometry_now, item)).center()
        else:
            item = self.hands.item_at(self.to_plane(point))
        self.open_menu(item, self.mapToGlobal(point.toPoint()))

    def wheelEvent(self, event: QWheelEvent) -> None:
        if not self.hands.wheel(event):
            super().wheelEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # The window has the arrow keys too: this asks for them first, while they move the selection.
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and self._wants(event)
        ):
            event.accept()
            return True
        if isinstance(event, QNativeGestureEvent):
            return self.hands.pinch(event)
        return False

    def _wants(self, event: QKeyEvent) -> bool:
        """Whether a key is meant for the canvas although an action of the window has it too."""
        if _is_space(event):
            return event.isAutoRepeat() or self.hands.hold_space()
        return self.hands.takes(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self.hands.key(event) and not _is_space(event):
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if _is_space(event) and not event.isAutoRepeat():
            if self.hands.release_space():
                self.toggle()
        else:
            super().keyReleaseEvent(event)

    def toggle(self) -> None:
        """Play or pause."""

    def focusNextPrevChild(self, forward: bool) -> bool:
        return self.hands.next_column(forward) or super().focusNextPrevChild(forward)

    @guarded
    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason):
            self.hands.cursor = None
            self.hands.next_column(event.reason() == Qt.FocusReason.TabFocusReason)
        self.update()

    @guarded
    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.hands.release_space()
        self.update()


def _is_space(event: QKeyEvent) -> bool:
    return event.key() == Qt.Key.Key_Space and event.modifiers() == Qt.KeyboardModifier.NoModifier
