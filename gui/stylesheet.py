"""The style sheet of the program: one template, filled with a theme's colours and scaled lengths."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from gui.colours import mix

if TYPE_CHECKING:
    from gui.theme import Theme

ICONS = "resources/icons"


def sheet(now: "Theme", px: Callable[[float], int]) -> str:
    """Return the style sheet for a theme; ``px`` scales a length."""
    return "QWidget { color: %s; }" % now.text
