"""A table of the user's own: read from a file, its columns sorted into inputs and target, its rows checked.

    report = read_report("customers.csv")     # what was found, for a preview
    entry = entry_of(csv, experiment.data)    # its columns and classes, remembered
    table = table_of(experiment.data)         # its rows, kept while they are not too many

Rows in which an input or the target is missing are left out, and so is a column that misses more than half
of its values, that holds texts of more kinds than categories can be, or that names the rows. The report says
so.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from engine.choices.datasets import DATASETS, Dataset
from engine.data.csv_columns import CATEGORY, EMPTY, LEFT_OUT, MOSTLY_MISSING, ROWS_NAMED, Column, compact
from engine.data.csv_reading import Options, Watch, distinct, read_cells
from engine.data.csv_report import INPUT, TARGET, CsvReport, described
from engine.data.csv_target import Target, target_among, target_of
from engine.data.csv_text import Stamp, stamp_of, wrong
from engine.data.keeping import Kept
from engine.data.rows import NO_LABELS, NO_TARGETS, Rows
from engine.errors import ExperimentError

if TYPE_CHECKING:
    from engine.experiment import Data

MOST_INPUTS = 4096  # columns, after each category has become one
FEWEST_ROWS = 2  # one to train on, one to test on
ROWS_AT_ONCE = 1024
MOST_MISSING = 0.5  # of a column's values

Parts = tuple[tuple[np.ndarray, int], ...]  # numbers and 0, or codes and how many categories they have


@dataclass(frozen=True, eq=False)
class Table:
    """A table that was read.

    Attributes
    ----------
    report : what was found
    stamp : the file's time and size when it was read
    inputs : the names of the input columns, ``column=category`` for each category of one
    columns : of each column of the file that is an input: (n,) numbers and 0, or the codes (n,) of its
        categories and how many there are
    target : what is to be predicted
    """

    report: CsvReport
    stamp: Stamp
    inputs: tuple[str, ...]
    columns: Parts
    target: Target

    def describe(self, entry: Dataset) -> Dataset:
        """Return the entry of a data set with this table's columns, classes and number of rows."""
        of_category = [bool(count) for _, count in self.columns for _ in range(count or 1)]
        categories = tuple(name for name, one in zip(self.inputs, of_category, strict=True) if one)
        return replace(entry, task=self.target.task, classes=self.target.classes, inputs=self.inputs,
                       features=self.inputs, default_features=self.inputs, categories=categories,
                       rows=self.report.rows_used)  # fmt: skip

    def rows(self) -> Rows:
        """Return the complete rows of the file, in its order."""
        raw = np.empty((self.report.rows_used, len(self.inputs)))
        for start in range(0, len(raw), ROWS_AT_ONCE):  # a few rows of all columns stay in the fast memory
            self._write(slice(start, start + ROWS_AT_ONCE), raw)
        if self.target.task == "regression":
            return Rows(raw, NO_LABELS, self.target.values[:, None].astype(np.float64))
        return Rows(raw, self.target.values.astype(np.int64), NO_TARGETS)

    def _write(self, rows: slice, raw: np.ndarray) -> None:
        """Write some rows of the inputs: numbers as they are, categories as a 1 among 0."""
        first = 0
        for values, categories in self.columns:
            if categories:
                raw[rows, first : first + categories] = values[rows, None] == np.arange(categories)
            else:
                raw[rows, first] = values[rows]
            first += categories or 1

    @property
    def nbytes(self) -> int:
        """How many bytes its arrays take."""
        return self.target.values.nbytes + sum(values.nbytes for values, _ in self.columns)


Key = tuple[str, Options]

_kept: Kept[Table] = Kept(4, 256 * 2**20)
_latest: dict[Key, tuple[Stamp, Dataset]] = {}  # the version of each file that was read last, and what it is
_naming: dict[Key, tuple[str, ...]] = {}  # its columns that are left out because they name the rows


def entry_of(entry: Dataset, choices: "Data", fresh: bool = False) -> Dataset:
    """Return the entry of a data set as the file that an experiment's choices name makes it.

    Parameters
    ----------
    entry : the data set ``csv`` without a file
    choices : ``path`` and how it is to be read; a relative path starts at the current folder
    fresh : look whether the file has changed; else what was read of it last holds

    A file that has gone since it was read does no harm as long as the program runs. Raises
    ExperimentError with row, column and reason.
    """
    plain = _key_as_said(choices)
    found = _look_up(plain, entry, fresh)
    wanted = _key_of(choices)
    return found if wanted == plain else _look_up(wanted, entry, fresh)


def _look_up(key: Key, entry: Dataset, fresh: bool) -> Dataset:
    known = _latest.get(key)
    if known is None or (fresh and _changed(key[0], known[0])):
        table = _read(key, stamp_of(key[0]))
        known = _remember(key, table, entry)
    return known[1]


def _remember(key: Key, table: Table, entry: Dataset) -> tuple[Stamp, Dataset]:
    _naming[key] = tuple(column.name for column in table.report.columns if column.why is ROWS_NAMED)
    known = _latest[key] = table.stamp, table.describe(entry)
    return known


def columns_of(choices: "Data") -> tuple[tuple[str, str], ...]:
    """Return the roles of columns that a file's choices name, with those that their features tell.

    An experiment that was saved before such columns were left out may have inputs for each name; it keeps
    them. To be asked once the file was read.
    """
    naming = _naming.get(_key_as_said(choices), ())
    kept = [name for name in naming if any(one.startswith(f"{name}=") for one in choices.features or ())]
    return (*choices.columns, *((name, CATEGORY) for name in kept))


