# ruff: noqa: E402
"""What all tests of the window share: no display, no traces of one test in the next, nothing left alive."""

import gc
import os
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from weakref import WeakSet

# Before anything imports Qt or asks for a folder.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["PYQTGRAPH_QT_LIB"] = "PySide6"
_FOLDER = tempfile.TemporaryDirectory(prefix="relevo-tests-")
os.environ["RELEVO_CONFIG_DIR"] = os.environ["RELEVO_LOG_DIR"] = _FOLDER.name

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QTimer
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from engine.experiment import Experiment, from_plain
from gui.app import application, set_look
from gui.controller import Controller
from gui.i18n import language
from gui.main_window import MainWindow
from gui.theme import themes
from tests.gui.drawing import click, drawn, live
from tests.gui.panels import make

__all__ = ["click", "drawn", "live", "make"]  # fixtures of the canvas and of panels

PATIENCE = 120_000  # milliseconds: kernels may have to be compiled first


def active_timers() -> list[QTimer]:
    """Return every timer that runs."""
    timers = [thing for thing in gc.get_objects() if type(thing) is QTimer]  # nobody derives from it
    return [timer for timer in timers if isValid(timer) and timer.isActive()]


@pytest.fixture(scope="session")
def qapp() -> QApplication:
    """The program's own application, dressed as users see it: words and buttons are as wide as there."""
    set_look("dark", "en")
    return application()


@pytest.fixture(autouse=True, scope="module")
def few_objects() -> None:
    """Take what the tests before left, such as compiled kernels, out of what is looked through for timers."""
    gc.collect()
    gc.freeze()


controllers: WeakSet[Controller] = WeakSet()  # those of tests before, closed but not collected yet
ENDING = 30.0  # seconds for a thread that was told to end


@pytest.fixture(autouse=True)
def nothing_left_behind(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail a test that leaves a thread or a running timer; put language, theme and scale back."""
    if controllers:
        gc.collect()  # here, in the thread of windows: Python would do it in any, as in that of a training
    threads = set(threading.enumerate())
    timers = set(map(id, active_timers()))
    yield
    # Outside of an event loop nobody deletes what is to be deleted later, and every widget of every test
    # before would follow each change of theme and language.
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    language.set("en")
    themes.set("dark")
    themes.set_scale(1.0)
    for thread in set(threading.enumerate()) - threads:
        thread.join(ENDING)  # an analysis that is under way ends by itself
    left = [thread.name for thread in threading.enumerate() if thread not in threads]
    assert not left, f"threads left behind: {left}"
    running = [timer.parent() for timer in active_timers() if id(timer) not in timers]
    assert not running, f"timers left running, of {running}"


@pytest.fixture(autouse=True)
def empty_settings() -> Iterator[None]:
    """Begin every test without settings."""
    for path in Path(_FOLDER.name).glob("*.ini"):
        path.unlink()
    yield


@pytest.fixture
def timers() -> Callable[[], list[QTimer]]:
    """A function that returns every timer that runs."""
    return active_timers


@pytest.fixture
def english() -> None:
    """Have the window speak English."""
    language.set("en")


@pytest.fixture
def experiment() -> Experiment:
    """A small experiment: 2-4-1 on two Gaussians."""
    return from_plain({
        "data": {"name": "gaussians", "samples": 60},
        "network": {"layers": [{"units": 4, "activation": "tanh"}, {"units": 1, "activation": "sigmoid"}]},
        "training": {"batch_size": 10, "epochs": 20},
    })  # fmt: skip


@pytest.fixture
def settle(qtbot: QtBot) -> Callable[[Controller], None]:
    """A function that waits until a controller has nothing more to do."""

    def wait(controller: Controller) -> None:
        qtbot.waitUntil(lambda: not controller.busy and controller.state == "paused", timeout=PATIENCE)

    return wait


@pytest.fixture
def controller(qtbot: QtBot, english: None, experiment: Experiment,
               settle: Callable[[Controller], None]) -> Iterator[Controller]:  # fmt: skip
    """A controller of the small experiment, ready to train."""
    made = Controller(experiment)
    controllers.add(made)
    settle(made)
    yield made
    made.close()


@pytest.fixture
def show_window(qtbot: QtBot, controller: Controller,
                settle: Callable[[Controller], None]) -> Iterator[Callable[..., MainWindow]]:  # fmt: skip
    """A function that shows the whole window in a size; at the end it is closed without a question."""

    def show(width: int = 1600, height: int = 900) -> MainWindow:
        made = MainWindow(controller)
        qtbot.addWidget(made, before_close_func=lambda _: controller.disk.give_up_changes())
        made.resize(width, height)
        made.show()
        qtbot.waitExposed(made)
        settle(controller)
        return made

    yield show
    settle(controller)
