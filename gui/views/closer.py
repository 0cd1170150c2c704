"""A widget that one can look closer at with the wheel, and that reads out and picks what is in it."""

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QWheelEvent
from PySide6.QtWidgets import QApplication, QToolTip, QWidget

from gui.i18n import number
from gui.theme import font, px, theme
from gui.views.zoom import NOTCH, Zoom


class Closer(QWidget):
    """The mouse of a picture: points are told to it in its own, whole coordinates.

    Attributes:
        zoomable: whether the wheel looks closer.
        lens: the part that is seen.
    """

    zoomable = True

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.lens = Zoom()
        self._from: QPointF | None = None
        self._dragged = False

    def pane(self) -> QRectF | None:
        """Return the part that is looked closer at while what is around it, its axes, stays.

        None: all of the widget, as through a magnifying glass. A picture with a pane paints through the lens
        itself.
        """
        return None

    def in_pane(self, point: QPointF) -> QPointF:
        """Return the point of the pane for one of the widget, which may lie in a pane alike beside it."""
        return point

    def _area(self) -> QRectF:
        return self.pane() or QRectF(self.rect())

    def _inside(self, point: QPointF) -> QPointF:
        """Return the point of the whole picture at one of the widget; beside the pane nothing is closer."""
        return self.lens.inside(point) if self._area().contains(point) else point

    def hint(self, x: float, y: float) -> str:
        """Return what to read at a point of the picture, or an empty string."""
        return ""

    def click(self, x: float, y: float) -> None:
        """Do what a click at a point of the picture means."""

    @property
    def zoomed(self) -> bool:
        """Whether only a part of the picture is seen."""
        return self.lens.on

    def magnify(self, factor: float, at: QPointF | None = None) -> None:
        """Look closer (or from farther away) at a point of the widget; None is its middle."""
        if self.zoomable:
            area = self._area()
            point = area.center() if at is None else self.in_pane(at)
            self.lens.magnify(factor, point if area.contains(point) else area.center(), area)
            self.update()

    def show_whole(self) -> None:
        """Show the whole picture again."""
        self.lens.reset()
        self.update()

    def wheelEvent(self, event: QWheelEvent) -> None:
        notches = event.angleDelta().y() / 120
        if self.zoomable and notches:
            self.magnify(NOTCH**notches, event.position())
            event.accept()
        else:
            event.ignore()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._from, self._dragged = event.position(), False
        else:
            event.ignore()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._from is not None and event.buttons() & Qt.MouseButton.LeftButton:
            self._drag(event.position())
            return
        point = self._inside(event.position())
        QToolTip.showText(event.globalPosition().toPoint(), self.hint(point.x(), point.y()), self)

    def _drag(self, here: QPointF) -> None:
        assert self._from is not None
        far = (here - self._from).manhattanLength() >= QApplication.startDragDistance()
        if self.lens.on and (far or self._dragged):
            self._dragged = True
            self.lens.move(here - self._from, self._area())
            self._from = here
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self._from is not None:
            self._from = None
            if not self._dragged:
                point = self._inside(event.position())
                self.click(point.x(), point.y())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if self.zoomed:
            self.show_whole()
        else:
            event.ignore()  # the card around takes it, and fills the window with itself

    def leaveEvent(self, event: QEvent) -> None:
        QToolTip.hideText()


def paint_scale(painter: QPainter, area: QRectF, scale: float) -> None:
    """Say in a corner how much closer one looks."""
    painter.setFont(font("small"))
    text = f"{number(scale, 2)}×"
    wide, high = (
        painter.fontMetrics().horizontalAdvance(text) + px(12),
        painter.fontMetrics().height() + px(4),
    )
    chip = QRectF(area.right() - wide - px(4), area.top() + px(4), wide, high)
    painter.setPen(QColor(theme().line))
    painter.setBrush(QColor(theme().raised))
    painter.drawRoundedRect(chip, px(6), px(6))
    painter.setPen(QColor(theme().text))
    painter.drawText(chip, int(Qt.AlignmentFlag.AlignCenter), text)
