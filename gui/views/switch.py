"""Two or more words of which one is on: what a picture shows."""

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from gui.i18n import language, tr
from gui.theme import font, px, theme, themes

SPACING = 10  # pixels between two words
SHORT = {
    "now and at the start": "now and start",
    "over the epochs": "by epoch",
    "on the function": "function",
}


class Word(QToolButton):
    """A word to press, as wide as it is when it is on, whether or not it was ever seen."""

    def sizeHint(self) -> QSize:
        # Measured anew: what Qt keeps is that of the style before, once the scale is another one.
        return QSize(_wide(self.text()), px(20))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()


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
        self._keys, self._short = keys, False
        self.buttons = tuple(Word(self) for _ in keys)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(px(SPACING))
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
        self.installEventFilter(self)

    def choose(self, index: int) -> None:
        """Mark which word is on."""
        self.buttons[index].setChecked(True)

    def show_chosen(self) -> None:
        """Leave the other words out: on paper nothing can be pressed."""
        for button in self.buttons:
            button.setVisible(button.isChecked())
        self._take_room()

    def retranslate(self) -> None:
        """Show the words in the current language."""
        for button, key in zip(self.buttons, self._keys, strict=True):
            short = self._short and key in SHORT
            button.setText(tr(SHORT[key]) if short else tr(key))
            button.setAccessibleName(tr(key))
            button.setToolTip(tr(key) if short else "")

    def fit(self, room: float) -> bool:
        """Show shorter words where the whole ones are wider than so many pixels; return whether they fit."""
        shown = [key for button, key in zip(self.buttons, self._keys, strict=True) if not button.isHidden()]
        spaces = px(SPACING) * max(0, len(shown) - 1)
        short = sum(_wide(tr(key)) for key in shown) + spaces > room
        if short != self._short:
            self._short = short
            self.retranslate()
            self._take_room()
        return sum(_wide(tr(SHORT.get(key, key) if short else key)) for key in shown) + spaces <= room

    def restyle(self) -> None:
        """Show the colours and sizes of the current theme."""
        self.setFixedHeight(px(20))
        layout = self.layout()
        assert layout is not None
        layout.setSpacing(px(SPACING))
        for button in self.buttons:
            button.setFont(font("small"))
            button.updateGeometry()
        self.setStyleSheet(sheet())
        self._take_room()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:  # a word came, went or became longer
            self._take_room()
        return False

    def _take_room(self) -> None:
        """Be as wide as the words, where no layout of the picture gives a width."""
        holder = self.parentWidget()
        if holder is None or holder.layout() is None:
            self.adjustSize()


class Toggle(Word):
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
        self.updateGeometry()


def _wide(word: str) -> int:
    """Return how wide a word to press is, when it is on."""
    return QFontMetrics(font("small", bold=True)).horizontalAdvance(word) + px(2)


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
