"""The real window, drawn into a file without a display."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QApplication

from gui import settings
from gui.app import application, set_look
from gui.interrupts import Interrupts

if TYPE_CHECKING:
    from engine.experiment import Experiment
    from gui.controller import Controller

SETTLING = 0.15  # seconds for layouts and effects that follow the last frame


def take(experiment: Experiment, epochs: int, size: tuple[int, int], out: Path, theme: str = "dark",
         language: str = "en", projector: bool = False, page: str = "") -> None:  # fmt: skip
    """Train an experiment for some epochs in the window and draw that into a PNG file.

    Neither reads nor changes the user's settings. Raises RuntimeError with what the window said when the
    training failed, OSError when the file cannot be written.
    """
    app = application()
    settings.forget()
    set_look(theme, language)
    from gui.controller import Controller
    from gui.main_window import MainWindow

    controller = Controller(experiment)
    failures: list[str] = []
    window = MainWindow(controller)
    try:
        controller.desk.failed.connect(lambda error: failures.append(repr(error)))
        controller.failed.connect(failures.append)
        window.resize(QSize(*size))
        if projector:
            window.set_projector(True)
        window.show()
        window.bottom.pages.open(page or "loss_surface")
        controller.run_to(epochs)
        with Interrupts() as interrupts:
            _settle(app, controller, failures, interrupts)
        window.toast.stop()
        if failures:
            raise RuntimeError(failures[0])
        if not window.grab().save(str(out)):
            raise OSError(f"{out}: the picture could not be written")
    finally:
        controller.undo_stack.setClean()
        window.close()
        window.deleteLater()


def _settle(app: QApplication, controller: Controller, failures: list[str], interrupts: Interrupts) -> None:
    """Let the window work until nothing has changed for a while."""
    quiet = time.monotonic()
    while not failures:
        app.processEvents()
        interrupts.check()
        # Asked before the clock is: compiling can hold this thread up for longer than SETTLING.
        if controller.busy:
            quiet = time.monotonic()
        elif time.monotonic() - quiet > SETTLING:
            return
        time.sleep(0.002)
