"""Files that hold a table of the user's own: how they end, and the dialog that asks for one."""

from pathlib import Path

from PySide6.QtWidgets import QWidget

from gui.dialogs import ask_file, noted
from gui.i18n import tr
from gui.settings import recall

TABLES = (".csv", ".tsv", ".txt", ".data")


def is_table(path: str | Path) -> bool:
    """Whether a path is that of a table in text, by its ending."""
    return Path(path).suffix.lower() in TABLES


def ask_table(window: QWidget) -> str:
    """Ask for a table in text; return its path, or "" when nothing was chosen."""
    kinds = tr("Tables ({endings})", endings=" ".join(f"*{ending}" for ending in TABLES))
    every = tr("All files (*)")
    start = recall("folder", str(Path.home()))
    return noted(ask_file(window, tr("Open a table"), start, f"{kinds};;{every}"))
