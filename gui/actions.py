"""Every action of the window, once: its name, shortcut and menu; the palette lists the same ones."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu

from gui.i18n import language, tr

MENUS = ("&File", "&Edit", "&Training", "&View", "&Help")


@dataclass(frozen=True)
class Entry:
    """What an action is called and how it is reached.

    Attributes:
        key: its name in the program.
        menu: the English name of the menu, of a submenu after a slash.
        text: its English name, with the letter for the keyboard after an ampersand.
        shortcuts: key sequences.
        slot: what it does; a checkable one gets whether it is checked.
        checked: None when it cannot be checked.
        group: checkable actions of one group exclude each other.
        translated: False for a name that is the same in every language.
        gap: whether a line stands above it.
        listed: False for what other controls offer already; the palette has it all the same.
    """

    key: str
    menu: str
    text: str
    slot: Callable[..., object]
    shortcuts: tuple[str, ...] = ()
    checked: bool | None = None
    group: str = ""
    translated: bool = True
    gap: bool = False
    listed: bool = True


class Actions(QObject):
    """The window's actions by key, in its menus.

    Attributes:
        by_key: the QActions.
    """

    def __init__(self, window: QMainWindow, entries: list[Entry]) -> None:
        super().__init__(window)
        self.by_key: dict[str, QAction] = {}
        self._window = window
        self._entries = {entry.key: entry for entry in entries}
        self._menus: dict[str, QMenu] = {}
        self._groups: dict[str, QActionGroup] = {}
        for name in MENUS:
            self._menus[name] = window.menuBar().addMenu("")
        # Desktops with one menu bar for all windows show it; elsewhere the menu button opens the same menus.
        window.menuBar().setVisible(window.menuBar().isNativeMenuBar())
        for entry in entries:
            self._add(entry)
        language.changed.connect(self.retranslate)
        self.retranslate()

    def __getitem__(self, key: str) -> QAction:
        return self.by_key[key]

    def retranslate(self) -> None:
        """Name menus and actions in the current language."""
        for name, menu in self._menus.items():
            menu.setTitle(tr(name.rpartition("/")[2]))
        for key, action in self.by_key.items():
            entry = self._entries[key]
            action.setText(tr(entry.text) if entry.translated else entry.text)

    def path_of(self, key: str) -> str:
        """Return where an action is found, in words: its menus and its name."""
        names = [*self._entries[key].menu.split("/")]
        return " › ".join(plain(tr(name)) for name in names)

    def menu_of(self, key: str, whole: bool = False) -> str:
        """Return the English name of an action's menu; the whole one with its submenu after a slash."""
        return self._entries[key].menu if whole else self._entries[key].menu.partition("/")[0]

    def menu_actions(self) -> list[QAction]:
        """Return the menus as actions, to be put into another menu."""
        return [self._menus[name].menuAction() for name in MENUS]

    def _add(self, entry: Entry) -> None:
        action = QAction(self._window)
        action.setShortcuts([QKeySequence(shortcut) for shortcut in entry.shortcuts])
        if entry.checked is not None:
            action.setCheckable(True)
            action.setChecked(entry.checked)
            action.triggered.connect(lambda checked: entry.slot(checked))
        else:
            action.triggered.connect(lambda: entry.slot())
        if entry.group:
            group = self._groups.setdefault(entry.group, QActionGroup(self._window))
            group.addAction(action)
        if entry.listed:
            menu = self._menu(entry.menu)
            if entry.gap:
                menu.addSeparator()
            menu.addAction(action)
        # The shortcut works although no menu bar can be seen.
        self._window.addAction(action)
        self.by_key[entry.key] = action

    def _menu(self, name: str) -> QMenu:
        if name not in self._menus:
            self._menus[name] = self._menus[name.partition("/")[0]].addMenu("")
        return self._menus[name]


def plain(text: str) -> str:
    """Return an action's name without the mark of its letter."""
    return text.replace("&&", "\0").replace("&", "").replace("\0", "&")


def folded(text: str) -> str:
    """Return a text without case and accents, to be compared."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(part for part in parts if not unicodedata.combining(part))
