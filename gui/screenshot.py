"""The real window, drawn into a file without a display."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRect, QSize
from PySide6.QtGui import QColor, QPainter, QPixmap
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from gui import settings
from gui.app import FIRST_SHARE, application, set_look
from gui.interrupts import Interrupts
from gui.theme import theme

if TYPE_CHECKING:
    from engine.experiment import Experiment
    from gui.controller import Controller
    from gui.main_window import MainWindow

SETTLING = 0.15  # seconds for layouts and effects that follow the last frame
SLOW_MOTION_AT = 2.1  # seconds into one batch: gradients on their way back
BEST = 0  # of Qt's qualities for PNG files: the smallest ones


@dataclass(frozen=True)
class Look:
    """How the window is to be drawn.

    Attributes:
        size: width and height in pixels.
        theme, language: by their keys.
        projector: whether everything is large, for a room.
        page: the picture at the bottom.
        opened: the key of an action that is done first, see gui/menus.py; "" for none.
        first: whether it is drawn as at the very first start, half-way and with its welcome.
    """

    size: tuple[int, int] = (1920, 1080)
    theme: str = "dark"
    language: str = "en"
    projector: bool = False
    page: str = "loss_surface"
    opened: str = ""
    first: bool = False


USUAL = Look()


def take(experiment: Experiment, epochs: int, out: Path, look: Look = USUAL) -> None:
    """Train an experiment for some epochs in the window and draw that into a PNG file.

    Neither reads nor changes the user's settings. Raises RuntimeError with what the window said when the
    training failed, OSError when the file cannot be written.
    """
    app = application()
    settings.forget()
    set_look(look.theme, look.language)
    from gui.controller import Controller
    from gui.main_window import MainWindow

    controller = Controller(experiment)
    failures: list[str] = []
    window = MainWindow(controller)
    try:
        controller.desk.failed.connect(lambda error: failures.append(repr(error)))
        controller.failed.connect(failures.append)
        dress(window, look)
        window.show()
        controller.run_to(round(FIRST_SHARE * experiment.training.epochs) if look.first else epochs)
        with Interrupts() as interrupts:
            _settle(app, controller, failures, interrupts)
            if look.opened:
                window.actions_by_key[look.opened].trigger()
                _settle(app, controller, failures, interrupts)
        window.toast.stop()
        if look.first:
            window.welcome()
        _stand_still(window)
        app.processEvents()
        if failures:
            raise RuntimeError(failures[0])
        if not whole(window).save(str(out), "PNG", BEST):
            raise OSError(f"{out}: the picture could not be written")
    finally:
        window.set_projector(False)
        window.toast.stop()
        controller.disk.give_up_changes()
        window.close()
        window.deleteLater()


def dress(window: MainWindow, look: Look) -> None:
    """Give a window the size, the mode and the page of a picture."""
    window.resize(QSize(*look.size))
    window.set_projector(look.projector)
    window.bottom.pages.open(look.page)


def whole(window: MainWindow) -> QPixmap:
    """Return the picture of a window, with the dialogs and panels that stand open over it."""
    picture = window.grab()
    painter = QPainter(picture)
    for over in opened(window):
        place = over.mapToGlobal(QPoint()) - window.mapToGlobal(QPoint())
        if isinstance(over, QDialog):
            # A desktop puts dialogs in the middle and frames them; without one they stand in a corner.
            place = window.rect().center() - over.rect().center()
            painter.fillRect(window.rect(), QColor(0, 0, 0, 90))
            painter.fillRect(QRect(place, over.size()).adjusted(-1, -1, 1, 1), QColor(theme().muted))
        painter.drawPixmap(place, over.grab())
    painter.end()
    return picture


def opened(window: MainWindow) -> list[QWidget]:
    """Return the dialogs and panels that stand open over a window."""
    return [over for over in window.findChildren(QWidget) if over.isWindow() and over.isVisible()]


def _stand_still(window: MainWindow) -> None:
    """Pause slow motion, where it was asked for, at a moment that shows something."""
    motion = window.network.canvas.motion
    if motion.running:
        motion.toggle()
        motion.advance(max(0.0, SLOW_MOTION_AT - motion.seconds))


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
