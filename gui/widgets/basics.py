"""Labels, buttons, cards and lines that follow the theme, the scale and the language by themselves."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from gui.i18n import language, tr
from gui.theme import GAP, SPACING, air, px, theme, themes
from gui.widgets.icons import icon


def restyle(widget: QWidget, name: str, value: object) -> None:
    """Set a dynamic property of which the style sheet knows, and let the sheet look again."""
    if widget.property(name) != value:
        widget.setProperty(name, value)
        widget.style().unpolish(widget)
        widget.style().polish(widget)
        widget.update()


class Label(QLabel):
    """A text in the current language; ``role`` is the style sheet's.

    Attributes:
        key: the English text; empty when the text is set from outside
    """

    def __init__(self, key: str = "", role: str = "body", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.key = key
        self.setProperty("role", role)
        language.changed.connect(self.retranslate)
        self.retranslate()

    def set_key(self, key: str) -> None:
        """Show another English text, translated."""
        self.key = key
        self.retranslate()

    def retranslate(self) -> None:
        """Show the text in the current language."""
        if self.key:
            self.setText(tr(self.key))


class IconButton(QToolButton):
    """A square button with an icon; its name is its tooltip and its accessible name.

    Attributes:
        key: the English name
        shortcut_hint: how to press it on the keyboard, shown in the tooltip
    """

    def __init__(self, icon_name: str, key: str, shortcut_hint: str = "", kind: str = "plain",
                 size: int = 36, parent: QWidget | None = None) -> None:  # fmt: skip
        super().__init__(parent)
        self.icon_name, self.key, self.shortcut_hint, self.side = icon_name, key, shortcut_hint, size
        self.setProperty("kind", kind)
        self.setProperty("square", True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        language.changed.connect(self.retranslate)
        themes.changed.connect(self.repaint_icon)
        self.retranslate()
        self.repaint_icon()

    def set_icon(self, icon_name: str) -> None:
        """Show another icon."""
        self.icon_name = icon_name
        self.repaint_icon()

    def set_side(self, size: int) -> None:
        """Take another size, in pixels of the design."""
        if size != self.side:
            self.side = size
            self.repaint_icon()

    def repaint_icon(self) -> None:
        """Draw the icon in the current theme and scale."""
        inner = 20 if self.side >= 32 else 16
        self.setIcon(icon(self.icon_name, size=inner))
        self.setIconSize(QSize(px(inner), px(inner)))
        self.setFixedSize(px(self.side), px(self.side))

    def retranslate(self) -> None:
        """Say the name in the current language."""
        name = tr(self.key)
        self.setAccessibleName(name)
        self.setToolTip(f"{name}  ({tr(self.shortcut_hint)})" if self.shortcut_hint else name)


class Button(QPushButton):
    """A button with a text in the current language and possibly an icon.

    Attributes:
        key: the English text
    """

    def __init__(self, key: str, kind: str = "plain", icon_name: str = "",
                 parent: QWidget | None = None) -> None:  # fmt: skip
        super().__init__(parent)
        self.key, self.icon_name = key, icon_name
        self.setProperty("kind", kind)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        language.changed.connect(self.retranslate)
        themes.changed.connect(self.repaint_icon)
        self.retranslate()
        self.repaint_icon()

    def show_as(self, key: str, icon_name: str) -> None:
        """Show another text and icon."""
        if (key, icon_name) != (self.key, self.icon_name):
            self.key, self.icon_name = key, icon_name
            self.retranslate()
            self.repaint_icon()

    def setEnabled(self, enabled: bool) -> None:
        super().setEnabled(enabled)
        self.repaint_icon()

    def repaint_icon(self) -> None:
        """Draw the icon in the current theme and scale."""
        if not self.icon_name:
            self.setIcon(QIcon())
            return
        now = theme()
        primary = self.property("kind") == "primary" and self.isEnabled()
        self.setIcon(icon(self.icon_name, now.accent_text if primary else now.text, 16))
        self.setIconSize(QSize(px(16), px(16)))

    def retranslate(self) -> None:
        """Say the text in the current language."""
        self.setText(tr(self.key))
        self.setAccessibleName(tr(self.key))


class Rule(QFrame):
    """A thin line between two parts of a card."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("rule", True)
        self.setFixedHeight(1)


class Header(QWidget):
    """The head of a card or section: a title at the left, a remark and buttons at the right.

    Attributes:
        title: the label at the left
        remark: the label at the right; empty unless set
        row: the layout, to add buttons to
    """

    def __init__(self, key: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = Label(key, "title")
        self.remark = Label("", "small")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(0, 0, 0, 0)
        self.row.addWidget(self.title)
        self.row.addStretch(1)
        self.row.addWidget(self.remark)


class Card(QFrame):
    """A rounded panel with a title.

    Attributes:
        header: title, remark and room for buttons
        body: the layout for what it holds
    """

    def __init__(self, key: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("card", True)
        self.outer = QVBoxLayout(self)
        self.header = Header(key, self)
        self.header.setVisible(bool(key))
        self.outer.addWidget(self.header)
        self.body = QVBoxLayout()
        self.outer.addLayout(self.body, 1)
        themes.changed.connect(self._rescale)
        self._rescale()

    def show_title(self, shown: bool) -> None:
        """Show the title row, if the card has a title, or leave it out."""
        self.header.setVisible(shown and bool(self.header.title.key))

    def set_remark(self, text: str) -> None:
        """Show a short remark at the right of the title."""
        self.header.remark.setText(text)

    def _rescale(self) -> None:
        side = air(GAP + SPACING)
        self.outer.setContentsMargins(side, air(GAP), side, air(GAP))
        self.outer.setSpacing(air(SPACING * 2))
        self.body.setSpacing(air(SPACING * 2))
        self.header.setMinimumHeight(px(24))  # with or without buttons: titles side by side stand level
