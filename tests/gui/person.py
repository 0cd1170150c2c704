"""A person at the window: mouse and keys go to the windows of the system, as from real devices.

So what is pressed, hovered, blocked by a dialog or closed by a click beside it is Qt's own decision. Dialogs
that wait in a loop of their own are answered from a timer.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from random import Random

from PySide6.QtCore import QObject, QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QKeySequence, QWindow
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QFileDialog,
    QLineEdit,
    QMenu,
    QMessageBox,
    QWidget,
)

Key, Button, Modifier = Qt.Key, Qt.MouseButton, Qt.KeyboardModifier
LEFT, PLAIN = Button.LeftButton, Modifier.NoModifier
HOLDERS = (
    (Key.Key_Shift, Modifier.ShiftModifier), (Key.Key_Control, Modifier.ControlModifier),
    (Key.Key_Alt, Modifier.AltModifier), (Key.Key_Meta, Modifier.MetaModifier),
)  # fmt: skip
READING = 30  # milliseconds until a dialog is answered
Timed = Callable[[], AbstractContextManager[object]]


class Person(QObject):
    """Two hands at one window.

    Attributes:
        dice: what decides how dialogs are answered.
        folder: where files are saved and found.
        answered: how many dialogs, or menus that wait in a loop of their own, were answered.
    """

    def __init__(self, window: QWidget, folder: Path, timed: Timed = nullcontext) -> None:
        super().__init__()
        self.window, self.folder, self.dice = window, folder, Random(0)
        self.answered = 0
        self._timed, self._deep = timed, 0
        self._clocks: list[QTimer] = []

    # What is in front

    def front(self) -> QWidget:
        """Return what mouse and keys go to: a popup, else a dialog, else the window."""
        return QApplication.activePopupWidget() or QApplication.activeModalWidget() or self.window

    def controls(self, *kinds: type[QWidget]) -> list[QWidget]:
        """Return the controls of these kinds in front that can be seen and used."""
        return [
            each for each in _inside(self.front())
            if isinstance(each, kinds) and each.isEnabled() and each.isVisible()
            and each.window() is self.front() and not each.visibleRegion().isEmpty()
        ]  # fmt: skip

    # Mouse and keys

    def click(self, widget: QWidget, at: QPointF | None = None, button: Button = LEFT,
              modifier: Modifier = PLAIN, twice: bool = False) -> None:  # fmt: skip
        """Go to a point of a widget, of what can be seen of it the middle, and click there."""
        seen = widget.visibleRegion().boundingRect()
        inside = seen.center() if at is None else at.toPoint()
        handle, place = _system(widget), widget.mapTo(widget.window(), inside)
        if seen.contains(inside) and _on_screen(handle, place):
            self._do(lambda: QTest.mouseMove(handle, place), handle)
            press = QTest.mouseDClick if twice else QTest.mouseClick
            self._do(lambda: press(handle, button, modifier, place), handle)

    def hover(self, widget: QWidget, at: QPointF) -> None:
        """Move the mouse to a point of a widget."""
        place = widget.mapTo(widget.window(), at.toPoint())
        handle = _system(widget)
        if _on_screen(handle, place):
            self._do(lambda: QTest.mouseMove(handle, place), handle)

    def drag(self, widget: QWidget, start: QPointF, end: QPointF, button: Button = LEFT) -> None:
        """Press at a point, move in steps to another and let go there."""
        handle = _system(widget)
        places = [
            widget.mapTo(widget.window(), (start + share * (end - start)).toPoint())
            for share in (0.0, 0.1, 0.4, 0.7, 1.0)
        ]  # fmt: skip
        self._do(lambda: QTest.mouseMove(handle, _within(handle, places[0])), handle)
        self._do(lambda: QTest.mousePress(handle, button, PLAIN, _within(handle, places[0])), handle)
        for place in places[1:]:
            self._do(lambda place=place: QTest.mouseMove(handle, _within(handle, place)), handle)
        self._do(lambda: QTest.mouseRelease(handle, button, PLAIN, _within(handle, places[-1])), handle)

    def wheel(self, widget: QWidget, at: QPointF, notches: int, modifier: Modifier = PLAIN) -> None:
        """Turn the wheel at a point of a widget."""
        handle, turned = _system(widget), QPoint(0, 120 * notches)
        place = QPointF(_within(handle, widget.mapTo(widget.window(), at.toPoint())))
        self._do(lambda: QTest.wheelEvent(handle, place, turned, QPoint(), modifier), handle)

    def key(self, key: Key, modifier: Modifier = PLAIN) -> None:
        """Press a key and let it go, what is held before and after it, each if its window is still there."""
        handle, held = _system(self.front()), PLAIN
        holders = [(each, bit) for each, bit in HOLDERS if modifier & bit]
        for each, bit in holders:
            self._stroke(handle, True, each, held)
            held |= bit
        self._stroke(handle, True, key, modifier)
        self._stroke(handle, False, key, modifier)
        for each, bit in reversed(holders):
            held &= ~bit
            self._stroke(handle, False, each, held)

    def _stroke(self, handle: QWindow, press: bool, key: Key, held: Modifier) -> None:
        text = QTest.keyToAscii(key).strip("\0")
        self._do(lambda: QTest.simulateEvent(handle, press, key, held, text, False), handle)

    def keys(self, sequence: QKeySequence) -> None:
        """Press the keys of a shortcut."""
        self.key(sequence[0].key(), sequence[0].keyboardModifiers())

    def write(self, text: str) -> None:
        """Press the keys of a text."""
        for letter in text:
            self.key(Key(ord(letter.upper())))

    def act(self, function: Callable[[], object]) -> None:
        """Do what a menu of the desktop would do, or the desktop itself."""
        self._do(lambda: (function(), QApplication.processEvents()))

    def rest(self, milliseconds: int) -> None:
        """Watch for a while."""
        QTest.qWait(milliseconds)

    def _do(self, function: Callable[[], object], handle: QWindow | None = None) -> None:
        """Have the window handle one event, and answer what it asks; nothing when it has just closed."""
        if handle is not None and not _is_there(handle):
            return
        with self._answering(), self._timed():
            function()

    # Dialogs that wait in a loop of their own

    @contextmanager
    def _answering(self) -> Iterator[None]:
        """Look now and then for something to answer; what an answer brings up has a clock of its own."""
        if self._deep == len(self._clocks):
            self._clocks.append(QTimer(self, interval=READING))
            self._clocks[-1].timeout.connect(self._answer)
        clock = self._clocks[self._deep]
        self._deep += 1
        clock.start()
        try:
            yield
        finally:
            clock.stop()
            self._deep -= 1

    def _answer(self) -> None:
        """Answer what an event that is not handled yet may wait for."""
        asks = QApplication.activePopupWidget() or QApplication.activeModalWidget()
        if isinstance(asks, QFileDialog | QMessageBox | QMenu):
            self.answered += 1
            with self._answering():
                self._answer_one(asks)

    def _answer_one(self, asks: QFileDialog | QMessageBox | QMenu) -> None:
        if isinstance(asks, QFileDialog):
            self._answer_file(asks)
        elif isinstance(asks, QMessageBox):
            buttons = asks.buttons()
            QTest.mouseClick(self.dice.choice(buttons), LEFT)
        else:
            for _ in range(self.dice.randrange(6)):
                QTest.keyClick(asks, Key.Key_Down)
            QTest.keyClick(asks, self.dice.choice([Key.Key_Return, Key.Key_Right, Key.Key_Escape]))

    def _answer_file(self, dialog: QFileDialog) -> None:
        """Name a file, or think better of it; what cannot be opened is given up the second time."""
        saves = dialog.acceptMode() == QFileDialog.AcceptMode.AcceptSave
        if dialog.property("named") or self.dice.random() < 0.3:
            dialog.reject()
            return
        dialog.setProperty("named", True)
        field = next(iter(dialog.findChildren(QLineEdit)))
        found = sorted(path.name for path in self.folder.iterdir())
        name = self.dice.choice(["x", "a b", *found] if saves or not found else found)
        field.setText(str(self.folder / name))
        QTest.keyClick(field, Key.Key_Return)

    def put_away(self) -> None:
        """Close what is open over the window."""
        for _ in range(20):
            if self.front() is self.window:
                return
            top = self.front()
            self.key(Key.Key_Escape)
            if self.front() is top and isinstance(top, QDialog):
                self._do(top.reject)
            elif self.front() is top:
                self._do(top.close)


def _inside(widget: QWidget) -> Iterator[QWidget]:
    """Yield every widget in a widget.

    Not by ``findChildren``: it hangs all that it finds on the widget that is asked, and what Qt makes for
    itself and deletes again (the list of a box, a scroll bar) hangs there as an empty shell while that lives.
    """
    for child in widget.children():
        if isinstance(child, QWidget):
            yield child
            yield from _inside(child)


def _system(widget: QWidget) -> QWindow:
    """Return the system's window in which a widget stands."""
    handle = widget.window().windowHandle()
    assert handle is not None, f"{widget} is not on the screen"
    return handle


def _on_screen(handle: QWindow, place: QPoint) -> bool:
    """Whether a point is in the window's part on the screen: a full screen may be smaller than the window."""
    return _is_there(handle) and handle.isVisible() and place == _within(handle, place)


def _is_there(handle: QWindow) -> bool:
    """Whether the system still has a window; ``isValid`` does not always notice that Qt has deleted it."""
    return handle in QApplication.allWindows()


def _within(handle: QWindow, place: QPoint) -> QPoint:
    """Return the nearest point in the window's part on the screen."""
    return QPoint(
        min(max(place.x(), 0), handle.width() - 1),
        min(max(place.y(), 0), handle.height() - 1),
    )
