"""What can be undone: another experiment in place of the one before, and going back to the first weights."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtGui import QUndoCommand, QUndoStack
from shiboken6 import isValid

from engine.changes import continues

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from engine.experiment import Experiment
    from gui.frame import Frame
    from gui.puts import Put

REPEAT = 1.0  # seconds within which edits of the same field are one step back
MERGING = 1  # the id of commands that may merge
MOST_KEPT = 400_000_000  # bytes of trainings that undoing can go back to

Apply = Callable[["Experiment", "Frame | None", "tuple[Put, ...]"], None]


class Leaving(QUndoCommand):
    """Leaves a moment of a training, to which undoing goes back while it is kept."""

    def __init__(self, text: str, left: Frame | None) -> None:
        super().__init__(text)
        self._left = left

    def arrays(self) -> list[NDArray]:
        """Return what the training that was left takes memory for; trainings may share arrays."""
        if self._left is None:
            return []
        left = self._left
        return [left.snapshot.theta, left.snapshot.slots, *(theta for _, theta in left.path)]

    def forget(self) -> None:
        """Undo to the experiment only, not to where its training was."""
        self._left = None


class Reset(Leaving):
    """Goes back to the same initial weights; the experiment stays what it is."""

    def __init__(self, text: str, left: Frame, restart: Callable[[], None],
                 go_back: Callable[[Frame], None]) -> None:  # fmt: skip
        super().__init__(text, left)
        self._restart, self._go_back = restart, go_back

    def redo(self) -> None:
        """Begin the training again."""
        self._restart()

    def undo(self) -> None:
        """Go back to the moment that was left."""
        if self._left is not None:
            self._go_back(self._left)


class ReplaceExperiment(Leaving):
    """Puts an experiment in the place of another, and back.

    Going back to an experiment also goes back to the moment of its training that was left, where the change
    restarted it, else to the numbers that the change put in by hand.

    Attributes:
        before: the experiment that was there.
        after: the experiment that comes.
    """

    def __init__(self, before: Experiment, after: Experiment, text: str, place: str | None,
                 left: Frame | None, apply: Apply, puts: Sequence[Put] = ()) -> None:  # fmt: skip
        super().__init__(text, left)
        self.before, self.after, self._puts = before, after, tuple(puts)
        self._place, self._apply = place, apply
        self._time = time.monotonic()
        self._restarts = not continues(before, after)

    def id(self) -> int:
        """Return which commands may merge with this one: Qt asks."""
        return -1 if self._place is None else MERGING

    def redo(self) -> None:
        """Put the new experiment in."""
        self._apply(self.after, None, self._puts)

    def undo(self) -> None:
        """Put the old experiment back."""
        self._apply(self.before, self._left, self._puts)

    def mergeWith(self, other: QUndoCommand) -> bool:
        """Take in a quick repeat of an edit of the same field."""
        if not isinstance(other, ReplaceExperiment) or other._place != self._place:
            return False
        if other._time - self._time > REPEAT:
            return False
        self.after, self._time = other.after, other._time
        self._puts += other._puts
        self.setText(other.text())
        # There and back again has changed nothing, unless the training had to restart on the way.
        self._restarts = self._restarts or other._restarts
        self.setObsolete(self.after == self.before and not self._puts and not self._restarts)
        return True


def push(stack: QUndoStack, command: Leaving) -> None:
    """Do an edit and put it on the stack.

    Qt deletes at once what another edit takes in; PySide hands it over to Qt only then, and so keeps its half
    of it for good. Emptied, that keeps no training with it.
    """
    stack.push(command)
    if not isValid(command):
        vars(command).clear()


def forget_old_trainings(stack: QUndoStack, most: int = MOST_KEPT) -> None:
    """Keep the trainings that undoing goes back to within so many bytes; the newest one stays in any case."""
    seen: dict[int, int] = {}
    for index in reversed(range(stack.count())):
        command = stack.command(index)
        if isinstance(command, Leaving):
            seen |= {id(array): array.nbytes for array in command.arrays()}
            if sum(seen.values()) > most and index < stack.count() - 1:
                command.forget()
