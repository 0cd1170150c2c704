"""The sheet of shortcuts: every action with its keys, and what mouse and keys do on the network."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QDialogButtonBox,
    QHeaderView,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
)

from gui.actions import plain
from gui.i18n import tr
from gui.theme import GAP, font, px

if TYPE_CHECKING:
    from gui.main_window import MainWindow

# What the canvas understands besides the actions, in English.
GESTURES = (
    ("Click + between the heads", "Adds a layer"),
    ("Click + below a column, or press +", "Adds a unit"),
    ("Click a head, or Enter", "Opens the fields of the layer or of the inputs"),
    ("Click a link or a unit, then type", "Sets its weight or its bias"),
    ("L on a unit", "Goes to its links; the arrows go on"),
    ("Delete", "Cuts the link, removes what is chosen"),
    ("Drag from head to head", "Leads a skip"),
    ("Drag from unit to unit", "Joins a link that was cut"),
    ("Drag from an empty place", "Chooses units and layers"),
    ("Ctrl and click", "Chooses one more, or one less"),
    ("Ctrl and arrows, Ctrl and Space", "Go on without choosing; choose one more, or one less"),
    ("Ctrl and wheel, or two fingers", "Goes nearer or farther"),
    ("Wheel, middle button, or drag with Space held", "Moves the view when it is near"),
    ("Tab and arrows", "Go from layer to layer, from unit to unit"),
    ("Right click, or the menu key", "Shows what can be done there"),
)
# What the mouse does with the cards.
CARD_GESTURES = (
    ("Drag the head of a card", "Moves the card; Escape puts it back"),
    ("Drag a tab out of its row", "Gives the picture a card of its own"),
    ("Drop a card outside the window", "Gives it a window of its own; closing that brings it back"),
)


def written(action: QAction) -> str:
    """Return an action's shortcuts as the system writes them."""
    return ", ".join(
        sequence.toString(QKeySequence.SequenceFormat.NativeText) for sequence in action.shortcuts()
    )


def show(window: MainWindow) -> None:
    """Open the sheet over a window."""
    dialog = Sheet(window)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.open()


class Sheet(QDialog):
    """All shortcuts below their menus, then the gestures on the network, then what has no keys.

    Attributes:
        list: the rows.
    """

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self.setWindowTitle(tr("Shortcuts and gestures"))
        self.list = QTreeWidget()
        self.list.setAccessibleName(tr("Shortcuts and gestures"))
        self.list.setColumnCount(2)
        self.list.setHeaderHidden(True)
        self.list.setRootIsDecorated(False)
        self.list.setIndentation(px(GAP))
        self.list.setStyleSheet(f"QTreeWidget::item {{ padding: {px(3)}px {px(4)}px; }}")
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.list.header().setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.close)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(px(GAP), px(GAP), px(GAP), px(GAP))
        layout.setSpacing(px(GAP))
        layout.addWidget(self.list)
        layout.addWidget(buttons)
        self._fill(window)
        self.resize(min(px(820), window.width() - px(GAP)), min(px(620), window.height() - px(GAP)))

    def _fill(self, window: MainWindow) -> None:
        groups: dict[str, QTreeWidgetItem] = {}
        actions = window.actions_by_key
        for key, action in actions.by_key.items():
            if action.shortcuts():
                self._add(groups, actions.path_of(key).split(" › ")[0], action)
        for title, gestures in (("Cards", CARD_GESTURES), ("On the network", GESTURES)):
            group = self._group(tr(title))
            for gesture, meaning in gestures:
                group.addChild(QTreeWidgetItem([tr(gesture), tr(meaning)]))
        for key, action in actions.by_key.items():
            if not action.shortcuts():  # last, and examples, colours and languages below titles of their own
                self._add(groups, actions.path_of(key), action)
        self.list.expandAll()

    def _add(self, groups: dict[str, QTreeWidgetItem], title: str, action: QAction) -> None:
        """Add an action to its group; one without keys has a dash for them."""
        if title not in groups:
            groups[title] = self._group(title)
        groups[title].addChild(QTreeWidgetItem([written(action) or "–", plain(action.text())]))

    def _group(self, name: str) -> QTreeWidgetItem:
        group = QTreeWidgetItem(self.list, [name])
        group.setFont(0, font("body", bold=True))
        group.setFirstColumnSpanned(True)
        return group
