"""What is drawn over the boundary while points are drawn: the stroke, the point in the hand, the cross."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from gui.guard import guarded
from gui.theme import px, theme
from gui.views import paint

if TYPE_CHECKING:
    from gui.views.point_tools import PointTools

RADIUS = 5


class PointOverlay(QWidget):
    """A sheet over the picture that takes no clicks."""

    def __init__(self, tools: PointTools) -> None:
        super().__init__(tools.boundary)
        self._tools = tools
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setGeometry(tools.boundary.rect())
        self.hide()

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        tools, painter = self._tools, QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        tools.boundary.lens.apply(painter)
        self._frame(painter)
        points, place = tools.points(), tools.boundary.place_of
        for first, second, label in tools.stroke:
            self._mark(painter, label, place(first, second))
        for index in tools.touched - {-1}:
            self._cross_out(painter, place(*points[index][:2]))
        if tools.held is not None:
            index, first, second = tools.held
            self._ring(painter, place(*points[index][:2]))
            self._mark(painter, points[index][2], place(first, second))
        if tools.cross is not None:
            self._cross(painter, place(*tools.cross))

    def _frame(self, painter: QPainter) -> None:
        """Frame the picture: one sees that it can be drawn on."""
        painter.setPen(QPen(QColor(theme().accent), px(2)))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(paint.rounded(self._tools.boundary.square().adjusted(1, 1, -1, -1), px(6)))

    def _mark(self, painter: QPainter, label: int, at: QPointF) -> None:
        colours = paint.class_colours(max(self._tools.classes(), label + 1))
        paint.paint_mark(painter, label, at.x(), at.y(), px(RADIUS), colours[label], True)

    def _ring(self, painter: QPainter, at: QPointF) -> None:
        painter.setPen(QPen(QColor(theme().text), px(1.5), Qt.PenStyle.DotLine))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawEllipse(at, px(RADIUS + 3), px(RADIUS + 3))

    def _cross_out(self, painter: QPainter, at: QPointF) -> None:
        reach = px(RADIUS + 1)
        painter.setPen(QPen(QColor(theme().text), px(2)))
        painter.drawLine(at + QPointF(-reach, -reach), at + QPointF(reach, reach))
        painter.drawLine(at + QPointF(-reach, reach), at + QPointF(reach, -reach))

    def _cross(self, painter: QPainter, at: QPointF) -> None:
        """Draw the cross of the keyboard, dark below light, so that it is seen on every ground."""
        now, inner, outer = theme(), px(RADIUS + 2), px(RADIUS + 9)
        for colour, width in ((now.background, 4.0), (now.text, 1.75)):
            painter.setPen(QPen(QColor(colour), px(width)))
            for across, up in ((1, 0), (-1, 0), (0, 1), (0, -1)):
                painter.drawLine(
                    at + QPointF(across * inner, up * inner), at + QPointF(across * outer, up * outer)
                )
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawEllipse(at, px(RADIUS + 2), px(RADIUS + 2))
