"""The cards that hold the pictures: network, result, and the one with tabs at the bottom."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QSizePolicy, QVBoxLayout, QWidget

from gui.canvas import NetworkCanvas
from gui.canvas.legend import LinkLegend
from gui.enlarging import Enlarging
from gui.guard import guarded
from gui.pages import Pages
from gui.theme import GAP, SPACING, air, px, themes
from gui.views import Boundary, ConfusionMatrix, Findings, FittedCurve, LossCurve, Metrics
from gui.views.base import View, open_below
from gui.views.point_tools import PointTools
from gui.widgets.basics import IconButton

if TYPE_CHECKING:
    from engine.experiment import Experiment
    from gui.controller import Controller

FINDINGS = Findings.key
MOST = 16_777_215  # pixels: what Qt takes for no limit
AXES = 20  # pixels by which a result is higher than wide: its legend
CURVE = 0.31  # the curve's share of the height, at least: its line is to be read, too
WIDE = 390  # pixels of the design from which the picture has room beside the curve
# Below this width beside the words they stand below the pictures, so high; where the card is lower, nowhere.
BESIDE_WORDS, WORDS_BELOW, UPRIGHT = 402, 150, 360
CRUSHED = 0.75  # a picture is not made lower than this share of a square to make room for the curve


class NetworkCard(Enlarging):
    """The network that one draws, with its sizes in the title row.

    Attributes:
        canvas: the network.
        legend: the scale of its links; left out where they are not drawn one by one, or do not fit.
        slow: plays one batch in slow motion; ways: opens the picture's menu.
    """

    def __init__(self, controller: Controller, parent: QWidget | None = None) -> None:
        super().__init__("Network", parent)
        self.canvas = NetworkCanvas(controller)
        self.body.addWidget(self.canvas, 1)
        self.legend = LinkLegend(self.canvas)
        row = self.header.row
        row.insertWidget(row.indexOf(self.header.remark), self.legend)
        row.insertStretch(row.indexOf(self.header.remark), 1)
        words = "Slow motion: one batch; Space pauses and goes on, Esc ends"
        self.slow = IconButton("slow_motion", words, "M", kind="flat", size=20)
        self.slow.clicked.connect(lambda: self.canvas.motion.start())
        row.addWidget(self.slow)
        self.ways = IconButton("more", "Ways to show the picture", kind="flat", size=20)
        self.ways.clicked.connect(lambda: open_below(self.ways, self.canvas))
        row.addWidget(self.ways)
        self.canvas.headline_changed.connect(self._show_headline)
        self._show_headline(self.canvas.headline())
        self.installEventFilter(self)

    def _show_headline(self, words: str) -> None:
        self.set_remark(words)
        self._fit_legend()

    @guarded
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_legend()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Fit the scale anew when the words beside it have another length, as in another size."""
        if event.type() == QEvent.Type.LayoutRequest:
            self._fit_legend()
        return False

    def _fit_legend(self) -> None:
        """Show the scale where there are links, and room for it."""
        texts = (self.header.title, self.header.remark)
        taken = sum(label.sizeHint().width() for label in texts) + px(GAP * 6 + 46)
        self.legend.setVisible(self.legend.fit(self.width() - taken) and self.canvas.draws_links)

    def pictures(self) -> list[View]:
        """Return the pictures on this card."""
        return [self.canvas]


