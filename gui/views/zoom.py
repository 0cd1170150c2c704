"""Looking closer at a part of a picture: where the part is, and how points of the two belong together."""

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter

NOTCH = 1.25  # by which one notch of the wheel magnifies
MOST = 20.0


class Zoom:
    """A magnified part of a picture that fills the area in which it is seen: the widget, or a pane of it.

    Attributes:
        scale: 1 shows the whole picture.
        corner: where the picture's left upper corner lies in the widget.
    """

    def __init__(self) -> None:
        self.scale, self.corner = 1.0, QPointF()

    @property
    def on(self) -> bool:
        """Whether only a part is seen."""
        return self.scale > 1.0

    def magnify(self, factor: float, at: QPointF, area: QRectF) -> None:
        """Magnify so that what is at a point of the widget stays there."""
        scale = min(max(self.scale * factor, 1.0), MOST)
        if scale < 1.01:
            self.reset()
            return
        self.corner = at - (at - self.corner) * (scale / self.scale)
        self.scale = scale
        self.fill(area)

    def move(self, by: QPointF, area: QRectF) -> None:
        """Move the picture by pixels of the widget, as far as it goes."""
        self.corner += by
        self.fill(area)

    def reset(self) -> None:
        """Show the whole picture."""
        self.scale, self.corner = 1.0, QPointF()

    def inside(self, point: QPointF) -> QPointF:
        """Return the point of the whole picture that is seen at a point of the widget."""
        return (point - self.corner) / self.scale

    def seen(self, point: QPointF) -> QPointF:
        """Return where in the widget a point of the whole picture is seen."""
        return point * self.scale + self.corner

    def seen_rect(self, rect: QRectF) -> QRectF:
        """Return where in the widget a part of the whole picture is seen."""
        return QRectF(self.seen(rect.topLeft()), rect.size() * self.scale)

    def apply(self, painter: QPainter) -> None:
        """Have a painter of the whole picture paint the part."""
        painter.translate(self.corner)
        painter.scale(self.scale, self.scale)

    def fill(self, area: QRectF) -> None:
        """Keep the area full of picture."""
        least, most = area.bottomRight() * (1 - self.scale), area.topLeft() * (1 - self.scale)
        self.corner = QPointF(min(most.x(), max(least.x(), self.corner.x())),
                              min(most.y(), max(least.y(), self.corner.y())))  # fmt: skip
