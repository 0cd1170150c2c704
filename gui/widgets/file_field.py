"""A text that is typed, and one that is the path of a file."""

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLineEdit, QPushButton, QWidget

from gui.dialogs import ask_file
from gui.i18n import language, tr
from gui.theme import px, themes


class TextField(QLineEdit):
    """A line of text; it counts after Enter or when the field is left.

    Attributes:
        value: the text that counts

    Signals:
        committed(str): the user gave another text
    """

    committed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.value = ""
        self.editingFinished.connect(self.leave)
        themes.changed.connect(self._rescale)
        self._rescale()

    def _rescale(self) -> None:
        self.setFixedHeight(px(28))

    def set_value(self, value: str) -> None:
        """Show a text, unless the user is just typing another."""
        self.value = value
        if not self.isModified():
            self.setText(value)

    def leave(self) -> None:
        """Take what is typed."""
        before, self.value = self.value, self.text()
        self.setModified(False)
        if self.value != before:
            self.committed.emit(self.value)


class FileField(QPushButton):
    """A button with a file's name that asks for another file.

    Attributes:
        value: the path
        title, kinds: the English title of the dialog and Qt's filters

    Signals:
        committed(str): the user picked another file
    """

    committed = Signal(str)

    def __init__(self, title: str, kinds: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.value, self.title, self.kinds = "", title, kinds
        self.setProperty("kind", "chip")
        self.clicked.connect(self._ask)
        language.changed.connect(self.retranslate)
        themes.changed.connect(self._rescale)
        self._rescale()
        self.retranslate()

    def _rescale(self) -> None:
        self.setFixedHeight(px(28))

    def set_value(self, value: str) -> None:
        """Show another file."""
        self.value = value
        self.retranslate()

    def retranslate(self) -> None:
        """Say which file it is, or that one can be chosen."""
        name = Path(self.value).name if self.value else tr("Choose a file…")
        room = max(self.width() - px(24), px(80))
        self.setText(self.fontMetrics().elidedText(name, Qt.TextElideMode.ElideMiddle, room))
        self.setToolTip(self.value)

    def _ask(self) -> None:
        start = str(Path(self.value).parent) if self.value else str(Path.home())
        path = ask_file(self, tr(self.title), start, tr(self.kinds))
        if path and path != self.value:
            self.committed.emit(path)
