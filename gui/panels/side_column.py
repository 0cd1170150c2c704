"""The column at the left: the three sections below each other, or their icons where the window is small."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QSizePolicy, QVBoxLayout, QWidget

from gui.panels.base import Controller, Panel
from gui.panels.data import DataPanel
from gui.panels.descent import DescentPanel
from gui.panels.start import StartPanel
from gui.theme import GAP, SPACING, px, themes
from gui.widgets.basics import IconButton, Rule
from gui.widgets.flyout import Flyout

WIDTH, STRIP = 292, 64
INNER = WIDTH - 2 * (GAP + SPACING) - 2
NARROW, LOW = 1500, 880
SECTIONS: tuple[tuple[str, str, Callable[[Controller], Panel]], ...] = (
    ("data", "Data", DataPanel),
    ("start", "Start", StartPanel),
    ("descent", "Descent", DescentPanel),
)


class SideColumn(QFrame):
    """Data, Start and Descent.

    Wide and high windows show them whole; lower ones without the lines that can wait (three dots open the
    whole section beside it); small ones show a strip of icons that open the sections.

    Attributes:
        mode: "full", "short" or "folded"
        panels: the three sections, when they are not folded
    """

    def __init__(self, controller: Controller, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.controller, self.mode = controller, ""
        self.panels: list[Panel] = []
        self.flyout: Flyout | None = None
        self._watched: QWidget | None = None
        self.setProperty("card", True)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Ignored)
        self._lines = QVBoxLayout(self)
        self._whole, self._strip = self._make_whole(), self._make_strip()
        self._lines.addWidget(self._whole)
        self._lines.addWidget(self._strip)
        self._lines.addStretch(1)
        themes.changed.connect(self._rescale)
        self._rescale()

    def _make_whole(self) -> QWidget:
        whole = QWidget()
        lines = QVBoxLayout(whole)
        lines.setContentsMargins(0, 0, 0, 0)
        self._dots = []
        for index, (_, _, make) in enumerate(SECTIONS):
            if index:
                lines.addWidget(Rule())
            panel = make(self.controller)
            dots = IconButton("more", "More settings", kind="flat", size=24)
            dots.clicked.connect(partial(self.open_section, index, dots))
            panel.header.row.addWidget(dots)
            self._dots.append(dots)
            self.panels.append(panel)
            lines.addWidget(panel)
        return whole

    def _make_strip(self) -> QWidget:
        strip = QWidget()
        lines = QVBoxLayout(strip)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(px(SPACING * 2))
        for index, (icon_name, title, _) in enumerate(SECTIONS):
            button = IconButton(icon_name, title, size=44)
            button.clicked.connect(partial(self.open_section, index, button))
            lines.addWidget(button, 0, Qt.AlignmentFlag.AlignHCenter)
        return strip

    def open_section(self, index: int, anchor: QWidget, *_: bool) -> None:
        """Open a whole section beside a button."""
        self.flyout = Flyout(SECTIONS[index][2](self.controller), self)
        self.flyout.closed.connect(self._closed)
        self.flyout.open_beside(anchor, px(INNER))

    def _closed(self) -> None:
        self.flyout = None

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._watched is not self.window():
            self._watched = self.window()
            self._watched.installEventFilter(self)
        self.adapt(self._watched.size())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and watched is self._watched:
            self.adapt(self._watched.size())
        elif event.type() == QEvent.Type.Resize and watched is not self._watched:
            watched.removeEventFilter(self)
        return False

    def adapt(self, window: QSize) -> None:
        """Take the form that fits into a window of this size."""
        if window.width() < px(NARROW) or window.height() < px(LOW):
            self._take("folded")
        else:
            self._take("short" if self._height() > self.height() else "full")

    def _height(self) -> int:
        """Return how high the sections are with every line."""
        margins, gap = self._lines.contentsMargins(), px(GAP - 2)
        between = (len(self.panels) - 1) * (2 * gap + 1)
        sections = sum(panel.whole_height(px(INNER)) for panel in self.panels)
        return sections + between + margins.top() + margins.bottom()

    def minimumSizeHint(self) -> QSize:
        return QSize(self.minimumWidth(), 0)  # it adapts to any height: the window is not held open by it

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._watched is not None:
            self.adapt(self._watched.size())

    def _take(self, mode: str) -> None:
        for panel, dots in zip(self.panels, self._dots, strict=True):
            panel.set_short(mode == "short")
            dots.setVisible(mode == "short")
        if mode != self.mode:
            self.mode = mode
            self._whole.setVisible(mode != "folded")
            self._strip.setVisible(mode == "folded")
            self._rescale()

    def _rescale(self) -> None:
        folded = self.mode == "folded"
        self.setFixedWidth(px(STRIP if folded else WIDTH))
        side = px(GAP - 3 if folded else GAP + SPACING)
        self._lines.setContentsMargins(side, px(GAP), side, px(GAP))
        layout = self._whole.layout()
        assert layout is not None
        layout.setSpacing(px(GAP - 2))
        if self._watched is not None and self.mode:
            self.adapt(self._watched.size())
