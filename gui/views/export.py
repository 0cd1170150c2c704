"""What every picture can be asked for: itself on the clipboard or in a file, and its numbers as CSV."""

import csv
import io
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QPoint
from PySide6.QtGui import QColor, QGuiApplication, QImage, QImageWriter, QPainter
from PySide6.QtWidgets import QMessageBox, QWidget

from gui.dialogs import ask_file
from gui.i18n import tr
from gui.tables import TABLES
from gui.theme import theme

Table = Sequence[tuple[object, ...]]
SHARPNESS = 2  # pixels for each of the design's: sharp on a slide too


def image_of(widget: QWidget) -> QImage:
    """Return a widget with its children on the panel's colour, twice as sharp as on the screen."""
    image = QImage(widget.size() * SHARPNESS, QImage.Format.Format_ARGB32)
    image.setDevicePixelRatio(SHARPNESS)
    image.fill(QColor(theme().panel))
    painter = QPainter(image)
    widget.render(painter, QPoint(), renderFlags=QWidget.RenderFlag.DrawChildren)
    painter.end()
    return image


def copy_picture(widget: QWidget) -> None:
    """Put a widget on the clipboard as it is seen."""
    QGuiApplication.clipboard().setImage(image_of(widget))


def save_picture(widget: QWidget, name: str) -> None:
    """Ask for a file and draw a widget into it."""

    def write(path: str) -> None:
        if not image_of(widget).save(path):
            raise OSError(path)

    others = [f".{bytes(kind.data()).decode()}" for kind in QImageWriter.supportedImageFormats()]
    _save(widget, tr("Save the picture…"), f"{name}.png", "PNG (*.png)", (".png", *others), write)


def copy_table(table: Table) -> None:
    """Put numbers on the clipboard as CSV."""
    QGuiApplication.clipboard().setText(csv_text(table))


def save_table(widget: QWidget, table: Table, name: str) -> None:
    """Ask for a file and write numbers to it as CSV."""
    text = csv_text(table)
    _save(widget, tr("Save data as CSV…"), f"{name}.csv", "CSV (*.csv)", TABLES,
          lambda path: Path(path).write_text(text, encoding="utf-8"))  # fmt: skip


def csv_text(table: Table) -> str:
    """Return rows as CSV with decimal points, whatever the language: the form that programs read."""
    lines = io.StringIO()
    csv.writer(lines, lineterminator="\n").writerows(table)
    return lines.getvalue()


def _save(widget: QWidget, title: str, name: str, kinds: str, endings: Sequence[str],
          write: Callable[[str], object]) -> None:  # fmt: skip
    path = ask_file(widget, title, name, kinds, endings)
    if path:
        try:
            write(path)
        except OSError as error:
            QMessageBox.warning(widget, "Relevo", tr("The file could not be written: {detail}", detail=error))
