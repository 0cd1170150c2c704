"""The picture that the menu and its shortcuts are about, and what can be done with it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QApplication, QWidget

from gui.i18n import tr
from gui.views.zoom import NOTCH

if TYPE_CHECKING:
    from gui.main_window import MainWindow
    from gui.views.base import View


def current(window: MainWindow) -> View:
    """Return the picture under the mouse, else the one with the focus, else that of the page below."""
    point = QCursor.pos()
    for widget in (QApplication.widgetAt(point), QApplication.focusWidget()):
        found = _picture_around(widget, window.pictures())
        if found is not None:
            return found
    return window.bottom.pages.current()


def _picture_around(widget: QWidget | None, pictures: list[View]) -> View | None:
    while widget is not None:
        for picture in pictures:
            if picture is widget:
                return picture
        widget = widget.parentWidget()
    return None


def copy_picture(window: MainWindow) -> None:
    """Put the picture on the clipboard."""
    _if_it_shows(window, lambda picture: picture.copy_picture(), tr("The picture is on the clipboard."))


def save_picture(window: MainWindow) -> None:
    """Ask for a file for the picture."""
    _if_it_shows(window, lambda picture: picture.save_picture())


def copy_data(window: MainWindow) -> None:
    """Put the picture's numbers on the clipboard."""
    _if_it_has_numbers(window, lambda picture: picture.copy_table(), tr("The data are on the clipboard."))


def save_data(window: MainWindow) -> None:
    """Ask for a file for the picture's numbers."""
    _if_it_has_numbers(window, lambda picture: picture.save_table())


def open_options(window: MainWindow) -> None:
    """Open the picture's menu over it."""
    picture = current(window)
    picture.menu().popup(picture.mapToGlobal(picture.rect().center()))


def closer(window: MainWindow) -> None:
    """Look closer at the picture."""
    current(window).magnify(NOTCH)


def farther(window: MainWindow) -> None:
    """Look at more of the picture."""
    current(window).magnify(1 / NOTCH)


def whole(window: MainWindow) -> None:
    """Look at the whole picture."""
    current(window).show_whole()


def _if_it_shows(window: MainWindow, do: Callable[[View], None], done: str = "") -> None:
    picture = current(window)
    if not picture.summary():
        window.controller.message.emit(tr("This picture shows nothing yet."))
        return
    do(picture)
    if done:
        window.controller.message.emit(done)


def _if_it_has_numbers(window: MainWindow, do: Callable[[View], None], done: str = "") -> None:
    picture = current(window)
    if not picture.table():
        window.controller.message.emit(tr("This picture has no table of numbers."))
        return
    do(picture)
    if done:
        window.controller.message.emit(done)
