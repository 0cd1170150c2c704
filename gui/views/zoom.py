"""Looking closer at a part of a picture: where the part is, and how points of the two belong together."""

from PySide6.QtCore import QPointF, QSizeF
from PySide6.QtGui import QPainter

NOTCH = 1.25  # by which one notch of the wheel magnifies
MOST = 20.0


class Zoom:
    """A magnified part of a picture that fills the widget.

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

    def magnify(self, factor: float, at: QPointF, size: QSizeF) -> None:
        """Magnify so that what is at a point of the widget stays there."""
        scale = min(max(self.scale * factor, 1.0), MOST)
        if scale < 1.01:
            self.reset()
            return
        self.corner = at - (at - self.corner) * (scale / self.scale)
        self.scale = scale
        self._keep_inside(size)

    def move(self, by: QPointF, size: QSizeF) -> None:
        """Move the picture by pixels of the widget, as far as it goes."""
        self.corner += by
        self._keep_inside(size)

    def reset(self) -> None:
        """Show the whole picture."""
        self.scale, self.corner = 1.0, QPointF()

    def inside(self, point: QPointF) -> QPointF:
        """Return the point of the whole picture that is seen at a point of the widget."""
        return (point - self.corner) / self.scale

    def apply(self, painter: QPainter) -> None:
        """Have a painter of the whole picture paint the part."""
        painter.translate(self.corner)
        painter.scale(self.scale, self.scale)

    def _keep_inside(self, size: QSizeF) -> None:
        """Keep the widget full of picture."""
        least_x, least_y = size.width() * (1 - self.scale), size.height() * (1 - self.scale)
        self.corner = QPointF(
            min(0.0, max(least_x, self.corner.x())), min(0.0, max(least_y, self.corner.y()))
        )
