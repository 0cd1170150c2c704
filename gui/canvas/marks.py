"""The marks below a column's head: what else is on in its layer, beside activation and start."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from gui.i18n import name_of, number, percent, tr
from gui.theme import Theme, font, mix, px
from gui.widgets.icons import pixmap

if TYPE_CHECKING:
    from engine.experiment import Experiment, Layer

HEIGHT, ICON, PADDING, GAP = 18, 12, 5, 3


@dataclass(frozen=True)
class Mark:
    """One mark.

    Attributes:
        kind: "copied", "frozen", "batch_norm", "dropout" or "penalty": the field that a click opens.
        icon: its drawing, in resources/icons; empty for none.
        text: a few letters beside it; empty for none.
        sentence: what it means.
    """

    kind: str
    icon: str
    text: str
    sentence: str


def marks_of(experiment: Experiment, layer: int) -> tuple[Mark, ...]:
    """Return the marks of a layer; -1, the inputs, has none."""
    if layer < 0:
        return ()
    here = experiment.network.layers[layer]
    found = [_copied(here, layer), _frozen(here), _norm(here), _dropout(here), _penalty(here)]
    return tuple(mark for mark in found if mark is not None)


def _copied(here: Layer, layer: int) -> Mark | None:
    if not here.initializer.entry.reads_file:
        return None
    origin = here.initializer["layer"]
    source = layer if origin < 0 else int(origin)
    file = Path(str(here.initializer.settings["path"])).stem
    said = tr("Starts with the weights of layer {number} in {file}.", number=source + 1, file=file)
    return Mark("copied", "copied", "", said)


def _frozen(here: Layer) -> Mark | None:
    if here.trainable:
        return None
    return Mark("frozen", "frozen", "", tr("Frozen: this layer keeps its weights while the others learn."))


def _norm(here: Layer) -> Mark | None:
    if here.batch_norm.name == "none":
        return None
    where = name_of("normalizations", here.batch_norm.name)
    said = tr("Batch normalization {where}: each unit gets mean 0 and variance 1 over a batch.", where=where)
    return Mark("batch_norm", "", tr("BN"), said)


def _dropout(here: Layer) -> Mark | None:
    if not here.dropout:
        return None
    share = percent(here.dropout, 0 if round(100 * here.dropout, 6).is_integer() else 1)
    said = tr("Dropout {share}: in each batch that share of the units is left out.", share=share)
    return Mark("dropout", "dropout", share, said)


def _penalty(here: Layer) -> Mark | None:
    own = [(name, value) for name, value in (("L1", here.l1), ("L2", here.l2)) if value is not None]
    if not own:
        return None
    values = ", ".join(f"{name} {number(value)}" for name, value in own)
    return Mark("penalty", "", " ".join(name for name, _ in own),
                tr("Own penalties of this layer: {values}.", values=values))  # fmt: skip


def sizes(marks: tuple[Mark, ...]) -> tuple[tuple[float, float], ...]:
    """Return each mark's (width with its text, width without)."""
    metrics = QFontMetricsF(font("small", bold=True))
    return tuple((_width(mark, metrics, True), _width(mark, metrics, not mark.icon)) for mark in marks)


def _width(mark: Mark, metrics: QFontMetricsF, with_text: bool) -> float:
    icon = px(ICON) if mark.icon else 0
    text = metrics.horizontalAdvance(mark.text) if with_text and mark.text else 0
    return icon + text + (px(GAP) if icon and text else 0) + 2 * px(PADDING)


def paint_mark(painter: QPainter, area: QRectF, mark: Mark, now: Theme) -> None:
    """Draw a mark as a small pill, without its text where that does not fit."""
    painter.setPen(QPen(QColor(now.line if now.name != "contrast" else now.text), 1))
    painter.setBrush(QColor(mix(now.raised, now.accent, 0.1)))
    painter.drawRoundedRect(area.adjusted(0.5, 0.5, -0.5, -0.5), area.height() / 2, area.height() / 2)
    metrics = QFontMetricsF(font("small", bold=True))
    with_text = bool(mark.text) and _width(mark, metrics, True) <= area.width() + 1
    left = area.left() + px(PADDING)
    if mark.icon:
        side = px(ICON)
        if not with_text:
            left = area.center().x() - side / 2
        drawing = pixmap(mark.icon, now.text, side, painter.device().devicePixelRatio())
        place = QRectF(left, area.center().y() - side / 2, side, side)
        painter.drawPixmap(place, drawing, QRectF(drawing.rect()))
        left += side + px(GAP)
    if with_text:
        painter.setFont(font("small", bold=True))
        painter.setPen(QColor(now.text))
        flags = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextDontClip)
        painter.drawText(QRectF(left, area.top(), area.right() - left, area.height()), flags, mark.text)
