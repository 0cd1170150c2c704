"""What the marks of a picture are: its title and one entry a kind of mark, on one line above it or on two."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPen

from gui.theme import font, px, theme
from gui.views import paint

Align = Qt.AlignmentFlag
Entry = tuple[str, str, int, bool]  # word, colour, kind of mark, whether it is hollow
Line = tuple[str, list[Entry]]  # a title at its left, entries at its right
HIGH, MARK, SPARE = 20, 28, 12  # pixels of a line; around a word, for its mark; that the first word may lack


def key_lines(
    width: float, entries: Sequence[Entry], title: str, most: int = 2, needed: bool = True
) -> list[Line]:
    """Return what stands on each line, so that all has room.

    On two lines the title stands above the entries; entries too long for one line go on in the next, and the
    title is left out. Beyond the last line entries are left out.

    Parameters:
        width: that of the lines, in pixels.
        most: how many lines there may be.
        needed: whether the title is worth a line of its own.
    """
    heading = QFontMetrics(font("small", bold=True)).horizontalAdvance(title)
    whole = key_width(entries)
    if heading + whole <= width:
        return [(title, list(entries))]
    if whole <= width + px(SPARE):
        above: list[Line] = [(title, [])] if title and needed and most > 1 and heading <= width else []
        return [*above, ("", list(entries))]
    lines: list[list[Entry]] = [[]]
    for entry in entries:
        if lines[-1] and key_width([*lines[-1], entry]) > width + px(SPARE):
            if len(lines) == most:
                break
            lines.append([])
        lines[-1].append(entry)
    return [("", line) for line in lines]


def key_width(entries: Sequence[Entry]) -> int:
    """Return the width in pixels that entries on one line need."""
    return sum(map(_wide, entries))


def _wide(entry: Entry) -> int:
    return QFontMetrics(font("small")).horizontalAdvance(entry[0]) + px(MARK)


def paint_key(
    painter: QPainter, area: QRectF, entries: Sequence[Entry], title: str = "", most: int = 2,
    needed: bool = True,
) -> None:  # fmt: skip
    """Write a title at the left and entries at the right; all at the left where they take two lines."""
    lines = key_lines(area.width(), entries, title, most, needed)
    for index, (heading, shown) in enumerate(lines):
        middle = area.top() + (index + 0.5) * px(HIGH)
        painter.setFont(font("small", bold=True))
        paint.paint_label(painter, area.left(), middle, heading, Align.AlignVCenter, theme().text)
        painter.setFont(font("small"))
        x = area.right() - key_width(shown) if len(lines) == 1 else area.left() - px(SPARE)
        for entry in shown:
            x += _wide(entry)
            _paint_entry(painter, x, middle, entry)


def _paint_entry(painter: QPainter, right: float, middle: float, entry: Entry) -> None:
    """Write a word that ends there, its mark before it."""
    word, colour, kind, hollow = entry
    left = paint.paint_label(painter, right, middle, word, Align.AlignRight | Align.AlignVCenter).left()
    painter.setPen(QPen(QColor(colour), px(1.4)))
    painter.setBrush(QColor(theme().panel if hollow else colour))
    painter.drawPath(paint.shape(kind, left - px(8), middle, px(3.5)))
