"""A card on its way: shows where it would come down, until it is let go."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QPoint, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QAccessible, QAccessibleEvent, QColor, QFont, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QApplication, QWidget

from gui.guard import guarded
from gui.i18n import tr
from gui.landing import APART, NEAR, NO_MIDDLE, Landing, step, under
from gui.theme import GAP, RADIUS, SPACING, font, px, theme
from gui.tiles import Rect, Side

if TYPE_CHECKING:
    from gui.arranger import Arranger

EDGE = 22  # pixels of the design from the border of the room where a card goes beside all the others
KEYS: dict[int, Side] = {
    Qt.Key.Key_Left: "left", Qt.Key.Key_Right: "right", Qt.Key.Key_Up: "above", Qt.Key.Key_Down: "below",
}  # fmt: skip
DROP = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)


class Carrier(QWidget):
    """Lies over the window while a card is carried, with the mouse or with the arrows. Escape puts it back.

    Attributes:
        name: of the card that is carried; empty when none is.
        there: where it would come down; None over nothing.
        by_keys: whether it is carried with the arrows.
    """

    def __init__(self, arranger: Arranger, host: QWidget) -> None:
        super().__init__(host)
        self._arranger, self._host = arranger, host
        self.name, self.there, self.by_keys = "", None, False  # type: str, Landing | None, bool
        self._refused = self._possible = False
        self._rects: list[Rect] = []
        self._words = ""
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    # What is done with it

    def carry(self, name: str, point: QPoint) -> None:
        """Carry a card over a point of the screen."""
        arranger = self._arranger
        if self._refused or arranger.only is not None or name in arranger.windows:
            return
        if not self.name:
            self._begin(name, by_keys=False)
        here = self.mapFromGlobal(point)
        if not self.rect().contains(here):
            self._show(APART)
            return
        near = NEAR if arranger.stands(name) else NO_MIDDLE
        self._show(under((here.x(), here.y()), arranger.room, arranger.rects, px(EDGE), near))

    def lift(self, name: str) -> None:
        """Carry a card with the arrows, from where it stands."""
        self.cancel()
        arranger = self._arranger
        home = arranger.home(name)
        if arranger.only is None and name not in arranger.windows and (name in arranger.rects or home):
            self._refused = False
            self._begin(name, by_keys=True)
            self._show(Landing(name, None) if name in arranger.rects else Landing(home, "right"))

    def drop(self) -> None:
        """Let the card come down where it is shown; nothing happens where none is carried."""
        name, there = self.name, self.there
        self._end()
        self._refused = False
        if name and there is not None and there.target != name:
            self._arranger.land(name, there)

    def cancel(self) -> None:
        """Put the card back; until the button is let go, none is carried."""
        self._refused = bool(self.name) and not self.by_keys
        self._end()

    def _begin(self, name: str, by_keys: bool) -> None:
        self.name, self.there, self.by_keys = name, None, by_keys
        self.setGeometry(self._host.rect())
        self.show()
        self.raise_()
        if not by_keys:
            QApplication.setOverrideCursor(Qt.CursorShape.ClosedHandCursor)
        _program().installEventFilter(self)

    def _end(self) -> None:
        if self.name:
            _program().removeEventFilter(self)
            if not self.by_keys:
                QApplication.restoreOverrideCursor()
            self.name, self.there = "", None
            self.hide()

    def _show(self, there: Landing | None) -> None:
        """Draw where the card would come down, if that is another place than before."""
        if there == self.there and self._words:
            return
        arranger, self.there = self._arranger, there
        self._rects, self._words, self._possible = [], "", False
        if there is not None:
            self._words = arranger.words(self.name, there)
            tree = None if there == APART else arranger.try_landing(self.name, there)
            self._possible = arranger.can_part(self.name) if there == APART else tree is not None
            if tree is not None:
                self._rects = self._taken(there, arranger.places_of(tree))
        self.setAccessibleName(self._words)
        if QAccessible.isActive():
            QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))
        self.update()

    def _taken(self, there: Landing, after: dict[str, Rect]) -> list[Rect]:
        """Return the places that are drawn: that of the card, and of the one it changes places with."""
        swaps = there.side is None and there.target in after and self.name in after
        first = after.get(self.name, after.get(there.target or ""))  # a part goes to the card it belongs to
        found = [first] if first is not None else []
        return [*found, after[there.target]] if swaps and there.target not in (None, self.name) else found

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take the keys while a card is carried: Qt calls this for the events of the whole program."""
        kind = event.type()
        if kind == QEvent.Type.ShortcutOverride:
            event.accept()  # no action is for a key that is for the card
            return True
        if kind == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            self._press(event.key())
            return True
        if kind == QEvent.Type.ApplicationDeactivate or (
            self.by_keys and kind == QEvent.Type.MouseButtonPress
        ):
            self.cancel()
        return False

    def _press(self, key: int) -> None:
        if key == Qt.Key.Key_Escape:
            self.cancel()
        elif self.by_keys and key in KEYS and self.there is not None:
            self._step(KEYS[key])
        elif self.by_keys and key in DROP:
            self.drop()

    def _step(self, towards: Side) -> None:
        """Go on to the next place; one that is on no card yet cannot change places with another."""
        rects, there = self._arranger.rects, self.there
        assert there is not None
        there = step(there, towards, rects, self.name)
        if there.side is None and not self._arranger.stands(self.name):
            there = step(there, towards, rects, self.name)
        self._show(there)

    # How it looks

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        if not self.name:
            return
        painter, now = QPainter(self), theme()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.name in self._arranger.rects:
            faded = QColor(now.background)
            faded.setAlphaF(0.6)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(faded)
            painter.drawRoundedRect(_area(self._arranger.rects[self.name]), px(RADIUS), px(RADIUS))
        if self.there is None:
            return
        for index, rect in enumerate(self._rects):
            self._paint_place(painter, rect, dashed=index > 0)
        middle = _area(self._rects[0]).center() if self._rects else self._refusal()
        self._paint_words(painter, middle, self._said())

    def _said(self) -> str:
        return self._words if self._possible else tr("There is no room for that.")

    def _refusal(self) -> QPointF:
        """Return where it is said that there is no room: on what the card is over."""
        arranger = self._arranger
        target = self.there.target if self.there is not None else None
        return _area(arranger.rects.get(target or "", arranger.room)).center()

    def _paint_place(self, painter: QPainter, rect: Rect, dashed: bool) -> None:
        now = theme()
        tint = QColor(now.accent)
        tint.setAlphaF(0.08 if dashed else 0.2)
        painter.setBrush(tint)
        pen = QPen(QColor(now.accent), px(2))
        if dashed:
            pen.setStyle(Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.drawRoundedRect(_area(rect).adjusted(1, 1, -1, -1), px(RADIUS), px(RADIUS))

    def _paint_words(self, painter: QPainter, middle: QPointF, words: str) -> None:
        """Write on a chip around a point, inside the window."""
        now = theme()
        face = QFont(font("body", bold=True))
        painter.setFont(face)
        width = painter.fontMetrics().horizontalAdvance(words) + 2 * px(GAP)
        height = painter.fontMetrics().height() + 2 * px(SPACING * 2)
        chip = QRectF(middle.x() - width / 2, middle.y() - height / 2, width, height)
        chip.moveLeft(max(px(SPACING), min(chip.left(), self.width() - width - px(SPACING))))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(now.text))
        painter.drawRoundedRect(chip, px(8), px(8))
        painter.setPen(QColor(now.background))
        painter.drawText(chip, int(Qt.AlignmentFlag.AlignCenter), words)


def _program() -> QCoreApplication:
    program = QCoreApplication.instance()
    assert program is not None
    return program


def _area(rect: Rect) -> QRectF:
    return QRectF(QRect(*rect))
