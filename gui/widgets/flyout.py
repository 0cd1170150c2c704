"""A panel that opens beside a button and closes by itself."""

from PySide6.QtCore import QPoint, QRect, Qt, Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from gui.theme import GAP, SPACING, px


class Flyout(QFrame):
    """A popup that holds one widget. Escape or a click elsewhere closes it.

    Attributes:
        content: the widget that it holds

    Signals:
        closed(): it is gone
    """

    closed = Signal()

    def __init__(self, content: QWidget, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup | Qt.WindowType.FramelessWindowHint)
        self.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)
        self.content = content
        self._frame = QFrame(self)
        self._frame.setProperty("card", True)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._frame)
        inner = QVBoxLayout(self._frame)
        side = px(GAP + SPACING)
        inner.setContentsMargins(side, px(GAP), side, side)
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setWidget(content)
        self._area.viewport().setAutoFillBackground(False)
        content.setAutoFillBackground(False)
        inner.addWidget(self._area)

    def open_beside(self, anchor: QWidget, width: int) -> None:
        """Open at the right of a widget, as high as its content, within the window."""
        self.open_at(anchor.window(), anchor.mapToGlobal(QPoint(anchor.width() + px(GAP), 0)), width)

    def open_at(self, window: QWidget, corner: QPoint, width: int) -> None:
        """Open with the upper left corner at a point of the screen, within the window."""
        room = QRect(window.mapToGlobal(QPoint(0, 0)), window.size())
        frame = px(GAP + SPACING) * 2 + 2 * max(1, px(1))
        self.content.setFixedWidth(width)
        self.content.adjustSize()
        wanted = self._content_height(width) + frame
        scrolls = wanted > room.height() - px(GAP) * 2
        height = min(wanted, room.height() - px(GAP) * 2)
        top = min(corner.y(), room.y() + room.height() - px(GAP) - height)
        whole = width + frame + (px(12) if scrolls else 0)
        self.setGeometry(corner.x(), max(top, room.y() + px(GAP)), whole, height)
        self.show()
        self.content.setFocus(Qt.FocusReason.PopupFocusReason)
        self.focusNextChild()

    def _content_height(self, width: int) -> int:
        layout = self.content.layout()
        if layout is not None and layout.hasHeightForWidth():
            return layout.totalHeightForWidth(width)
        return self.content.sizeHint().height()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.closed.emit()
        self.deleteLater()
