"""Qt's own style for what it draws itself, with icons of our family in place of its pictures."""

from functools import lru_cache
from typing import Any

from PySide6.QtGui import QIcon, QPixmap
from PySide6.QtWidgets import QProxyStyle, QStyle

from gui.theme import mix, px, theme, themes
from gui.widgets.icons import pixmap

SIZES = (16, 20, 24, 32, 48)  # in which Qt asks for icons, in pixels of the design

_Standard = QStyle.StandardPixmap
_NAMES = {
    # message boxes
    _Standard.SP_MessageBoxInformation: "info", _Standard.SP_MessageBoxQuestion: "question",
    _Standard.SP_MessageBoxWarning: "warning", _Standard.SP_MessageBoxCritical: "error",
    # the dialog for files
    _Standard.SP_FileDialogBack: "arrow_left", _Standard.SP_FileDialogToParent: "arrow_up",
    _Standard.SP_FileDialogNewFolder: "folder_new", _Standard.SP_FileDialogListView: "grid",
    _Standard.SP_FileDialogDetailedView: "list", _Standard.SP_FileDialogStart: "home",
    _Standard.SP_FileIcon: "file", _Standard.SP_FileLinkIcon: "file", _Standard.SP_DirIcon: "open",
    _Standard.SP_DirOpenIcon: "open", _Standard.SP_DirClosedIcon: "open", _Standard.SP_DirLinkIcon: "open",
    _Standard.SP_DirLinkOpenIcon: "open", _Standard.SP_DirHomeIcon: "home",
    _Standard.SP_ComputerIcon: "computer", _Standard.SP_DesktopIcon: "computer",
    _Standard.SP_DriveHDIcon: "drive", _Standard.SP_DriveNetIcon: "drive",
    _Standard.SP_DriveCDIcon: "drive", _Standard.SP_DriveDVDIcon: "drive", _Standard.SP_DriveFDIcon: "drive",
    # arrows, and what closes or clears
    _Standard.SP_ArrowLeft: "arrow_left", _Standard.SP_ArrowBack: "arrow_left",
    _Standard.SP_ArrowRight: "arrow_right", _Standard.SP_ArrowForward: "arrow_right",
    _Standard.SP_ArrowUp: "arrow_up", _Standard.SP_ArrowDown: "arrow_down",
    _Standard.SP_LineEditClearButton: "close", _Standard.SP_TitleBarCloseButton: "close",
    _Standard.SP_TitleBarMinButton: "minus", _Standard.SP_TabCloseButton: "close",
    _Standard.SP_DockWidgetCloseButton: "close", _Standard.SP_ToolBarHorizontalExtensionButton: "more",
    # buttons, where one has an icon
    _Standard.SP_DialogOkButton: "check", _Standard.SP_DialogApplyButton: "check",
    _Standard.SP_DialogYesButton: "check", _Standard.SP_DialogNoButton: "close",
    _Standard.SP_DialogCancelButton: "close", _Standard.SP_DialogCloseButton: "close",
    _Standard.SP_DialogSaveButton: "save", _Standard.SP_DialogOpenButton: "open",
    _Standard.SP_DialogResetButton: "reset", _Standard.SP_DialogDiscardButton: "eraser",
    _Standard.SP_DialogHelpButton: "question", _Standard.SP_BrowserReload: "reset",
}  # fmt: skip
_WARNINGS = (_Standard.SP_MessageBoxWarning, _Standard.SP_MessageBoxCritical)
_QUESTIONS = (_Standard.SP_MessageBoxQuestion, _Standard.SP_MessageBoxInformation)


class Style(QProxyStyle):
    """Fusion, the same on every desktop (the style sheet does the rest), with our icons."""

    def __init__(self) -> None:
        super().__init__("Fusion")

    def standardIcon(self, standard: QStyle.StandardPixmap, *about: Any, **named: Any) -> QIcon:
        """Return an icon of our family in the theme's colours, or Qt's own where we have none."""
        if standard not in _NAMES:
            return super().standardIcon(standard, *about, **named)
        now = theme()
        colour = now.warning if standard in _WARNINGS else now.accent if standard in _QUESTIONS else now.text
        return _icon(_NAMES[standard], colour, mix(now.muted, now.panel, 0.45), themes.scale)

    def standardPixmap(self, standard: QStyle.StandardPixmap, *about: Any, **named: Any) -> QPixmap:
        """Return the same as a picture."""
        if standard not in _NAMES:
            return super().standardPixmap(standard, *about, **named)
        return self.standardIcon(standard).pixmap(px(16))


@lru_cache(maxsize=128)
def _icon(name: str, colour: str, faint: str, scale: float) -> QIcon:
    """Return an icon in every size, so that none is blurred, at a scale that is on."""
    made = QIcon()
    for size in {round(size * step * scale) for size in SIZES for step in (1, 2)}:
        made.addPixmap(pixmap(name, colour, size))
        made.addPixmap(pixmap(name, faint, size), QIcon.Mode.Disabled)
    return made
