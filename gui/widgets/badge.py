"""An icon button that tells by a dot that behind it something is not as usual."""

from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen

from gui.guard import guarded
from gui.i18n import tr
from gui.theme import px, theme
from gui.widgets.basics import IconButton


class BadgeButton(IconButton):
    """An icon with a dot in its corner while there are words, which its tooltip says.

    Attributes:
        words: what is not as usual
    """

    words: tuple[str, ...] = ()

    def show_words(self, words: list[str]) -> None:
        """Take other words."""
        self.words = tuple(words)
        self.retranslate()
        self.update()

    def retranslate(self) -> None:
        """Say the name and the words."""
        super().retranslate()
        self.setAccessibleDescription(", ".join(self.words))
        if self.words:
            self.setToolTip("\n".join((tr(self.key), *self.words)))

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.words:
            painter, radius = QPainter(self), px(4)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor(theme().panel), px(2)))
            painter.setBrush(QColor(theme().accent))
            painter.drawEllipse(QPointF(self.width() - 2 * radius, 2 * radius), radius, radius)
