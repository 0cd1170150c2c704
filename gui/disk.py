"""Experiments and weights on the disk: what is wrong with a file is said, and changes nothing."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from engine.data.csv_table import prepare as prepare_table
from engine.experiment import Experiment, ExperimentError, table_of_file
from gui.i18n import tr
from gui.puts import Put
from gui.sentences import of_file_error

if TYPE_CHECKING:
    from gui.controller import Controller
    from gui.errands import Errand


class Disk:
    """Reads and writes for a controller.

    Attributes:
        saved: the experiment that was opened or saved last.
    """

    def __init__(self, controller: Controller) -> None:
        self._controller = controller
        self.saved = controller.experiment
        self._reading: Errand | None = None

    def open(self, path: str | Path) -> bool:
        """Begin the experiment of a file; what is wrong with it is said. Return whether it worked."""
        try:
            experiment = Experiment.load(path)
        except (ExperimentError, OSError) as error:
            self._controller.message.emit(of_file_error(error, path))
            return False
        self._controller.begin(experiment, Path(path))
        return True

    def open_at_leisure(self, path: str | Path) -> None:
        """Begin the experiment of a file; a table that it is about is read in the background first."""
        try:
            table = table_of_file(path)
        except (ExperimentError, OSError):
            table = None  # opening says what is wrong
        if table is None:
            self.open(path)
            return
        self.give_up()
        self._controller.message.emit(tr("Reading {file}…", file=Path(table.path or "").name))
        self._reading = self._controller.errands.start(partial(prepare_table, table))
        before = self._controller.made
        self._reading.done.connect(lambda _: self._open_unless_changed(path, before))
        self._reading.failed.connect(lambda _: self._open_unless_changed(path, before))

    def _open_unless_changed(self, path: str | Path, before: Experiment) -> None:
        """Open a file, unless that loses changes that were made while its table was read."""
        self._controller.about_to_act.emit()
        if self._controller.made == before or self._controller.is_saved:
            self.open(path)
            return
        name = Path(path).name
        self._controller.message.emit(
            tr("{file} was not opened: the experiment was changed meanwhile. Open it again.", file=name)
        )

    def give_up(self) -> None:
        """Read no table any more for an experiment that was to be opened."""
        if self._reading is not None:
            self._reading.cancel()
            self._reading = None

    def save(self, path: str | Path) -> bool:
        """Write the experiment to a file, with what is still being typed. Return whether it worked."""
        self._controller.about_to_act.emit()
        try:
            self._controller.experiment.save(path)
        except OSError as error:
            self._controller.message.emit(of_file_error(error, path))
            return False
        self.saved = self._controller.experiment
        self._controller.set_path(Path(path))
        said = "Saved {file}."
        if not self._controller.is_saved:  # what stands in the past is shown, and what is shown is saved
            said = "Saved {file} as it was at this moment; the later changes are not in it."
        self._controller.message.emit(tr(said, file=Path(path).name))
        return True

    def give_up_changes(self) -> None:
        """Count everything as saved, what is still being typed too: it is left without a question."""
        self._controller.about_to_act.emit()
        self.saved = self._controller.made
        self._controller.path_changed.emit()

    def save_weights(self, path: str | Path) -> bool:
        """Write the weights now to a safetensors file. Return whether it worked."""
        from engine.files import save_weights

        if self._controller.frame is None:
            self._controller.message.emit(tr("There are no weights yet."))
            return False
        try:
            save_weights(path, self._controller.frame.snapshot)
        except OSError as error:
            self._controller.message.emit(of_file_error(error, path))
            return False
        self._controller.message.emit(tr("Saved {file}.", file=Path(path).name))
        return True

    def load_weights(self, path: str | Path) -> bool:
        """Put a safetensors file's weights into the network. Return whether it worked."""
        from engine.files import load_parameters

        if self._controller.frame is None:
            self._controller.message.emit(tr("There are no weights yet."))
            return False
        try:
            tensors = load_parameters(
                path, self._controller.experiment, self._controller.frame.data.x_train.shape[1]
            )
        except (ExperimentError, OSError) as error:
            self._controller.message.emit(of_file_error(error, path))
            return False
        self._controller.pause()
        puts = [Put(name, (), array) for name, array in tensors.items() if not name.endswith(".mask")]
        self._controller.propose(self._controller.experiment, tr("Load weights"), puts=puts)
        self._controller.message.emit(tr("Took the weights of {file}.", file=Path(path).name))
        return True
