"""The data sets that a user can pick, from the simplest to the largest: what each one is.

How the rows are made or read is in :mod:`engine.data`; this table is what menus and checks need.
"""

from dataclasses import dataclass

from engine.choices.base import Entry


@dataclass(frozen=True)
class Dataset(Entry):
    """A data set.

    Attributes
    ----------
    task : "binary" (two classes), "multiclass" (more than two) or "regression"
    inputs : the names of its raw columns, in order
    classes : the names of its classes; empty for regression
    rows : the number of rows of a set that is read; None for a set that is generated
    noisy : whether ``data.noise`` means anything for it
    features : the features that may be picked; the first ``default_features`` of them are on at the start
    image : (height, width) when a row is a grey image, else None
    """

    task: str = "binary"
    inputs: tuple[str, ...] = ("x1", "x2")
    classes: tuple[str, ...] = ("0", "1")
    rows: int | None = None
    noisy: bool = True
    features: tuple[str, ...] = ("x1", "x2")
    default_features: tuple[str, ...] = ("x1", "x2")
    image: tuple[int, int] | None = None
    split: bool = True
