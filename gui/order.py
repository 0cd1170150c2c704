"""What the user made of the arrangement of the cards, as the settings keep it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from gui import tiles
from gui.dividers import Shares
from gui.settings import recall, remember
from gui.tiles import Tree

CARDS = ("network", "result", "bottom")  # those that are always somewhere
# What a card can do without: the name of a part, its title, and the card it belongs to.
PARTS = (
    ("loss_curve", "Loss curve", "result"), ("findings", "What the machine sees", "bottom"),
    ("weights", "Weights", "bottom"), ("first_layer", "First layer", "bottom"),
    ("gradients", "Gradients", "bottom"), ("activations", "Activations", "bottom"),
    ("loss_surface", "Loss surface", "bottom"), ("signal", "Signal by layer", "bottom"),
    ("compare", "Compare", "bottom"),
)  # fmt: skip
PART_NAMES = tuple(name for name, _, _ in PARTS)
PAGES = tuple(name for name, _, home in PARTS if home == "bottom" and name != "findings")


@dataclass(frozen=True)
class Order:
    """Who stands where.

    Attributes:
        tree: None as the design has it. A part that is not in it is on the card it belongs to.
        shares: of the gaps that were pulled in the design's own arrangement.
        apart: cards and parts in windows of their own; cards keep their place in the tree meanwhile.
    """

    tree: Tree | None = None
    shares: Shares = Shares()
    apart: tuple[str, ...] = ()

    def keep(self) -> None:
        """Have the next start begin with it."""
        remember("layout", self.shares.text())
        remember("cards", tiles.text(self.tree))
        remember("apart", " ".join(self.apart))

    @classmethod
    def kept(cls) -> Order:
        """Return what the settings keep; what cannot be read is as the design has it."""
        tree = tiles.read(recall("cards"), CARDS, PART_NAMES)
        apart = tuple(dict.fromkeys(recall("apart").split()))
        if not set(apart) <= {*CARDS, *PART_NAMES} or set(CARDS) <= set(apart):
            apart = ()
        out = {*apart, *(() if tree is None else tiles.names(tree))}
        if _leaves_no_page(out):
            return cls(shares=Shares.read(recall("layout")))
        return cls(tree, Shares.read(recall("layout")), apart)


def _leaves_no_page(out: Collection[str]) -> bool:
    """Whether the card with the tabs would have none for some experiment."""
    return {*PAGES} - {"first_layer"} <= {*out}
