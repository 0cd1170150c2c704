"""The application around the window: look, language, log, and what happens when something goes wrong."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

os.environ["PYQTGRAPH_QT_LIB"] = "PySide6"  # before pyqtgraph is imported, which would look for others

from PySide6.QtCore import QTimer
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication

from engine.cores import cores
from engine.resources import resource
from gui import theme
from gui.faults import Faults, start_log
from gui.i18n import language, of_system, tr
from gui.interrupts import Interrupts
from gui.settings import finish, recall, remember, set_damaged_aside
from gui.style import Style
from gui.theme import themes

if TYPE_CHECKING:
    from gui.controller import Controller
    from gui.main_window import MainWindow

FIRST_SHARE = 0.3  # of the first training: the spiral can be made out, and playing on closes it
INTERRUPTED = 1  # the exit status after Ctrl+C in the console
FEW_CORES = 4  # on these the training needs the others more than Qt, which would fill large areas on all


def application() -> QApplication:
    """Return the application, with fonts and style; made at the first call."""
    running = QApplication.instance()
    if isinstance(running, QApplication):
        return running
    if cores() <= FEW_CORES:
        os.environ.setdefault("QT_NO_GUI_THREADPOOL", "1")
    app = QApplication(["relevo"])
    app.setApplicationName("Relevo")
    app.setWindowIcon(QIcon(str(resource("icons", "relevo.png"))))
    app.setStyle(Style())
    theme.load_fonts()
    return app


def set_look(theme_name: str, code: str) -> None:
    """Give the application a theme and a language."""
    language.set(code)
    language.install()
    themes.set(theme_name if theme_name in theme.THEMES else "system")
    theme.apply(application())


def run(path: str | None = None) -> int:
    """Open the window and stay until it is closed; return the exit status."""
    from gui.controller import Controller
    from gui.main_window import MainWindow

    app = application()
    start_log()
    damaged = set_damaged_aside()
    set_look(recall("theme", "system"), recall("language", of_system()))
    controller = Controller(start=False)
    controller.set_speed(speed_of(recall("speed"), controller.speed))
    window = MainWindow(controller)
    Faults(window).install()
    window.restore_place()
    # The kernels are loaded only when the window can be seen: loading takes turns with drawing.
    window.painted.connect(lambda: QTimer.singleShot(0, window, partial(begin, window, not path, damaged)))
    if os.environ.get("RELEVO_STARTUP"):
        _tell_start(window, controller, train=os.environ["RELEVO_STARTUP"] == "epoch")
    window.show()
    if path:
        controller.disk.open(path)
    with Interrupts(window) as interrupts:
        interrupts.came.connect(lambda: app.exit(INTERRUPTED))
        status = app.exec()
    finish()
    if not controller.close():
        # Python would wait for the computation that goes on, and nobody else does.
        sys.stdout.flush()
        os._exit(status)
    return status


def say_damaged(name: str) -> str:
    """Return what became of a settings file that could not be read."""
    return tr("The settings could not be read and begin anew; the old file is kept as {file}.", file=name)


def speed_of(text: str, usual: float) -> float:
    """Return a remembered speed in epochs per second, or the usual one for what is none."""
    try:
        speed = float(text)
    except ValueError:
        return usual
    return speed if speed > 0 else usual


def begin(window: MainWindow, welcome: bool = True, damaged: str = "") -> None:
    """Start the training; at the very first start with an experiment that is half-way, to be played on.

    What is said of settings that were set aside as ``damaged`` stays; whoever had some needs no welcome.
    """
    if damaged:
        remember("welcomed", "yes")
        window.toast.say(say_damaged(damaged), stays=True)
    if not welcome or recall("welcomed"):
        window.controller.start()
        return
    remember("welcomed", "yes")
    window.controller.frame_changed.connect(Once(window.welcome))
    window.controller.start(epochs=round(FIRST_SHARE * window.controller.experiment.training.epochs))


def _tell_start(window: MainWindow, controller: Controller, train: bool) -> None:
    """Print when the window is painted, the kernels are ready and, if asked for, an epoch is trained."""

    def tell(what: str) -> None:
        print(f"{what} after {since_start():.2f} s", flush=True)

    def ready(*_: object) -> None:
        tell("ready")
        if train:
            controller.frame_changed.connect(Once(lambda: tell("first epoch")))
            controller.step_epoch()

    window.painted.connect(lambda: tell("first paint"))
    controller.frame_changed.connect(Once(ready))


class Once:
    """Calls a function the first time only."""

    def __init__(self, function: Callable[[], object]) -> None:
        self._function: Callable[[], object] | None = function

    def __call__(self, *_: object) -> None:
        function, self._function = self._function, None
        if function is not None:
            function()


def since_start() -> float:
    """Return the seconds since the process was started, as far as the system tells."""
    try:
        started = int(Path("/proc/self/stat").read_text().rpartition(")")[2].split()[19])
        return time.clock_gettime(time.CLOCK_BOOTTIME) - started / os.sysconf("SC_CLK_TCK")
    except (OSError, AttributeError, ValueError):
        return time.process_time()
