"""One line that says what marks and colours mean."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter

from engine.analysis.weights import round_up
from gui.i18n import number, tr
from gui.theme import px, theme
from gui.views import paint

if TYPE_CHECKING:
    from engine.data import Data

Align = Qt.AlignmentFlag


def paint_legend(painter: QPainter, line: QRectF, data: "Data") -> None:
    """Say what the colours and marks of the data points are; hollow ones are test rows."""
    right = line.right()
    if len(data.raw_test):
        word = paint.paint_label(
            painter, right, line.center().y(), tr("test"), Align.AlignRight | Align.AlignVCenter
        )
        mark = word.left() - px(8)
        paint.paint_mark(painter, 1, mark, line.center().y(), px(3.5), theme().muted, filled=False)
        right = mark - px(16)
    if len(data.classes) > 2:
        _paint_classes(painter, line, data.classes, right)
    else:
        _paint_scale(painter, line, data, right)


def _paint_scale(painter: QPainter, line: QRectF, data: "Data", right: float) -> None:
    """Paint the colour bar between its ends: two classes, or two numbers."""
    if data.classes:
        low, high = data.classes
    else:
        largest = round_up(float(abs(data.y_train).max(initial=0.0)))
        low, high = number(-largest), number(largest)
    colours, middle = paint.class_colours(2), line.center().y()
    paint.paint_mark(painter, 0, line.left() + px(5), middle, px(3.5), colours[0], filled=True)
    start = paint.paint_label(painter, line.left() + px(13), middle, low, Align.AlignVCenter).right()
    end = paint.paint_label(painter, right, middle, high, Align.AlignRight | Align.AlignVCenter).left()
    paint.paint_mark(painter, 1, end - px(8), middle, px(3.5), colours[1], filled=True)
    bar = QRectF(start + px(6), middle - px(3), min(end - px(18) - start - px(6), px(400)), px(6))
    if bar.width() > px(16):
        paint.paint_bar(painter, bar, paint.field_table(), upright=False)


def _paint_classes(painter: QPainter, line: QRectF, classes: tuple[str, ...], right: float) -> None:
    colours, x = paint.class_colours(len(classes)), line.left() + px(5)
    for kind, name in enumerate(classes):
        paint.paint_mark(painter, kind, x, line.center().y(), px(3.5), colours[kind], filled=True)
        x = paint.paint_label(painter, x + px(8), line.center().y(), name, Align.AlignVCenter).right() + px(
            12
        )
        if x > right:
            return