def prepare(choices: "Data", watch: Callable[[float], None] | None = None) -> CsvReport:
    """Read the file that an experiment's choices name and keep it, so that no one waits for it later.

    Parameters
    ----------
    watch : hears from time to time which share of the file is read; what it raises ends the reading

    For a thread of its own: nothing is locked while it reads. Raises ExperimentError.
    """
    key = _key_as_said(choices)
    stamp = stamp_of(key[0])
    size = max(stamp[1], 1)  # bytes, of which a character has one or more
    table = read_table(*key, None if watch is None else lambda count: watch(min(count / size, 1.0)))
    _kept.get((key, stamp), lambda: table, lambda table: table.nbytes)
    _remember(key, table, DATASETS["csv"])
    return table.report


def table_of(choices: "Data") -> Table:
    """Return the table whose entry :func:`entry_of` returned last. Raises ExperimentError."""
    version = version_of(choices)
    return _read(_key_of(choices), version)


def version_of(choices: "Data") -> Stamp:
    """Return the time and size of the file whose entry :func:`entry_of` returned last."""
    entry_of(DATASETS["csv"], choices)  # reads it if it never was
    return _latest[_key_of(choices)][0]


def _read(key: Key, stamp: Stamp) -> Table:
    return _kept.get((key, stamp), lambda: read_table(*key), lambda table: table.nbytes)


def _key_of(choices: "Data") -> Key:
    """Return where a file lies and how it is read, once it was read as its choices say."""
    path, options = _key_as_said(choices)
    return path, replace(options, columns=columns_of(choices))


def _key_as_said(choices: "Data") -> Key:
    """Return where a file lies and how its choices say that it is to be read."""
    if choices.path is None:
        raise ExperimentError("data.path", "this field is required")
    options = Options(choices.target, choices.task, choices.columns, choices.header, choices.decimal)
    return os.path.abspath(choices.path), options


def _changed(path: str, stamp: Stamp) -> bool:
    try:
        return stamp_of(path) != stamp
    except ExperimentError:
        return False  # it has gone: what was read of it holds


def read_report(path: str, options: Options | None = None) -> CsvReport:
    """Read a file and return what was found in it. Raises ExperimentError."""
    return read_table(path, options or Options()).report


def read_table(path: str, options: Options, watch: Watch | None = None) -> Table:
    """Read a file whole. Raises ExperimentError with row, column and reason."""
    stamp = stamp_of(path)
    found = read_cells(path, options, watch)
    columns = found.columns
    target = target_among(columns, options.target)
    inputs = [column for column in columns if column is not target and _is_input(column, found.rows)]
    if not inputs:
        raise wrong("no column is left to be an input")
    complete = _complete([*inputs, target], found.rows)
    names, parts = _inputs(inputs, complete)
    predicted = target_of(target, complete, options.task)
    report = CsvReport(
        path, found.text.encoding, found.text.delimiter, found.decimal, found.header, found.rows,
        int(complete.sum()), tuple(described(c, TARGET if c is target else INPUT) for c in columns),
        predicted.task, predicted.classes, len(names), found.first,
    )  # fmt: skip
    return Table(report, stamp, names, parts, predicted)


def _complete(columns: list[Column], rows: int) -> np.ndarray:
    """Return the rows (n,) bool in which no value is missing. Raises ExperimentError for too few."""
    complete = np.ones(rows, bool)
    for column in columns:
        values = column.values()
        complete &= values >= 0 if column.kind == CATEGORY else ~np.isnan(values)
    if complete.sum() < FEWEST_ROWS:
        raise wrong("only {rows} rows are complete, at least {fewest} are needed", rows=int(complete.sum()),
                    fewest=FEWEST_ROWS)  # fmt: skip
    return complete


def _inputs(columns: list[Column], complete: np.ndarray) -> tuple[tuple[str, ...], Parts]:
    """Return the names of all inputs, and of each column its numbers or the codes of its categories."""
    names: list[str] = []
    parts: list[tuple[np.ndarray, int]] = []
    for column in columns:
        if column.kind == CATEGORY:
            texts, codes = column.sorted_codes(complete)
            names += [f"{column.name}={text}" for text in texts]
            parts.append((codes, len(texts)))
        else:
            names.append(column.name)
            parts.append((compact(column.values()[complete]), 0))
        if len(names) > MOST_INPUTS:
            raise wrong("{value} input columns are too many, {most} are allowed", value=len(names),
                        most=MOST_INPUTS)  # fmt: skip
    return tuple(distinct(names)), tuple(parts)


def _is_input(column: Column, rows: int) -> bool:
    """Whether a column can be an input; one that cannot is told why."""
    if column.chosen and column.why is not None:
        raise wrong("the texts of the column {column} are too many or too long to be categories",
                    column=column.name)  # fmt: skip
    if not column.kind or (column.kind != LEFT_OUT and column.missing == rows):
        column.leave_out(EMPTY)
    elif not column.chosen and column.missing > MOST_MISSING * rows:
        column.leave_out(MOSTLY_MISSING)
    elif not column.chosen and column.names_rows:
        column.leave_out(ROWS_NAMED)
    return column.kind != LEFT_OUT
