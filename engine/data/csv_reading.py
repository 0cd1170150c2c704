"""From rows of text to columns: what the first row is, which decimal mark there is, what columns hold."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice

from engine.data.csv_columns import ROLES, Column, OtherDecimalMark
from engine.data.csv_numbers import decimal_of, is_missing, likely_mark, number, other_mark, without_unit
from engine.data.csv_text import RowReader, Text, open_text, wrong
from engine.errors import ExperimentError

MOST_ROWS = 100_000
MOST_COLUMNS = 5000  # of the file
LONGEST_NAME = 100  # characters of a column's name
CELLS_AT_ONCE, CHARACTERS_AT_ONCE = 2**19, 2**24
HEAD = 200  # rows by which header and decimal mark are told
SHOWN = 5  # rows that a report repeats
WATCHED = 2048  # rows between two looks of whoever watches

Watch = Callable[[int], None]  # hears how many characters are read; what it raises ends the reading


@dataclass(frozen=True)
class Options:
    """How a file is to be read; None and () for what it looks like. The fields of ``data`` say more."""

    target: str | None = None
    task: str | None = None
    columns: tuple[tuple[str, str], ...] = ()
    header: bool | None = None
    decimal: str | None = None


@dataclass(frozen=True, eq=False)
class Found:
    """What stands in a file.

    Attributes
    ----------
    text : how it is written
    header, decimal : whether the first row names the columns, and the decimal mark
    columns, rows : the columns, and how many rows there are
    first : the first few rows as they stand there
    """

    text: Text
    header: bool
    decimal: str
    columns: list[Column]
    rows: int
    first: tuple[tuple[str, ...], ...]


def read_cells(path: str, options: Options, watch: Watch | None = None) -> Found:
    """Read all rows of a file into columns. Raises ExperimentError with row, column and reason."""
    _check_options(options)
    text = open_text(path)
    head = [(row, [cell.strip() for cell in cells]) for row, cells in islice(RowReader(text), HEAD)]
    if not head:
        raise wrong("{file}: this file is empty", file=path)
    named = _has_header(head) if options.header is None else options.header
    names = _names(head[0][1], named)
    columns = _columns(names, options)
    seen = [cell for _, cells in head[named:] for cell in cells]
    known = options.decimal or decimal_of(seen)
    decimal = known or likely_mark(seen)
    try:
        rows = _fill(columns, text, named, decimal, known is not None, watch)
    except OtherDecimalMark:
        decimal, columns = other_mark(decimal), _columns(names, options)
        rows = _fill(columns, text, named, decimal, True, watch)
    first = tuple(tuple(cells[: len(names)]) for _, cells in head[named : named + SHOWN])
    return Found(text, named, decimal, columns, rows, first)


def _check_options(options: Options) -> None:
    if options.task not in (None, "classes", "regression"):
        raise ExperimentError("data.task", "{value} is not a known {kind}", value=options.task, kind="task")
    if options.decimal not in (None, ".", ","):
        raise ExperimentError(
            "data.decimal", "{value} is not a known {kind}", value=options.decimal, kind="decimal mark"
        )


def _has_header(head: list[tuple[int, list[str]]]) -> bool:
    """Whether the first row names the columns: no number in it, and no text that stands below it again.

    Numbers name columns too, as years and questions do, where a text stands above nothing but numbers.
    """
    first, below = head[0][1], [cells for _, cells in head[1:]]
    columns = [[cells[place] for cells in below if place < len(cells)] for place in range(len(first))]
    if any(_is_number(cell) for cell in first):
        different = len(set(first)) == len(first)
        return different and any(map(_names_numbers, first, columns))
    return not any(cell and cell in column for cell, column in zip(first, columns, strict=True))


def _is_number(cell: str) -> bool:
    amount = without_unit(cell)
    return any(number(amount, mark) is not None for mark in ".,")


def _names_numbers(cell: str, column: list[str]) -> bool:
    """Whether a cell is a text above numbers, of which some may be missing."""
    there = [value for value in column if not is_missing(value)]
    return not is_missing(cell) and not _is_number(cell) and bool(there) and all(map(_is_number, there))


def _names(first: list[str], named: bool) -> list[str]:
    """Return a name of its own for every column."""
    while named and len(first) > 1 and not first[-1]:
        first = first[:-1]  # a delimiter at the end of each row makes no column
    if len(first) > MOST_COLUMNS:
        raise wrong("{value} columns are too many, {most} are allowed", value=len(first), most=MOST_COLUMNS)
    if len(first) < 2:
        raise wrong("only one column was found: cells are separated by comma, semicolon, tab or |")
    words = (" ".join(cell.split())[:LONGEST_NAME] if named else "" for cell in first)
    return distinct([word or f"column_{place}" for place, word in enumerate(words, start=1)])


def distinct(names: list[str]) -> list[str]:
    """Return the names, with a number after each that stood before."""
    taken, counts = set(names), dict.fromkeys(names, 1)
    free = []
    for name in names:
        count = counts[name]
        while count > 1 and f"{name}_{count}" in taken:
            count += 1
        counts[name] = count + 1
        free.append(name if count == 1 else f"{name}_{count}")
        taken.add(free[-1])
    return free


def _columns(names: list[str], options: Options) -> list[Column]:
    columns = {name: Column(name) for name in names}
    for index, (name, role) in enumerate(options.columns):
        if name not in columns:
            raise ExperimentError(f"data.columns[{index}]", "there is no column {value}", value=name)
        if role not in ROLES:
            raise ExperimentError(f"data.columns[{index}]", "{value} is not a known {kind}",
                                  value=role, kind="role")  # fmt: skip
        columns[name] = Column(name, kind=role, chosen=True)
    return list(columns.values())


def _fill(columns: list[Column], text: Text, named: bool, decimal: str, sure: bool,
          watch: Watch | None) -> int:  # fmt: skip
    """Read all rows into the columns and return how many there are."""
    total = 0
    for block in _blocks(text, named, len(columns), watch):
        total += len(block)
        if total > MOST_ROWS:
            raise wrong("the file has more than {most} rows", most=MOST_ROWS)
        numbers, cells = zip(*block, strict=True)
        for column, texts in zip(columns, zip(*cells, strict=True), strict=True):
            column.add(numbers, texts, decimal, sure)
    if not total:
        raise wrong("there are no rows below the names of the columns")
    return total


def _blocks(text: Text, named: bool, width: int,
            watch: Watch | None) -> Iterator[list[tuple[int, list[str]]]]:  # fmt: skip
    """Yield the rows below the header, many at once but never so many that they fill the memory."""
    reader, at_once = RowReader(text), max(1, CELLS_AT_ONCE // width)
    block: list[tuple[int, list[str]]] = []
    begun = 0
    for row, cells in islice(reader, int(named), None):
        block.append((row, _of_width(row, cells, width)))
        if watch is not None and row % WATCHED == 0:
            watch(reader.characters)
        if len(block) == at_once or reader.characters - begun > CHARACTERS_AT_ONCE:
            yield block
            block, begun = [], reader.characters
    if block:
        yield block


def _of_width(row: int, cells: list[str], width: int) -> list[str]:
    """Return the cells, with empty ones beyond the last column cut off. Raises ExperimentError."""
    if len(cells) > width and not any(map(str.strip, cells[width:])):
        return cells[:width]
    if len(cells) != width:
        raise wrong("row {row} has {value} cells, the first row has {wanted}", row=row, value=len(cells),
                    wanted=width)  # fmt: skip
    return cells
