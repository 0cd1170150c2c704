"""Colours, type, lengths and the one style sheet: everything about the look that more than one file needs."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

from gui import colours
from gui.colours import mix, viridis_table

__all__ = [
    "GAP", "RADIUS", "RESOURCES", "SPACING", "THEMES", "Theme", "Themes", "air", "apply", "diverging",
    "diverging_table", "dress", "font", "mix", "px", "stylesheet", "theme", "themes", "viridis_table",
]  # fmt: skip

RESOURCES = Path(__file__).resolve().parent.parent / "resources"
SPACING, GAP, RADIUS = 4, 12, 10
SIZES = {"small": 12, "body": 14, "large": 28}


@dataclass(frozen=True)
class Theme:
    """One set of colours, each as ``#rrggbb``.

    Attributes:
        accent: what can be pressed, and "now"; accent_text is legible on it
        negative, positive: weights by sign, and classes 0 and 1
        later: classes 2 to 7, apart from these two and from each other for every colour vision
    """

    name: str
    dark: bool
    background: str
    panel: str
    raised: str
    line: str
    text: str
    muted: str
    accent: str
    accent_text: str
    negative: str
    positive: str
    warning: str
    later: tuple[str, ...]


THEMES = {
    "dark": Theme("dark", True, "#0f131a", "#161c25", "#1e2631", "#2a3441", "#e9eef5", "#8d9bad",
                  "#5eead4", "#06201c", "#f59331", "#3d8bfd", "#f5c542",
                  ("#ecfccb", "#db2777", "#854d0e", "#a5f3fc", "#a21caf", "#6d28d9")),
    "light": Theme("light", False, "#eef1f5", "#ffffff", "#f3f5f8", "#dbe1e9", "#16202c", "#5d6b7c",
                   "#0f766e", "#ffffff", "#d9720f", "#1d6fe0", "#8a5f00",
                   ("#365314", "#701a75", "#10b981", "#e11d48", "#831843", "#4c1d95")),
    "contrast": Theme("contrast", True, "#000000", "#000000", "#000000", "#ffffff", "#ffffff", "#f0f0f0",
                      "#ffff00", "#000000", "#ffab40", "#66b2ff", "#ffff00",
                      ("#ecfccb", "#db2777", "#6d28d9", "#854d0e", "#fbcfe8", "#a21caf")),
}  # fmt: skip


class Themes(QObject):
    """Which theme and which scale are on.

    Attributes:
        chosen: the name that was set; "system" follows the desktop
        quiet: makes what holds back other threads while everything takes another look
        scale: 1 on a desk, larger in projector mode

    Signals:
        changed: another theme or scale is on; repaint
    """

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.chosen, self.scale = "dark", 1.0
        self.quiet: Callable[[], AbstractContextManager[None]] = nullcontext
        self._current = THEMES["dark"]
        self._follows = False
        self._wanted: Callable[[], object] | None = None
        self._by_turns = False
        self._frozen: list[QWidget] = []

    def set_soon(self, name: str) -> None:
        """Switch to a theme by name, or to "system", as soon as what was pressed shows that it was."""
        self.soon(lambda: self.set(name))

    def soon(self, change: Callable[[], object]) -> None:
        """Have a function set theme or scale in the next turns of the event loop.

        What was pressed shows at once that it was; then everything takes the look, which is seen when it is
        whole, and other events are answered between the two halves of the work.
        """
        self._wanted = change
        QTimer.singleShot(0, self, self._begin)

    def _begin(self) -> None:
        change, self._wanted = self._wanted, None
        if change is not None:
            self._by_turns = True
            try:
                change()
            finally:
                self._by_turns = False

    def set(self, name: str) -> None:
        """Switch to a theme by name, or to "system"; what was to be set soon is forgotten."""
        if name != "system" and name not in THEMES:
            raise KeyError(name)
        self._wanted = None
        self.chosen = name
        if name == "system":
            self._follow_desktop()
        self._switch()

    def set_scale(self, scale: float) -> None:
        """Make all text and lengths larger or smaller; 1 is the design's size."""
        if scale != self.scale:
            self.scale = scale
            self._announce()

    @property
    def current(self) -> Theme:
        """The theme that is on."""
        return self._current

    def _follow_desktop(self) -> None:
        hints = QGuiApplication.styleHints()
        if not self._follows and hints is not None:
            hints.colorSchemeChanged.connect(self._switch)
            self._follows = True

    def _switch(self) -> None:
        wanted = THEMES[_of_desktop() if self.chosen == "system" else self.chosen]
        if wanted is not self._current:
            self._current = wanted
            self._announce()

    def _announce(self) -> None:
        app = QApplication.instance()
        with self.quiet():
            if isinstance(app, QApplication):
                self._frozen += _frozen() if self._by_turns else []
                apply(app)
        if self._by_turns:
            QTimer.singleShot(0, self, self._tell)
        else:
            self._tell()

    def _tell(self) -> None:
        """Tell everybody, and have the windows drawn."""
        with self.quiet():
            self.changed.emit()
        for window in self._frozen:
            if isValid(window):
                window.setUpdatesEnabled(True)
        self._frozen = []


