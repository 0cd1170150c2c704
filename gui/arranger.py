"""Gives every card its place, and moves cards: by carrying them, by keys, by the gaps between them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, QRect, QSize, Signal
from PySide6.QtWidgets import QApplication, QLayout, QLayoutItem, QWidget

from gui import tiles
from gui.arrangement import arrange, chosen, designed, least, pulled
from gui.carrying import Carrier
from gui.dividers import Divider, Shares
from gui.i18n import language, tr
from gui.landing import Landing, landed
from gui.settings import recall, remember
from gui.theme import px, themes
from gui.tiles import Gap, Rect, Side, Tree

if TYPE_CHECKING:
    from gui.cards import BottomCard, Enlarging, NetworkCard, ResultCard
    from gui.panels.side_column import SideColumn
    from gui.panels.top_bar import TopBar

CARDS = ("network", "result", "bottom")  # those that are always somewhere
WISHED = {"network": (620, 420), "result": (380, 420), "bottom": (760, 300)}  # pixels of the design
STEPS = 50  # moves that can be taken back


class Layout(QLayout):
    """Has a function place the widgets whenever their room changes; holds no window open."""

    def __init__(self, place: Callable[[QRect], None], parent: QWidget) -> None:
        super().__init__(parent)
        self._place, self._placing = place, False
        self._items: list[QLayoutItem] = []

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def sizeHint(self) -> QSize:
        return QSize(0, 0)

    def minimumSize(self) -> QSize:
        return QSize(0, 0)

    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        if not self._placing:  # what is shown on the way asks for its place once more
            self._placing = True
            self._place(rect)
            self._placing = False


@dataclass(frozen=True)
class Order:
    """What the user made of the arrangement.

    Attributes:
        tree: who stands where; None as the design has it.
        shares: of the gaps that were pulled in the design's own arrangement.
    """

    tree: Tree | None = None
    shares: Shares = Shares()


class Arranger(QObject):
    """Who stands where in the window, and how much room each has.

    Attributes:
        cards: by name; rects: the places of those that are seen, in pixels of the middle of the window.
        room: where they all are; tree: who stands where among them.
        only: the card that has the whole room, or None.
        dividers: the gaps between cards that can be pulled.
        carrier: shows where a card comes down while it is carried.

    Signals:
        said(str, object): what was done, and a function that takes it back, or None.
    """

    said = Signal(str, object)

    def __init__(self, middle: QWidget, top: TopBar, side: SideColumn, network: NetworkCard,
                 result: ResultCard, bottom: BottomCard) -> None:  # fmt: skip
        super().__init__(middle)
        self._middle, self._top, self._side, self._bottom = middle, top, side, bottom
        self.cards: dict[str, Enlarging] = {"network": network, "result": result, "bottom": bottom}
        self.only: Enlarging | None = None
        self.projector = False
        self.order = Order(tiles.read(recall("cards"), CARDS, ()), Shares.read(recall("layout")))
        self._before: list[Order] = []
        self.room, self.rects = Rect(0, 0, 0, 0), dict[str, Rect]()
        self.dividers: list[Divider] = []
        self._gaps: list[Gap] = []
        self._layout = Layout(self._place, middle)
        for widget in (top, side, *self.cards.values()):
            self._layout.addWidget(widget)
        self.carrier = Carrier(self, middle)
        for name, card in self.cards.items():
            card.enlarged.connect(lambda card=card: self.show_only(None if self.only is card else card))
            card.carried.connect(lambda point, name=name: self.carrier.carry(name, point))
            card.let_go.connect(self.carrier.drop)
        language.changed.connect(self._name_dividers)

    # Room

    def share(self, size: QSize | None = None) -> None:
        """Give every card its place and size; in a window of another size, if one is given."""
        area = QRect(QPoint(), size) if size is not None else self._middle.rect()
        width, height = area.width(), area.height()
        usual = arrange(width, height, themes.scale, self.projector)
        self.now = pulled(usual, width, height, themes.scale, self.order.shares)
        shown: dict[QWidget, bool] = {self._side: self.now.side and self.only is None}
        for name, card in self.cards.items():
            there = self.now.pages or name != "bottom"
            shown[card] = there if self.only is None else card is self.only
        focus = QApplication.focusWidget()
        if focus is not None and any(not on and one.isAncestorOf(focus) for one, on in shown.items()):
            self._middle.setFocus()  # else Qt would frame the first button of the top bar
        for widget, on in shown.items():
            widget.setVisible(on)
        self._top.set_form(self.now.bar, sparse=self.projector)
        for card in self.cards.values():
            card.show_title(self.now.titles)
        self._bottom.set_words_width(self.now.words)
        self._put(area)

    def _place(self, area: QRect) -> None:
        """Place everything in the window; its layout asks for it."""
        self.share(area.size())

    def _put(self, area: QRect) -> None:
        gap = self.now.gap
        inner = area.adjusted(gap, gap, -gap, -gap)
        self._top.setGeometry(QRect(inner.topLeft(), QSize(inner.width(), self.now.bar)))
        inner.setTop(inner.top() + self.now.bar + gap)
        if not self._side.isHidden():
            self._side.setGeometry(QRect(inner.topLeft(), QSize(self._side.minimumWidth(), inner.height())))
            inner.setLeft(inner.left() + self._side.minimumWidth() + gap)
        self.room = Rect(inner.x(), inner.y(), inner.width(), inner.height())
        of, tree = least(themes.scale, self.projector), self._shown()
        self.rects = {} if tree is None else tiles.places(tree, self.room, gap, of)
        for name, rect in self.rects.items():
            self.cards[name].setGeometry(*rect)
        self._put_dividers([] if tree is None else tiles.gaps(tree, self.room, gap, of))

    @property
    def tree(self) -> Tree:
        """Who stands where: as the user has it, or the design where there is no room for that."""
        of = least(themes.scale, self.projector)
        usual = designed(self.now, self.room)
        return chosen(self.order.tree, usual, self._gone(), self.room, self.now.gap, of)

    def _gone(self) -> list[str]:
        """Return the cards that are not in the window now."""
        return [] if self.now.pages else ["bottom"]

    def _shown(self) -> Tree | None:
        if self.only is not None:
            return next(name for name, card in self.cards.items() if card is self.only)
        return tiles.without(self.tree, self._gone())

    def show_only(self, card: Enlarging | None) -> None:
        """Give the whole window to one card below the top bar, or show all of them again."""
        self.carrier.cancel()
        self.only = card
        self.share()

    def set_projector(self, on: bool) -> None:
        """Arrange for a room, or for a desk; the scale is another one then, which has all placed anew."""
        self.carrier.cancel()
        self.projector = on

    # The gaps

    def _put_dividers(self, gaps: list[Gap]) -> None:
        """Have a divider in every gap; in a room the gaps stay as they are."""
        self._gaps = [] if self.projector else gaps
        if [one.axis for one in self._gaps] != [divider.axis for divider in self.dividers]:
            for divider in self.dividers:
                divider.hide()
                divider.deleteLater()
            self.dividers = [self._made(index, gap) for index, gap in enumerate(self._gaps)]
        for divider, gap in zip(self.dividers, self._gaps, strict=True):
            divider.setGeometry(*gap.rect)
            divider.raise_()
        self._name_dividers()
        self.carrier.raise_()

    def _made(self, index: int, gap: Gap) -> Divider:
        divider = Divider(gap.axis, self._middle)
        divider.moved.connect(lambda pixels: self._pull(index, pixels))
        divider.left.connect(lambda: self._even(index))
        divider.show()
        return divider

    def _name_dividers(self) -> None:
        for divider, gap in zip(self.dividers, self._gaps, strict=True):
            one, other = (", ".join(map(self.name_of, names)) for names in self._around(gap))
            divider.setAccessibleName(tr("Room between {one} and {other}", one=one, other=other))
            divider.setToolTip(tr("Drag to share the room differently; two clicks put it back."))

    def _around(self, gap: Gap) -> tuple[list[str], list[str]]:
        """Return the cards before and after a gap."""
        tree = tiles.without(self.tree, self._gone())
        for index in gap.path:
            assert isinstance(tree, tiles.Split)
            tree = tree.parts[index]
        assert isinstance(tree, tiles.Split)
        return list(tiles.names(tree.parts[gap.part - 1])), list(tiles.names(tree.parts[gap.part]))

    def _pull(self, index: int, pixels: int) -> None:
        """Move a gap so many pixels to the right or down."""
        gap = self._gaps[index]
        if self.order.tree is None or self.tree is not self.order.tree:
            self._pull_designed(gap, pixels)
            return
        of = least(themes.scale, self.projector)
        tree = tiles.without(self.tree, self._gone())
        if tree is not None and not self._gone():
            self._take(replace(self.order, tree=tiles.pulled(tree, gap, pixels, self.room, of)))

    def _pull_designed(self, gap: Gap, pixels: int) -> None:
        """Give the result another width, or the pictures below another height."""
        width, height, shares = self._middle.width(), self._middle.height(), self.order.shares
        if gap.axis == "row":
            wanted = (self.rects["result"].width - pixels) / width
            self._take(replace(self.order, shares=replace(shares, result=min(max(wanted, 0.01), 0.99))))
        else:
            wanted = (self.rects["bottom"].height - pixels) / height
            self._take(replace(self.order, shares=replace(shares, bottom=min(max(wanted, 0.01), 0.99))))

    def _even(self, index: int) -> None:
        """Put a gap where the design has it, or in the middle where the cards were moved."""
        gap = self._gaps[index]
        if self.order.tree is not None and self.tree is self.order.tree:
            if not self._gone():
                self._take(replace(self.order, tree=tiles.evened(self.tree, gap)))
            return
        put_back = {"row": {"result": None}, "column": {"bottom": None}}[gap.axis]
        self._take(replace(self.order, shares=replace(self.order.shares, **put_back)))

    # Moving cards

    def name_of(self, name: str) -> str:
        """Return what a card is called in the current language."""
        return self.cards[name].called()

    def try_landing(self, name: str, there: Landing) -> Tree | None:
        """Return the arrangement after a card came down; None where it has no room."""
        width, height = WISHED[name]
        others = tiles.without(self.tree, [name])
        rects = self.rects if others is None else self.places_of(others)
        tree = landed(self.tree, name, there, (px(width), px(height)), self.room, rects)
        if tree is None:
            return None
        shown = tiles.without(tree, self._gone())
        assert shown is not None
        width, height = tiles.needed(shown, self.now.gap, least(themes.scale, self.projector))
        return tree if width <= self.room.width and height <= self.room.height else None

    def places_of(self, tree: Tree) -> dict[str, Rect]:
        """Return where each card would stand in another arrangement."""
        shown = tiles.without(tree, self._gone())
        of = least(themes.scale, self.projector)
        return {} if shown is None else tiles.places(shown, self.room, self.now.gap, of)

    def land(self, name: str, there: Landing) -> None:
        """Have a card come down somewhere, if there is room, and say so."""
        tree = self.try_landing(name, there)
        words = self.words(name, there)
        if tree is None:
            self.said.emit(tr("There is no room for that."), None)
        elif self.places_of(tree) == self.rects:
            self.said.emit(tr("{card} stands there already.", card=self.name_of(name)), None)
        else:
            self._remember()
            self._take(replace(self.order, tree=tree))
            self.said.emit(words, self.take_back)

    def words(self, name: str, there: Landing) -> str:
        """Return in words where a card comes down."""
        card = self.name_of(name)
        if there.target == name:
            return tr("{card} stays where it is", card=card)
        if there.target is None:
            return {
                "left": tr("{card} at the left of all", card=card),
                "right": tr("{card} at the right of all", card=card),
                "above": tr("{card} above all", card=card),
                "below": tr("{card} below all", card=card),
                None: "",
            }[there.side]
        other = self.name_of(there.target)
        return {
            "left": tr("{card} to the left of “{other}”", card=card, other=other),
            "right": tr("{card} to the right of “{other}”", card=card, other=other),
            "above": tr("{card} above “{other}”", card=card, other=other),
            "below": tr("{card} below “{other}”", card=card, other=other),
            None: tr("{card} and {other} change places", card=card, other=other),
        }[there.side]

    def move(self, name: str, side: Side) -> None:
        """Have a card change places with its neighbour at a side; at the border go beside all the others."""
        if self.only is None and name in self.rects:
            other = tiles.neighbour(self.rects, name, side)
            self.land(name, Landing(other, side if other is None else None))

    def take_back(self) -> None:
        """Undo the last move of a card, or the last reset of the layout."""
        if self._before:
            self.carrier.cancel()
            self._take(self._before.pop())
            self.said.emit(tr("The cards are where they were before."), None)
        else:
            self.said.emit(tr("No card was moved."), None)

    def reset(self) -> None:
        """Show every card where the design has it."""
        self.carrier.cancel()
        self.only = None
        if self.order != Order():
            self._remember()
            self._take(Order())
            self.said.emit(tr("Every card is where it was at first."), self.take_back)
        else:
            self.share()

    def _remember(self) -> None:
        self._before = [*self._before[1 - STEPS :], self.order]

    def _take(self, order: Order) -> None:
        """Show another arrangement, and keep it for the next start."""
        self.order = order
        remember("layout", order.shares.text())
        remember("cards", tiles.text(order.tree))
        self.share()
