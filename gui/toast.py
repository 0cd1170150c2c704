"""The status line: a sentence that appears over the window for a moment."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt, QTimer
from PySide6.QtGui import QAccessible, QAccessibleEvent, QMouseEvent
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from gui.theme import GAP, SPACING, mix, px, theme, themes

WIDEST = 900  # pixels of the design: one line of a sentence
BASE, PER_LETTER = 3000, 45  # milliseconds to read a sentence


class Toast(QLabel):
    """A sentence in a widget, at the edge of a part of it; a click takes it away.

    It stands between the part and what is below, or above it where it covers less there of what is avoided.

    Attributes:
        offer: a button for what can be done about it; hidden where there is nothing.
        stays: whether it stays until it is no longer true, as whoever says it tells.
    """

    def __init__(self, host: QWidget, part: QWidget | None = None,
                 avoided: Callable[[], Sequence[QRect]] = list) -> None:  # fmt: skip
        super().__init__(host)
        self._host, self._part, self._avoided = host, part or host, avoided
        self.setWordWrap(True)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.offer = QPushButton(self)
        self.offer.setCursor(Qt.CursorShape.PointingHandCursor)
        self.offer.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.offer.clicked.connect(self._take_offer)
        self.offer.hide()
        self._offered: Callable[[], object] | None = None
        self.stays = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.hide)
        host.installEventFilter(self)
        themes.changed.connect(self._restyle)
        self._restyle()
        self.hide()

    def say(self, sentence: str, offer: tuple[str, Callable[[], object]] | None = None,
            stays: bool = False) -> None:  # fmt: skip
        """Show a sentence for as long as it takes to read it, with a button for what can be done about it.

        Parameters:
            offer: the button's name, and what it does.
            stays: whether it stays beyond that, until :meth:`settle`.
        """
        self.stays = stays
        name, self._offered = offer or ("", None)
        self.offer.setText(name)
        self.offer.setVisible(bool(name))
        self._restyle()
        self.setText(sentence)
        self.setAccessibleName(sentence)
        self._place()
        self.show()
        self.raise_()
        if QAccessible.isActive():
            QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))
        if stays:
            self._timer.stop()
        else:
            self._timer.start((2 if offer else 1) * BASE + PER_LETTER * len(sentence))

    def settle(self, *_: object) -> None:
        """Go away if it stayed only for as long as it was true."""
        if self.stays:
            self.stop()

    def stop(self) -> None:
        """Go away at once."""
        self._timer.stop()
        self.hide()

    def _take_offer(self) -> None:
        take = self._offered
        self.stop()
        if take is not None:
            take()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.stop()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._host and event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return False

    def _place(self) -> None:
        inside = self._part.isVisible() and self._host.isAncestorOf(self._part)
        part = self._part if inside else self._host
        area = QRect(part.mapTo(self._host, QPoint()), part.size())
        flat = (
            self.fontMetrics().horizontalAdvance(self.text()) + 2 * px(GAP) + px(2 * SPACING) + self._beside()
        )
        width = min(flat, area.width() - 2 * px(GAP), px(WIDEST))
        height = self.heightForWidth(width)
        edge = px(GAP)  # of the part, in which little stands
        below = min(area.bottom() - edge, self._host.height() - height - px(SPACING))
        above = max(area.top() + edge - height, px(SPACING))
        left, avoided = area.center().x() - width // 2, self._avoided()
        places = [QRect(left, top, width, height) for top in (below, above)]
        self.setGeometry(min(places, key=lambda place: covered(place, avoided)))
        wide, high = self.offer.sizeHint().width(), self.offer.sizeHint().height()
        self.offer.setGeometry(width - wide - px(SPACING), (height - high) // 2, wide, high)

    def _beside(self) -> int:
        """Return the width that the button takes beside the sentence."""
        return self.offer.sizeHint().width() + px(SPACING) if self.offer.text() else 0

    def _restyle(self) -> None:
        now = theme()
        self.offer.setStyleSheet(
            f"QPushButton {{ background: transparent; color: {now.background}; border: none;"
            f" font-weight: 600; text-decoration: underline; padding: {px(4)}px {px(8)}px;"
            f" border-radius: {px(6)}px; }}"
            f"QPushButton:hover {{ background: {mix(now.text, now.background, 0.15)}; }}"
            f"QPushButton:focus {{ border: 2px solid {now.background}; }}"
        )
        self.setStyleSheet(
            f"QLabel {{ background: {now.text}; color: {now.background}; border-radius: {px(8)}px;"
            f"padding: {px(8)}px {px(GAP) + self._beside()}px {px(8)}px {px(GAP)}px; }}"
        )
        if self.isVisible():
            self._place()


def covered(place: QRect, areas: Sequence[QRect]) -> int:
    """Return how many pixels of some areas a place covers."""
    parts = [place.intersected(area) for area in areas]
    return sum(part.width() * part.height() for part in parts if part.isValid())
