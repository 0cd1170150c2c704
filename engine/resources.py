"""Where the files lie that are data and not code: one place that knows, installed or frozen."""

import sys
from pathlib import Path


def resource(*parts: str) -> Path:
    """Return the path of a file or folder below ``resources``.

    A program packed by PyInstaller finds them in the folder that it was unpacked to.
    """
    root = Path(getattr(sys, "_MEIPASS", Path(__file__).resolve().parents[1]))
    return root.joinpath("resources", *parts)
