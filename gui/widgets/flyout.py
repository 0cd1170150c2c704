"""A panel that opens beside a button and closes by itself."""

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from gui.guard import guarded
from gui.theme import GAP, SPACING, px


class Flyout(QFrame):
    """A popup that holds one widget. Escape or a click elsewhere closes it.

    Attributes:
        content: the widget that it holds
        owner: the widget for which it is open

    Signals:
        closed(): it is gone
    """

    closed = Signal()

    def __init__(self, content: QWidget, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup | Qt.WindowType.FramelessWindowHint)
        self.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)
        self.content, self.owner = content, parent
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
        self._place: tuple[QWidget, QPoint, int] | None = None
        content.installEventFilter(self)

    def open_beside(self, anchor: QWidget, width: int) -> None:
        """Open at the right of a widget, as high as its content, within the window."""
        self.open_at(window_of(anchor), anchor.mapToGlobal(QPoint(anchor.width() + px(GAP), 0)), width)

    def open_at(self, window: QWidget, corner: QPoint, width: int) -> None:
        """Open with the upper left corner at a point of the screen, within the window.

        It is wider than asked for where its words need that.
        """
        width = max(width, self.content.minimumSizeHint().width())
        self.content.setFixedWidth(width)
        self.content.adjustSize()
        self._place = window, corner, width
        self._fit()
        self.show()
        self.content.setFocus(Qt.FocusReason.PopupFocusReason)
        self.focusNextChild()

    def _fit(self) -> None:
        """Be as high as the content, within the window."""
        assert self._place is not None
        window, corner, width = self._place
        room = QRect(window.mapToGlobal(QPoint(0, 0)), window.size())
        frame = px(GAP + SPACING) * 2 + 2 * max(1, px(1))
        wanted = self._content_height(width) + frame
        scrolls = wanted > room.height() - px(GAP) * 2
        height = min(wanted, room.height() - px(GAP) * 2)
        top = min(corner.y(), room.y() + room.height() - px(GAP) - height)
        whole = width + frame + (px(12) if scrolls else 0)
        self.setGeometry(corner.x(), max(top, room.y() + px(GAP)), whole, height)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the content when it becomes higher or lower: Qt calls this for its events."""
        if event.type() == QEvent.Type.LayoutRequest and watched is self.content and self._place is not None:
            self._fit()
        return False

    def _content_height(self, width: int) -> int:
        layout = self.content.layout()
        if layout is not None and layout.hasHeightForWidth():
            return layout.totalHeightForWidth(width)
        return self.content.sizeHint().height()

    @guarded
    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.closed.emit()
        self.deleteLater()


def window_of(widget: QWidget) -> QWidget:
    """Return the window that a widget is in, of one in a flyout that over which this opened."""
    window = widget.window()
    while isinstance(window, Flyout):
        window = window.owner.window()
    return window


def room_beside(anchor: QWidget) -> int:
    """Return how wide what opens beside a widget can be within its window, in pixels."""
    window, edge = window_of(anchor), anchor.mapToGlobal(QPoint(anchor.width(), 0))
    return window.width() - window.mapFromGlobal(edge).x() - px(6 * GAP)
