"""The card that the menu and its shortcuts are about, and what can be done with it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtGui import QCursor, QKeySequence
from PySide6.QtWidgets import QApplication, QMenu, QWidget

from gui.actions import Entry
from gui.i18n import tr
from gui.tiles import Side

if TYPE_CHECKING:
    from gui.arranger import Arranger

MENU = "&View/C&ards"
# Which way, what it is called in the menu, and its shortcut.
WAYS: tuple[tuple[Side, str, str], ...] = (
    ("left", "Move &left", "Alt+Shift+Left"), ("right", "Move &right", "Alt+Shift+Right"),
    ("above", "Move &up", "Alt+Shift+Up"), ("below", "Move &down", "Alt+Shift+Down"),
)  # fmt: skip


CARRY, CARRY_KEYS = "&Choose its place with the arrows…", "Alt+Shift+Return"


class Current:
    """Which card is meant: the one moved last while the mouse rests, else that under it, else by focus."""

    def __init__(self, arranger: Arranger) -> None:
        self._arranger = arranger
        self._last: tuple[str, object] = ("", None)

    def name(self) -> str:
        """Return the card's name."""
        name, point = self._last
        if name in self._arranger.rects and point == QCursor.pos():
            return name
        for widget in (QApplication.widgetAt(QCursor.pos()), QApplication.focusWidget()):
            found = around(self._arranger, widget)
            if found:
                return found
        return "network"

    def keep(self, name: str) -> None:
        """Mean this card until the mouse moves."""
        self._last = name, QCursor.pos()


def around(arranger: Arranger, widget: QWidget | None) -> str:
    """Return the name of the card that holds a widget; empty for none."""
    while widget is not None:
        for name, card in arranger.cards.items():
            if card is widget:
                return name
        widget = widget.parentWidget()
    return ""


def entries(arranger: Arranger) -> list[Entry]:
    """Return what the View menu does with a card."""
    current = Current(arranger)

    def move(side: Side) -> None:
        name = current.name()
        arranger.move(name, side)
        current.keep(name)

    return [
        *(Entry(f"move_{side}", MENU, text, partial(move, side), (keys,)) for side, text, keys in WAYS),
        Entry("carry_card", MENU, CARRY,
              lambda: arranger.carrier.lift(current.name()), (CARRY_KEYS,)),
        Entry("take_card_back", MENU, "&Put it back where it was", arranger.take_back, ("Ctrl+Alt+Z",),
              gap=True),
    ]  # fmt: skip


def add_to(arranger: Arranger, widget: QWidget, menu: QMenu) -> None:
    """Add to a picture's menu how the card that holds it is moved."""
    name = around(arranger, widget)
    inner = menu.addMenu(tr("Move this card"))
    for side, text, keys in WAYS:
        inner.addAction(tr(text), QKeySequence(keys), partial(arranger.move, name, side))
    inner.addAction(tr(CARRY), QKeySequence(CARRY_KEYS), partial(arranger.carrier.lift, name))