class ResultCard(Enlarging):
    """What the network makes of the data: the picture that fits them, the numbers, the loss.

    Below each other where the card is high, the picture beside the others where it is wide.

    Attributes:
        results: the pictures of which the first that fits is shown.
        points: the tools that draw data on the boundary.
        metrics: the numbers.
        curve: the losses over the epochs; left out where it would crush the picture.
    """

    _lent = False

    def __init__(self, controller: Controller, parent: QWidget | None = None) -> None:
        super().__init__("Result", parent)
        boundary = Boundary()
        self.results: list[View] = [boundary, FittedCurve(), ConfusionMatrix()]
        self.points = PointTools(boundary, controller)
        self.header.row.addWidget(self.points.bar)
        self.ways = IconButton("more", "Ways to show the picture", kind="flat", size=20)
        self.ways.clicked.connect(lambda: open_below(self.ways, self.shown()))
        self.header.row.addWidget(self.ways)
        self.metrics, self.curve = Metrics(), LossCurve()
        self._both, self._others = QBoxLayout(QBoxLayout.Direction.TopToBottom), QVBoxLayout()
        for picture in self.results:
            self._both.addWidget(picture, 100)
        self.curve.scored.connect(self.metrics.show_score)
        self._others.addWidget(self.metrics)
        self._others.addWidget(self.curve, 1)
        self._both.addLayout(self._others, 1)
        self.body.addLayout(self._both, 1)
        controller.experiment_changed.connect(self.show_experiment)
        themes.changed.connect(self._share)
        self.show_experiment(controller.experiment)

    def pictures(self) -> list[View]:
        """Return the pictures on this card."""
        return [*self.results, self.metrics, self.curve]

    def lend(self, _part: str) -> QWidget:
        """Hand out the curve, for a card of its own."""
        self._lent = True
        self._others.removeWidget(self.curve)
        self._share()
        return self.curve

    def take_home(self, _part: str) -> None:
        """Have the curve again."""
        self._lent = False
        self._others.addWidget(self.curve, 1)
        self._share()

    def pictures_of(self, _part: str) -> list[View]:
        """Return the curve alone."""
        return [self.curve]

    def can_lend(self, _part: str) -> bool:
        """Whether something is left without the curve."""
        return True

    def shown(self) -> View:
        """Return the result that is shown."""
        return next((picture for picture in self.results if picture.isVisible()), self.results[0])

    def show_experiment(self, experiment: Experiment) -> None:
        """Show the first result that fits an experiment."""
        fitting = [picture for picture in self.results if picture.fits(experiment)]
        for picture in self.results:
            if picture not in fitting[:1]:
                picture.hide()
        for picture in fitting[:1]:
            picture.show()

    @guarded
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share()

    def show_title(self, shown: bool) -> None:
        super().show_title(shown)
        self._share()

    def _share(self) -> None:
        """Give the picture a square and the curve the rest."""
        wide = self.width() > max(1.25 * self.height(), px(WIDE))
        sides = QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom
        self._both.setDirection(sides)
        gap = air(SPACING * 2)
        self._both.setSpacing(px(GAP * 2) if wide else gap)
        self._others.setSpacing(gap)
        self._both.setStretch(self._both.count() - 1, 80 if wide else 1)
        margins = self.outer.contentsMargins()
        title = 0 if self.header.isHidden() else self.header.sizeHint().height() + gap
        room = self.height() - margins.top() - margins.bottom() - title
        square = self.width() - margins.left() - margins.right() + px(AXES)
        left = room - self.metrics.minimumSizeHint().height() - gap
        least = self.curve.minimumSizeHint().height() + gap
        both = not self._lent and (wide or left - least > CRUSHED * square)
        if not self._lent:
            self.curve.setVisible(both)
        most = min(square, round(left - max(least, CURVE * room)))
        for picture in self.results:
            picture.setMaximumHeight(most if both and not wide else MOST)


