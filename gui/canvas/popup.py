"""What the fields that open over the canvas have in common: they close by themselves, and leave no trace."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRectF, Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget

from gui.theme import px
from gui.widgets.basics import Card, IconButton

if TYPE_CHECKING:
    from engine.experiment import Experiment
    from gui.canvas.canvas import NetworkCanvas


class Popup(Card):
    """A card over the window with the fields of one thing on the canvas; every change holds at once.

    Attributes:
        layer: the layer that it is about.

    Signals:
        closed: it closed; it deletes itself.
    """

    closed = Signal()

    def __init__(self, canvas: NetworkCanvas, layer: int, title: str) -> None:
        super().__init__("", canvas.window())
        self.canvas, self.controller, self.layer = canvas, canvas.controller, layer
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._is_closed = False
        self.setAccessibleName(title)
        self.header.show()
        self.header.title.setText(title)
        close = IconButton("close", "Close", "Esc", kind="flat", size=24)
        close.clicked.connect(self.close)
        self.header.row.addWidget(close)
        self.controller.experiment_changed.connect(self.show_experiment)

    def show_experiment(self, experiment: Experiment) -> None:
        """Show what holds now, or close when that is no longer there."""

    def fit(self) -> None:
        """Take the size that the content needs."""

    def open_at(self, item: QRectF, first: QWidget | None) -> None:
        """Show it beside an item, which so stays in sight; ``first`` gets the keyboard."""
        self.fit()
        window, size, canvas = self.canvas.window(), self.size(), self.canvas
        right = canvas.mapTo(window, QPoint(round(item.right()) + px(8), round(item.top())))
        left = canvas.mapTo(window, QPoint(round(item.left()) - px(8), 0)).x() - size.width()
        most = window.width() - size.width() - px(4)
        x = right.x() if right.x() <= most or left < px(4) else left
        y = min(max(right.y(), px(4)), max(window.height() - size.height() - px(4), 0))
        self.move(min(x, max(most, 0)), y)
        self.show()
        self.raise_()
        if first is not None:
            first.setFocus()
        _application().focusChanged.connect(self._follow_focus)

    def _follow_focus(self, _before: QWidget | None, now: QWidget | None) -> None:
        """Close when the keyboard goes elsewhere in this window; a drop-down list is another window."""
        if self._is_closed or now is None:
            return
        if now.window() is self.window() and not self.holds(now):
            self.close()

    def holds(self, widget: QWidget) -> bool:
        """Whether it stays open while a widget has the keyboard."""
        return widget is self or self.isAncestorOf(widget) or widget is self.window()

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Lead Tab round and round inside: on its way out it would close what was not reached yet."""
        start = QApplication.focusWidget()
        if start is None or not self.isAncestorOf(start):
            return super().focusNextPrevChild(forward)
        widget = _beside(start, forward)
        while widget is not start and not (self.isAncestorOf(widget) and _takes_tab(widget)):
            widget = _beside(widget, forward)
        widget.setFocus(Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason)
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # Enter in a field ends here: further up it would open the layer on which the keyboard stands.
        event.accept()
        if event.key() == Qt.Key.Key_Escape:
            self.close()

    def closeEvent(self, event: QCloseEvent) -> None:
        if not self._is_closed:
            self._is_closed = True
            self.controller.experiment_changed.disconnect(self.show_experiment)
            self.closed.emit()
        super().closeEvent(event)


def _beside(widget: QWidget, forward: bool) -> QWidget:
    """Return the next widget in Tab's order, or the one before."""
    other = widget.nextInFocusChain() if forward else widget.previousInFocusChain()
    return other or widget


def _takes_tab(widget: QWidget) -> bool:
    wanted = Qt.FocusPolicy.TabFocus
    return widget.focusPolicy() & wanted == wanted and widget.isVisible() and widget.isEnabled()


def _application() -> QApplication:
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    return application
