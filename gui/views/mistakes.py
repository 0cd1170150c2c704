"""The worst mistakes below a confusion matrix: their images, or a line each."""

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter

from engine.analysis.confusion import Mistake
from gui.i18n import name_of, number, tr
from gui.theme import font, px, theme
from gui.views import paint

if TYPE_CHECKING:
    from engine.data import Data

Align = Qt.AlignmentFlag
TILE, GAP = 40, 6  # pixels of an image, and between two
LINES, MOST_INPUTS = 3, 12  # mistakes told in words, and numbers told of one, at most


class Mistakes:
    """A strip that shows as many mistakes as fit.

    Attributes:
        shown: those that were painted, with their areas.
    """

    def __init__(self) -> None:
        self.shown: list[tuple[Mistake, QRectF]] = []

    def height(self, data: "Data", count: int) -> int:
        """Return the height that so many mistakes take; 0 for none."""
        if not count:
            return 0
        head = px(20)
        return head + (px(TILE) + px(16) if data.image else min(count, LINES) * px(17)) + px(4)

    def paint(self, painter: QPainter, area: QRectF, data: "Data", found: list[Mistake], training: bool,
              names: list[str], title: str) -> None:  # fmt: skip
        """Paint the mistakes, the worst first, below a title."""
        self.shown = []
        painter.setFont(font("small"))
        paint.small_font(painter, [title], area.width(), least=0.8)
        paint.paint_label(painter, area.left(), area.top(), title, Align.AlignLeft)
        painter.setFont(font("small"))
        below = area.adjusted(0, px(20), 0, 0)
        if data.image:
            self._paint_tiles(painter, below, data, found, training, names)
        else:
            self._paint_lines(painter, below, data, found, training, names)

    def _paint_tiles(self, painter: QPainter, area: QRectF, data: "Data", found: list[Mistake],
                     training: bool, names: list[str]) -> None:  # fmt: skip
        rows, step = data.raw_train if training else data.raw_test, px(TILE) + px(GAP)
        for index, mistake in enumerate(found[: max(1, int((area.width() + px(GAP)) / step))]):
            tile = QRectF(area.left() + index * step, area.top(), px(TILE), px(TILE))
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
            painter.drawImage(tile, _grey(rows[mistake.row], data.image or (1, 1)))
            painter.setPen(QColor(theme().line))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(tile)
            words = f"{names[mistake.true]} → {names[mistake.said]}"
            paint.small_font(painter, [words], px(TILE) + px(GAP), least=0.7)
            paint.paint_label(painter, tile.center().x(), tile.bottom() + px(2), words, Align.AlignHCenter)
            self.shown.append((mistake, tile.adjusted(0, 0, 0, px(16))))

    def _paint_lines(self, painter: QPainter, area: QRectF, data: "Data", found: list[Mistake],
                     training: bool, names: list[str]) -> None:  # fmt: skip
        """Tell which row it is and, as far as there is room, what stands in it."""
        for index, mistake in enumerate(found[:LINES]):
            line = QRectF(area.left(), area.top() + index * px(17), area.width(), px(17))
            said = {"row": mistake.row + 1, "true": names[mistake.true], "said": names[mistake.said]}
            words = (tr("training row {row}: {true} → {said}", **said) if training
                     else tr("test row {row}: {true} → {said}", **said))  # fmt: skip
            paint.small_font(painter, [words], area.width(), least=0.8)
            left = paint.paint_label(
                painter, line.left(), line.top(), words, Align.AlignLeft, theme().text
            ).right()
            inputs = _inputs(data, mistake, training)
            while inputs and paint.text_width(painter, [", ".join(inputs)]) > line.right() - left - px(10):
                inputs.pop()
            paint.paint_label(painter, left + px(10), line.top(), ", ".join(inputs), Align.AlignLeft)
            self.shown.append((mistake, line))

    def hint(self, x: float, y: float, data: "Data", training: bool, names: list[str]) -> str:
        """Return everything about the mistake at a point, or an empty string."""
        mistake = next((one for one, area in self.shown if area.contains(x, y)), None)
        if mistake is None:
            return ""
        said = {"row": mistake.row + 1, "true": names[mistake.true], "said": names[mistake.said],
                "by": number(mistake.by, 2)}  # fmt: skip
        words = (tr("training row {row}: {true} taken for {said}, by {by}", **said) if training
                 else tr("test row {row}: {true} taken for {said}, by {by}", **said))  # fmt: skip
        return words if data.image else "\n".join([words, *_inputs(data, mistake, training)])


def _inputs(data: "Data", mistake: Mistake, training: bool) -> list[str]:
    """Return what stands in a mistake's row, at most twelve inputs; of categories only those that hold."""
    categories = set(data.categories)
    row = (data.raw_train if training else data.raw_test)[mistake.row]
    named = zip(data.input_names, row.tolist(), strict=True)
    said = [
        name.replace("=", " = ", 1) if name in categories else f"{name_of('feature', name)} = {number(value)}"
        for name, value in named
        if value or name not in categories
    ]
    return said[:MOST_INPUTS]


def _grey(pixels: np.ndarray, shape: tuple[int, int]) -> QImage:
    """Return an image of grey pixels, the lowest black, as the data have it."""
    values = pixels.reshape(shape)
    low, high = float(values.min()), float(values.max())
    grey = np.ascontiguousarray(np.round(255 * (values - low) / max(high - low, 1e-12)).astype(np.uint8))
    return QImage(grey.data, shape[1], shape[0], shape[1], QImage.Format.Format_Grayscale8).copy()
