"""No exception leaves a handler that Qt calls at once: one raised in C, as NumPy's, would end the program."""

from __future__ import annotations

import functools
import sys
import traceback
from collections.abc import Callable
from typing import ParamSpec

from PySide6.QtCore import QTimer

P = ParamSpec("P")
Place = tuple[type, type, str, int]

told: set[Place] = set()  # a picture is drawn many times a second, and fails each time


def guarded(handle: Callable[P, None]) -> Callable[P, None]:
    """Have a paintEvent, resizeEvent... report what goes wrong in it, each place once, and leave the rest.

    PySide hands an exception through the C++ in between to the Python that asked for the drawing or the new
    size, and takes it for an object; in Python 3.11 one raised in C is but a type and a text until caught.
    """

    @functools.wraps(handle)
    def safe(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            handle(*args, **kwargs)
        except Exception as error:
            _report(type(args[0]), error)

    return safe


def _report(kind: type, error: Exception) -> None:
    """End the painters that are open, and hand the exception on once the drawing is over."""
    traceback.clear_frames(error.__traceback__)  # they hold the painters, which must not outlive the event
    last = traceback.extract_tb(error.__traceback__)[-1]
    place = (kind, type(error), last.filename, last.lineno or 0)
    if place not in told:
        told.add(place)
        QTimer.singleShot(0, lambda: sys.excepthook(type(error), error, error.__traceback__))
