"""The marks of classes in small pictures: square, circle, triangle, as everywhere in the window."""

from functools import lru_cache

import numpy as np
from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainter, QPainterPath, QPolygonF

from gui.theme import theme


def class_colour(kind: int) -> str:
    """Return the colour of a class, in every picture and however many classes there are."""
    now = theme()
    stops = (now.negative, now.positive, *now.later)
    return stops[kind % len(stops)]


def shape(kind: int, x: float, y: float, radius: float) -> QPainterPath:
    """Return the mark of a class: square, circle, triangle, diamond, and so on in turn."""
    return _outline(kind % 5, radius).translated(x, y)


@lru_cache(64)
def _outline(form: int, radius: float) -> QPainterPath:
    """Return one of the five forms around the origin."""
    path = QPainterPath()
    corners = {0: 4, 2: 3, 3: 4, 4: 5}.get(form)
    if corners is None:
        path.addEllipse(QPointF(0, 0), radius, radius)
        return path
    turn = {0: np.pi / 4, 2: np.pi / 2, 3: np.pi / 2, 4: np.pi / 2}[form]
    reach = radius * (1.25 if corners == 4 else 1.35)
    angles = turn + np.arange(corners) * 2 * np.pi / corners
    path.addPolygon(QPolygonF([QPointF(reach * np.cos(a), -reach * np.sin(a)) for a in angles]))
    path.closeSubpath()
    return path


def paint_mark(painter: QPainter, at: QPointF, size: float, kind: int) -> None:
    """Draw the mark of a class with the painter's pen and brush."""
    painter.drawPath(shape(kind, at.x(), at.y(), size))
