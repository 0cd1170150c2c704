"""An exception in what is painted is told once, and the program goes on."""

import importlib
import inspect
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

import gui
from gui import guard
from gui.canvas import NetworkCanvas
from gui.controller import Controller
from gui.faults import Faults
from gui.main_window import MainWindow
from gui.views.metrics import Metrics
from gui.views.plot import Axis, Plot

HOME = Path(gui.__file__).parent
PAINTED = {
    path: re.findall(r"(.*)\n    def paintEvent", path.read_text(encoding="utf-8"))
    for path in HOME.rglob("*.py")
}
AT_ONCE = re.compile(r"(.*)\n    def (?:resize|show|hide|move|change|focusIn|focusOut)Event\(")


class Broken(QPainter):
    """A painter of which anything set fails as in NumPy: raised in C, while it is open."""

    def _fail(self, *_: object) -> None:
        np.zeros(0)[3]

    setRenderHint = setFont = setPen = drawPixmap = fillPath = _fail  # noqa: N815


@pytest.fixture(autouse=True)
def nothing_told() -> Iterator[None]:
    guard.told.clear()
    yield
    guard.told.clear()


@pytest.fixture
def raised(monkeypatch: pytest.MonkeyPatch) -> list[type[BaseException]]:
    """What reached the hook for exceptions that nobody catches."""
    found: list[type[BaseException]] = []
    monkeypatch.setattr(sys, "excepthook", lambda kind, error, trace: found.append(kind))
    return found


def test_every_paint_event_is_guarded_and_none_passes_through_an_event_of_ours() -> None:
    # What goes wrong in any other handler then meets no override of Python on its way.
    assert not [path.name for path in PAINTED if "super().event(" in path.read_text(encoding="utf-8")]
    found = [(path.name, line) for path, lines in PAINTED.items() for line in lines]
    assert len(found) > 20
    assert not [place for place in found if place[1].strip() != "@guarded"]


def test_a_handler_that_python_has_qt_call_at_once_is_guarded_too(
    qtbot: QtBot, show_window: Callable[..., MainWindow], monkeypatch: pytest.MonkeyPatch,
    raised: list[type[BaseException]],
) -> None:  # fmt: skip
    found = [(path.name, line) for path in PAINTED for line in AT_ONCE.findall(path.read_text("utf-8"))]
    assert len(found) > 20
    assert not [place for place in found if place[1].strip() != "@guarded"]
    window = show_window(1280, 720)
    monkeypatch.setattr(NetworkCanvas, "_forget", lambda self: np.zeros(0)[3])
    window.resize(1400, 800)
    QApplication.processEvents()
    qtbot.waitUntil(lambda: raised == [IndexError])


def painted_in(module: ModuleType, root: QWidget) -> list[QWidget]:
    """Return one widget of each class whose paintEvent is written in a module."""
    kinds = [kind for kind in vars(module).values() if inspect.isclass(kind)
             and kind.__module__ == module.__name__ and "paintEvent" in vars(kind)]  # fmt: skip
    return [found[0] for kind in kinds if (found := root.findChildren(kind))]


def test_an_index_error_of_numpy_in_each_painted_widget_is_told_and_the_program_goes_on(
    qtbot: QtBot, show_window: Callable[..., MainWindow], monkeypatch: pytest.MonkeyPatch,
    raised: list[type[BaseException]],
) -> None:  # fmt: skip
    window = show_window(1280, 720)
    seen = []
    for path, lines in PAINTED.items():
        name = ".".join(("gui", *path.relative_to(HOME).with_suffix("").parts))
        module = importlib.import_module(name)
        if not lines or not hasattr(module, "QPainter"):
            continue
        with monkeypatch.context() as broken:
            broken.setattr(module, "QPainter", Broken)
            for widget in painted_in(module, window):
                raised.clear()
                picture = QPixmap(widget.size().expandedTo(window.size()) / 4)
                for _ in range(2):
                    widget.render(picture, QPoint())
                assert not raised  # not while it is drawn
                qtbot.wait(1)
                if raised:
                    assert raised == [IndexError], widget
                    seen.append(type(widget).__name__)
    assert len(seen) >= 12, seen
    window.grab()
    assert not raised[1:]


@pytest.mark.qt_log_ignore("Painter ended with 1 saved states")
def test_a_picture_that_fails_while_it_trains_is_one_dialog(
    qtbot: QtBot, show_window: Callable[..., MainWindow], controller: Controller,
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    window = show_window(1280, 720)
    faults = Faults(window)
    monkeypatch.setattr(sys, "excepthook", faults.report)
    monkeypatch.setattr(Metrics, "paint", lambda self, painter: np.zeros(0)[3])
    assert any(view.isVisible() for view in window.findChildren(Metrics))
    controller.step_epoch()
    qtbot.waitUntil(lambda: faults.box is not None)
    controller.step_epoch()
    qtbot.waitUntil(lambda: controller.frame is not None and controller.frame.epoch == 2)
    assert capsys.readouterr().err.count("IndexError: index 3 is out of bounds") == 1
    assert faults.box is not None
    faults.box.close()


def test_an_axis_of_a_plot_that_fails_is_told_too(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, raised: list[type[BaseException]]
) -> None:
    shown = Plot()
    qtbot.addWidget(shown)
    monkeypatch.setattr(Axis, "generateDrawSpecs", lambda self, painter: np.zeros(0)[3])
    shown.grab()
    qtbot.waitUntil(lambda: raised == [IndexError])
