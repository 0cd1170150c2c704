"""How far one update moves the weights of each layer, by their own size."""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QWidget

from engine.analysis.updates import HIGH, LOW, USUAL, update_ratios
from gui.i18n import number, tr
from gui.theme import mix, theme
from gui.views.base import Job, Table
from gui.views.key import Entry
from gui.views.over_layers import OverLayers

if TYPE_CHECKING:
    from gui.frame import Frame

Ratios = NDArray[np.float64]


class UpdateRatio(OverLayers):
    """A mark a layer on a logarithmic axis, the start hollow, and a band for what is usual."""

    key = "update_ratio"

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._now: Ratios | None = None
        self._start: Ratios | None = None
        self.retranslate()

    def forget(self) -> None:
        self._now = self._start = None
        super().forget()

    def job(self, frame: "Frame") -> Job:
        return lambda: tuple(update_ratios(moment, frame.data) for moment in (frame.snapshot, frame.initial))

    def show_result(self, frame: "Frame", result: tuple[Ratios, Ratios]) -> None:
        self._now, self._start = result
        self.say_of(frame)
        self.update()

    def summary(self) -> str:
        if self._now is None:
            return ""
        each = ", ".join(number(float(ratio), 2) for ratio in self._now)
        return tr("The next update moves the weights of the layers by these shares of their size: {each}. "
                  "About {usual} is usual.", each=each, usual=number(USUAL))  # fmt: skip

    def table(self) -> Table:
        if self._now is None or self._start is None:
            return []
        rows = zip(self._now.tolist(), self._start.tolist(), strict=True)
        return [("layer", "ratio", "initial_ratio"), *((layer + 1, *row) for layer, row in enumerate(rows))]

    def layers(self) -> int:
        return len(self._now) if self._now is not None and self._start is not None else 0

    def values(self) -> list[float]:
        """Return all ratios, and the ends of the usual band, which so is always in sight."""
        assert self._now is not None and self._start is not None
        return [*self._now.tolist(), *self._start.tolist(), LOW, HIGH]

    def read_out(self, layer: int) -> str:
        assert self._now is not None
        return tr("layer {number}: the next update is {ratio} of the weights", number=layer + 1,
                  ratio=number(float(self._now[layer]), 2))  # fmt: skip

    def title(self) -> str:
        return tr("update ÷ weight")

    def entries(self) -> list[Entry]:
        now = theme()
        band = mix(now.panel, now.accent, 0.3)
        return [(tr("usual"), band, 0, False), (tr("now"), now.accent, 1, False),
                (tr("start"), now.muted, 1, True)]  # fmt: skip

    def paint(self, painter: QPainter) -> None:
        if self._now is None or self._start is None:
            self.invite(painter, QRectF(self.rect()), tr("Press Play: how far updates go appears here."))
            return
        now, axes = theme(), self.axes()
        top, bottom = axes.up(HIGH), axes.up(LOW)
        band = QRectF(axes.plot.left(), top, axes.plot.width(), bottom - top)
        painter.fillRect(band.intersected(axes.plot), QColor(mix(now.panel, now.accent, 0.14)))
        axes.paint(painter)
        axes.paint_line(painter, self._start.tolist(), now.muted, 1, hollow=True)
        axes.paint_line(painter, self._now.tolist(), now.accent, 1)
        self.paint_key(painter)
