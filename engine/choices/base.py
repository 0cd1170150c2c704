"""What every choice has in common: a key, parameters with ranges and defaults, a formula, a reference.

A family is a dictionary of entries, one file a family. Menus, forms, the command line and the parity
tests are all built from these tables, so a new choice is one entry in one file.
"""

import math
import sys
from dataclasses import dataclass, field

_LARGEST = sys.float_info.max


@dataclass(frozen=True)
class Range:
    """An interval of allowed values, open or closed at either end.

    ``str()`` writes it the usual way: ``[0, 1)``.
    """

    low: float = -math.inf
    high: float = math.inf
    low_open: bool = False
    high_open: bool = False

    def __contains__(self, value: float) -> bool:
        # A comparison with NaN is false, so NaN is in no range.
        above = value > self.low if self.low_open else value >= self.low
        below = value < self.high if self.high_open else value <= self.high
        # Whole numbers may be too long for a float: compared, not converted.
        return above and below and -_LARGEST <= value <= _LARGEST

    def __str__(self) -> str:
        left = "(" if self.low_open or math.isinf(self.low) else "["
        right = ")" if self.high_open or math.isinf(self.high) else "]"
        return f"{left}{_written(self.low)}, {_written(self.high)}{right}"


def _written(value: float) -> str:
    """Return an end of a range in full: 4294967295, not 4.29497e+09."""
    if math.isinf(value):
        return "-∞" if value < 0 else "∞"
    return str(int(value)) if value == int(value) else f"{value:g}"


POSITIVE = Range(0, low_open=True)
NOT_NEGATIVE = Range(0)
FRACTION = Range(0, 1, high_open=True)


@dataclass(frozen=True)
class Parameter:
    """What an entry takes: its key in files, its default as published, what it may be.

    Attributes
    ----------
    range : the numbers allowed, for the kinds "number" and "whole"
    kind : "number"; "whole", a whole number (kept as a float); "switch", true or false; "option", one of
        ``options``; "text", any text. A form shows a number field, a number field without decimals, a check
        box, a list of the options (named in the family "option" of :mod:`gui.names`) and a line of text;
        the text ``path`` is a file's, for which a form asks with a dialog
    options : the keys that an "option" may have
    """

    key: str
    default: float | str
    range: Range = Range()
    kind: str = "number"
    options: tuple[str, ...] = ()

    @property
    def numeric(self) -> bool:
        """Whether a number field can show it."""
        return self.kind in ("number", "whole")


@dataclass(frozen=True)
class Entry:
    """One thing that a user can pick.

    Attributes
    ----------
    key : the name in experiment files and on the command line
    code : the integer by which the kernels know it
    formula : the definition in plain Unicode mathematics
    reference : where it was published
    parameters : what it takes
    sentence : in one plain sentence, what it does or when one takes it
    """

    key: str
    code: int
    formula: str
    reference: str
    parameters: tuple[Parameter, ...] = ()
    sentence: str = field(default="", kw_only=True)


def family(*entries: Entry) -> dict[str, Entry]:
    """Return the entries as a table by key, in the order given."""
    return {entry.key: entry for entry in entries}
