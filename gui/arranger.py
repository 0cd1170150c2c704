"""Moves cards: by carrying them, by keys, from menus; into windows of their own, and back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from gui import tiles
from gui.carrying import Carrier
from gui.i18n import tr
from gui.landing import APART, Landing, landed
from gui.landing_words import words
from gui.order import CARDS, Order
from gui.rooms import Rooms
from gui.theme import px
from gui.tiles import SIDES, Side, Tree

if TYPE_CHECKING:
    from gui.cards import BottomCard, NetworkCard, ResultCard
    from gui.enlarging import Enlarging
    from gui.panels.side_column import SideColumn
    from gui.panels.top_bar import TopBar

# The width and height that a card would like beside others, in pixels of the design.
WISHED = {
    "network": (620, 420), "result": (380, 420), "bottom": (760, 300), "loss_curve": (360, 220),
    "findings": (260, 200),
}  # fmt: skip
WISHED_PAGE = (480, 300)
STEPS = 50  # moves that can be taken back


class Arranger(Rooms):
    """Gives cards their places, and moves them.

    Attributes:
        carrier: shows where a card comes down while it is carried.
    """

    def __init__(self, middle: QWidget, top: TopBar, side: SideColumn, network: NetworkCard,
                 result: ResultCard, bottom: BottomCard) -> None:  # fmt: skip
        super().__init__(middle, top, side, network, result, bottom)
        self._before: list[Order] = []
        self.carrier = Carrier(self, middle)
        for name, card in self.cards.items():
            card.enlarged.connect(lambda card=card: self.show_only(None if self.only is card else card))
            card.carried.connect(lambda point, name=name: self.carrier.carry(name, point))
            card.let_go.connect(self.carrier.drop)
        bottom.tab_carried.connect(self.carrier.carry)
        self.closed.connect(self.bring_back)

    def show_only(self, card: Enlarging | None) -> None:
        self.carrier.cancel()
        super().show_only(card)

    def set_projector(self, on: bool) -> None:
        """Arrange for a room, or for a desk; the scale is another one then, which has all placed anew."""
        self.carrier.cancel()
        self.projector = on

    # Where a card may come down

    def stands(self, name: str) -> bool:
        """Whether a card is in the arrangement, and not on the card it belongs to or apart."""
        return name in tiles.names(self.tree) and name not in self.order.apart

    def home(self, name: str) -> str:
        """Return the card that a part belongs to; empty for a card."""
        return self.parts[name].home if name in self.parts else ""

    def try_landing(self, name: str, there: Landing) -> Tree | None:
        """Return the arrangement after a card came down; None where it cannot, or has no room."""
        if name in self.parts and not self.parts[name].can_leave():
            return None
        if there.side is None and there.target is not None and there.target == self.home(name):
            return tiles.without(self.tree, [name])
        width, height = WISHED.get(name, WISHED_PAGE)
        others = tiles.without(self.tree, [name])
        rects = self.rects if others is None else self.places_of(others)
        if there.side is not None and there.target not in (None, name, *rects):
            return None  # nothing stands there, as below on the projector
        wished = px(width), px(height)
        tree = landed(self.tree, name, there, wished, self.room, rects, present=self.stands(name))
        return tree if tree is not None and self.fits(tree) else None

    def can_part(self, name: str) -> bool:
        """Whether a card may have a window of its own: something stays in this one."""
        if name in self.parts:
            return self.parts[name].can_leave()
        left = tiles.without(self.tree, [*self.gone(), name])
        return left is not None and bool(set(CARDS) - {name} - set(self.order.apart))

    def words(self, name: str, there: Landing) -> str:
        """Return in words where a card comes down."""
        return words(name, there, self.name_of, self.home(name))

    # Moving

    def land(self, name: str, there: Landing) -> None:
        """Have a card come down somewhere, if there is room, and say so."""
        if there == APART:
            self.part_with(name)
            return
        tree = self.try_landing(name, there)
        if tree is None:
            self.said.emit(tr("There is no room for that."), None)
        elif self.places_of(tree) == self.rects:
            self.said.emit(tr("{card} stands there already.", card=self.name_of(name)), None)
        else:
            apart = tuple(other for other in self.order.apart if other != name)
            self._do(replace(self.order, tree=tree, apart=apart), self.words(name, there))

    def move(self, name: str, side: Side) -> None:
        """Have a card change places with its neighbour at a side; at the border go beside all the others."""
        if self.only is None and name in self.rects:
            other = tiles.neighbour(self.rects, name, side)
            self.land(name, Landing(other, side if other is None else None))

    def part_with(self, name: str) -> None:
        """Give a card, or a part of one, a window of its own; or bring it back."""
        self.carrier.cancel()
        if name in self.order.apart:
            self.bring_back(name)
        elif not self.can_part(name):
            self.said.emit(tr("One card stays in the window."), None)
        else:
            tree = self.order.tree
            if tree is not None and name in self.parts:
                tree = tiles.without(tree, [name])
            order = replace(self.order, tree=tree, apart=(*self.order.apart, name))
            self._do(order, self.words(name, APART))

    def bring_back(self, name: str) -> None:
        """Bring a card back from its window, or a part to the card it belongs to."""
        tree = self.order.tree
        if tree is not None and name in self.parts:
            tree = tiles.without(tree, [name])
        apart = tuple(other for other in self.order.apart if other != name)
        order = replace(self.order, tree=tree, apart=apart)
        if order != self.order:
            self._do(order, tr("{card} is back in the window.", card=self.name_of(name)))

    def take_out(self, name: str) -> None:
        """Give a part a card of its own, beside the card it belongs to or else at the border."""
        home = self.home(name)
        around = self.rects.get(home, self.room)
        sides: tuple[Side, ...] = ("below", "right") if around.height > around.width else ("right", "below")
        wanted = [Landing(target, side) for target in (home, None) for side in (*sides, *SIDES)]
        for there in wanted:
            possible = there.target is None or there.target in self.rects
            if possible and self.try_landing(name, there) is not None:
                self.land(name, there)
                return
        self.said.emit(tr("There is no room for that."), None)

    def take_back(self) -> None:
        """Undo the last move of a card, or the last reset of the layout."""
        if self._before:
            self.carrier.cancel()
            self.take(self._before.pop())
            self.said.emit(tr("The cards are where they were before."), None)
        else:
            self.said.emit(tr("No card was moved."), None)

    def reset(self) -> None:
        """Show every card where the design has it."""
        self.carrier.cancel()
        self.only = None
        if self.order != Order():
            self._do(Order(), tr("Every card is where it was at first."))
        else:
            self.share()

    def _do(self, order: Order, said: str) -> None:
        self._before = [*self._before[1 - STEPS :], self.order]
        self.take(order)
        back: Callable[[], None] = self.take_back
        self.said.emit(said, back)
