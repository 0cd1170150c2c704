"""A controller without a worker: it holds the experiment, for tests of panels and canvas alone."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from engine.edits import new_dice
from engine.experiment import Experiment, ExperimentError, replace_at
from gui.errands import Errand
from gui.i18n import say

SPIRAL = """{"data": {"name": "spiral"}, "network": {"layers": [
  {"units": 8, "activation": "tanh", "initializer": "xavier_normal"},
  {"units": 8, "activation": "tanh", "initializer": "xavier_normal"},
  {"units": 1, "activation": "sigmoid", "initializer": "xavier_normal"}]}}"""


class FakeErrands:
    """Errands that are done when the test says so.

    Attributes:
        waiting: those that were started
    """

    def __init__(self) -> None:
        self.waiting: list[Errand] = []

    def start(self, job: Callable) -> Errand:
        self.waiting.append(Errand(job))
        return self.waiting[-1]

    def run(self) -> None:
        """Do all of them."""
        while self.waiting:
            errand = self.waiting.pop(0)
            errand.finish(errand.work(), None)


class FakeController(QObject):
    """The signals and methods of the controller, with a list for undo and a log of what was asked.

    Attributes:
        experiment: the experiment
        undone: earlier experiments with the text of the edit
        calls: names of the other methods that were called
        messages: sentences for the status line
    """

    experiment_changed = Signal(object)
    frame_changed = Signal(object)
    state_changed = Signal(str)
    message = Signal(str)
    selection_changed = Signal(object)

    def __init__(self, experiment: Experiment | None = None) -> None:
        super().__init__()
        self.experiment = experiment or Experiment.from_json(SPIRAL)
        self.frame, self.state, self.speed = None, "paused", 10.0
        self.errands = FakeErrands()
        self.undone: list[tuple[Experiment, str]] = []
        self.calls: list[str] = []
        self.messages: list[str] = []
        self.message.connect(self.messages.append)

    def propose(self, experiment: Experiment, text: str) -> None:
        if experiment != self.experiment:
            self.undone.append((self.experiment, text))
            self.experiment = experiment
            self.experiment_changed.emit(experiment)

    def undo(self) -> None:
        self.experiment, _ = self.undone.pop()
        self.experiment_changed.emit(self.experiment)

    def attempt(self, function: Callable[[], Experiment], text: str, place: str | None = None) -> None:
        try:
            self.propose(function(), text)
        except ExperimentError as error:
            self.message.emit(say(error))
            self.experiment_changed.emit(self.experiment)

    def edit(self, place: str, value: object, text: str) -> None:
        self.attempt(lambda: replace_at(self.experiment, place, value), text)

    def remark(self, sentence: str) -> None:
        self.message.emit(sentence)

    def new_dice(self) -> None:
        self.calls.append("new_dice")
        self.propose(new_dice(self.experiment), "dice")

    def set_speed(self, speed: float) -> None:
        self.speed = speed

    def set_state(self, state: str) -> None:
        self.state = state
        self.state_changed.emit(state)

    def toggle(self) -> None:
        self.set_state("paused" if self.state == "playing" else "playing")

    def play(self) -> None:
        self.set_state("playing")

    def pause(self) -> None:
        self.set_state("paused")

    def step_batch(self) -> None:
        self.calls.append("step_batch")

    def step_epoch(self) -> None:
        self.calls.append("step_epoch")

    def step_back(self) -> None:
        self.calls.append("step_back")

    def go_to(self, position: float) -> None:
        self.calls.append(f"go_to {position}")

    def reset(self) -> None:
        self.calls.append("reset")
