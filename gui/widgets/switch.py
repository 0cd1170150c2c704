"""A check box for what is either on or off, with the face of a number field."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QWidget

from gui.theme import px, themes


class Switch(QCheckBox):
    """On or off; its caption stands elsewhere, as that of a number field does.

    Attributes:
        value: whether it is on

    Signals:
        committed(bool): the user turned it over
    """

    committed = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.clicked.connect(self.committed)
        themes.changed.connect(self._rescale)
        self._rescale()

    def _rescale(self) -> None:
        self.setFixedHeight(px(28))

    @property
    def value(self) -> bool:
        """Whether it is on."""
        return self.isChecked()

    def set_value(self, value: float) -> None:
        """Show it on or off without proposing anything."""
        self.setChecked(bool(value))
