"""The command line's part that needs no window: training with numbers and files, and listing the choices."""

import codecs
import csv
import math
import shutil
import sys
import time
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import numpy as np

from engine.choices import FAMILIES
from engine.choices.base import Entry, Parameter
from engine.experiment import Experiment, ExperimentError

if TYPE_CHECKING:
    from engine.session import Session
    from engine.snapshot import Snapshot

BAR, LINES = 20, 10
PLACES, WEIGHTS_OF = ("epoch", "update"), "weights_of_epoch"  # columns of the table besides the metrics

Watch = Callable[["Session", dict[str, float]], None]


class InputError(ValueError):
    """Something that was asked for cannot be done, in one line for the one who asked."""


def read(path: str | Path) -> Experiment:
    """Return the experiment of a file. Raises InputError for a file that is none."""
    try:
        return Experiment.load(path)
    except FileNotFoundError as error:
        raise InputError(f"{path}: there is no such file") from error
    except ExperimentError as error:
        raise InputError(f"{path}: {error}") from error
    except OSError as error:
        raise InputError(f"{path}: it cannot be read ({error.strerror})") from error


def make_folder(path: str | Path) -> Path:
    """Return a folder for results, made where there is none. Raises InputError."""
    folder = Path(path)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"{path}: no folder can be made there ({error.strerror})") from error
    return folder


@contextmanager
def writing(place: str | Path) -> Iterator[None]:
    """Turn a file that cannot be written into an InputError: a full disk, a folder of somebody else's."""
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        where = error.filename or place
        known = f"{where}: it cannot be written ({error.strerror})"
        raise InputError(known if error.strerror else str(error)) from error


def plainly(error: UnicodeError) -> tuple[str, int]:
    """Return what is written on a console that lacks a character: what looks like it, else its name.

    A handler for ``codecs.register_error``.
    """
    if not isinstance(error, UnicodeEncodeError):
        raise error
    text, raised = "", False
    for character in error.object[error.start : error.end]:
        up = unicodedata.name(character, "").startswith(("SUPERSCRIPT", "MODIFIER LETTER SMALL"))
        text += ("^" if up and not raised else "") + _plain(character)
        raised = up
    return text, error.end


_LOOKS = {
    "−": "-", "⁻": "-", "±": "+-", "·": "*", "×": "x", "←": "<-", "→": "->", "≤": "<=", "≥": ">=",
    "√": "sqrt ", "∞": "inf", "Σ": "sum ", "…": "...", "‖": "|", "\u0302": "^",
    "₋": "-", "≈": "~", "∇": "grad ", "⌊": "floor(", "⌋": ")",
}  # fmt: skip


def _plain(character: str) -> str:
    if character in _LOOKS:
        return _LOOKS[character]
    name = unicodedata.name(character, "")
    for size in ("SMALL", "CAPITAL"):
        if name.startswith(f"GREEK {size} LETTER "):
            return name.removeprefix(f"GREEK {size} LETTER ").lower()
    return unicodedata.normalize("NFKD", character).encode("ascii", "ignore").decode() or "?"


codecs.register_error("plainly", plainly)


class Progress:
    """A bar on a terminal, a few lines elsewhere.

    Parameters
    ----------
    total : the number of epochs
    stream : where it is drawn
    """

    def __init__(self, total: int, stream: TextIO | None = None) -> None:
        self._total, self._stream = max(total, 1), stream or sys.stderr
        self._terminal = self._stream.isatty()
        self._drawn, self._line = 0.0, 0

    def show(self, epoch: int, metrics: dict[str, float]) -> None:
        """Show how far it is, not more often than the eye follows."""
        done = epoch / self._total
        text = f"epoch {epoch}/{self._total}  " + "  ".join(f"{k} {v:.4f}" for k, v in metrics.items())
        if self._terminal:
            if epoch >= self._total or time.monotonic() - self._drawn > 0.05:
                self._drawn = time.monotonic()
                bar = "#" * round(BAR * done)
                width = shutil.get_terminal_size().columns - 1  # a line that wraps could not be drawn over
                self._stream.write("\r" + f"[{bar:.<{BAR}}] {text}"[:width] + "\x1b[K")
                self._stream.flush()
        elif epoch >= self._total or math.floor(done * LINES) > self._line:
            self._line = math.floor(done * LINES)
            self._stream.write(text + "\n")

    def close(self) -> None:
        """End the line of the bar."""
        if self._terminal:
            self._stream.write("\n")


