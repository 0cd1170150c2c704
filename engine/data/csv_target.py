"""What is to be predicted from a table: which column, classes or numbers."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.data.csv_columns import CATEGORY, LEFT_OUT, MOST_CATEGORIES, NUMBER, Column, compact
from engine.errors import ExperimentError

# Columns that are called so are predicted, in English and Portuguese; else the last one is.
NAMES = ("target", "class", "label", "y", "classe", "alvo", "rótulo", "rotulo")
CLASS_NUMBERS = 10  # up to so many different whole numbers are classes


@dataclass(frozen=True, eq=False)
class Target:
    """What is to be predicted.

    Attributes
    ----------
    task : "binary", "multiclass" or "regression"
    classes : the names of the classes, in alphabetical order or by size; empty for regression
    values : (n,) numbers, or the indices of the classes
    """

    task: str
    classes: tuple[str, ...]
    values: np.ndarray


def target_among(columns: Sequence[Column], wanted: str | None) -> Column:
    """Return the column that is to be predicted. Raises ExperimentError where it cannot be."""
    by_name = {column.name: column for column in columns}
    if wanted is not None:
        if wanted not in by_name:
            raise ExperimentError("data.target", "there is no column {value}", value=wanted)
        column = by_name[wanted]
    else:
        usable = [column for column in columns if not (column.chosen and column.kind == LEFT_OUT)]
        called_so = [column for column in usable if column.name.casefold() in NAMES]
        telling = [column for column in usable if column.chosen or not column.names_rows]
        column = (called_so or telling or usable or list(columns))[-1]
    if column.kind == LEFT_OUT and column.why is not None:
        raise ExperimentError("data.target", "the texts of the column {column} are too many or too long to "
                              "be classes", column=column.name)  # fmt: skip
    if column.kind not in (NUMBER, CATEGORY):
        raise ExperimentError("data.target", "the column {column} has no values to predict",
                              column=column.name)  # fmt: skip
    return column


def target_of(column: Column, complete: np.ndarray, task: str | None) -> Target:
    """Return the target of the complete rows.

    Parameters
    ----------
    column : what is to be predicted
    complete : (n,) bool, the rows that are used
    task : "classes", "regression" or None: texts are classes, and so are up to CLASS_NUMBERS whole numbers
    """
    if column.kind == CATEGORY:
        if task == "regression":
            raise ExperimentError("data.task", "the column {column} holds texts: they can only be classes",
                                  column=column.name)  # fmt: skip
        return _classes(column, *column.sorted_codes(complete))
    values = column.values()[complete]
    different = np.unique(values)
    whole = bool((different == np.rint(different)).all())
    if task is None:
        task = "classes" if whole and len(different) <= CLASS_NUMBERS else "regression"
    if task == "regression":
        return Target("regression", (), compact(values.astype(np.float64)))
    if len(different) > MOST_CATEGORIES:
        raise ExperimentError("data.task", "the column {column} has {value} different numbers, {most} "
                              "classes are allowed", column=column.name, value=len(different),
                              most=MOST_CATEGORIES)  # fmt: skip
    names = tuple(_written(value) for value in different.tolist())
    return _classes(column, names, np.searchsorted(different, values).astype(np.uint8))


def _classes(column: Column, names: tuple[str, ...], values: np.ndarray) -> Target:
    if len(names) < 2:
        raise ExperimentError("data.target", "the column {column} has the same value in every row: there "
                              "is nothing to tell apart", column=column.name)  # fmt: skip
    return Target("binary" if len(names) == 2 else "multiclass", names, values)


def _written(value: float) -> str:
    """Return a number without a decimal point that says nothing: 1, 0.5."""
    return str(int(value)) if value == int(value) else repr(value)
