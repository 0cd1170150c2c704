"""One column of a table while it is read: as numbers, or as categories."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice

import numpy as np

from engine.data.csv_numbers import is_missing, number, numbers, other_mark, unit_of, without_unit
from engine.data.csv_text import wrong

MOST_CATEGORIES = 100  # different texts of a column that is to be categories, or classes
NAMING, FEWEST_NAMES = 0.9, 10  # so many different texts a row, in so many rows, are names of the rows
LONGEST_CATEGORY = 100  # characters of such a text
LOOKED_AT = 100  # values by which it is told what a column holds
LARGEST_NUMBER = 1e30  # its square, summed over all rows, is still a number, and it is one in float32
MOSTLY = 0.8  # from this share of numbers on a column counts as numbers, and what is none as a mistake
ROLES = ("number", "category", "left_out")
NUMBER, CATEGORY, LEFT_OUT = ROLES


@dataclass(frozen=True)
class Note:
    """One English sentence with ``{name}`` fields, the key of its translation, and what fills them."""

    reason: str
    values: tuple[tuple[str, object], ...] = ()

    def __str__(self) -> str:
        return self.reason.format(**dict(self.values))


TOO_MANY = Note("it has more than {most} different texts", (("most", MOST_CATEGORIES),))
TOO_LONG = Note("its texts are longer than {most} characters", (("most", LONGEST_CATEGORY),))
ROWS_NAMED = Note("nearly every row has a text of its own there, which tells nothing of any other row")
MOSTLY_MISSING = Note("more than half of its values are missing")
EMPTY = Note("it has no values")


class OtherDecimalMark(Exception):
    """The numbers turn out to have the other decimal mark than was thought."""


@dataclass
class Column:
    """One column, growing.

    Attributes
    ----------
    name : in the header
    kind : "number", "category", "left_out"; empty as long as no value was seen
    chosen : whether the user said which
    why : the reason why it is left out; None where the user said so
    missing : how many values are
    unit : what stands at the numbers and is left off, such as "R$" or "%"
    """

    name: str
    kind: str = ""
    chosen: bool = False
    why: Note | None = None
    missing: int = 0
    unit: str = ""
    _blank: int = 0
    _texts: "Column | None" = None
    _blocks: list[np.ndarray] = field(default_factory=list)
    _codes: dict[str, int] = field(default_factory=dict)

    def add(self, rows: Sequence[int], cells: Sequence[str], decimal: str, sure: bool) -> None:
        """Take in more cells.

        Parameters
        ----------
        rows : their row numbers in the file
        cells : as many texts
        decimal : the decimal mark
        sure : whether that is known, or may turn out wrong (OtherDecimalMark)

        Raises ExperimentError for what is no number in a column of numbers. Where units stand at them, it is
        one of categories then, unless the user said otherwise.
        """
        if self.kind in ("", NUMBER) and not self._blocks:
            kind, self.unit = _look_at(cells, decimal)
            self.kind = self.kind or kind
            if self.unit and not self.chosen:
                self._texts = Column(self.name, CATEGORY, _blank=self._blank)
        if not self.kind:
            self._blank += len(cells)
        if self.kind in ("", LEFT_OUT):
            return
        self._fill_blank()
        if self._texts is not None:
            self._texts.add(rows, cells, decimal, sure)
        if self.kind == CATEGORY:
            self._add_categories(cells)
            return
        amounts = [without_unit(cell, self.unit) for cell in cells] if self.unit else cells
        values, bad = numbers(amounts, decimal)
        if bad >= 0:
            if not sure and number(amounts[bad].strip(), other_mark(decimal)) is not None:
                raise OtherDecimalMark
            if self._texts is not None:
                self._become(self._texts)
                return
            raise wrong("row {row}, column {column}: {value} is not a number", row=rows[bad],
                        column=self.name, value=cells[bad].strip())  # fmt: skip
        large = np.abs(values) > LARGEST_NUMBER
        if large.any():
            first = int(large.argmax())
            raise wrong("row {row}, column {column}: {value} is too large a number", row=rows[first],
                        column=self.name, value=cells[first].strip())  # fmt: skip
        self.missing += int(np.isnan(values).sum())
        self._blocks.append(compact(values))

    def _become(self, other: "Column") -> None:
        """Hold what another column of the same cells holds."""
        self.kind, self.why, self.missing, self.unit, self._texts = (
            other.kind,
            other.why,
            other.missing,
            "",
            None,
        )
        self._blocks, self._codes = other._blocks, other._codes

    def _add_categories(self, cells: Sequence[str]) -> None:
        table = self._codes
        stripped = map(str.strip, cells)
        codes = [-1 if is_missing(cell) else table.setdefault(cell, len(table)) for cell in stripped]
        if len(table) > MOST_CATEGORIES:
            self.leave_out(TOO_MANY)
            return
        if max(map(len, table), default=0) > LONGEST_CATEGORY:
            self.leave_out(TOO_LONG)
            return
        self._blocks.append(np.array(codes, np.int16))
        self.missing += codes.count(-1)

    def _fill_blank(self) -> None:
        """Say of the cells before the first value that they are missing."""
        if self._blank:
            nothing = np.full(self._blank, -1, np.int16) if self.kind == CATEGORY else np.nan
            self._blocks.append(np.broadcast_to(nothing, self._blank))
            self.missing += self._blank
            self._blank = 0

    @property
    def names_rows(self) -> bool:
        """Whether nearly every row has a text of its own: a name, say, of which no other row can profit."""
        count = sum(map(len, self._blocks)) - self.missing
        return self.kind == CATEGORY and count >= FEWEST_NAMES and len(self._codes) >= NAMING * count

    def leave_out(self, why: Note) -> None:
        """Forget the column."""
        self.kind, self.why, self._blocks, self._codes, self._texts = LEFT_OUT, why, [], {}, None

    def values(self) -> np.ndarray:
        """Return (n,) numbers with NaN where one is missing, or the codes of categories with −1 there."""
        return np.concatenate(self._blocks)

    @property
    def categories(self) -> tuple[str, ...]:
        """The texts of the codes 0, 1, 2, ..."""
        return tuple(self._codes)

    def sorted_codes(self, chosen: np.ndarray) -> tuple[tuple[str, ...], np.ndarray]:
        """Return the categories of the chosen rows, sorted, and each row's place among them, uint8.

        Parameters
        ----------
        chosen : (n,) bool, rows of which none is missing
        """
        codes = self.values()[chosen]
        texts = self.categories
        used = sorted(np.unique(codes).tolist(), key=texts.__getitem__)
        places = np.zeros(len(texts), np.uint8)
        places[used] = np.arange(len(used))
        return tuple(texts[code] for code in used), places[codes]


def _look_at(cells: Sequence[str], decimal: str) -> tuple[str, str]:
    """Return what the first values of a column look like, empty where there is none, and their unit.

    Most have to be numbers; where a unit stands at some, all have to be, and no two of different units.
    """
    texts = list(islice((cell for cell in map(str.strip, cells) if not is_missing(cell)), LOOKED_AT))
    if not texts:
        return "", ""
    marks, unit = (decimal, other_mark(decimal)), unit_of(texts)
    amounts = [cell for cell in (without_unit(cell, unit) for cell in texts) if not is_missing(cell)]
    numeric = sum(any(number(cell, mark) is not None for mark in marks) for cell in amounts)
    is_number = numeric >= (1 if unit else MOSTLY) * len(amounts) and numeric > 0
    return (NUMBER, unit) if is_number else (CATEGORY, "")


def compact(values: np.ndarray) -> np.ndarray:
    """Return numbers in the smallest type that holds each of them exactly."""
    low, high = float(values.min(initial=0.0)), float(values.max(initial=0.0))
    for kind, least, most in _SMALLER:
        if least <= low and high <= most:  # not so where one is NaN
            small = values.astype(kind)
            if np.array_equal(small, values):
                return small
    return values


# float32 holds larger numbers, but a number that is out of the range of its whole ones hardly ever fits.
_SMALLER = ((np.uint8, 0, 255), (np.int16, -(2**15), 2**15 - 1), (np.float32, -(2**24), 2**24))
