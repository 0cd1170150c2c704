"""Pictures for the command line: the window's own views, drawn into PNG files without a display."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, Signal
from PySide6.QtGui import QColor, QPixmap
from PySide6.QtWidgets import QWidget

from gui.app import application, set_look
from gui.canvas import NetworkCanvas
from gui.frame import Frame
from gui.interrupts import Interrupts
from gui.recorder import Recorder
from gui.runs import Runs
from gui.theme import theme
from gui.views import (
    ActivationCloud,
    ActivationHistograms,
    Boundary,
    ConfusionMatrix,
    FirstLayer,
    FittedCurve,
    GradientHistograms,
    Histograms,
    LossCurve,
    LossSurface,
    SignalByLayer,
    UpdateRatio,
)  # fmt: skip
from gui.views.switch import Switch, Toggle
from gui.widgets.basics import IconButton

if TYPE_CHECKING:
    from engine.session import Session
    from gui.views.base import View

SHARPNESS = 2  # pixels for each of the design's
MARGIN = 16  # of those, round a picture


class Watcher:
    """Records a training as the window would, to draw it afterwards."""

    def __init__(self) -> None:
        self._recorder: Recorder | None = None

    def __call__(self, session: Session, metrics: dict[str, float]) -> None:
        """Take note of an epoch."""
        snapshot = session.snapshot()
        if self._recorder is None:
            self._recorder = Recorder(snapshot.theta.size)
        self._recorder.add(session.epoch, metrics, snapshot.theta)
        self._last = (snapshot, session.initial, session.data, metrics)

    @property
    def empty(self) -> bool:
        """Whether there was nothing to note: not even the start was finite."""
        return self._recorder is None

    def frame(self) -> Frame:
        """Return the last epoch noted."""
        if self._recorder is None:
            raise RuntimeError("nothing was watched")
        return Frame(*self._last, curves=self._recorder.curves(), path=self._recorder.path())


class _Still(QObject):
    """What the canvas needs of a controller, for an experiment that nobody changes."""

    experiment_changed = Signal(object)
    message = Signal(str)

    def __init__(self, frame: Frame) -> None:
        super().__init__()
        self.experiment, self.frame = frame.experiment, frame
        self.runs = Runs()

    def attempt(self, *_: object) -> None:
        """Change nothing."""

    hold = step_batch = edit = toggle = attempt


def write(frame: Frame, folder: Path) -> list[Path]:
    """Draw every picture that fits the experiment into a folder; return the files."""
    application()
    set_look("light", "en")
    still = _Still(frame)
    views: list[tuple[View, int, int]] = [
        (NetworkCanvas(still), 960, 540), (Boundary(), 460, 500), (FittedCurve(), 560, 420),
        (ConfusionMatrix(), 460, 480), (LossCurve(), 560, 320), (Histograms(), 860, 260),
        (GradientHistograms(), 860, 260), (ActivationHistograms(), 860, 260), (ActivationCloud(), 860, 260),
        (SignalByLayer(), 560, 320),
        (UpdateRatio(), 560, 320), (FirstLayer(), 860, 300), (LossSurface(), 720, 420),
    ]  # fmt: skip
    paths = []
    with Interrupts() as interrupts:
        for view, width, height in views:
            if view.fits(frame.experiment):
                paths.append(draw(view, frame, width, height, folder))
                interrupts.check()
    return paths


def draw(view: View, frame: Frame, width: int, height: int, folder: Path) -> Path:
    """Draw one picture of a frame into a folder, named by the picture's key."""
    view.resize(width - 2 * MARGIN, height - 2 * MARGIN)
    view.ensurePolished()
    view.show_frame(frame)
    job = view.job(frame)
    if job is not None:
        view.show_result(frame, job())
    view.grab()  # lays out: what was never seen has no sizes before, and would show its words once more
    for switch in view.findChildren(Switch):
        switch.show_chosen()
    for toggle in view.findChildren(Toggle):
        toggle.setVisible(toggle.isChecked())
    for button in view.findChildren(IconButton):
        button.hide()
    image = QPixmap(width * SHARPNESS, height * SHARPNESS)
    image.setDevicePixelRatio(SHARPNESS)
    image.fill(QColor(theme().panel))
    view.render(image, QPoint(MARGIN, MARGIN), renderFlags=QWidget.RenderFlag.DrawChildren)
    path = folder / f"{view.key}.png"
    if not image.save(str(path)):
        raise OSError(f"{path}: the picture could not be written")
    view.deleteLater()
    return path
