"""What mouse and keyboard do on the canvas. The controller carries out every edit, so all can be undone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QMouseEvent, QNativeGestureEvent, QWheelEvent
from PySide6.QtWidgets import QApplication

from gui.canvas.keys import PRESSED, Keys
from gui.canvas.pull import SOURCES, Pull
from gui.canvas.scene import Item, column_at, item_at, layers_in, rect_of, units_in
from gui.canvas.surface import STEP

if TYPE_CHECKING:
    from gui.canvas.canvas import NetworkCanvas

GRIPPING = Qt.MouseButton.MiddleButton | Qt.MouseButton.LeftButton  # the left one with Space
NOTCH, PANNED = 120, 48  # what one notch of a wheel says, and the pixels that it moves
SAME_PLACE = 4  # pixels within which a second click is at the same place


class Hands(Keys):
    """The state of mouse and keyboard.

    Attributes:
        hovered: the item under the mouse.
        around: the layer whose column the mouse is in.
        band: the rubber band while one is drawn.
        pull: the connection while one is drawn.
        point: where the mouse is, on the plane.
    """

    def __init__(self, canvas: NetworkCanvas) -> None:
        super().__init__(canvas)
        self.hovered: Item | None = None
        self.around: int | None = None
        self.band: QRectF | None = None
        self.pull: Pull | None = None
        self.point = QPointF()
        self._pressed: Item | None = None
        self._from: QPointF | None = None
        self._again: tuple[QPointF, Item] | None = None
        self._grip: QPointF | None = None  # where the middle button, or Space, holds the plane, on the widget
        self._space: bool | None = None  # whether Space, while it is held, has moved the plane
        self._closed: Item | None = None  # what the press closed the fields of: its click opens none

    # Mouse

    def item_at(self, point: QPointF) -> Item | None:
        """Return what a click at a point means.

        A second click at the very place of a click on a circle repeats it, though the circle has moved.
        """
        geometry = self.canvas.geometry_now
        if self._again is not None and (point - self._again[0]).manhattanLength() < SAME_PLACE:
            item = self._again[1]
            if rect_of(geometry, item) is not None:
                return item
        found = item_at(geometry, point, self.canvas.weights)
        hidden = found is not None and found[0] in ("remove", "close") and column_at(geometry, point) is None
        return None if hidden else found

    def move(self, event: QMouseEvent) -> None:
        """Follow the mouse: what it is over, or the rubber band; what is gripped moves with it."""
        if self._grip is not None and event.buttons() & GRIPPING:
            self.canvas.pan(event.position() - self._grip)
            self._grip = event.position()
        self.point = self.canvas.to_plane(event.position())
        if self._from is not None and event.buttons() & Qt.MouseButton.LeftButton:
            self._stretch()
            return
        if self._again is not None and (self.point - self._again[0]).manhattanLength() >= SAME_PLACE:
            self._again = None
        self.hover(self.item_at(self.point), column_at(self.canvas.geometry_now, self.point))

    def hover(self, item: Item | None, around: int | None) -> None:
        """Take note of what the mouse is over."""
        self.hovered, self.around = item, around
        shape = Qt.CursorShape.PointingHandCursor if item else Qt.CursorShape.ArrowCursor
        if self._space is not None:
            shape = Qt.CursorShape.OpenHandCursor if self._grip is None else Qt.CursorShape.ClosedHandCursor
        if self.canvas.cursor().shape() != shape:
            self.canvas.setCursor(shape)
        self.moved.emit()

    def _stretch(self) -> None:
        """Draw a connection from a head or a unit, or the rubber band from elsewhere."""
        assert self._from is not None
        far = (self.point - self._from).manhattanLength() >= QApplication.startDragDistance()
        pressed = self._pressed
        if pressed is not None and pressed[0] in SOURCES and (far or self.pull is not None):
            self.pull = self.pull or Pull(pressed)
            self.hovered = self.item_at(self.point)
            self.pull.over(self.hovered)
            self.moved.emit()
        elif (pressed is None or pressed[0] == "link") and (far or self.band is not None):
            self.band = QRectF(self._from, self.point).normalized()
            self.selected = units_in(self.canvas.geometry_now, self.band)
            self.layers = layers_in(self.canvas.geometry_now, self.band)
            self.moved.emit()

    def press(self, event: QMouseEvent) -> None:
        """Note what was pressed; it is done on release, as everywhere."""
        self._closed = self.canvas.close_editor()
        if self._space is not None and event.button() == Qt.MouseButton.LeftButton:
            self._space, self._grip = True, event.position()
            self.canvas.setCursor(Qt.CursorShape.ClosedHandCursor)
        elif event.button() == Qt.MouseButton.LeftButton:
            self.point = self._from = self.canvas.to_plane(event.position())
            self._pressed = self.item_at(self.point)
        elif event.button() == Qt.MouseButton.MiddleButton:
            self._grip = event.position()

    def release(self, event: QMouseEvent) -> None:
        """Do what was clicked, or end the rubber band or the connection."""
        if self._grip is not None and event.button() & GRIPPING:
            self._grip = None
            if self._space is not None:
                self.canvas.setCursor(Qt.CursorShape.OpenHandCursor)
        if event.button() != Qt.MouseButton.LeftButton or self._from is None:
            return
        self._from = None
        if self.pull is not None:
            pull, self.pull = self.pull, None
            self.moved.emit()
            self.acts.pulled(pull)
            return
        if self.band is not None:
            self.band = None
            self.cursor = None
            self.moved.emit()
            return
        point = self.canvas.to_plane(event.position())
        item = self.item_at(point)
        if item == self._pressed:
            self.click(item, bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier))
            if item is not None and item[0] in ("add", "remove"):
                self._again = (point, item)

    def click(self, item: Item | None, more: bool = False) -> None:
        """Do what a click on an item means; ``more`` adds a unit to the selection."""
        closed, self._closed = self._closed, None
        if item is None:
            self.stand_on(None)
            if not self.canvas.motion.running:
                self.canvas.motion.stop()
        elif item[0] in PRESSED:
            self.acts.do(item)
        elif item[0] == "mark":
            self.canvas.open_editor(
                int(item[1]), self.canvas.heads[int(item[1]) + 1].marks[int(item[2])].kind
            )
        elif item[0] == "unit" and more:
            self.take(item)
        elif item[0] in ("head", "block") and more and int(item[1]) >= 0:
            self.layers = self.chosen_layers() ^ {int(item[1])}
            self.cursor = None
            self.moved.emit()
        else:
            self.stand_on(item)
            self.open(item, closed)

    def wheel(self, event: QWheelEvent) -> bool:
        """Zoom with Ctrl, else move what is seen when it is not all; return whether it did."""
        turned = event.angleDelta()
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.canvas.zoom_by(STEP ** (turned.y() / NOTCH), event.position())
        elif self.canvas.zoom > 1:
            aside = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
            x, y = (turned.y(), 0) if aside else (turned.x(), turned.y())
            self.canvas.pan(QPointF(x, y) * (PANNED / NOTCH))
        else:
            return False
        return True

    def hold_space(self) -> bool:
        """Let the mouse move the plane while Space is held; return whether there is anything to move here.

        Where there is not, Space plays at once.
        """
        if self.canvas.zoom > 1 and self.canvas.underMouse() and self._from is None:
            self._space = False
            self.hover(self.hovered, self.around)
            return True
        return False

    def release_space(self) -> bool:
        """Let go of the plane; return whether Space was a tap: nothing was moved with it."""
        if self._space is None:
            return False
        tapped, self._space, self._grip = not self._space, None, None
        self.hover(self.hovered, self.around)
        return tapped

    def pinch(self, event: QNativeGestureEvent) -> bool:
        """Zoom with two fingers."""
        if event.gestureType() != Qt.NativeGestureType.ZoomNativeGesture:
            return False
        self.canvas.zoom_by(1 + event.value(), event.position())
        return True

    def tidy(self) -> None:
        """Drop what is not there any more after the experiment changed."""
        super().tidy()
        there = self.canvas.underMouse() and self.hovered is not None
        self.hovered = self.item_at(self.point) if there else None
        self.around = column_at(self.canvas.geometry_now, self.point) if there else None
        self.pull = None
