"""The column at the left: the four sections below each other, or their icons where the window is small."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QEvent, QObject, QPoint, QSize, Qt
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QFrame, QSizePolicy, QVBoxLayout, QWidget

from gui.guard import guarded
from gui.i18n import language
from gui.panels.base import Controller, Panel
from gui.panels.csv_page import CsvPage
from gui.panels.data import DataPanel
from gui.panels.descent import DescentPanel
from gui.panels.generalize import GeneralizePanel
from gui.panels.start import StartPanel
from gui.tables import ask_table
from gui.theme import GAP, SPACING, air, px, themes
from gui.widgets.badge import BadgeButton
from gui.widgets.basics import IconButton, Rule
from gui.widgets.flyout import Flyout

WIDTH, STRIP = 292, 64
INNER = WIDTH - 2 * (GAP + SPACING) - 2
TABLE = 760  # the width of the page with a table of the user's own
NARROW, LOW = 1500, 880
SECTIONS: tuple[tuple[str, str, Callable[[Controller], Panel]], ...] = (
    ("data", "Data", DataPanel),
    ("start", "Start", StartPanel),
    ("descent", "Descent", DescentPanel),
    ("generalize", "Generalize", GeneralizePanel),
)


class SideColumn(QFrame):
    """Data, Start, Descent and Generalize.

    Wide and high windows show what is used every day, lower ones put away more of it; what is set in lines
    that are not seen is said in a few words, and three dots open these lines beside the section. Small
    windows show a strip of icons that open the sections whole.

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
        language.changed.connect(self._readapt)
        controller.experiment_changed.connect(self._readapt)
        self._rescale()
        self.installEventFilter(self)

    def _make_whole(self) -> QWidget:
        whole = QWidget()
        self._sections = lines = QVBoxLayout(whole)
        lines.setContentsMargins(0, 0, 0, 0)
        self._dots = []
        for index, (_, _, make) in enumerate(SECTIONS):
            if index:
                lines.addWidget(Rule())
            panel = self._made(make)
            dots = IconButton("more", "More settings", kind="flat", size=24)
            panel.header.setMinimumHeight(px(24))  # with or without the dots
            dots.clicked.connect(partial(self.open_rest, index))
            panel.summary.clicked.connect(partial(self.open_rest, index))
            panel.header.row.addWidget(dots)
            self._dots.append(dots)
            self.panels.append(panel)
            lines.addWidget(panel)
        return whole

    def _make_strip(self) -> QWidget:
        strip = QWidget()
        self._icons: list[BadgeButton] = []
        lines = QVBoxLayout(strip)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(px(SPACING * 2))
        for index, (icon_name, title, _) in enumerate(SECTIONS):
            button = BadgeButton(icon_name, title, size=44)
            button.clicked.connect(partial(self.open_section, index, button))
            self._icons.append(button)
            lines.addWidget(button, 0, Qt.AlignmentFlag.AlignHCenter)
        return strip

    def _made(self, make: Callable[[Controller], Panel]) -> Panel:
        panel = make(self.controller)
        if isinstance(panel, DataPanel):  # queued: the section that asks may close on the way
            panel.table_wanted.connect(self.open_table, Qt.ConnectionType.QueuedConnection)
        return panel

    def _fly_out(self, content: QWidget) -> Flyout:
        self.flyout = Flyout(content, self)
        self.flyout.closed.connect(self._closed)
        return self.flyout

    def open_section(self, index: int, anchor: QWidget, *_: bool) -> None:
        """Open a whole section beside a button."""
        self._fly_out(self._made(SECTIONS[index][2])).open_beside(anchor, px(INNER))

    def open_rest(self, index: int, *_: bool) -> None:
        """Open what there is no room for in a section of the column beside it."""
        rest = self._made(SECTIONS[index][2])
        rest.show_alone(self.panels[index].put_by())
        self._fly_out(rest).open_beside(self._dots[index], px(INNER))

    def open_table(self, path: str = "") -> None:
        """Look at a table of the user's own; where no path is given, ask for one first."""
        if self.flyout is not None:
            self.flyout.close()
        path = path or ask_table(self.window())
        if not path:
            return
        page, window = CsvPage(self.controller, path), self.window()
        flyout = self._fly_out(page)
        page.finished.connect(flyout.close)
        page.other_wanted.connect(partial(self.open_table, ""), Qt.ConnectionType.QueuedConnection)
        flyout.closed.connect(page.cancel_reading)
        beside = 0 if self.isHidden() else self.mapTo(window, QPoint(self.width(), 0)).x()
        wide = min(px(TABLE), window.width() - beside - px(6 * GAP))
        top = self.mapTo(window, QPoint(0, 0)).y() if beside else px(6 * GAP)
        flyout.open_at(window, window.mapToGlobal(QPoint(beside + px(GAP), top)), wide)

    def open_by_key(self, key: str, over: QWidget | None = None, below: int = 0) -> None:
        """Open a section beside the column, or over a widget so many pixels below its top.

        A section in the column gets the keyboard first, and opens when it has it already.
        """
        index = [name for name, _, _ in SECTIONS].index(key)
        inside = self.panels[index].isAncestorOf(QApplication.focusWidget() or self)
        if over is None and self.mode == "full" and not inside:
            self.panels[index].setFocus(Qt.FocusReason.ShortcutFocusReason)
            self.panels[index].focusNextChild()
            return
        if over is None:
            folded = self.mode == "folded"
            self.open_section(index, self._icons[index] if folded else self.panels[index])
            return
        gap, flyout = air(GAP), self._fly_out(self._made(SECTIONS[index][2]))
        flyout.open_at(over.window(), over.mapToGlobal(QPoint(gap, below + 2 * gap)), px(INNER))

    def _closed(self) -> None:
        self.flyout = None

    @guarded
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._watched is not self.window():
            self._watched = self.window()
            self._watched.installEventFilter(self)
        self.adapt(self._watched.size())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self:
            if event.type() == QEvent.Type.LayoutRequest:
                self._readapt()  # a line has become higher or lower
        elif event.type() == QEvent.Type.Resize and watched is self._watched:
            self.adapt(self._watched.size())
        elif event.type() == QEvent.Type.Resize and watched is not self._watched:
            watched.removeEventFilter(self)
        return False

    def fold(self, window: QSize) -> None:
        """Be as wide as a window of this size has it; its height tells then which lines have room."""
        if _folds(window) != (self.mode == "folded"):
            self._turn("folded" if _folds(window) else "full")
            self._give_width()

    def adapt(self, window: QSize) -> None:
        """Take the form that fits into a window of this size."""
        if _folds(window):
            for panel, button in zip(self.panels, self._icons, strict=True):
                button.show_words(panel.words_of(list(panel.words)))
            self._take("folded")
            return
        waiting = self._too_much()
        for panel, dots in zip(self.panels, self._dots, strict=True):
            panel.put_away([*panel.rare, *waiting])
            dots.setVisible(bool(panel.put_by()))
        self._take("short" if waiting else "full")
        for panel in self.panels:
            panel.rows.activate()  # at once: the sections would be seen squeezed for a moment
        self._sections.activate()
        self._lines.activate()

    def _too_much(self) -> list[QWidget]:
        """Return the lines for which there is no room, in the order in which they can best wait."""
        room = self.contentsRect().height()
        ranks = {line: rank for panel in self.panels for line, rank in panel.can_wait.items()}
        order = sorted(ranks, key=lambda line: ranks[line])
        for count in range(len(order)):
            if self._height(order[:count]) <= room:
                return order[:count]
        return order

    def _height(self, waiting: list[QWidget]) -> int:
        """Return how high the sections are without these lines and the rare ones."""
        margins, gap = self._lines.contentsMargins(), px(GAP - 2)
        total = (len(self.panels) - 1) * (2 * gap + 1) + margins.top() + margins.bottom()
        return total + sum(panel.height_without([*panel.rare, *waiting], px(INNER)) for panel in self.panels)

    def _readapt(self, *_: object) -> None:
        """Look again: another experiment may need more or fewer lines."""
        if self._watched is not None:
            self.adapt(self._watched.size())

    def minimumSizeHint(self) -> QSize:
        return QSize(self.minimumWidth(), 0)  # it adapts to any height: the window is not held open by it

    @guarded
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._readapt()

    def _take(self, mode: str) -> None:
        if mode != self.mode:
            self._turn(mode)
            self._rescale()

    def _turn(self, mode: str) -> None:
        self.mode = mode
        self._whole.setVisible(mode != "folded")
        self._strip.setVisible(mode == "folded")

    def _rescale(self) -> None:
        self._give_width()
        self._readapt()

    def _give_width(self) -> None:
        folded = self.mode == "folded"
        self.setFixedWidth(px(STRIP if folded else WIDTH))
        side = px(GAP - 3 if folded else GAP + SPACING)
        self._lines.setContentsMargins(side, px(GAP), side, px(GAP))
        layout = self._whole.layout()
        assert layout is not None
        layout.setSpacing(px(GAP - 2))


def _folds(window: QSize) -> bool:
    """Whether a window is too small for more than a strip of icons."""
    return window.width() < px(NARROW) or window.height() < px(LOW)
