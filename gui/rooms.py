"""Gives every card its room: in the window, with gaps that can be pulled, or in a window of its own."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, QRect, QSize, Signal
from PySide6.QtWidgets import QApplication, QWidget

from gui import tiles
from gui.arrangement import arrange, chosen, designed, least, pulled
from gui.dividers import Divider
from gui.enlarging import PartCard
from gui.i18n import language, tr
from gui.order import PARTS, Order
from gui.placing import Layout
from gui.theme import themes
from gui.tiles import Gap, Least, Rect, Tree
from gui.windows import CardWindow

if TYPE_CHECKING:
    from engine.experiment import Experiment
    from gui.cards import BottomCard, NetworkCard, ResultCard
    from gui.enlarging import Enlarging
    from gui.panels.side_column import SideColumn
    from gui.panels.top_bar import TopBar


class Rooms(QObject):
    """Who stands where, and how much room each has.

    Attributes:
        cards: by name, those for parts of others included; parts: these alone.
        order: what the user made of the arrangement.
        room: where the cards of the window are; rects: the places of those that are seen. Both in pixels of
            the middle of the window.
        tree: who stands where, hidden ones included.
        only: the card that has the whole room, or None.
        dividers: the gaps between cards that can be pulled.
        windows: the windows of cards that have their own.

    Signals:
        said(str, object): what was done, and a function that takes it back, or None.
        closed(str): the user closed the window of a card.
    """

    said = Signal(str, object)
    closed = Signal(str)

    def __init__(self, middle: QWidget, top: TopBar, side: SideColumn, network: NetworkCard,
                 result: ResultCard, bottom: BottomCard) -> None:  # fmt: skip
        super().__init__(middle)
        self._middle, self._top, self._side, self._bottom = middle, top, side, bottom
        self.cards: dict[str, Enlarging] = {"network": network, "result": result, "bottom": bottom}
        self.parts = {name: self._made_part(name, title, home) for name, title, home in PARTS}
        self.cards.update(self.parts)
        self.windows: dict[str, CardWindow] = {}
        self.only: Enlarging | None = None
        self.projector = False
        self.order = Order.kept()
        self.room, self.rects = Rect(0, 0, 0, 0), dict[str, Rect]()
        self.tree: Tree = "network"
        self.dividers: list[Divider] = []
        self._gaps: list[Gap] = []
        self._unfit: list[str] = []
        self._placed: tuple[object, ...] = ()  # what decided where everything is now
        self._layout = Layout(self._place, middle)
        for widget in (top, side, *self.cards.values()):
            self._layout.addWidget(widget)
        language.changed.connect(self._name_dividers)

    def _made_part(self, name: str, title: str, home: str) -> PartCard:
        lender: ResultCard | BottomCard = self.cards[home]  # type: ignore[assignment]
        return PartCard(name, title, home, lender)

    @property
    def _least(self) -> Least:
        return least(themes.scale, self.projector)

    def name_of(self, name: str) -> str:
        """Return what a card is called in the current language."""
        return self.cards[name].called()

    def name_around(self, widget: QWidget | None, parts: bool = False) -> str:
        """Return the name of the card that holds a widget; empty for none.

        Parameters:
            parts: whether the name of a part is wanted too that is on the card it belongs to.
        """
        while widget is not None:
            for name, card in self.cards.items():
                if card is widget or (parts and name in self.parts and self.parts[name].owns(widget)):
                    return name
            widget = widget.parentWidget()
        return ""

    def show_experiment(self, experiment: Experiment) -> None:
        """Leave out the parts that say nothing about an experiment."""
        unfit = [name for name, part in self.parts.items() if not part.picture.fits(experiment)]
        if unfit != self._unfit:
            self._unfit = unfit
            self.share()

    # Room

    def share(self, size: QSize | None = None) -> None:
        """Give every card its place and size; in a window of another size, if one is given."""
        area = QRect(QPoint(), size) if size is not None else self._middle.rect()
        width, height = area.width(), area.height()
        usual = arrange(width, height, themes.scale, self.projector)
        self.now = pulled(usual, width, height, themes.scale, self.order.shares)
        self._side.setVisible(self.now.side and self.only is None)
        self._top.set_form(self.now.bar, sparse=self.projector)
        self._side.fold(area.size())  # before its width is asked for, or all is placed and drawn twice
        wide = self._side.minimumWidth()  # its own place may change it, which asks once more
        self._find_room(area)
        usual_tree = designed(self.now, self.room)
        self.tree = chosen(self.order.tree, usual_tree, self.gone(), self.room, self.now.gap, self._least)
        shown = self.shown(self.tree)
        self._settle_parts()
        self._show([] if shown is None else [*tiles.names(shown)])
        self.rects = {} if shown is None else tiles.places(shown, self.room, self.now.gap, self._least)
        for name, rect in self.rects.items():
            self.cards[name].setGeometry(*rect)
        self._put_dividers([] if shown is None else tiles.gaps(shown, self.room, self.now.gap, self._least))
        self._placed = self._asked(area, wide)

    def _place(self, area: QRect) -> None:
        """Place everything in the window: its layout asks for it, and does when only a number changed too."""
        if self._asked(area, self._side.minimumWidth()) != self._placed:
            self.share(area.size())

    def _asked(self, area: QRect, wide: int) -> tuple[object, ...]:
        """Return everything that decides who stands where."""
        hidden = [one.isHidden() for one in (self._side, *self.cards.values())]
        chosen = self.only, self.projector, self.order, tuple(self.windows)
        return (QRect(area), themes.scale, language.code, wide, chosen, self._unfit, hidden)

    def _find_room(self, area: QRect) -> None:
        """Place the bar above and the column at the left; the rest is the cards'."""
        gap = self.now.gap
        inner = area.adjusted(gap, gap, -gap, -gap)
        self._top.setGeometry(QRect(inner.topLeft(), QSize(inner.width(), self.now.bar)))
        inner.setTop(inner.top() + self.now.bar + gap)
        if not self._side.isHidden():
            wide = self._side.minimumWidth()
            self._side.setGeometry(QRect(inner.topLeft(), QSize(wide, inner.height())))
            inner.setLeft(inner.left() + wide + gap)
        self.room = Rect(inner.x(), inner.y(), inner.width(), inner.height())

    def gone(self) -> list[str]:
        """Return the cards that are not in the window now, or say nothing there."""
        return [*self.order.apart, *self._unfit, *([] if self.now.pages else ["bottom"])]

    def shown(self, tree: Tree) -> Tree | None:
        """Return those of an arrangement that are seen in the window."""
        if self.only is not None:
            return next(name for name, card in self.cards.items() if card is self.only)
        return tiles.without(tree, self.gone())

    def fits(self, tree: Tree) -> bool:
        """Whether every card of an arrangement that is seen has the room it needs."""
        shown = tiles.without(tree, self.gone())
        width, height = (0, 0) if shown is None else tiles.needed(shown, self.now.gap, self._least)
        return width <= self.room.width and height <= self.room.height

    def places_of(self, tree: Tree) -> dict[str, Rect]:
        """Return where each card would stand in another arrangement."""
        shown = tiles.without(tree, self.gone())
        return {} if shown is None else tiles.places(shown, self.room, self.now.gap, self._least)

    def _settle_parts(self) -> None:
        """Give parts their own cards, or have them on the cards they belong to."""
        here = {*tiles.names(self.tree), *self.windows}
        for name, part in self.parts.items():
            part.set_out(name in here)

    def _show(self, names: list[str]) -> None:
        cards = {name: card for name, card in self.cards.items() if name not in self.windows}
        focus = QApplication.focusWidget()
        hidden: list[QWidget] = [card for name, card in cards.items() if name not in names]
        if self._side.isHidden():
            hidden.append(self._side)
        if focus is not None and any(gone.isAncestorOf(focus) for gone in hidden):
            self._middle.setFocus()  # else Qt would frame the first button of the top bar
        for name, card in cards.items():
            card.setVisible(name in names)
        for name, card in self.cards.items():
            card.show_title(self.now.titles or name in self.windows)
        self._bottom.set_words_width(self.now.words)

    def show_only(self, card: Enlarging | None) -> None:
        """Give the whole window to one card below the top bar, or show all of them again.

        One that has a window of its own fills its screen, or does so no longer.
        """
        for window in self.windows.values():
            if window.card is card:
                window.fill_screen(not window.isFullScreen())
                return
        self.only = card
        self.share()

    # Windows

    def open_windows(self) -> None:
        """Open the windows of the cards that have their own, and close the others."""
        for name in [name for name in self.windows if name not in self.order.apart]:
            window = self.windows.pop(name)
            self._layout.addWidget(window.card)
            window.give_up()
        for name in self.order.apart:
            if name not in self.windows and self._middle.window().isVisible():
                self.windows[name] = window = CardWindow(name, self.cards[name], self._middle.window())
                self._settle_parts()
                window.closed.connect(lambda name=name: self.closed.emit(name))
                window.open()
                self.cards[name].show_title(True)

    def close_windows(self) -> None:
        """Close the windows of cards, to be opened again at the next start."""
        for window in self.windows.values():
            window.give_up()

    def take(self, order: Order) -> None:
        """Show another arrangement, and keep it for the next start."""
        self.order = order
        order.keep()
        self.open_windows()
        if self.only is not None and self.only in [self.cards[name] for name in order.apart]:
            self.only = None
        self.share()

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
            divider.show()  # only now that all are known: it may have everything placed once more
            divider.raise_()
        self._name_dividers()

    def _made(self, index: int, gap: Gap) -> Divider:
        divider = Divider(gap.axis, self._middle)
        divider.moved.connect(lambda pixels: self._pull(index, pixels))
        divider.left.connect(lambda: self._even(index))
        return divider

    def _name_dividers(self) -> None:
        shown = self.shown(self.tree)
        for divider, gap in zip(self.dividers, self._gaps, strict=True):
            assert shown is not None
            both = tiles.beside(shown, gap)
            one, other = (", ".join(map(self.name_of, tiles.names(part))) for part in both)
            divider.setAccessibleName(tr("Room between {one} and {other}", one=one, other=other))
            divider.setToolTip(tr("Drag to share the room differently; two clicks put it back."))

    def _pull(self, index: int, pixels: int) -> None:
        """Move a gap so many pixels to the right or down."""
        gap = self._gaps[index]
        if self.tree is self.order.tree:
            tree = tiles.pulled(self.tree, gap, pixels, self.room, self._least, self.gone())
            self.take(replace(self.order, tree=tree))
            return
        shares = self.order.shares
        if gap.axis == "row":
            wanted = (self.rects["result"].width - pixels) / self._middle.width()
            shares = replace(shares, result=min(max(wanted, 0.01), 0.99))
        else:
            wanted = (self.rects["bottom"].height - pixels) / self._middle.height()
            shares = replace(shares, bottom=min(max(wanted, 0.01), 0.99))
        self.take(replace(self.order, shares=shares))

    def _even(self, index: int) -> None:
        """Put a gap where the design has it, or in the middle where the cards were moved."""
        gap = self._gaps[index]
        if self.tree is self.order.tree:
            self.take(replace(self.order, tree=tiles.evened(self.tree, gap, self.gone())))
            return
        shares = self.order.shares
        shares = replace(shares, result=None) if gap.axis == "row" else replace(shares, bottom=None)
        self.take(replace(self.order, shares=shares))
