"""Buttons that show a small picture, one of which is chosen."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QEnterEvent, QPainter, QPainterPath, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QAbstractButton, QWidget

from gui.theme import RADIUS, mix, px, theme, themes

Draw = Callable[[int, float], QPixmap]


class Thumbnail(QAbstractButton):
    """A square button with a picture that is drawn when it is first shown, and kept.

    Attributes:
        key: what it stands for
        draw: (side, device pixel ratio) -> the picture

    Signals:
        clicked(): as of QAbstractButton
    """

    SIDE = 58

    def __init__(self, key: str, draw: Draw, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.key, self.draw = key, draw
        self._picture: QPixmap | None = None
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        themes.changed.connect(self.redraw)
        self.redraw()

    def redraw(self) -> None:
        """Draw the picture anew when it is next shown: colours or scale have changed."""
        self._picture = None
        self.setFixedSize(px(self.SIDE), px(self.SIDE))
        self.update()

    def nextCheckState(self) -> None:
        """Leave the choice to whoever listens: it shows as chosen when it has become true."""

    def sizeHint(self) -> QSize:
        return QSize(px(self.SIDE), px(self.SIDE))

    def enterEvent(self, event: QEnterEvent) -> None:
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        now, painter = theme(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        frame = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        shape = QPainterPath()
        shape.addRoundedRect(frame, px(RADIUS - 2), px(RADIUS - 2))
        painter.fillPath(shape, QColor(mix(now.raised, now.text, 0.06) if self.underMouse() else now.raised))
        inner = self._inner()
        if self._picture is None:
            self._picture = self.draw(inner, self.devicePixelRatioF())
        corner = (self.width() - inner) / 2
        painter.setOpacity(1.0 if self.isEnabled() else 0.4)
        painter.drawPixmap(QRectF(corner, corner, inner, inner), self._picture, QRectF(self._picture.rect()))
        painter.setOpacity(1.0)
        chosen = self.isChecked()
        painter.setPen(QPen(QColor(now.accent if chosen else now.line), 2 if chosen else 1))
        painter.drawPath(shape)
        if self.hasFocus():
            painter.setPen(QPen(QColor(now.text), 2, Qt.PenStyle.DotLine))
            painter.drawRoundedRect(frame.adjusted(3, 3, -3, -3), px(6), px(6))

    def _inner(self) -> int:
        return px(self.SIDE - 8)
