"""A slider drawn by us: a thin line, filled up to a round handle, as in the design."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import QSlider, QWidget

from gui.guard import guarded
from gui.theme import mix, px, theme, themes


class Slider(QSlider):
    """A horizontal slider from 0 to ``steps``; a click anywhere moves the handle there.

    Signals:
        valueChanged(int), sliderReleased(): as of QSlider
    """

    def __init__(self, steps: int = 100, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setRange(0, steps)
        self.setPageStep(max(1, steps // 10))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._by_mouse = False
        themes.changed.connect(self.updateGeometry)

    def sizeHint(self) -> QSize:
        return QSize(px(110), px(22))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(48), px(22))

    def _reach(self) -> tuple[float, float]:
        """Return where the handle's middle may stand: the first and the last x."""
        radius = px(8) + 1.0
        return radius, max(radius + 1, self.width() - radius)

    def _handle(self) -> float:
        first, last = self._reach()
        span = max(1, self.maximum() - self.minimum())
        return first + (last - first) * (self.sliderPosition() - self.minimum()) / span

    def _value_at(self, x: float) -> int:
        first, last = self._reach()
        share = min(max((x - first) / (last - first), 0.0), 1.0)
        return self.minimum() + round(share * (self.maximum() - self.minimum()))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.setSliderDown(True)
            self._by_mouse = True
            self.setSliderPosition(self._value_at(event.position().x()))
            self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self.isSliderDown():
            self.setSliderPosition(self._value_at(event.position().x()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.setSliderDown(False)  # emits sliderReleased
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self._by_mouse = False
        super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()  # a wheel that scrolls past must not change the experiment

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        now, painter = theme(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        first, last = self._reach()
        x, y, thick = self._handle(), self.height() / 2, max(2, px(4))
        on = self.isEnabled()
        filled = now.accent if on else mix(now.line, now.muted, 0.4)
        for low, high, colour in ((first, last, now.line), (first, x, filled)):
            pen = QPen(QColor(colour), thick)
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)
            painter.setPen(pen)
            painter.drawLine(QPointF(low, y), QPointF(high, y))
        radius = px(7) + (1.0 if self.underMouse() and on else 0.0)
        if self.hasFocus() and not self._by_mouse:
            painter.setPen(QPen(QColor(now.accent), max(2, px(2))))
            painter.setBrush(QColor(now.panel))
            painter.drawEllipse(QPointF(x, y), radius + 1, radius + 1)
            radius = max(3.0, radius - 3)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(now.text if on else mix(now.muted, now.panel, 0.5)))
        painter.drawEllipse(QPointF(x, y), radius, radius)


class ProgressLine(QWidget):
    """How far the training is: a thin line that fills up. It takes no clicks.

    Attributes:
        share: from 0 to 1
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.share = 0.0
        themes.changed.connect(self.update)

    def set_share(self, share: float) -> None:
        """Fill the line up to a share of its length."""
        share = min(max(share, 0.0), 1.0)
        moved = abs(share - self.share) * self.width() >= 0.5
        if moved or share in (0.0, 1.0):
            self.share = share
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(px(160), px(8))

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        now, painter = theme(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        thick, y = max(2, px(4)), self.height() / 2
        painter.setBrush(QColor(now.line))
        painter.drawRoundedRect(QRectF(0, y - thick / 2, self.width(), thick), thick / 2, thick / 2)
        painter.setBrush(QColor(now.accent))
        filled = max(self.width() * self.share, thick if self.share else 0)
        painter.drawRoundedRect(QRectF(0, y - thick / 2, filled, thick), thick / 2, thick / 2)
