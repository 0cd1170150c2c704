"""Buttons that show a small picture, one of which is chosen."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QEnterEvent,
    QFocusEvent,
    QFontMetrics,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QPixmap,
)  # fmt: skip
from PySide6.QtWidgets import QAbstractButton, QWidget

from gui.guard import guarded
from gui.theme import RADIUS, font, mix, px, theme, themes

_WORDS = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap)
Draw = Callable[[int, float], QPixmap]


class Thumbnail(QAbstractButton):
    """A square button with a picture that is drawn when it is first shown, and kept.

    Its name may stand below it.

    Attributes:
        key: what it stands for
        draw: (side, device pixel ratio) -> the picture

    Signals:
        clicked(): as of QAbstractButton
        looked_at(bool): the mouse or the keyboard is on it, or no longer
    """

    SIDE = 58
    NAMED = 88  # the width with a name
    looked_at = Signal(bool)

    def __init__(self, key: str, draw: Draw, named: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.key, self.draw, self.named = key, draw, named
        self._picture: QPixmap | None = None
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        themes.changed.connect(self.redraw)
        self.redraw()

    def redraw(self) -> None:
        """Draw the picture anew when it is next shown: colours or scale have changed."""
        self._picture = None
        self.setFixedSize(self.sizeHint())
        self.update()

    def nextCheckState(self) -> None:
        """Leave the choice to whoever listens: it shows as chosen when it has become true."""

    def sizeHint(self) -> QSize:
        if not self.named:
            return QSize(px(self.SIDE), px(self.SIDE))
        metrics, wide = QFontMetrics(font("small", bold=True)), px(self.NAMED)
        words = metrics.boundingRect(0, 0, wide, 10_000, _WORDS, self.accessibleName())
        return QSize(wide, px(self.SIDE + 2) + max(words.height(), metrics.height()))

    def enterEvent(self, event: QEnterEvent) -> None:
        self.looked_at.emit(True)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self.looked_at.emit(False)
        self.update()

    @guarded
    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.looked_at.emit(True)

    @guarded
    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.looked_at.emit(False)

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        now, painter = theme(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        side = px(self.SIDE)
        frame = QRectF(0, 0, side, side).adjusted(1, 1, -1, -1)
        shape = QPainterPath()
        shape.addRoundedRect(frame, px(RADIUS - 2), px(RADIUS - 2))
        painter.fillPath(shape, QColor(mix(now.raised, now.text, 0.06) if self.underMouse() else now.raised))
        inner = self._inner()
        if self._picture is None:
            self._picture = self.draw(inner, self.devicePixelRatioF())
        corner = (side - inner) / 2
        place = QRectF(corner, corner, inner, inner)
        painter.setOpacity(1.0 if self.isEnabled() else 0.4)
        painter.drawPixmap(place, self._picture, QRectF(self._picture.rect()))
        painter.setOpacity(1.0)
        if self.named:
            painter.setFont(font("small", bold=self.isChecked()))
            painter.setPen(QColor(now.text))
            painter.drawText(self.rect().adjusted(0, side + px(2), 0, 0), _WORDS, self.accessibleName())
        chosen = self.isChecked()
        painter.setPen(QPen(QColor(now.accent if chosen else now.line), 2 if chosen else 1))
        painter.drawPath(shape)
        if self.hasFocus():
            painter.setPen(QPen(QColor(now.text), 2, Qt.PenStyle.DotLine))
            painter.drawRoundedRect(frame.adjusted(3, 3, -3, -3), px(6), px(6))

    def _inner(self) -> int:
        return px(self.SIDE - 8)
