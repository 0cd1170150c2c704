"""The dialog that asks for a file, whole in the current language."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from gui.i18n import tr
from gui.settings import remember


def ask_file(parent: QWidget, title: str, start: str, kinds: str, save: bool = False) -> str:
    """Ask for a file to open, or to save to; return its path, or "" when nothing was chosen.

    ``start`` is the folder to begin in, for saving with a name proposed; ``kinds`` are Qt's name filters.
    """
    dialog = QFileDialog(parent, title, start, kinds)
    if save:
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.selectFile(start)
    else:
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    # These two Qt leaves in English, although its catalogue has them.
    dialog.setLabelText(QFileDialog.DialogLabel.LookIn, tr("Look in:"))
    dialog.setLabelText(QFileDialog.DialogLabel.FileType, tr("Files of type:"))
    chosen = dialog.selectedFiles() if dialog.exec() else []
    dialog.deleteLater()
    return chosen[0] if chosen else ""


def noted(path: str) -> str:
    """Remember the folder of a path that was picked, for the next time."""
    if path:
        remember("folder", str(Path(path).parent))
    return path