def train(experiment: Experiment, epochs: int | None, folder: Path, watch: Watch | None = None) -> str:
    """Train and write ``history.csv``, the weights at both ends and the resolved experiment to a folder.

    A run that diverges ends there; ``final.safetensors`` then holds the last finite epoch's weights. Where
    early stopping is to bring the best weights back, the table has a column more: the epoch that a row's
    weights are of. When it does, the last epoch has two rows, the second with the weights that are back.

    Parameters
    ----------
    epochs : how many; None for as many as the experiment asks for
    watch : called with the session and its metrics at epoch 0 and after each finite epoch

    Returns
    -------
    str : one line about how it ended

    Raises InputError when a file cannot be written.
    """
    with writing(folder), np.errstate(all="ignore"):  # what overflows ends the run and is said
        return _train(experiment, epochs, folder, watch)


def _train(experiment: Experiment, epochs: int | None, folder: Path, watch: Watch | None) -> str:
    from engine.files import save_weights
    from engine.session import Session

    total = experiment.training.epochs if epochs is None else epochs
    session, progress = Session(experiment), Progress(total)
    session.experiment.save(folder / "experiment.json")
    save_weights(folder / "initial.safetensors", session.initial)
    last, diverged = session.initial, -1
    with (folder / "history.csv").open("w", newline="", encoding="utf-8") as stream:
        table = csv.writer(stream)
        for metrics in _epochs(session, total):
            if not session.epoch:
                table.writerow([*PLACES, *metrics, *([WEIGHTS_OF] if _may_restore(experiment) else [])])
            table.writerows(_rows(session, metrics))
            progress.show(session.epoch, metrics)
            if not math.isfinite(metrics["train_loss"]):
                diverged = session.epoch
                break
            last = _watched(session, metrics, watch)
            if session.stopped is not None:
                break
    progress.close()
    save_weights(folder / "final.safetensors", last)
    if diverged == 0:
        return "the loss is not a finite number at the start; the first weights are too large to train"
    if diverged > 0:
        return f"the loss was no longer a finite number in epoch {diverged}; the weights before it are kept"
    if session.stopped is not None:
        stop = session.stopped
        return stop.sentence.format(epoch=stop.epoch, value=f"{stop.value:.4g}", best_epoch=stop.best_epoch)
    return f"trained {total} epochs"


def _may_restore(experiment: Experiment) -> bool:
    early = experiment.training.early_stopping
    return early is not None and early.restore_best


def _rows(session: "Session", metrics: dict[str, float]) -> Iterator[list[object]]:
    """Yield an epoch's row of the table, and one more where its end brought other weights back."""
    here: list[object] = [session.epoch, session.update]
    if not _may_restore(session.experiment):
        yield [*here, *metrics.values()]
        return
    left, stop = session.before_restore, session.stopped
    if left is None or stop is None:
        yield [*here, *metrics.values(), session.epoch]
        return
    yield [*here, *left.metrics(session.data).values(), session.epoch]
    yield [*here, *metrics.values(), stop.best_epoch]


def _epochs(session: "Session", total: int) -> Iterator[dict[str, float]]:
    """Yield the metrics at the start and after each of so many epochs."""
    yield session.metrics()
    for _ in range(total):
        session.step_epoch()
        yield session.metrics()


def _watched(session: "Session", metrics: dict[str, float], watch: Watch | None) -> "Snapshot":
    if watch is not None:
        watch(session, metrics)
    return session.snapshot()


def listing(family: str | None) -> str:
    """Return the choices of one family, or of all, with parameters and formulas, as text.

    Raises InputError for an unknown family.
    """
    if family is not None and family not in FAMILIES:
        raise InputError(f"{family} is not a family of choices; there are {', '.join(FAMILIES)}")
    lines: list[str] = ["A parameter's first value is its default.", ""]
    for name, table in FAMILIES.items():
        if family in (None, name):
            lines += [name, *(f"  {line}" for entry in table.values() for line in _described(entry)), ""]
    return "\n".join(lines[:-1])


def _described(entry: Entry) -> Iterator[str]:
    yield f"{entry.key:26} {entry.formula}"
    for parameter in entry.parameters:
        yield f"    {parameter.key:20} {_allowed(parameter)}"


def _allowed(parameter: Parameter) -> str:
    """Return a parameter's default and what else it may be."""
    if parameter.kind == "text":
        return "any text"
    if parameter.kind == "switch":
        return f"{str(bool(parameter.default)).lower()}, or {str(not parameter.default).lower()}"
    if parameter.kind == "option":
        return f"{parameter.default}, one of {', '.join(parameter.options)}"
    return f"{parameter.default:g} in {parameter.range}"
