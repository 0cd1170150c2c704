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


PART, PART_KEYS = "&In a window of its own, or back", "Alt+Shift+W"
OWN, OWN_KEYS = "A card of its &own, or back", "Alt+Shift+C"


class Current:
    """Which card is meant.

    The one moved last while the mouse rests; the one whose own window is active; that under the mouse; that
    with the focus.
    """

    def __init__(self, arranger: Arranger) -> None:
        self._arranger = arranger
        self._last: tuple[str, object] = ("", None)

    def name(self, parts: bool = False) -> str:
        """Return the card's name, or that of the part of a card that is meant."""
        name, point = self._last
        there = {*self._arranger.rects, *self._arranger.order.apart}
        if name in there and point == QCursor.pos():
            return name
        active = QApplication.activeWindow()
        for name, window in self._arranger.windows.items():
            if window is active:
                return name
        for widget in (QApplication.widgetAt(QCursor.pos()), QApplication.focusWidget()):
            found = self._arranger.name_around(widget, parts)
            if found:
                return found
        return "network"

    def keep(self, name: str) -> None:
        """Mean this card until the mouse moves."""
        self._last = name, QCursor.pos()


def entries(arranger: Arranger) -> list[Entry]:
    """Return what the View menu does with a card."""
    current = Current(arranger)

    def move(side: Side) -> None:
        name = current.name()
        arranger.move(name, side)
        current.keep(name)

    def own_card() -> None:
        name = current.name(parts=True)
        own_card_or_back(arranger, name)
        current.keep(name)

    def own_window() -> None:
        name = current.name(parts=True)
        arranger.part_with(name)
        current.keep(name)

    return [
        *(Entry(f"move_{side}", MENU, text, partial(move, side), (keys,)) for side, text, keys in WAYS),
        Entry("carry_card", MENU, CARRY, lambda: arranger.carrier.lift(current.name()), (CARRY_KEYS,)),
        Entry("own_card", MENU, OWN, own_card, (OWN_KEYS,), gap=True),
        Entry("own_window", MENU, PART, own_window, (PART_KEYS,)),
        Entry("take_card_back", MENU, "&Put it back where it was", arranger.take_back, ("Ctrl+Alt+Z",),
              gap=True),
    ]  # fmt: skip


def own_card_or_back(arranger: Arranger, name: str) -> None:
    """Give a part a card of its own, or have it on the card it belongs to again."""
    if not arranger.home(name):
        arranger.said.emit(tr("This picture has a card of its own already."), None)
    elif arranger.stands(name) or name in arranger.order.apart:
        arranger.bring_back(name)
    else:
        arranger.take_out(name)


def add_to(arranger: Arranger, widget: QWidget, menu: QMenu) -> None:
    """Add to a picture's menu how it, and the card that holds it, are moved."""
    name, part = arranger.name_around(widget), arranger.name_around(widget, parts=True)
    if arranger.home(part):
        out = arranger.stands(part) or part in arranger.order.apart
        words = (
            tr("Back on “{other}”", other=arranger.name_of(arranger.home(part)))
            if out
            else tr("A card of its own")
        )
        menu.addAction(words, QKeySequence(OWN_KEYS), partial(own_card_or_back, arranger, part))
    apart = part in arranger.order.apart
    words = tr("Back in the window") if apart else tr("In a window of its own")
    menu.addAction(words, QKeySequence(PART_KEYS), partial(arranger.part_with, part))
    if apart:
        return
    inner = menu.addMenu(tr("Move this card"))
    for side, text, keys in WAYS:
        inner.addAction(tr(text), QKeySequence(keys), partial(arranger.move, name, side))
    inner.addAction(tr(CARRY), QKeySequence(CARRY_KEYS), partial(arranger.carrier.lift, name))
