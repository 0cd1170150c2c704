"""The command palette: every action by name, found by typing a part of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QMetaObject, QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QDialog,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
)

from gui.actions import folded, plain
from gui.guard import guarded
from gui.i18n import tr
from gui.shortcuts import written
from gui.theme import GAP, font, px, theme

if TYPE_CHECKING:
    from gui.main_window import MainWindow

Index = QModelIndex | QPersistentModelIndex
ROW, ROWS = 30, 13  # the height of a row in pixels of the design, and how many are seen at once
SHORTCUT = Qt.ItemDataRole.UserRole + 1  # the place of an action's shortcuts in its row
_MOVES = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)


def show(window: MainWindow) -> None:
    """Open the palette over a window."""
    dialog = Palette(window)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.open()


class Palette(QDialog):
    """A field to type in, the actions that match below it.

    Attributes:
        field: where one types.
        found: the actions that match.
    """

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._actions = window.actions_by_key
        self.setWindowTitle(tr("Find a command"))
        self.field, self.found = QLineEdit(), QListWidget()
        self.field.setPlaceholderText(tr("Type a part of a command's name"))
        self.field.setAccessibleName(tr("Type a part of a command's name"))
        self.found.setAccessibleName(tr("Commands"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(px(GAP), px(GAP), px(GAP), px(GAP))
        layout.setSpacing(px(GAP))
        layout.addWidget(self.field)
        layout.addWidget(self.found)
        self.found.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.found.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.found.setItemDelegate(Named(self.found))
        self.found.setFixedHeight(ROWS * px(ROW) + 2 * self.found.frameWidth())
        self.setFixedWidth(px(720))
        self.field.textChanged.connect(self.search)
        self.field.returnPressed.connect(self.run)
        self.field.installEventFilter(self)
        self.found.itemActivated.connect(self.run)
        self.search("")

    def search(self, text: str) -> None:
        """List the actions whose names hold every word of a text."""
        words = folded(text).split()
        self.found.clear()
        for key, action in self._actions.by_key.items():
            name = f"{self._actions.path_of(key)} › {plain(action.text())}"
            if action.isEnabled() and all(word in folded(name) for word in words):
                item = QListWidgetItem(name)
                item.setData(Qt.ItemDataRole.UserRole, key)
                item.setData(SHORTCUT, written(action))
                item.setSizeHint(QSize(0, px(ROW)))
                item.setToolTip(name)
                item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{name}, {written(action)}".rstrip(", "))
                self.found.addItem(item)
        if not self.found.count():
            nothing = QListWidgetItem(tr("Nothing found"))
            nothing.setFlags(Qt.ItemFlag.NoItemFlags)
            nothing.setSizeHint(QSize(0, px(ROW)))
            self.found.addItem(nothing)
        self.found.setCurrentRow(0)

    def run(self) -> None:
        """Do the action that is chosen."""
        item = self.found.currentItem()
        if item is not None and item.flags() & Qt.ItemFlag.ItemIsEnabled:
            key = item.data(Qt.ItemDataRole.UserRole)
            self.accept()
            # Not from inside the field: an action that waits for an answer would see it deleted meanwhile.
            QMetaObject.invokeMethod(self._actions[key], "trigger", Qt.ConnectionType.QueuedConnection)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Move in the list with the arrows while typing."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and event.key() in _MOVES:
            self.found.keyPressEvent(event)
            return True
        return False


class Named(QStyledItemDelegate):
    """Draws a row with its shortcuts at the right, so that they stand below each other."""

    def initStyleOption(self, option: QStyleOptionViewItem, index: Index) -> None:
        super().initStyleOption(option, index)
        metrics = QFontMetrics(font("body"))
        taken = metrics.horizontalAdvance(shortcuts_of(index)) + 2 * px(GAP)
        room = option.rect.width() - taken
        option.text = metrics.elidedText(option.text, Qt.TextElideMode.ElideMiddle, room)

    @guarded
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        super().paint(painter, option, index)
        painter.setPen(QColor(theme().muted))
        painter.setFont(font("body"))
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        area = QRect(option.rect).adjusted(0, 0, -px(GAP) // 2, 0)
        painter.drawText(area, int(right), shortcuts_of(index))


def shortcuts_of(index: Index) -> str:
    """Return the shortcuts of a row."""
    return str(index.data(SHORTCUT) or "")
