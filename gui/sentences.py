"""What the training has to say, as plain sentences in the current language."""

from __future__ import annotations

from pathlib import Path

from engine.experiment import ExperimentError
from engine.stopping import Stop
from gui.i18n import number, say, tr
from gui.trainer import Diverged, Finished


def of_change(outcome: str) -> str:
    """Return what became of the training when the experiment changed; nothing when it just goes on."""
    if outcome == "restarts":
        return tr("The training starts anew with this change; Ctrl+Z undoes it.")
    if outcome == "resumes":
        return tr("Back where the training was before the change.")
    return ""


def of_stop(reason: Finished | Diverged | Stop) -> str:
    """Return why playing stopped."""
    if isinstance(reason, Stop):
        return tr(reason.sentence, epoch=number(reason.epoch), value=number(reason.value, 4),
                  best_epoch=number(reason.best_epoch))  # fmt: skip
    if isinstance(reason, Finished) and reason.epochs == 1:
        return tr("The epoch is trained. Play again to go on.")
    if isinstance(reason, Finished):
        return tr("All {epochs} epochs are trained. Play again to go on.", epochs=number(reason.epochs))
    if reason.update == 0:
        return tr("The loss is not a finite number at the start: choose smaller first weights.")
    update = number(reason.update)
    if reason.gradient_norm is None:
        return tr(
            "The loss was no longer a finite number at update {update}; the weights before it are shown.",
            update=update,
        )
    return tr(
        "The loss was no longer a finite number at update {update} (gradient norm {norm} before it); "
        "the weights before it are shown. Try a smaller learning rate.",
        update=update, norm=number(reason.gradient_norm, 2),
    )  # fmt: skip


def of_endless(epochs: int) -> str:
    """Return what playing does once the planned epochs are trained."""
    return tr("This goes on past the {epochs} epochs planned, until you pause.", epochs=number(epochs))


def of_failure(error: Exception) -> str:
    """Return an unexpected failure as a sentence; the details are in the log."""
    if isinstance(error, ExperimentError):
        return say(error)
    if isinstance(error, MemoryError):
        return tr("There is not enough memory for this; Ctrl+Z undoes it.")
    return tr("Something failed ({kind}). Your experiment is still here; details are in the log file.",
              kind=type(error).__name__)  # fmt: skip


def of_file_error(error: Exception, path: str | Path) -> str:
    """Return what is wrong with a file, its name first."""
    name = Path(path).name
    if isinstance(error, ExperimentError):
        return f"{name}: {say(error)}"
    if isinstance(error, FileNotFoundError):
        return tr("{file}: there is no such file.", file=name)
    if isinstance(error, OSError):
        reason = error.strerror or error
        return tr("{file}: it cannot be read or written ({reason}).", file=name, reason=reason)
    return tr("{file}: {reason}", file=name, reason=error)
