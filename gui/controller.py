"""The only place that changes the experiment, and the one that tells the training what to do."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoStack

from engine import edits
from engine.changes import continues
from engine.experiment import Experiment, ExperimentError, replace_at
from engine.resources import resource
from engine.transfer import without_stale_files
from gui.commands import ReplaceExperiment, Reset, forget_old_trainings, push
from gui.desk import Desk
from gui.disk import Disk
from gui.errands import Errands
from gui.events import Changed, Endless, Event, Failed, Loaded, Moved, Stopped
from gui.frame import Frame, State
from gui.i18n import say, tr
from gui.puts import Put
from gui.runner import Runner
from gui.runs import Runs
from gui.sentences import of_change, of_endless, of_failure, of_stop
from gui.trainer import make_session

if TYPE_CHECKING:
    from engine.session import Session

STEPS_BACK = 100
FIRST_SPEED = 20.0  # epochs per second: at full speed a small network is done before the eye sees it learn


def first_experiment() -> Experiment:
    """Return what the window starts with."""
    return Experiment.load(resource("examples", "spiral.json"))


class Controller(QObject):
    """Holds experiment, undo stack and the newest frame.

    Attributes:
        experiment: the experiment now.
        made: what was begun, or what the last change has made of it; going through the past shows others.
        frame: the newest moment of its training; None while there is none of this experiment.
        state: "preparing" while data are read and kernels compile, else "paused" or "playing".
        undo_stack: the steps back.
        speed: the limit in epochs per second; infinity is as fast as it goes.
        selection: what was picked last.
        path: the file of the experiment, or None.
        desk: feeds the pictures.
        runs: the trainings that were left.
        errands: does longer work for controls, such as reading a file.
        disk: reads and writes experiments and weights.

    Signals:
        experiment_changed(Experiment): there is another experiment.
        frame_changed(Frame): there is a newer moment of the training.
        state_changed(str): the state is another one.
        message(str): a plain sentence for the status line.
        selection_changed(object): ("layer", i), ("unit", i, j), ("link", i, j, k) or None was picked.
        path_changed(): the experiment has another file.
        failed(str): something in the training thread failed; it was said as a message too.
        about_to_act: something is about to be trained, saved or left: what is still being typed counts first.
    """

    experiment_changed = Signal(object)
    frame_changed = Signal(object)
    state_changed = Signal(str)
    message = Signal(str)
    selection_changed = Signal(object)
    path_changed = Signal()
    failed = Signal(str)
    about_to_act = Signal()

    def __init__(self, experiment: Experiment | None = None, parent: QObject | None = None,
                 make: Callable[[Experiment], Session] = make_session,
                 start: bool = True) -> None:  # fmt: skip
        super().__init__(parent)
        self.experiment = self.made = experiment or first_experiment()
        self.undo_stack = QUndoStack(self)
        self.undo_stack.setUndoLimit(STEPS_BACK)
        self.speed = FIRST_SPEED
        self.selection: object = None
        self.runs = Runs()
        self.path: Path | None = None
        self.state: State = "preparing"
        self._frame: Frame | None = None
        self._wants_to_play, self._play = False, 0
        self._edits = 0  # experiments given to the training
        self._loading, self._remark = True, ""
        self._runner = Runner(self, make)
        self._runner.worker.set_speed(self.speed)
        self.desk = Desk(self._runner, self)
        self.errands = Errands(self._runner, self)
        self.disk = Disk(self)
        self._runner.frame_ready.connect(self._take_frame)
        self._runner.happened.connect(self._take_event)
        self._runner.ticked.connect(self._update_state)
        self.desk.failed.connect(self._tell_failure)
        self._started = False
        if start:
            self.start()

    def start(self, epochs: int = 0) -> None:
        """Begin to compile and to read data: a window can be shown before. Train so many epochs at once."""
        if not self._started:
            self._started = True
            self._load(epochs)

    @property
    def frame(self) -> Frame | None:
        """The newest frame, if it is of this training."""
        return self._frame if self._frame is not None and self._fits(self._frame) else None

    # What changes the experiment

    def propose(self, experiment: Experiment, text: str, place: str | None = None,
                puts: Sequence[Put] = ()) -> None:  # fmt: skip
        """Replace the experiment in one step that can be undone; quick repeats at one place are one.

        ``puts`` are numbers that go into the training with it.
        """
        if experiment != self.experiment or puts:
            command = ReplaceExperiment(
                self.experiment, experiment, text, place, self._left(), self._replace, puts
            )
            push(self.undo_stack, command)
            forget_old_trainings(self.undo_stack)

    def edit(self, place: str, value: object, text: str) -> None:
        """Set one field; what is wrong with the value is said and changes nothing."""
        self.attempt(lambda: replace_at(self.experiment, place, value), text, place)

    def attempt(self, function: Callable[[], Experiment], text: str, place: str | None = None,
                puts: Sequence[Put] = ()) -> None:  # fmt: skip
        """Propose what a function returns; its ExperimentError is said and changes nothing."""
        try:
            experiment = without_stale_files(self.experiment, function())
        except ExperimentError as error:
            self.message.emit(say(error))
            # Whoever asked shows the wrong value: this has them show what holds.
            self.experiment_changed.emit(self.experiment)
            return
        self.propose(experiment, text, place, puts)

    def remark(self, sentence: str) -> None:
        """Say something together with what becomes of the training by the change just proposed."""
        self._remark = sentence

    def new_dice(self) -> None:
        """Draw other initial weights."""
        self.about_to_act.emit()
        self.attempt(lambda: edits.new_dice(self.experiment), tr("New initial weights"))

    def select(self, selection: object) -> None:
        """Note what was picked on the canvas or in a picture."""
        if selection != self.selection:
            self.selection = selection
            self.selection_changed.emit(selection)

    # What trains

    def play(self) -> None:
        """Train on; as soon as everything is ready."""
        if not self._wants_to_play:
            self.about_to_act.emit()
            self.start()
            self._wants_to_play = True
            self._play += 1
            self._runner.worker.play(self._play)
            self._runner.wake()
            self._update_state()

    def pause(self) -> None:
        """Stop training."""
        if self._wants_to_play:
            self._wants_to_play = False
            self._runner.worker.pause()
            self._runner.wake()
            self._update_state()

    def toggle(self) -> None:
        """Play or pause."""
        if self._wants_to_play:
            self.pause()
        else:
            self.play()

    def hold(self) -> None:
        """Stand still and show the very moment at which the training does."""
        self._do(lambda trainer: None)

    def step_batch(self) -> None:
        """Train one update, then stand still."""
        self.about_to_act.emit()
        self._do(lambda trainer: trainer.step_batch())

    def step_epoch(self) -> None:
        """Train to the end of the epoch, then stand still."""
        self.about_to_act.emit()
        self._do(lambda trainer: trainer.step_epoch())

    def reset(self) -> None:
        """Return to the same initial weights; undoing comes back to where the training was."""
        self.about_to_act.emit()
        left = self._left()
        if left is None or not left.snapshot.update:
            self._restart()
            return
        text = tr("Reset to the same initial weights")
        push(self.undo_stack, Reset(text, left, self._restart, self._go_back))
        forget_old_trainings(self.undo_stack)

    def run_to(self, epochs: int) -> None:
        """Train to the end of an epoch at full speed, then stand still."""
        self.about_to_act.emit()
        self.start()
        self._wants_to_play = False
        self._runner.worker.run_to(epochs)
        self._runner.wake()

    def go_to(self, position: float) -> None:
        """Stand still at another moment of this training, in epochs, up to the newest.

        The experiment is then the one that was trained there. Training on from it comes to the same bits,
        with the same changes on the way; an edit there is the start of another way on.
        """
        self.start()
        self._wants_to_play = False
        self._runner.worker.go_to(max(position, 0.0))
        self._runner.wake()
        self._update_state()

    def step_back(self) -> None:
        """Stand still at the end of the epoch before."""
        if self.frame is not None:
            self.go_to(math.ceil(self.frame.timeline.now - 1e-6) - 1)

    def go_to_start(self) -> None:
        """Stand still at the earliest moment of this training."""
        self.go_to(0.0)

    def go_to_end(self) -> None:
        """Stand still where this training has come to."""
        if self.frame is not None:
            self.go_to(self.frame.timeline.end)

    def set_speed(self, epochs_per_second: float) -> None:
        """Limit the speed; infinity takes the limit away."""
        self.speed = epochs_per_second
        self._runner.worker.set_speed(epochs_per_second)
        self._runner.wake()

    @property
    def is_saved(self) -> bool:
        """Whether the experiment, with its latest changes, is the one opened or saved last."""
        return self.made == self.disk.saved

    @property
    def busy(self) -> bool:
        """Whether something is still being trained or computed."""
        return not self._runner.idle

    # Files

    def begin(self, experiment: Experiment, path: Path | None = None) -> None:
        """Begin another experiment, without a way back."""
        self.runs.keep(self._left())
        self.disk.give_up()  # what was to be opened is no longer wanted
        self.undo_stack.clear()
        self._wants_to_play = False
        self.experiment = self.made = self.disk.saved = experiment
        self.select(None)
        self.set_path(path)
        self.experiment_changed.emit(experiment)
        self._load()

    def set_path(self, path: Path | None) -> None:
        """Note in which file the experiment is."""
        self.path = path
        self.path_changed.emit()

    def close(self) -> bool:
        """Stop everything; return whether all threads have ended, False for one in a long computation."""
        self.errands.close()
        self._runner.close()
        self.undo_stack.blockSignals(True)
        self.undo_stack.clear()  # Qt would do it later, when who listens and the edits are half gone
        self._loading = self._wants_to_play = False
        self._update_state()
        return self._runner.ended

    # What comes back from the worker

    def _load(self, epochs: int = 0) -> None:
        self._loading = True
        self._frame = None
        self.desk.empty()
        if not self._started:
            return
        self._edits += 1
        self._runner.worker.load(self.experiment, self._edits, epochs)
        self._runner.wake()
        self._update_state()

    def _replace(self, experiment: Experiment, resume: Frame | None, puts: tuple[Put, ...]) -> None:
        left = self._left()
        if not continues(self.experiment, experiment):
            self.runs.keep(left)
        self.experiment = self.made = experiment
        self.experiment_changed.emit(experiment)
        if self._started:
            self._edits += 1
            self._runner.worker.change(experiment, resume, puts, self._edits)
            self._runner.wake()

    def _restart(self) -> None:
        self.runs.keep(self._left())
        self._do(lambda trainer: trainer.reset())
        self.message.emit(tr("Back at the same initial weights."))

    def _go_back(self, left: Frame) -> None:
        self.runs.keep(self._left())
        self._do(lambda trainer: trainer.go_back(left))
        self.message.emit(tr("Back where the training was."))

    def _tell_failure(self, error: Exception) -> None:
        self.message.emit(of_failure(error))

    def _do(self, action: Callable) -> None:
        self.start()
        self._wants_to_play = False
        self._runner.worker.do(action)
        self._runner.wake()
        self._update_state()

    def _left(self) -> Frame | None:
        """Return the moment that an edit leaves: the newest, also when it does not know the last edit yet."""
        frame = self._frame
        return frame if frame is not None and continues(frame.experiment, self.experiment) else None

    def _fits(self, frame: Frame) -> bool:
        """Whether a frame is of the training now: another one's pictures would mislead.

        The moment before a cut, say, is shown until the one after it is there: kernels may be compiled first.
        """
        return continues(frame.experiment, self.experiment)

    def _take_frame(self, frame: Frame) -> None:
        if self._fits(frame):
            self._frame = frame
            self.frame_changed.emit(frame)
            self.desk.offer(frame)

    def _take_event(self, event: Event) -> None:
        if isinstance(event, Loaded):
            self._loading = False
        elif isinstance(event, Changed):
            remark, self._remark = self._remark, ""
            self._say(" ".join(filter(None, [remark, of_change(event.outcome)])))
        elif isinstance(event, Moved):
            if event.edits == self._edits:  # else there is a newer experiment already
                self.experiment = event.experiment
                self.experiment_changed.emit(event.experiment)
        elif isinstance(event, Stopped):
            if event.play == self._play:
                self._wants_to_play = False
            self._say(of_stop(event.reason))
        elif isinstance(event, Endless):
            self._say(of_endless(event.epochs))
        elif isinstance(event, Failed):
            self._loading = False
            if event.play == self._play:
                self._wants_to_play = False
            self._say(of_failure(event.error))
            self.failed.emit(of_failure(event.error))
        self._update_state()

    def _say(self, sentence: str) -> None:
        if sentence:
            self.message.emit(sentence)

    def _update_state(self) -> None:
        if self._loading or self._runner.worker.slow:
            state: State = "preparing"
        else:
            state = "playing" if self._wants_to_play else "paused"
        if state != self.state:
            self.state = state
            if state == "preparing" and self.frame is None:
                self.desk.empty()
            self.state_changed.emit(state)
