"""The gaps between cards, which can be dragged: one side gets more room, the other less."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from gui.guard import guarded
from gui.theme import px, theme
from gui.tiles import Axis

STEP = 24  # pixels of the design that an arrow key moves a gap


@dataclass(frozen=True)
class Shares:
    """What the user gave the cards: shares of the window, None for what the design says."""

    result: float | None = None
    bottom: float | None = None

    def text(self) -> str:
        """Return it as the settings keep it."""
        return ",".join("" if share is None else f"{share:.4f}" for share in (self.result, self.bottom))

    @classmethod
    def read(cls, text: str) -> Shares:
        """Return what was kept; what cannot be read is as the design says."""
        try:
            shares = [float(part) if part else None for part in text.split(",")]
            valid = len(shares) == 2 and all(share is None or 0 < share < 1 for share in shares)
        except ValueError:
            valid = False
        return cls(*shares) if valid else cls()


class Divider(QWidget):
    """One gap. It is dragged with the mouse or moved with the arrows; two clicks give it its place back.

    Attributes:
        axis: "row" where it stands between cards side by side, "column" between cards one above the other.

    Signals:
        moved(int): it was pulled so many pixels to the right, or down
        left(): it is to be where it was at first
    """

    moved = Signal(int)
    left = Signal()

    def __init__(self, axis: Axis, parent: QWidget) -> None:
        super().__init__(parent)
        self.axis: Axis = axis
        self._upright = axis == "row"
        self._grip: float | None = None
        self.setCursor(Qt.CursorShape.SplitHCursor if self._upright else Qt.CursorShape.SplitVCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def _along(self, event: QMouseEvent) -> float:
        point = event.globalPosition()
        return point.x() if self._upright else point.y()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._grip = self._along(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._grip is not None:
            here = self._along(event)
            self.moved.emit(round(here - self._grip))
            self._grip = here

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._grip = None

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self._grip = None
        self.left.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        more, less = (
            (Qt.Key.Key_Right, Qt.Key.Key_Left) if self._upright else (Qt.Key.Key_Down, Qt.Key.Key_Up)
        )
        if event.key() in (more, less):
            self.moved.emit(px(STEP) if event.key() == more else -px(STEP))
        else:
            super().keyPressEvent(event)

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        if not (self.underMouse() or self.hasFocus() or self._grip is not None):
            return
        painter, now, middle = QPainter(self), theme(), QRectF(self.rect()).center()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(now.accent))
        wide, high = (px(4), px(40)) if self._upright else (px(40), px(4))
        bar = QRectF(middle.x() - wide / 2, middle.y() - high / 2, wide, high)
        painter.drawRoundedRect(bar, px(2), px(2))
