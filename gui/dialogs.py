"""The dialog that asks for a file, whole in the current language."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QSize
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QFileDialog,
    QHeaderView,
    QMessageBox,
    QSplitter,
    QToolButton,
    QTreeView,
    QWidget,
)

from gui.i18n import tr
from gui.settings import remember
from gui.theme import GAP, px

WIDTH, HEIGHT = 840, 520  # of Qt's own dialog, in pixels of the design
PLACES, ICON = 140, 18  # its column of places, and its icons


def ask_file(parent: QWidget, title: str, start: str, kinds: str, endings: Sequence[str] = ()) -> str:
    """Ask for a file to open, or to save to; return its path, or "" when nothing was chosen.

    ``start`` is the folder to begin in, for saving with a name proposed; ``kinds`` are Qt's name filters.
    ``endings`` are those that a file to save to may have, none for opening: the first is added to a name
    that has none of them, and the file of that whole name is replaced only when the user agrees.
    """
    dialog = QFileDialog(parent, title, start, kinds)
    if endings:
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        # Qt would ask about the name as it was typed, which may not be the one that is written.
        dialog.setOption(QFileDialog.Option.DontConfirmOverwrite)
        dialog.selectFile(start)
    else:
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    # These two Qt leaves in English, although its catalogue has them.
    dialog.setLabelText(QFileDialog.DialogLabel.LookIn, tr("Look in:"))
    dialog.setLabelText(QFileDialog.DialogLabel.FileType, tr("Files of type:"))
    _give_room(dialog, parent.window().size())
    chosen = ""
    while not chosen and dialog.exec():
        path = whole_name(dialog.selectedFiles()[0], endings)
        if not endings or _may_write(parent, path):
            chosen = path
    dialog.deleteLater()
    return chosen


def whole_name(path: str, endings: Sequence[str]) -> str:
    """Return a path with the first of some endings, unless it has one of them, in small or large letters."""
    return path if not endings or path.lower().endswith(tuple(endings)) else path + endings[0]


def _may_write(parent: QWidget, path: str) -> bool:
    """Ask about a file that is there already. Return whether a file of this name may be written."""
    if not Path(path).exists():
        return True
    button = QMessageBox.StandardButton
    sentence = tr("{file} exists already. Replace it?", file=Path(path).name)
    return QMessageBox.question(parent, "Relevo", sentence, button.Yes | button.No, button.No) == button.Yes


def _give_room(dialog: QFileDialog, room: QSize) -> None:
    """Cut no column where the dialog is Qt's own and not the desktop's; scale its icons with the words."""
    files, halves = dialog.findChild(QTreeView, "treeView"), dialog.findChild(QSplitter, "splitter")
    if files is None or halves is None:
        return
    dialog.setSizeGripEnabled(False)
    dialog.resize(QSize(px(WIDTH), px(HEIGHT)).boundedTo(room - QSize(px(GAP), px(GAP))))
    files.header().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
    files.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
    halves.setSizes([px(PLACES), dialog.width() - px(PLACES)])
    size = QSize(px(ICON), px(ICON))
    for button in dialog.findChildren(QToolButton):
        button.setIconSize(size)
    for box in dialog.findChildren(QComboBox):
        box.setIconSize(size)
    for listed in dialog.findChildren(QAbstractItemView):
        listed.setIconSize(size)


def noted(path: str) -> str:
    """Remember the folder of a path that was picked, for the next time."""
    if path:
        remember("folder", str(Path(path).parent))
    return path
