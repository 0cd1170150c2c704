"""When a training ends by itself, and why: pure functions of what each epoch came to."""

import math
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from engine.experiment import EarlyStopping, Training

Reason = Literal["diverged", "target_loss", "early_stopping", "epochs"]

# What a user reads of each reason, with the fields of a Stop; also the keys of their translations.
SENTENCES: dict[Reason, str] = {
    "diverged": "Stopped: the loss was no longer a finite number after epoch {epoch}.",
    "target_loss": "Stopped: the training loss reached its target in epoch {epoch} ({value}).",
    "early_stopping": "Stopped early in epoch {epoch}: the validation loss was lowest in epoch {best_epoch} "
    "({value}).",
    "epochs": "Finished: all {epoch} epochs are done.",
}
RESTORED = (
    "Stopped early in epoch {epoch}: the validation loss was lowest in epoch {best_epoch} ({value}); "
    "its weights are back."
)


@dataclass(frozen=True)
class Stop:
    """Why a training ended.

    Attributes
    ----------
    reason : "diverged", "target_loss", "early_stopping" or "epochs", the first of them that holds
    epoch : after how many epochs
    value : the training loss, for "early_stopping" the lowest validation loss
    best_epoch : the epoch of the lowest validation loss, 0 where none was watched
    restored : whether the weights of that epoch were put back
    """

    reason: Reason
    epoch: int
    value: float
    best_epoch: int = 0
    restored: bool = False

    @property
    def sentence(self) -> str:
        """What a user reads of it: a template with the fields' names."""
        return RESTORED if self.restored else SENTENCES[self.reason]


@dataclass(frozen=True, eq=False)
class StopState:
    """What the criteria have seen so far.

    Attributes
    ----------
    best_loss, best_epoch : the lowest validation loss and the epoch after which it was measured
    waited : epochs since then, or since the last stop
    best_theta : (n,) the parameters of that moment, read-only; None unless they are to be restored
    reached : whether the last training loss was at the target or below
    """

    best_loss: float = math.inf
    best_epoch: int = 0
    waited: int = 0
    best_theta: np.ndarray | None = None
    reached: bool = False


def observe(training: Training, state: StopState, epoch: int, train_loss: float,
            validation_loss: float | None, theta: np.ndarray) -> tuple[StopState, Stop | None]:  # fmt: skip
    """Return the state after an epoch, and a Stop when a criterion is met just now.

    A training that is told to go on is not stopped again at once, but when its loss comes down to the target
    once more, or when patience is spent anew. Only where it diverged there is no way on.

    Parameters
    ----------
    epoch : how many epochs are done
    train_loss : without penalties
    validation_loss : None where there are no validation rows; NaN is never better than what was
    theta : (n,) the parameters now; copied where they are the best so far and are to be restored
    """
    early, target = training.early_stopping, training.target_loss
    if early is not None and validation_loss is not None:
        state = _watched(early, state, epoch, validation_loss, theta)
    was_reached = state.reached
    state = replace(state, reached=target is not None and train_loss <= target)
    if not math.isfinite(train_loss):
        return state, Stop("diverged", epoch, train_loss)
    if state.reached and not was_reached:
        return state, Stop("target_loss", epoch, train_loss)
    if early is not None and state.waited >= early.patience:
        restored = state.best_theta is not None
        stop = Stop("early_stopping", epoch, state.best_loss, state.best_epoch, restored)
        return replace(state, waited=0), stop
    if epoch == training.epochs:
        return state, Stop("epochs", epoch, train_loss)
    return state, None


def _watched(early: EarlyStopping, state: StopState, epoch: int, loss: float, theta: np.ndarray) -> StopState:
    """Return the state after a look at the validation loss."""
    if not loss < state.best_loss - early.min_delta:
        return replace(state, waited=state.waited + 1)
    best = None
    if early.restore_best:
        best = theta.copy()
        best.flags.writeable = False
    return StopState(loss, epoch, 0, best, state.reached)
