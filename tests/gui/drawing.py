"""The canvas alone, with a controller that trains nothing, and a mouse."""

from collections.abc import Callable, Iterator, Sequence

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QMouseEvent, QUndoCommand, QUndoStack
from pytestqt.qtbot import QtBot

from engine.experiment import Experiment, ExperimentError, from_plain
from gui.canvas import NetworkCanvas
from gui.controller import Controller
from gui.i18n import language
from gui.puts import Put
from gui.runs import Runs

LEFT, PLAIN = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


class Replaced(QUndoCommand):
    def __init__(self, owner: "Desk", before: Experiment, after: Experiment) -> None:
        super().__init__()
        self.owner, self.before, self.after = owner, before, after

    def redo(self) -> None:
        self.owner.take(self.after)

    def undo(self) -> None:
        self.owner.take(self.before)


class Desk(QObject):
    """What the canvas sees of a controller, without any training."""

    experiment_changed = Signal(object)
    message = Signal(str)

    def __init__(self, experiment: Experiment) -> None:
        super().__init__()
        self.experiment, self.frame = experiment, None
        self.undo_stack = QUndoStack(self)
        self.runs = Runs()
        self.errors: list[ExperimentError] = []

    def take(self, experiment: Experiment) -> None:
        self.experiment = experiment
        self.experiment_changed.emit(experiment)

    def attempt(self, function: Callable[[], Experiment], text: str, place: str | None = None,
                puts: Sequence[Put] = ()) -> None:  # fmt: skip
        self.puts = list(puts)
        try:
            experiment = function()
        except ExperimentError as error:
            self.errors.append(error)
        else:
            if experiment != self.experiment:
                self.undo_stack.push(Replaced(self, self.experiment, experiment))


def network(*units: int, data: str = "spiral", output: str = "sigmoid") -> Experiment:
    *hidden, last = units
    layers = [{"units": count} for count in hidden] + [{"units": last, "activation": output}]
    loss = {"sigmoid": "binary_cross_entropy", "softmax": "categorical_cross_entropy"}.get(output, "mse")
    return from_plain({"data": {"name": data}, "network": {"layers": layers}, "loss": loss})


def sizes(desk: Desk) -> list[int]:
    return [layer.units for layer in desk.experiment.network.layers]


@pytest.fixture
def drawn(qtbot: QtBot) -> Iterator[Callable[..., NetworkCanvas]]:
    """A function that shows the canvas of an experiment."""
    language.set("en")
    desks: list[Desk] = []

    def make(experiment: Experiment, width: int = 1160, height: int = 610) -> NetworkCanvas:
        desks.append(Desk(experiment))
        canvas = NetworkCanvas(desks[-1])  # type: ignore[arg-type]
        canvas.resize(width, height)
        qtbot.addWidget(canvas)
        canvas.show()
        canvas.activateWindow()
        canvas.setFocus()
        return canvas

    yield make
    for desk in desks:  # a command that Python collects together with its stack is deleted by both
        desk.undo_stack.clear()


@pytest.fixture
def click(qtbot: QtBot) -> Callable[..., None]:
    """A function that clicks in the middle of a rectangle."""

    def press(canvas: NetworkCanvas, rect: QRectF | None, modifier: Qt.KeyboardModifier = PLAIN) -> None:
        assert rect is not None
        point = rect.center().toPoint()
        qtbot.mouseMove(canvas, point)
        qtbot.mouseClick(canvas, LEFT, modifier, point)

    return press


def move(canvas: NetworkCanvas, point: QPointF, button: Qt.MouseButton = LEFT) -> None:
    """Send a move with a button down: qtbot.mouseMove sends none."""
    event = QMouseEvent(QEvent.Type.MouseMove, point, canvas.mapToGlobal(point), button, button, PLAIN)
    QCoreApplication.sendEvent(canvas, event)


def hover(canvas: NetworkCanvas, point: QPointF) -> None:
    """Move the mouse to a point with no button down."""
    move(canvas, point, Qt.MouseButton.NoButton)


def drag(qtbot: QtBot, canvas: NetworkCanvas, start: QPointF, end: QPointF) -> None:
    """Press at a point, move in steps to another and let go there."""
    qtbot.mousePress(canvas, LEFT, PLAIN, start.toPoint())
    for share in (0.3, 0.7, 1.0):
        move(canvas, start + share * (end - start))
    qtbot.mouseRelease(canvas, LEFT, PLAIN, end.toPoint())


def type_into(qtbot: QtBot, field: object, text: str) -> None:
    """Replace what stands in a field and press Enter."""
    field.selectAll()  # type: ignore[attr-defined]
    qtbot.keyClicks(field, text)
    qtbot.keyClick(field, Qt.Key.Key_Return)


@pytest.fixture
def live(
    qtbot: QtBot, controller: Controller, settle: Callable[[Controller], None]
) -> Iterator[NetworkCanvas]:
    """The canvas of a network that is trained: 2-4-1."""
    canvas = NetworkCanvas(controller)
    canvas.resize(1000, 560)
    qtbot.addWidget(canvas)
    controller.desk.add(canvas)
    canvas.show()
    canvas.activateWindow()
    canvas.setFocus()
    controller.step_epoch()
    settle(controller)
    yield canvas
    canvas.close_editor()
