"""One line that says what marks and colours mean."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter

from gui.i18n import name_of, number, tr
from gui.theme import px, theme
from gui.views import paint
from gui.views.field_image import largest_target, tested_on_same_rows

if TYPE_CHECKING:
    from engine.data import Data

Align = Qt.AlignmentFlag


def paint_legend(painter: QPainter, line: QRectF, data: "Data", test: bool = True) -> None:
    """Say what the colours and marks of the data points are; hollow ones are test rows."""
    right = line.right()
    if test and _has_test_marks(data):
        word = paint.paint_label(
            painter, right, line.center().y(), tr("test"), Align.AlignRight | Align.AlignVCenter
        )
        mark = word.left() - px(8)
        paint.paint_mark(painter, 1, mark, line.center().y(), px(3.5), theme().muted, filled=False)
        right = mark - px(16)
    if len(data.classes) > 2:
        _paint_classes(painter, line, _class_names(data), right)
    else:
        _paint_scale(painter, line, data, right)


def _has_test_marks(data: "Data") -> bool:
    return bool(len(data.raw_test)) and not tested_on_same_rows(data)


def _class_names(data: "Data") -> list[str]:
    return [name_of("class", name) for name in data.classes]


def _ends(data: "Data") -> tuple[str, str]:
    """Return what stands at the ends of the colour bar: two classes, or two numbers."""
    if data.classes:
        first, second = _class_names(data)
        return first, second
    return number(-largest_target(data)), number(largest_target(data))


def _paint_scale(painter: QPainter, line: QRectF, data: "Data", right: float) -> None:
    """Paint the colour bar between its ends."""
    low, high = _ends(data)
    colours, middle = paint.class_colours(2), line.center().y()
    paint.paint_mark(painter, 0, line.left() + px(5), middle, px(3.5), colours[0], filled=True)
    start = paint.paint_label(painter, line.left() + px(13), middle, low, Align.AlignVCenter).right()
    end = paint.paint_label(painter, right, middle, high, Align.AlignRight | Align.AlignVCenter).left()
    paint.paint_mark(painter, 1, end - px(8), middle, px(3.5), colours[1], filled=True)
    bar = QRectF(start + px(6), middle - px(3), min(end - px(18) - start - px(6), px(400)), px(6))
    if bar.width() > px(16):
        paint.paint_bar(painter, bar, paint.field_table(), upright=False)


def _paint_classes(painter: QPainter, line: QRectF, classes: list[str], right: float) -> None:
    colours, x, middle = paint.class_colours(len(classes)), line.left() + px(5), line.center().y()
    for kind, name in enumerate(classes):
        paint.paint_mark(painter, kind, x, middle, px(3.5), colours[kind], filled=True)
        x = paint.paint_label(painter, x + px(8), middle, name, Align.AlignVCenter).right() + px(12)
        if x > right:
            return


def paint_upright_legend(painter: QPainter, area: QRectF, data: "Data", test: bool = True) -> None:
    """Say the same from top to bottom, beside the picture."""
    left, step = area.left() + px(5), px(20)
    y = area.top() + px(8)
    if len(data.classes) > 2:
        for kind, name in enumerate(_class_names(data)):
            _paint_entry(painter, left, y, kind, paint.class_colours(len(data.classes))[kind], name)
            y += step
    else:
        low, high = _ends(data)
        colours = paint.class_colours(2)
        bar = QRectF(left - px(3), y + px(10), px(6), min(area.height() - 3.6 * step, px(120)))
        _paint_entry(painter, left, y, 1, colours[1], high)
        paint.paint_bar(painter, bar, paint.field_table(), upright=True)
        _paint_entry(painter, left, bar.bottom() + px(10), 0, colours[0], low)
        y = bar.bottom() + px(10) + step
    if test and _has_test_marks(data):
        _paint_entry(painter, left, y, 1, theme().muted, tr("test"), filled=False)


def _paint_entry(painter: QPainter, x: float, y: float, kind: int, colour: str, word: str,
                 filled: bool = True) -> None:  # fmt: skip
    paint.paint_mark(painter, kind, x, y, px(3.5), colour, filled)
    paint.paint_label(painter, x + px(9), y, word, Align.AlignVCenter)
