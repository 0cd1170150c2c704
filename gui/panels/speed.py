"""How fast it trains: a logarithmic slider with its value in words."""

import math
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from gui.i18n import language, number, tr
from gui.panels.base import Controller
from gui.settings import remember
from gui.theme import SPACING, px, themes
from gui.widgets.basics import Label
from gui.widgets.rows import column
from gui.widgets.slider import Slider

# Epochs per second, about evenly apart on a logarithmic scale; after the last one there is no limit.
SPEEDS = (1, 2, 3, 5, 7, 10, 15, 20, 30, 50, 70, 100, 150, 200, 300, 500, 700, 1000, math.inf)
AS_FAST = len(SPEEDS) - 1
WIDE, NARROW = 190, 130


def speed_at(position: int) -> float:
    """Return the epochs per second of a slider position."""
    return SPEEDS[position]


def position_of(speed: float) -> int:
    """Return where the slider stands for a speed."""
    if math.isinf(speed):
        return AS_FAST
    return min(range(AS_FAST), key=lambda place: abs(math.log(SPEEDS[place] / max(speed, 1.0))))


class SpeedControl(QWidget):
    """The slider, with the speed in words above it."""

    def __init__(self, controller: Controller, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.controller = controller
        self._narrow = False
        self.slider = Slider(AS_FAST)
        self.slider.setPageStep(3)
        self.words, self.title = Label("", "small"), Label("Speed", "small")
        lines = column(self, 0)
        lines.setAlignment(Qt.AlignmentFlag.AlignVCenter)
        top = QHBoxLayout()
        top.setSpacing(px(SPACING))
        top.setContentsMargins(px(SPACING * 2), 0, px(SPACING * 2), 0)  # in line with the slider's groove
        top.addWidget(self.title)
        top.addStretch(1)
        top.addWidget(self.words)
        lines.addLayout(top)
        lines.addWidget(self.slider)
        self.slider.setValue(position_of(controller.speed))
        self.slider.valueChanged.connect(self._choose)
        language.changed.connect(self.retranslate)
        themes.changed.connect(self._rescale)
        self._rescale()
        self.retranslate()

    def _rescale(self) -> None:
        self.setFixedWidth(px(NARROW if self._narrow else WIDE))

    def set_narrow(self, narrow: bool) -> None:
        """Take less room: the value stands alone above the slider."""
        if narrow != self._narrow:
            self._narrow = narrow
            self.title.setHidden(narrow)
            self._rescale()

    def _choose(self, position: int) -> None:
        self.controller.set_speed(speed_at(position))
        remember("speed", str(speed_at(position)))
        self.retranslate()

    def show_measured(self, frame: Any) -> None:
        """Say in the tooltip how fast it really goes."""
        rate = getattr(frame, "epochs_per_second", 0.0)
        measured = tr("Now {rate} epochs a second", rate=number(float(f"{rate:.2g}"), 2))
        self.slider.setToolTip(measured if rate else "")

    def retranslate(self) -> None:
        """Say the speed in the current language."""
        speed = self.controller.speed
        many = tr("{rate} epochs/s", rate=number(speed, 2))
        self.words.setText(tr("as fast as it goes") if math.isinf(speed) else many)
        self.slider.setAccessibleName(f"{tr('Speed')}: {self.words.text()}")
