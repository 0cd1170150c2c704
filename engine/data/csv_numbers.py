"""Numbers as people write them: with a decimal point or comma, in groups of thousands, with a unit."""

import math
import re
from collections.abc import Iterable, Sequence

import numpy as np

# How cells say that a value is missing, whatever the case of the letters.
MISSING = frozenset(
    ("", "na", "n/a", "#n/a", "#na", "<na>", "nan", "-nan", "null", "none", "?", "-", "--", "–", "—", ".")
)
# What stands before or after amounts and shares, the longer ones first.
UNITS = ("US$", "R$", "A$", "C$", "$", "€", "£", "¥", "₹", "BRL", "USD", "EUR", "GBP", "%", "‰")
_GROUPS = " '’\u00a0\u2009\u202f"  # what separates thousands in any language, besides the other mark


def _pattern(decimal: str) -> re.Pattern[str]:
    """Return the form of a number with this decimal mark."""
    mark, other = re.escape(decimal), re.escape("," if decimal == "." else ".")
    grouped = rf"[1-9][0-9]{{0,2}}([{other}{_GROUPS}])[0-9]{{3}}(?:\1[0-9]{{3}})*(?:{mark}[0-9]*)?"
    plain = rf"(?:[0-9]+{mark}?[0-9]*|{mark}[0-9]+)(?:[eE][+-]?[0-9]+)?"
    return re.compile(rf"[+-]?(?:{grouped}|{plain})")


_PATTERNS = {mark: _pattern(mark) for mark in ".,"}


def is_missing(cell: str) -> bool:
    """Whether a cell says that there is no value."""
    return cell.casefold() in MISSING


def number(cell: str, decimal: str) -> float | None:
    """Return the finite number that a cell writes, None where it writes none.

    Parameters
    ----------
    cell : without spaces around it
    decimal : "." or ","; the other one may separate thousands, in groups of three
    """
    cell = cell.replace("−", "-")
    if not _PATTERNS[decimal].fullmatch(cell):
        return None
    for mark in ("." if decimal == "," else ",") + _GROUPS:
        cell = cell.replace(mark, "")
    value = float(cell.replace(",", "."))
    return value if math.isfinite(value) else None


def unit_of(cells: Iterable[str]) -> str:
    """Return the unit that stands at these cells, "" where there is none, or more than one kind of them."""
    found = {unit for unit in map(_unit_at, cells) if unit}
    return found.pop() if len(found) == 1 else ""


def without_unit(cell: str, unit: str | None = None) -> str:
    """Return a cell without its unit: "-1.234,50" for "R$ -1.234,50" and "-R$ 1.234,50", 5 for "5 %".

    Parameters
    ----------
    unit : the one to take off; None for any
    """
    cell = cell.strip()
    unit = _unit_at(cell) if unit is None else unit
    if not unit:
        return cell
    sign = cell[0] if cell[0:1] in _SIGNS else ""
    amount = cell[len(sign) :].lstrip()
    if amount.startswith(unit):
        return sign + amount.removeprefix(unit).lstrip()
    return cell.removesuffix(unit).rstrip()


_SIGNS = ("+", "-", "−")


def _unit_at(cell: str) -> str:
    if cell[:1].isdecimal() and cell[-1:].isdecimal():  # most cells
        return ""
    amount = cell.lstrip("+-−").lstrip()
    return next((unit for unit in UNITS if amount.startswith(unit) or amount.endswith(unit)), "")


def other_mark(decimal: str) -> str:
    """Return the decimal mark that this one is not."""
    return "," if decimal == "." else "."


def decimal_of(cells: Iterable[str]) -> str | None:
    """Return the decimal mark that the numbers among some cells tell, None where they tell none.

    1.5 and 1.234,5 tell; 1.234 may be either.
    """
    votes = {".": 0, ",": 0}
    for cell in cells:
        if "." not in cell and "," not in cell:
            continue
        amount = without_unit(cell)
        told = [mark for mark in votes if number(amount, mark) is not None]
        if len(told) == 1:
            votes[told[0]] += 1
    if votes["."] == votes[","]:
        return None
    return max(votes, key=lambda mark: votes[mark])


def likely_mark(cells: Iterable[str]) -> str:
    """Return the decimal mark where no number tells it: a comma beside reais, as R$ 1.500 is no R$ 1,50."""
    return "," if any(_unit_at(cell.strip()) in _OF_BRAZIL for cell in cells) else "."


_OF_BRAZIL = ("R$", "BRL")


def numbers(cells: Sequence[str], decimal: str) -> tuple[np.ndarray, int]:
    """Return the numbers (n,) float64 of some cells and the place of the first that is none, else −1.

    A missing value is NaN; spaces around a cell do not count.
    """
    values = _all_plain(cells, decimal)
    if values is not None:
        return values, -1
    values = np.empty(len(cells))
    for place, cell in enumerate(map(str.strip, cells)):
        value = math.nan if is_missing(cell) else number(cell, decimal)
        if value is None:
            return values, place
        values[place] = value
    return values, -1


def _all_plain(cells: Sequence[str], decimal: str) -> np.ndarray | None:
    """Return the numbers of cells that all are plain ones, in one go; None where one is not."""
    whole = "\n".join(cells)
    if "_" in whole or (decimal == "," and "." in whole):  # Python reads 1_000, and 1.5
        return None
    try:
        values = np.array(list(map(float, whole.replace(",", ".").split("\n") if decimal == "," else cells)))
    except ValueError:
        return None
    whole_and_finite = len(values) == len(cells) and np.isfinite(values).all()
    return values if whole_and_finite else None  # a cell may hold lines, and Python reads nan and infinity
