"""What every picture has in common: how it is fed, and how it looks before there is anything to show.

The runner feeds the visible pictures. For each new frame a picture may hand out a job, a pure function
that runs on the analysis thread, and gets its result back in the GUI thread. So the training never
waits for a picture, and no picture computes in the GUI thread.
"""

import csv
import io
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QContextMenuEvent, QGuiApplication, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QMenu, QMessageBox, QToolTip, QWidget

from gui.dialogs import ask_file
from gui.i18n import language, tr
from gui.theme import font, px, theme, themes

if TYPE_CHECKING:
    from engine.experiment import Experiment
    from gui.frame import Frame

Job = Callable[[], object]
Table = Sequence[tuple[object, ...]]


class Picture:
    """A mixin for widgets that show a frame: ``class LossCurve(Picture, QWidget)``.

    Attributes:
        key: the picture's name in settings and on the command line.
    """

    key: str = ""

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

    def summary(self) -> str:
        """Return one sentence that says what the picture shows; empty as long as it shows nothing."""
        return ""


class View(Picture, QWidget):
    """A picture painted by one widget on the card that holds it.

    A view keeps numbers, never colours or words: both are taken anew at each painting, so that theme
    and language can change at any time.

    Signals:
        picked: something was clicked, as in Controller.selection_changed.
        stale: an option changed, so that a new job is wanted for the frame at hand.
    """

    picked = Signal(object)
    stale = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMouseTracking(True)
        language.changed.connect(self.retranslate)
        themes.changed.connect(self.restyle)

    def retranslate(self) -> None:
        """Show the texts in the current language."""
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

    def point_out(self, place: Any) -> None:
        """Draw attention to what was picked elsewhere, if this picture shows it; None to nothing."""

    def hint(self, x: float, y: float) -> str:
        """Return what to read at a point of the widget, or an empty string."""
        return ""

    def table(self) -> Table:
        """Return the numbers shown, a row of headings first; empty as long as there are none."""
        return []

    def paint(self, painter: QPainter) -> None:
        """Paint the picture; antialiasing is on."""

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(font("small"))
        self.paint(painter)
        painter.end()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        point = event.position()
        QToolTip.showText(event.globalPosition().toPoint(), self.hint(point.x(), point.y()), self)

    def leaveEvent(self, event: QEvent) -> None:
        QToolTip.hideText()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if self.table():
            menu = QMenu(self)
            menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            menu.addAction(tr("Copy data as CSV"), self.copy_table)
            menu.addAction(tr("Save data as CSV…"), self.save_table)
            menu.popup(event.globalPos())

    def copy_table(self) -> None:
        """Put the numbers shown on the clipboard as CSV."""
        QGuiApplication.clipboard().setText(csv_text(self.table()))

    def save_table(self) -> None:
        """Ask for a file and write the numbers shown to it as CSV."""
        path = ask_file(self, tr("Save data as CSV…"), f"{self.key}.csv", "CSV (*.csv)", save=True)
        if path:
            try:
                Path(path).write_text(csv_text(self.table()), encoding="utf-8")
            except OSError as error:
                QMessageBox.warning(
                    self, "Relevo", tr("The file could not be written: {detail}", detail=error)
                )


def csv_text(table: Table) -> str:
    """Return rows as CSV with decimal points, whatever the language: the form that programs read."""
    lines = io.StringIO()
    csv.writer(lines, lineterminator="\n").writerows(table)
    return lines.getvalue()


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
