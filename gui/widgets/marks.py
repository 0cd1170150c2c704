"""The marks of classes in small pictures: square, circle, triangle, as everywhere in the window."""

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter, QPolygonF

from gui.theme import theme


def class_colour(kind: int) -> str:
    """Return the colour of a class."""
    now = theme()
    return (now.negative, now.positive, now.accent)[kind % 3]


def paint_mark(painter: QPainter, at: QPointF, size: float, kind: int) -> None:
    """Draw a square, a circle or a triangle, as everywhere in the window."""
    if kind % 3 == 0:
        painter.drawRect(QRectF(at.x() - size * 0.9, at.y() - size * 0.9, size * 1.8, size * 1.8))
    elif kind % 3 == 1:
        painter.drawEllipse(at, size, size)
    else:
        corners = ((0.0, -1.3), (1.15, 0.75), (-1.15, 0.75))
        painter.drawPolygon(QPolygonF([QPointF(at.x() + size * u, at.y() + size * v) for u, v in corners]))
