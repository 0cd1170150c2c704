"""Words that are painted and are no widgets: recorded as they are drawn, with what is wrong about them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from PySide6.QtCore import QPointF, QRect, QRectF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from gui.views.paint import Kept

SLACK = 2.0  # pixels by which letters may touch


@dataclass(frozen=True)
class Painted:
    """One text.

    Attributes:
        place: where its letters are, in the window.
        room: the part of the window in which they can be seen.
        short: by how many pixels the place it was given is too small for it.
        on: the kind of widget.
    """

    text: str
    place: QRectF
    room: QRectF
    short: float
    on: str


@contextmanager
def recorded() -> Iterator[list[Painted]]:
    """Note every text that is painted meanwhile, those of pictures that are kept as well."""
    found: list[Painted] = []
    really, kept = QPainter.drawText, Kept.paint

    def note(painter: QPainter, *given: Any) -> Any:
        one = _noted(painter, given)
        if one is not None:
            found.append(one)
        return really(painter, *given)

    QPainter.drawText = note  # type: ignore[method-assign, assignment]
    Kept.paint = lambda _self, painter, _size, _key, draw: draw(painter)  # type: ignore[method-assign]
    try:
        yield found
    finally:
        QPainter.drawText, Kept.paint = really, kept  # type: ignore[method-assign]


def _noted(painter: QPainter, given: tuple[Any, ...]) -> Painted | None:
    text = next((one for one in reversed(given) if isinstance(one, str)), "")
    widget = painter.device()
    if not text.strip() or not isinstance(widget, QWidget):
        return None
    first, short, metrics = given[0], 0.0, painter.fontMetrics()
    ink = QRectF(metrics.tightBoundingRect(text))
    if not isinstance(first, QRectF | QRect):
        place = ink.translated(QPointF(first))
    else:
        flags = int(given[1])
        place = painter.boundingRect(QRectF(first), flags, text)
        if place.height() < 1.5 * metrics.height():  # of one line what is drawn is known, and less high
            short = place.width() - first.width()
            place = ink.translated(place.left(), place.top() + metrics.ascent())
    seen = QRectF(widget.rect()).translated(QPointF(widget.mapTo(widget.window(), QPointF())))
    if painter.hasClipping():
        seen = seen.intersected(painter.deviceTransform().mapRect(painter.clipBoundingRect()))
    return Painted(text, painter.deviceTransform().mapRect(place), seen, short, type(widget).__name__)


def cut(found: list[Painted]) -> list[str]:
    """Return the texts that do not fit where they are painted."""
    return [
        f"{one.on}: {one.text}" for one in found
        if one.short > SLACK or not one.room.adjusted(-SLACK, -SLACK, SLACK, SLACK).contains(one.place)
    ]  # fmt: skip


def on_each_other(found: list[Painted]) -> list[str]:
    """Return the pairs of texts that are painted on each other."""
    return [
        f"{one.on}: {one.text} / {other.text}" for one, other in combinations(found, 2)
        if one.text != other.text  # which is drawn once more as its own shadow
        and _apart(one.place).intersects(_apart(other.place))
    ]  # fmt: skip


def _apart(place: QRectF) -> QRectF:
    return place.adjusted(SLACK, SLACK, -SLACK, -SLACK)
