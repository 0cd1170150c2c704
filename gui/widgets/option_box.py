"""A drop-down list among the fields of a form: a parameter that is one of a few options."""

from collections.abc import Iterable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from gui.widgets.combo import ChoiceBox


class OptionBox(ChoiceBox):
    """One of a few keys, with the face of a number field.

    Signals:
        committed(str): the user chose another key
    """

    committed = Signal(str)

    def __init__(self, options: Iterable[str], family: str = "option", parent: QWidget | None = None) -> None:
        super().__init__(family, options, parent=parent)
        self.setMinimumContentsLength(4)
        self.picked.connect(self._give)
        self._value = ""

    @property
    def value(self) -> str:
        """The key that is shown as chosen."""
        return self._value

    def set_value(self, key: str) -> None:
        """Show a key as chosen without proposing it."""
        self._value = key
        self.set_key(key)

    def _give(self, key: str) -> None:
        if key != self._value:
            self._value = key
            self.committed.emit(key)
