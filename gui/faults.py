"""Unexpected exceptions: into the log file, and into one dialog with details to copy; the program goes on."""

from __future__ import annotations

import logging
import logging.handlers
import platform
import sys
import traceback
from types import TracebackType

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QMessageBox, QWidget

from gui.i18n import tr
from gui.settings import log_folder

LOG_BYTES = 500_000


def start_log() -> None:
    """Have what goes wrong written to the user's log folder; without one, to the console."""
    log = logging.getLogger("relevo")
    if log.handlers:
        return
    handler: logging.Handler
    try:
        log_folder().mkdir(parents=True, exist_ok=True)
        handler = logging.handlers.RotatingFileHandler(
            log_folder() / "relevo.log", maxBytes=LOG_BYTES, backupCount=1, encoding="utf-8", delay=True
        )
    except OSError:
        handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(threadName)s %(message)s"))
    log.addHandler(handler)


class Faults(QObject):
    """Shows an unexpected exception, one at a time.

    Attributes:
        box: the dialog that is open, or None.
    """

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._window = parent
        self.box: QMessageBox | None = None

    def install(self) -> None:
        """Be called for every exception that nobody catches."""
        sys.excepthook = self.report

    def report(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        """Log an exception and show it; interrupts end the program as usual."""
        if issubclass(kind, KeyboardInterrupt):
            QApplication.quit()
            return
        logging.getLogger("relevo").error("unexpected", exc_info=(kind, error, trace))
        details = "".join(traceback.format_exception(kind, error, trace))
        print(details, file=sys.stderr, end="")
        if self.box is None:
            self._show(f"Relevo, Python {platform.python_version()}, {platform.platform()}\n{details}")

    def _show(self, details: str) -> None:
        box = QMessageBox(self._window)
        box.setIcon(QMessageBox.Icon.Warning)
        box.setWindowTitle("Relevo")
        box.setText(tr("Something unexpected went wrong. Your experiment is still here."))
        box.setInformativeText(tr("The details help to find the cause; they are in the log file too."))
        box.setDetailedText(details)
        copy = box.addButton(tr("Copy details"), QMessageBox.ButtonRole.ActionRole)
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(details))
        box.addButton(QMessageBox.StandardButton.Close)
        box.finished.connect(self._forget)
        self.box = box
        box.open()

    def _forget(self) -> None:
        if self.box is not None:
            self.box.deleteLater()
            self.box = None
