"""What the window remembers from one start to the next, in one small file of the user's."""

import os
from pathlib import Path

import platformdirs
from PySide6.QtCore import QByteArray, QSettings


def folder() -> Path:
    """Return the folder of the settings (RELEVO_CONFIG_DIR for another)."""
    chosen = os.environ.get("RELEVO_CONFIG_DIR")
    return Path(chosen or platformdirs.user_config_dir("relevo", appauthor=False))


def log_folder() -> Path:
    """Return the folder of the log file (RELEVO_LOG_DIR for another)."""
    chosen = os.environ.get("RELEVO_LOG_DIR")
    return Path(chosen or platformdirs.user_log_dir("relevo", appauthor=False))


class _Memory:
    """Whether settings are kept at all."""

    kept = True


def forget() -> None:
    """Neither read nor write settings from now on: pictures of the window do not depend on them."""
    _Memory.kept = False


def settings() -> QSettings:
    """Return the settings: theme, language, geometry, folder, tab, speed, motion, welcomed.

    Of the cards layout, cards, apart, and window_... for each that had a window of its own.
    """
    return QSettings(str(_file()), QSettings.Format.IniFormat)


def _file() -> Path:
    return folder() / "settings.ini"


def set_damaged_aside() -> str:
    """Rename a settings file that cannot be read; return its new name, or an empty string.

    It is damaged when it is no text, when Qt finds no settings in it, or when a line is cut off.
    """
    path = _file()
    if not _Memory.kept or not path.is_file():
        return ""
    try:
        text = path.read_bytes().decode("utf-8")
        whole = "\0" not in text and settings().status() == QSettings.Status.NoError
    except (OSError, UnicodeDecodeError):
        whole = False
    if whole:
        return ""
    aside = path.with_name("settings.damaged.ini")
    try:
        path.replace(aside)
    except OSError:
        _Memory.kept = False  # it can be neither read nor moved: go on without
    return aside.name


def recall(key: str, default: str = "") -> str:
    """Return a remembered text."""
    value = settings().value(key, default) if _Memory.kept else default
    return value if isinstance(value, str) else default


def recall_bytes(key: str) -> QByteArray | None:
    """Return remembered bytes, as of a window's geometry."""
    value = settings().value(key) if _Memory.kept else None
    return value if isinstance(value, QByteArray) else None


def remember(key: str, value: object) -> None:
    """Remember a value under a key."""
    if _Memory.kept:
        settings().setValue(key, value)
