"""The data sets as pictures: the most used ones in the panel, all of them in a gallery beside it."""

from collections.abc import Iterable
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from engine.choices import DATASETS
from engine.choices.datasets import Dataset
from engine.data import Data
from gui.i18n import language, name_of
from gui.panels.data_pictures import picture, picture_of
from gui.panels.parameters import entry_hint
from gui.theme import SPACING, px, themes
from gui.widgets.basics import Label
from gui.widgets.thumbnail import Thumbnail

FAVOURITES = ("circle", "xor", "gaussians", "spiral", "moons", "sine", "digits")
COLUMNS = 4  # pictures in a line of the column
FEWEST, MOST = 3, 6  # in a line of the gallery, where their names stand below them


def groups() -> dict[str, list[str]]:
    """Return the data sets by what they are, each group under its English title; the user's own are last."""
    sorted_out: dict[str, list[str]] = {
        "Two inputs, two classes": [], "Logic gates": [], "Decisions and chances": [],
        "Numbers to predict": [], "Real data": [], "Your own": [],
    }  # fmt: skip
    for key, entry in DATASETS.items():
        sorted_out[_group(entry)].append(key)
    return sorted_out


def _group(entry: Dataset) -> str:
    if entry.origin == "own":
        return "Your own"
    if entry.origin == "read":
        return "Real data"
    if len(entry.inputs) > 2:
        return "Decisions and chances"
    if entry.task == "regression":
        return "Numbers to predict"
    return "Logic gates" if entry.origin == "table" else "Two inputs, two classes"


class DataThumbnail(Thumbnail):
    """The picture of one data set, with its name and what it is as a tooltip."""

    def __init__(self, key: str, named: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(key, partial(picture, key), named, parent)
        self._rows: Data | None = None
        language.changed.connect(self.retranslate)
        self.retranslate()

    def show_rows(self, data: Data) -> None:
        """Show the rows of the user's own that are trained on, in place of what stands for them."""
        if data is not self._rows:
            self._rows, self.draw = data, partial(picture_of, data)
            self.redraw()

    def stand_for(self, key: str) -> None:
        """Show another data set."""
        if key != self.key:
            self._rows = None
            self.key, self.draw = key, partial(picture, key)
            self.redraw()
            self.retranslate()

    def retranslate(self) -> None:
        """Name the data set in the current language."""
        name = name_of("data", self.key)
        self.setAccessibleName(name)
        self.setToolTip(f"{name}\n{entry_hint(DATASETS[self.key])}")
        self.setFixedSize(self.sizeHint())


class ThumbnailGrid(QWidget):
    """Data sets in lines.

    Signals:
        picked(str): this data set was chosen
        looked_at(str): the mouse or the keyboard is on this one; empty when on none
    """

    picked, looked_at = Signal(str), Signal(str)

    def __init__(self, keys: Iterable[str], columns: int = COLUMNS, named: bool = False,
                 parent: QWidget | None = None) -> None:  # fmt: skip
        super().__init__(parent)
        self.columns = columns
        self.grid = QGridLayout(self)
        self.grid.setContentsMargins(0, 0, 0, 0)
        self.thumbnails = [DataThumbnail(key, named) for key in keys]
        for index, thumbnail in enumerate(self.thumbnails):
            thumbnail.clicked.connect(partial(self._pick, index))
            thumbnail.looked_at.connect(partial(self._look, index))
            place = index // columns, index % columns
            self.grid.addWidget(thumbnail, *place, Qt.AlignmentFlag.AlignTop)
        self.grid.setColumnStretch(columns, 1)
        themes.changed.connect(self._rescale)
        self._rescale()

    def add(self, widget: QWidget) -> None:
        """Put another widget in the next free place."""
        place = len(self.thumbnails)
        self.grid.addWidget(widget, place // self.columns, place % self.columns)

    def show_chosen(self, key: str) -> None:
        """Mark the chosen data set."""
        for thumbnail in self.thumbnails:
            thumbnail.setChecked(thumbnail.key == key)

    def _rescale(self) -> None:
        self.grid.setSpacing(px(SPACING * 2))

    def _look(self, index: int, on: bool) -> None:
        self.looked_at.emit(self.thumbnails[index].key if on else "")

    def _pick(self, index: int) -> None:
        self.picked.emit(self.thumbnails[index].key)


class Gallery(QWidget):
    """All data sets, in groups, so many in a line as a width in pixels has room for.

    Attributes:
        columns: how many that are
        wanted: the width that they take

    Signals:
        picked(str): this data set was chosen
    """

    picked = Signal(str)

    def __init__(self, chosen: str, room: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        cell, gap = px(Thumbnail.NAMED), px(SPACING * 2)
        self.columns = min(max((room + gap) // (cell + gap), FEWEST), MOST)
        self.wanted = self.columns * (cell + gap) - gap
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(px(SPACING * 2))
        for title, keys in groups().items():
            lines.addWidget(Label(title, "title"))
            grid = ThumbnailGrid(keys, self.columns, named=True)
            grid.show_chosen(chosen)
            grid.picked.connect(self.picked)
            lines.addWidget(grid)
