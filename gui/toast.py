"""The status line: a sentence that appears over the window for a moment."""

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt, QTimer
from PySide6.QtGui import QAccessible, QAccessibleEvent, QMouseEvent
from PySide6.QtWidgets import QLabel, QWidget

from gui.theme import GAP, SPACING, px, theme, themes

BASE, PER_LETTER = 3000, 45  # milliseconds to read a sentence


class Toast(QLabel):
    """A sentence in a widget, at the lower edge of a part of it; a click takes it away."""

    def __init__(self, host: QWidget, part: QWidget | None = None) -> None:
        super().__init__(host)
        self._host, self._part = host, part or host
        self.setWordWrap(True)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.hide)
        host.installEventFilter(self)
        themes.changed.connect(self._restyle)
        self._restyle()
        self.hide()

    def say(self, sentence: str) -> None:
        """Show a sentence for as long as it takes to read it."""
        self.setText(sentence)
        self.setAccessibleName(sentence)
        self._place()
        self.show()
        self.raise_()
        if QAccessible.isActive():
            QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))
        self._timer.start(BASE + PER_LETTER * len(sentence))

    def stop(self) -> None:
        """Go away at once."""
        self._timer.stop()
        self.hide()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.stop()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._host and event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return False

    def _place(self) -> None:
        part = self._part if self._part.isVisible() else self._host
        area = QRect(part.mapTo(self._host, QPoint()), part.size())
        flat = self.fontMetrics().horizontalAdvance(self.text()) + 2 * px(GAP) + px(2 * SPACING)
        width = min(flat, area.width() - 2 * px(GAP), px(720))
        height = self.heightForWidth(width)
        gap = area.bottom() + px(GAP + SPACING) - height  # mostly between the cards
        top = min(gap, self._host.height() - height - px(SPACING))
        self.setGeometry(area.center().x() - width // 2, top, width, height)

    def _restyle(self) -> None:
        now = theme()
        self.setStyleSheet(
            f"background: {now.text}; color: {now.background}; border-radius: {px(8)}px;"
            f"padding: {px(8)}px {px(GAP)}px;"
        )
        if self.isVisible():
            self._place()
