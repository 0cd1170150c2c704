"""Two or more words of which one is on: what a picture shows."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from gui.i18n import language, tr
from gui.theme import font, px, theme, themes


class Switch(QWidget):
    """A row of words to press; the one that is on stands out.

    Attributes:
        buttons: one a word, in order.

    Signals:
        switched(int): another word was pressed; its index.
    """

    switched = Signal(int)

    def __init__(self, keys: tuple[str, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._keys = keys
        self.buttons = tuple(QToolButton(self) for _ in keys)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(px(10))
        for index, button in enumerate(self.buttons):
            button.setCheckable(True)
            button.setAutoExclusive(True)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.clicked.connect(lambda _=False, which=index: self.switched.emit(which))
            layout.addWidget(button)
        layout.addStretch(1)
        language.changed.connect(self.retranslate)
        themes.changed.connect(self.restyle)
        self.choose(0)
        self.restyle()
        self.retranslate()

    def choose(self, index: int) -> None:
        """Mark which word is on."""
        self.buttons[index].setChecked(True)

    def retranslate(self) -> None:
        """Show the words in the current language."""
        for button, key in zip(self.buttons, self._keys, strict=True):
            button.setText(tr(key))
            button.setAccessibleName(tr(key))

    def restyle(self) -> None:
        """Show the colours and sizes of the current theme."""
        self.setFixedHeight(px(20))
        for button in self.buttons:
            button.setFont(font("small"))
        self.setStyleSheet(sheet())


class Toggle(QToolButton):
    """One word that is on or off.

    Attributes:
        key: the English word.
        name: the English name of what it turns on, for the tooltip and for screen readers.
    """

    def __init__(self, key: str, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.key, self.name = key, name
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        language.changed.connect(self.retranslate)
        themes.changed.connect(self.restyle)
        self.restyle()
        self.retranslate()

    def retranslate(self) -> None:
        """Show the word in the current language."""
        self.setText(tr(self.key))
        self.setToolTip(tr(self.name))
        self.setAccessibleName(tr(self.name))

    def restyle(self) -> None:
        """Show the colours and sizes of the current theme."""
        self.setFixedHeight(px(20))
        self.setFont(font("small"))
        self.setStyleSheet(sheet())


def sheet() -> str:
    """Return the look of words to press."""
    now = theme()
    return (
        "QToolButton { border: none; border-bottom: 2px solid transparent; border-radius: 0; padding: 0;"
        f" margin: 0; background: transparent; color: {now.muted}; font-size: {px(12)}px; }}"
        f"QToolButton:checked {{ color: {now.text}; font-weight: 600; }}"
        f"QToolButton:hover {{ color: {now.accent}; }}"
        f"QToolButton:focus {{ border-bottom-color: {now.accent}; }}"
    )
