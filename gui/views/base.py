"""What every picture has in common: how it is fed, and how it looks before there is anything to show.

The runner feeds the visible pictures. For each new frame a picture may hand out a job, a pure function
that runs on the analysis thread, and gets its result back in the GUI thread. So the training never
waits for a picture, and no picture computes in the GUI thread.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QPoint, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QFocusEvent,
    QPainter,
    QPaintEvent,
    QPen,
)  # fmt: skip
from PySide6.QtWidgets import QMenu, QWidget

from gui.guard import guarded
from gui.i18n import language, name_of, tr
from gui.theme import font, px, theme, themes
from gui.views import export
from gui.views.closer import Closer, paint_scale
from gui.views.export import Table

if TYPE_CHECKING:
    from engine.experiment import Experiment
    from gui.frame import Frame

Job = Callable[[], object]
READING = 0.5  # seconds between two summaries of a training that plays
TAB = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)


@dataclass(frozen=True)
class Option:
    """One way to show a picture, for its menu.

    Attributes:
        text: in the current language.
        checked: whether it is on.
        choose: called with whether it is to be on.
        gap: whether a line stands above it.
    """

    text: str
    checked: bool
    choose: Callable[[bool], object]
    gap: bool = False


class Picture:
    """A mixin for widgets that show a frame: ``class LossCurve(Picture, QWidget)``.

    Attributes:
        key: the picture's name in settings and on the command line.
        pause: seconds at least between two of its analyses while it trains.
    """

    key: str = ""
    pause: float = 0.02

    def fits(self, experiment: "Experiment") -> bool:
        """Whether this picture can show that experiment."""
        return True

    def job(self, frame: "Frame") -> Job | None:
        """Return what to compute for a frame, or None.

        Called in the GUI thread. The function returned closes over the frame and the current options,
        runs on an analysis thread and touches no widget.
        """
        return None

    def show_result(self, frame: "Frame", result: Any) -> None:
        """Show what the job returned for that frame; called in the GUI thread."""

    def show_frame(self, frame: "Frame") -> None:
        """Show what is at hand without computing (numbers, curves); called in the GUI thread, cheap."""

    def forget(self) -> None:
        """Show nothing again, as before the first frame: another experiment is got ready."""

    def summary(self) -> str:
        """Return one sentence that says what the picture shows; empty as long as it shows nothing."""
        return ""


class View(Picture, Closer):
    """A picture painted by one widget on the card that holds it.

    A view keeps numbers, never colours or words: both are taken anew at each painting, so that theme
    and language can change at any time.

    The wheel looks closer, dragging moves what is seen, a double click shows everything again. The menu of
    the right button, or of the menu key, offers the picture, its numbers and its options.

    Attributes:
        lets_go: whether what is picked here is pointed out elsewhere only while the mouse is here.
        waits: whether an experiment is got ready, so that there is nothing to press for a picture.
        more: adds to the menu what is done with the card around the picture; None outside of a window.

    Signals:
        picked: something was clicked, as in Controller.selection_changed.
        stale: an option changed, so that a new job is wanted for the frame at hand.
    """

    lets_go = waits = False
    more: Callable[[QMenu], object] | None = None
    picked = Signal(object)
    stale = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._by_keys = self._pointing = False
        self._said = 0.0
        self.picked.connect(self._note_picked)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        language.changed.connect(self.retranslate)
        themes.changed.connect(self.restyle)

    def retranslate(self) -> None:
        """Show the texts in the current language."""
        self.setAccessibleName(name_of("picture", self.key))
        self.say()
        self.update()

    def restyle(self) -> None:
        """Show the colours and sizes of the current theme."""
        self.updateGeometry()
        self.update()

    def say(self) -> None:
        """Hand the summary to screen readers."""
        text = self.summary()
        if text != self.accessibleDescription():
            self.setAccessibleDescription(text)

    def say_of(self, frame: "Frame") -> None:
        """Hand a frame's summary to screen readers; while it plays, not more often than they can read."""
        now = time.monotonic()
        if frame.state != "playing" or now - self._said > READING:
            self._said = now
            self.say()

    def forget(self) -> None:
        super().forget()
        self.say()
        self.update()

    def point_out(self, place: Any) -> None:
        """Draw attention to what was picked elsewhere, if this picture shows it; None to nothing."""

    def _note_picked(self, place: Any) -> None:
        self._pointing = place is not None

    def leaveEvent(self, event: QEvent) -> None:
        """Let go of what was picked here, if this picture does: its frame elsewhere goes with the mouse."""
        super().leaveEvent(event)
        if self.lets_go and self._pointing:
            self.picked.emit(None)

    def table(self) -> Table:
        """Return the numbers shown, a row of headings first; empty as long as there are none."""
        return []

    def options(self) -> list[Option]:
        """Return the ways to show this picture, for its menu."""
        return []

    def set_waiting(self, waits: bool) -> None:
        """Say, where nothing is shown, that it is got ready, or what to do again."""
        if waits != self.waits:
            self.waits = waits
            self.update()

    def invite(self, painter: QPainter, area: QRectF, text: str) -> None:
        """Say what to do to see something here; while an experiment is got ready that is to wait."""
        paint_empty(
            painter, area, tr("Getting ready: the picture appears in a moment.") if self.waits else text
        )

    def paint(self, painter: QPainter) -> None:
        """Paint the picture; antialiasing is on."""

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(font("small"))
        painter.save()
        pane = self.pane()
        if pane is None:
            self.lens.apply(painter)
        elif self.lens.on:
            self.lens.fill(pane)  # it may have another size than when one began to look closer
        self.paint(painter)
        painter.restore()
        if self.lens.on:
            paint_scale(painter, pane or QRectF(self.rect()), self.lens.scale)
        if self._by_keys and self.hasFocus():
            painter.setPen(QPen(QColor(theme().accent), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), px(6), px(6))
        painter.end()

    @guarded
    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._by_keys = event.reason() in TAB
        self.update()

    @guarded
    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    # Handing out picture and numbers

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if self.summary():
            menu = self.menu()
            menu.popup(event.globalPos())

    def menu(self) -> QMenu:
        """Return a new menu of what can be done with this picture; it goes when it is closed."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for option in self.options():
            if option.gap:
                menu.addSeparator()
            action = menu.addAction(option.text)
            action.setCheckable(True)
            action.setChecked(option.checked)
            action.triggered.connect(lambda on, choose=option.choose: choose(on))
        menu.addSeparator()
        menu.addAction(tr("Copy the picture"), self.copy_picture)
        menu.addAction(tr("Save the picture…"), self.save_picture)
        if self.table():
            menu.addAction(tr("Copy data as CSV"), self.copy_table)
            menu.addAction(tr("Save data as CSV…"), self.save_table)
        if self.zoomed:
            menu.addSeparator()
            menu.addAction(tr("Show the whole picture"), self.show_whole)
        if self.more is not None:
            menu.addSeparator()
            self.more(menu)
        return menu

    def copy_picture(self) -> None:
        """Put the picture on the clipboard as it is seen."""
        export.copy_picture(self)

    def save_picture(self) -> None:
        """Ask for a file and draw the picture into it."""
        export.save_picture(self, self.key)

    def copy_table(self) -> None:
        """Put the numbers shown on the clipboard as CSV."""
        export.copy_table(self.table())

    def save_table(self) -> None:
        """Ask for a file and write the numbers shown to it as CSV."""
        export.save_table(self, self.table(), self.key)


def open_below(button: QWidget, view: View) -> None:
    """Open a picture's menu below a button, aligned with its right edge so that it stays in the window."""
    menu = view.menu()
    corner = button.rect().bottomRight()
    menu.popup(button.mapToGlobal(corner) - QPoint(menu.sizeHint().width(), 0))


def paint_empty(painter: QPainter, area: QRectF, text: str) -> None:
    """Say in the middle of an area what to do to see something there."""
    painter.setPen(QColor(theme().muted))
    painter.setFont(font("small"))
    inner = area.adjusted(px(8), px(8), -px(8), -px(8))
    painter.drawText(inner, int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap), text)


def paint_title(painter: QPainter, area: QRectF, text: str, aside: str = "") -> QRectF:
    """Write a small bold title, and muted words at its right; return what is left below it."""
    painter.setFont(font("small", bold=True))
    height = painter.fontMetrics().height() + px(4)
    line = QRectF(area.left(), area.top(), area.width(), height)
    painter.setPen(QColor(theme().text))
    painter.drawText(line, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), text)
    painter.setFont(font("small"))
    if aside:
        painter.setPen(QColor(theme().muted))
        painter.drawText(line, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), aside)
    return area.adjusted(0, height, 0, 0)
