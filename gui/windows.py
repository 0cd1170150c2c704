"""A card in a window of its own: on the projector, say, while the controls stay on the desk."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QCloseEvent, QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QMainWindow, QVBoxLayout, QWidget

from gui.enlarging import Enlarging
from gui.focus import used_by_focus
from gui.i18n import language
from gui.settings import recall_bytes, remember
from gui.theme import GAP, px, themes
from gui.views.base import View

SIZE, SIZES = (720, 620), {"result": (460, 720)}  # pixels of the design, where there is one screen only
APART = 40  # pixels of the design between the corners of two windows, so that none hides another


class CardWindow(QMainWindow):
    """Holds one card. F11, or two clicks on its head, fill the screen; closing it brings the card back.

    Attributes:
        card: the card; name: what it is called in the program.

    Signals:
        closed: the user closed it.
    """

    closed = Signal()

    def __init__(self, name: str, card: Enlarging, main: QWidget) -> None:
        super().__init__(main, Qt.WindowType.Window)
        self.installEventFilter(self)
        self.name, self.card = name, card
        self._main, self._given_up = main, False
        holder = QWidget()
        self._layout = QVBoxLayout(holder)
        self._layout.addWidget(card)
        self.setCentralWidget(holder)
        self.addActions(main.actions())  # its shortcuts work here too
        language.changed.connect(self._name)
        themes.changed.connect(self._respace)
        self._name()
        self._respace()

    def open(self) -> None:
        """Show it where it was last, else on another screen than the main window, else over that."""
        kept = recall_bytes(f"window_{self.name}")
        if kept is not None and self.restoreGeometry(kept):
            self.show()
        else:
            self._open_anew()
        self.card.show()
        pictures = [view for view in self.card.findChildren(View) if view.isVisible()]
        if pictures:
            pictures[0].setFocus()  # else Qt would frame the first button

    def _open_anew(self) -> None:
        mine = self._main.screen()
        other = next((screen for screen in QGuiApplication.screens() if screen is not mine), None)
        room = (other or mine).availableGeometry()
        wide, high = SIZES.get(self.name, SIZE)
        self.resize(min(px(wide), room.width() - px(GAP)), min(px(high), room.height() - px(GAP)))
        others = [one for one in self._main.findChildren(CardWindow) if one is not self and one.isVisible()]
        corner = room.center() - self.rect().center() + QPoint(1, 1) * px(APART) * len(others)
        right, below = room.right() - self.width(), room.bottom() - self.height()
        self.move(max(room.left(), min(corner.x(), right)), max(room.top(), min(corner.y(), below)))
        if other is not None:
            self.showMaximized()
        else:
            self.show()

    def give_up(self) -> None:
        """Go, without the card, which has another place already."""
        self._given_up = True
        self.close()
        self.deleteLater()

    def fill_screen(self, on: bool) -> None:
        """Fill the screen, or go back."""
        if on != self.isFullScreen():
            self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)

    def _name(self) -> None:
        self.setWindowTitle(f"{self.card.called()} – Relevo")
        self.setAccessibleName(self.card.called())

    def _respace(self) -> None:
        gap = px(GAP)
        self._layout.setContentsMargins(gap, gap, gap, gap)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Leave a key to the control that has the focus; F11 and Escape are for this window first."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride:
            own = event.key() == Qt.Key.Key_F11 or (event.key() == Qt.Key.Key_Escape and self.isFullScreen())
            event.setAccepted(own or used_by_focus(event.key()))
            return event.isAccepted()
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_F11:
            self.fill_screen(not self.isFullScreen())
        elif event.key() == Qt.Key.Key_Escape:
            self.fill_screen(False)
        else:
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        remember(f"window_{self.name}", self.saveGeometry())
        event.accept()
        if not self._given_up:
            self.closed.emit()
