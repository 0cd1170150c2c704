"""A small warning beside a control: one sentence that goes away by itself."""

from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QWidget
from shiboken6 import isValid

from gui.guard import guarded
from gui.theme import px, theme
from gui.widgets.icons import pixmap

SHOWN_MS = 6000


class Bubble(QFrame):
    """A sentence over the window, under the control that it is about. One exists a window."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setObjectName("bubble")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.about: QWidget | None = None
        self._window = window
        self._icon, self._text = QLabel(), QLabel()
        self._text.setWordWrap(True)
        self._row = row = QHBoxLayout(self)
        row.setContentsMargins(px(10), px(6), px(10), px(6))
        row.setSpacing(px(8))
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._text, 1)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(SHOWN_MS)
        self._timer.timeout.connect(self.hide)

    def say(self, about: QWidget, sentence: str) -> None:
        """Show a sentence under a control, within the window."""
        now, window = theme(), self._window
        self.about = about
        self._icon.setPixmap(pixmap("warning", now.warning, px(16), self.devicePixelRatioF()))
        self._text.setText(sentence)
        self.setStyleSheet(
            f"#bubble {{ background: {now.raised}; border: 1px solid {now.warning};"
            f" border-radius: {px(8)}px; }} QLabel {{ font-size: {px(12)}px; color: {now.text}; }}"
        )
        self.setFixedWidth(min(px(260), window.width()))
        self.setFixedHeight(self._row.heightForWidth(self.width()))
        corner = about.mapTo(window, QPoint(0, about.height() + px(4)))
        x = min(max(corner.x(), px(4)), max(window.width() - self.width() - px(4), 0))
        fits_below = corner.y() + self.height() <= window.height()
        above = corner.y() - self.height() - about.height() - px(8)
        self.move(x, corner.y() if fits_below else above)
        self.show()
        self.raise_()
        self._timer.start()

    @guarded
    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._timer.stop()


def _of(window: QWidget) -> Bubble | None:
    return window.findChild(Bubble, "bubble", Qt.FindChildOption.FindDirectChildrenOnly)


def show_bubble(about: QWidget, sentence: str) -> None:
    """Warn in one sentence under a control."""
    window = about.window()
    if not about.isVisible():
        return
    (_of(window) or Bubble(window)).say(about, sentence)


def hide_bubble(about: QWidget) -> None:
    """Take the warning about a control away, if there is one."""
    window = about.window()
    bubble = _of(window) if isValid(window) else None
    if bubble is not None and bubble.about is about:
        bubble.hide()
