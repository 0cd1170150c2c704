"""What is said of a card on its way: where it would come down."""

from collections.abc import Callable

from gui.i18n import tr
from gui.landing import APART, Landing


def words(name: str, there: Landing, name_of: Callable[[str], str], home: str = "") -> str:
    """Return in words where a card comes down.

    Parameters:
        name_of: says what a card is called.
        home: the card that this one is a part of; empty for others.
    """
    card = name_of(name)
    if there == APART:
        return tr("“{card}” in a window of its own", card=card)
    if there.target == name:
        return tr("“{card}” stays where it is", card=card)
    if there.target is None:
        return {
            "left": tr("“{card}” at the left of all", card=card),
            "right": tr("“{card}” at the right of all", card=card),
            "above": tr("“{card}” above all", card=card),
            "below": tr("“{card}” below all", card=card),
            None: "",
        }[there.side]
    other = name_of(there.target)
    if there.side is None and there.target == home:
        return tr("“{card}” back on “{other}”", card=card, other=other)
    return {
        "left": tr("“{card}” to the left of “{other}”", card=card, other=other),
        "right": tr("“{card}” to the right of “{other}”", card=card, other=other),
        "above": tr("“{card}” above “{other}”", card=card, other=other),
        "below": tr("“{card}” below “{other}”", card=card, other=other),
        None: tr("“{card}” and “{other}” change places", card=card, other=other),
    }[there.side]