class BottomCard(Enlarging):
    """Pages of pictures, and at their right what the machine sees in words.

    Attributes:
        pages: the tabs.
        findings: the words.

    Signals:
        tab_carried(str, QPoint): a tab was pulled out of its row, to a point of the screen.
    """

    tab_carried = Signal(str, QPoint)

    def __init__(self, controller: Controller, parent: QWidget | None = None) -> None:
        super().__init__("", parent, "Pictures")
        self.pages, self.findings = Pages(), Findings()
        self._words, self._lent, self._tab = self.findings.sizeHint().width(), False, ""
        self.pages.bar.installEventFilter(self)
        self._line = QFrame()
        self._line.setProperty("rule", True)
        self._line.setFixedWidth(1)
        self.pages.row.addWidget(self._line)
        self.pages.row.addWidget(self.findings)
        self.findings.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.body.addWidget(self.pages, 1)
        themes.changed.connect(self._respace)
        self._respace()
        controller.experiment_changed.connect(self.pages.show_experiment)
        self.pages.show_experiment(controller.experiment)

    def pictures(self) -> list[View]:
        """Return the pictures on this card."""
        return [*self.pages.pictures(), self.findings]

    @guarded
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share()

    def _share(self) -> None:
        """Put the words below the pictures where these get too narrow beside them, or leave them out."""
        narrow = self.width() < self._words + px(BESIDE_WORDS)
        upright = narrow and self.height() > px(UPRIGHT)
        ways = QBoxLayout.Direction
        self.pages.row.setDirection(ways.TopToBottom if upright else ways.LeftToRight)
        _stretch(self._line, 1, upright)
        if not self._lent:
            _stretch(self.findings, px(WORDS_BELOW) if upright else self._words, upright)
            for widget in (self._line, self.findings):
                widget.setVisible(upright or not narrow)

    def head(self) -> QRect:
        bar = self.pages.bar
        return QRect(0, 0, self.width(), bar.mapTo(self, bar.rect().bottomLeft()).y())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take the mouse beside the tabs as on the card, and tabs that are pulled out of their row."""
        if not isinstance(event, QMouseEvent):
            return False
        kind, bar, point = event.type(), self.pages.bar, event.position().toPoint()
        if kind == QEvent.Type.MouseButtonPress and event.button() == Qt.MouseButton.LeftButton:
            self._tab = self.pages.key_at(point)
            if not self._tab:
                self.mousePressEvent(event)
        elif kind == QEvent.Type.MouseMove and self._tab and event.buttons() & Qt.MouseButton.LeftButton:
            if self._carrying or abs(point.y() - bar.rect().center().y()) > bar.height():
                self._carrying = True
                self.tab_carried.emit(self._tab, event.globalPosition().toPoint())
        elif kind == QEvent.Type.MouseMove:
            self.mouseMoveEvent(event)
        elif kind == QEvent.Type.MouseButtonRelease:
            self._tab, tab = "", self._tab
            if tab and self._carrying:
                self._carrying = False
                self.let_go.emit()
            self.mouseReleaseEvent(event)
        return False

    def lend(self, part: str) -> QWidget:
        """Hand out the words or a page, for a card of its own."""
        if part != FINDINGS:
            return self.pages.lend(part)
        self.pages.row.removeWidget(self.findings)
        self._lent = True
        _stretch(self.findings, 0, False)
        self.findings.setMaximumWidth(MOST)
        self._line.hide()
        return self.findings

    def take_home(self, part: str) -> None:
        """Have the words or a page again."""
        if part != FINDINGS:
            self.pages.take_home(part)
            return
        self._lent = False
        self.pages.row.addWidget(self.findings)
        self.findings.show()
        self._line.show()
        self._share()

    def pictures_of(self, part: str) -> list[View]:
        """Return the pictures of a page, or the words."""
        return [self.findings] if part == FINDINGS else self.pages.pictures_of(part)

    def can_lend(self, part: str) -> bool:
        """Whether something is left without a part."""
        return part == FINDINGS or self.pages.can_lend(part)

    def set_words_width(self, width: int) -> None:
        """Give the findings a width in pixels."""
        self._words = width
        self._share()

    def _respace(self) -> None:
        self.pages.row.setSpacing(px(GAP + SPACING))


def _stretch(widget: QWidget, length: int, upright: bool) -> None:
    """Give a widget a height and any width where the card is upright, else a width and any height."""
    widget.setMinimumSize(0 if upright else length, length if upright else 0)
    widget.setMaximumSize(MOST if upright else length, length if upright else MOST)