def _frozen() -> list[QWidget]:
    """Return the windows that can be seen, and draw nothing from now on."""
    windows = [each for each in QApplication.topLevelWidgets() if each.isVisible() and each.updatesEnabled()]
    for window in windows:
        window.setUpdatesEnabled(False)
    return windows


def _of_desktop() -> str:
    """Return the name of the theme that the desktop asks for."""
    hints = QGuiApplication.styleHints()
    if hints is None:
        return "dark"
    accessibility = getattr(hints, "accessibility", lambda: None)()
    if accessibility is not None and accessibility.contrastPreference() == Qt.ContrastPreference.HighContrast:
        return "contrast"
    return "light" if hints.colorScheme() == Qt.ColorScheme.Light else "dark"


themes = Themes()


def theme() -> Theme:
    """Return the theme that is on."""
    return themes.current


def px(length: float) -> int:
    """Return a length of the design in pixels at the current scale."""
    return round(length * themes.scale)


def air(length: float) -> int:
    """Return an empty length in pixels: on a projector space grows less than what is to be read."""
    return round(length * (1 + (themes.scale - 1) / 3))


_loaded: list[str] = []


def load_fonts() -> None:
    """Register the bundled font files, once. Without them the desktop's own sans serif is used."""
    if _loaded or QGuiApplication.instance() is None:
        return
    for path in sorted((RESOURCES / "fonts").glob("*.[ot]tf")):
        QFontDatabase.addApplicationFont(str(path))
        _loaded.append(path.name)


def font(role: str = "body", bold: bool = False) -> QFont:
    """Return the font of a role ("small", "body" or "large") with figures of equal width."""
    load_fonts()
    return QFont(_face(px(SIZES[role]), bold))  # a copy: callers change its size


@lru_cache(maxsize=32)
def _face(pixels: int, bold: bool) -> QFont:
    face = QFont()
    face.setFamilies(["Inter", "Inter Variable", "Noto Sans", "Segoe UI", "DejaVu Sans"])
    face.setStyleHint(QFont.StyleHint.SansSerif)
    face.setPixelSize(pixels)
    face.setWeight(QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
    face.setFeature(QFont.Tag("tnum"), 1)
    return face


def diverging(value: float) -> str:
    """Return the colour of a value in [-1, 1]: negative, through the panel's colour, to positive."""
    now = theme()
    return mix(now.panel, now.negative if value < 0 else now.positive, abs(value))


def diverging_table() -> np.ndarray:
    """Return the (256, 4) uint8 table from negative through the panel's colour to positive."""
    now = theme()
    return colours.ramp(now.negative, now.panel, now.positive)


def stylesheet(now: Theme) -> str:
    """Return the style sheet of the whole program for a theme, at the current scale."""
    from gui.stylesheet import sheet

    return sheet(now, px)


def apply(app: QApplication) -> None:
    """Give the application the current theme's palette and font, and its windows the style sheet.

    The sheet is the windows' own: Qt looks at each widget of a window once when that changes, but at each as
    often as it has widgets around it when the application's does, which took four times as long.
    """
    app.setFont(font("body"))
    app.setPalette(_palette(theme()))
    for window in _without_owner():
        if window.isVisible() or window.styleSheet():
            dress(window)
    if not _following:
        _following.append(app.focusWindowChanged.connect(_dress_new))


def dress(window: QWidget) -> None:
    """Give a window without an owner the style sheet; what is in it and what it opens take it over."""
    window.setStyleSheet(stylesheet(theme()))


def _without_owner() -> list[QWidget]:
    """Return the windows that no other hands the sheet; a tooltip has that of what it is about."""
    windows = QApplication.topLevelWidgets()
    return [each for each in windows if each.parent() is None and each.windowType() != Qt.WindowType.ToolTip]


_following: list[object] = []  # whether new windows are looked at


def _dress_new(_: object) -> None:
    """Give the sheet to windows without an owner that were opened since it was last changed."""
    for window in _without_owner():
        if window.isVisible() and not window.styleSheet():
            dress(window)


def _palette(now: Theme) -> QPalette:
    role, palette = QPalette.ColorRole, QPalette()
    for which, colour in {
        role.Window: now.background, role.WindowText: now.text, role.Base: now.raised,
        role.AlternateBase: now.panel, role.Text: now.text, role.Button: now.raised,
        role.ButtonText: now.text, role.BrightText: now.text, role.Highlight: now.accent,
        role.HighlightedText: now.accent_text, role.Link: now.accent, role.PlaceholderText: now.muted,
        role.ToolTipBase: now.text, role.ToolTipText: now.background,
    }.items():  # fmt: skip
        palette.setColor(which, QColor(colour))
    for which in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, which, QColor(mix(now.muted, now.panel, 0.4)))
    return palette
