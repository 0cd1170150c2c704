"""What the window remembers from one start to the next, in one small file of the user's."""

import os
import threading
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
    """Whether settings are kept at all, and what is not in the file yet."""

    kept = True
    waiting: dict[str, object] = {}
    writer: threading.Thread | None = None
    lock = threading.Lock()


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
    value = _value(key)
    return value if isinstance(value, str) else default


def recall_bytes(key: str) -> QByteArray | None:
    """Return remembered bytes, as of a window's geometry."""
    value = _value(key)
    return value if isinstance(value, QByteArray) else None


def _value(key: str) -> object:
    if not _Memory.kept:
        return None
    with _Memory.lock:
        if key in _Memory.waiting:
            return _Memory.waiting[key]
    return settings().value(key)


def remember(key: str, value: object) -> None:
    """Remember a value under a key.

    The file is written beside the window, which would wait for the disk at every step of a divider.
    """
    if not _Memory.kept:
        return
    with _Memory.lock:
        _Memory.waiting[key] = value
        if _Memory.writer is None:
            _Memory.writer = threading.Thread(target=_write, name="settings")
            _Memory.writer.start()


def finish() -> None:
    """Return when everything is in the file."""
    writer = _Memory.writer
    if writer is not None:
        writer.join()


def _write() -> None:
    """Write what waits, and what came meanwhile, until nothing does."""
    while True:
        with _Memory.lock:
            batch = dict(_Memory.waiting)
            if not batch:
                _Memory.writer = None
                return
        file = settings()
        for key, value in batch.items():
            file.setValue(key, value)
        file.sync()
        with _Memory.lock:
            for key, value in batch.items():
                if _Memory.waiting[key] is value:
                    del _Memory.waiting[key]
