"""Asks for files and about unsaved changes; the controller reads and writes them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QMessageBox, QWidget

from engine.edits import begin_anew
from gui.dialogs import ask_file, noted
from gui.i18n import tr
from gui.settings import recall
from gui.tables import is_table

if TYPE_CHECKING:
    from gui.controller import Controller


class Files:
    """The dialogs of the File menu, over a window."""

    def __init__(self, window: QWidget, controller: Controller) -> None:
        self._window, self._controller = window, controller

    def new(self) -> None:
        """Begin an experiment from nothing, on the data that are there."""
        if self.may_leave():
            self._controller.begin(begin_anew(self._controller.experiment))

    def open(self) -> None:
        """Ask for an experiment file and begin it."""
        if self.may_leave():
            path = self._ask_open(tr("Open an experiment"), self._experiments())
            if path:
                self._controller.disk.open_at_leisure(path)

    def open_path(self, path: str | Path) -> None:
        """Begin an experiment file, such as a dropped one."""
        if self.may_leave():
            self._controller.disk.open_at_leisure(path)

    def save(self) -> bool:
        """Save to the experiment's file, or ask for one. Return whether it was saved."""
        path = self._controller.path
        return self._controller.disk.save(path) if path else self.save_as()

    def save_as(self) -> bool:
        """Ask for a file and save the experiment to it. Return whether it was saved."""
        name = self._controller.path.name if self._controller.path else "relevo.json"
        path = self._ask_save(tr("Save the experiment"), name, self._experiments(), ".json")
        return bool(path) and self._controller.disk.save(path)

    def load_weights(self) -> None:
        """Ask for a weights file and take its weights."""
        path = self._ask_open(tr("Load weights"), self._weights())
        if path:
            self._controller.disk.load_weights(path)

    def save_weights(self) -> None:
        """Ask for a weights file and save the weights now."""
        name, suffix = self._name(), ".safetensors"
        path = self._ask_save(tr("Save the weights"), name + suffix, self._weights(), suffix)
        if path:
            self._controller.disk.save_weights(path)

    def open_any(self, path: str | Path, look: Callable[[str], None]) -> None:
        """Begin an experiment file, or have ``look(path)`` show a table of the user's own."""
        if is_table(path):
            look(str(path))
        else:
            self.open_path(path)

    def _name(self) -> str:
        path = self._controller.path
        return path.stem if path else "relevo"

    def may_leave(self) -> bool:
        """Ask about unsaved changes, if there are any. Return whether the experiment may be left."""
        self._controller.about_to_act.emit()
        if self._controller.is_saved:
            return True
        button = QMessageBox.StandardButton
        answer = QMessageBox.question(
            self._window, "Relevo", tr("Save the changes to this experiment?"),
            button.Save | button.Discard | button.Cancel, button.Save,
        )  # fmt: skip
        if answer == button.Save:
            return self.save()
        return answer == button.Discard

    def _ask_open(self, title: str, kinds: str) -> str:
        return noted(ask_file(self._window, title, recall("folder", str(Path.home())), kinds))

    def _ask_save(self, title: str, name: str, kinds: str, suffix: str) -> str:
        start = str(Path(recall("folder", str(Path.home()))) / name)
        return noted(ask_file(self._window, title, start, kinds, (suffix,)))

    def _experiments(self) -> str:
        return tr("Experiments (*.json)")

    def _weights(self) -> str:
        return tr("Weights (*.safetensors)")
