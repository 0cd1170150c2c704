"""A number for each class: how much it weighs, or in what proportion it is there."""

from collections.abc import Iterable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from engine.choices.base import POSITIVE
from gui.i18n import language, name_of
from gui.widgets.combo import ChoiceBox
from gui.widgets.number_field import NumberField
from gui.widgets.rows import Cells, Row, captioned, column

MOST = 12  # classes that get a field each


class ClassNumbers(QWidget):
    """A list of ways and, where the numbers are one's own, a field for each class.

    Attributes:
        box: the list
        fields: a field a class while the numbers are one's own
        empty: whether there are no classes

    Signals:
        picked(str): another way was chosen
        given(object): other numbers, as a tuple
    """

    picked = Signal(str)
    given = Signal(object)

    def __init__(self, caption: str, ways: Iterable[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.box = ChoiceBox("class_numbers", ways)
        self.fields: list[NumberField] = []
        self.empty = False
        self._classes: tuple[str, ...] = ()
        lines = column(self, 6)
        lines.addWidget(Row(caption, self.box, width=128))
        self._cells = Cells(4, self)
        lines.addWidget(self._cells)
        self.box.picked.connect(self.picked)
        language.changed.connect(self._name_classes)

    def show_numbers(self, way: str, numbers: tuple[float, ...], classes: tuple[str, ...]) -> None:
        """Show a way, the numbers where they are one's own, and whose they are."""
        self.empty = not classes
        self.box.set_key(way)
        shown = classes if numbers and len(classes) <= MOST else ()
        if shown != self._classes:
            self._rebuild(shown)
        for field, value in zip(self.fields, numbers, strict=False):
            field.set_value(value)

    def _rebuild(self, classes: tuple[str, ...]) -> None:
        self._classes, self.fields = classes, []
        cells = []
        for _ in classes:
            field = NumberField(POSITIVE, "ratio")
            field.committed.connect(self._give)
            self.fields.append(field)
            cells.append(captioned("", field))
        self._cells.fill(cells)
        self._name_classes()

    def _name_classes(self) -> None:
        for key, caption, field in zip(self._classes, self._cells.captions, self.fields, strict=True):
            caption.setText(name_of("class", key))
            field.setAccessibleName(f"{self.box.accessibleName()}: {name_of('class', key)}")

    def _give(self) -> None:
        self.given.emit(tuple(field.value for field in self.fields))
