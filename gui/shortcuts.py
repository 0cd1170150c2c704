"""The sheet of shortcuts: every action with its keys, and what mouse and keys do, by topic in columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QRect, Qt
from PySide6.QtGui import (
    QAction,
    QColor,
    QFontMetrics,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QHBoxLayout,
    QLineEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from gui.actions import folded, plain
from gui.gestures import CARD_GESTURES, GESTURES, PICTURE_GESTURES, Row
from gui.guard import guarded
from gui.i18n import language, tr
from gui.theme import GAP, SPACING, font, px, theme, themes
from gui.widgets.basics import Button

if TYPE_CHECKING:
    from gui.actions import Actions
    from gui.main_window import MainWindow

COLUMN = 400  # how wide a column of topics is, in pixels of the design
KEYS, GESTURE = 132, 206  # ... and in it the keys, also where gestures are among them
WIDEST, HIGHEST = 1500, 740

# The topics in their order, with their gestures; and the submenus that stand apart from their menu.
TOPICS: dict[str, tuple[Row, ...]] = {
    "&File": (), "&Edit": (), "&Training": (), "&Help": (), "On the network": GESTURES, "&View": (),
    "On the pictures": PICTURE_GESTURES, "Cards": CARD_GESTURES, "&Examples": (),
}  # fmt: skip
ELSEWHERE = {
    "&File/&Examples": "&Examples", "&View/&Zoom": "On the network", "&View/P&icture": "On the pictures",
    "&View/C&ards": "Cards",
}  # fmt: skip
WRAPPED = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap)
_SCROLLS = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)


@dataclass
class Topic:
    """What there is to know about one topic, in the current language.

    Attributes:
        rows: (keys or gesture, what it does).
        others: {menu: actions in it that have no keys}.
        wide: whether gestures are among the keys, which need room.
    """

    title: str
    wide: bool = False
    rows: list[Row] = field(default_factory=list)
    others: dict[str, list[str]] = field(default_factory=dict)

    def matching(self, words: Sequence[str]) -> Topic:
        """Return what of it holds every word, with the title."""

        def fits(*texts: str) -> bool:
            return all(word in folded(" ".join((self.title, *texts))) for word in words)

        others = {menu: [name for name in names if fits(menu, name)] for menu, names in self.others.items()}
        kept = {menu: names for menu, names in others.items() if names}
        return Topic(self.title, self.wide, [row for row in self.rows if fits(*row)], kept)

    def __bool__(self) -> bool:
        return bool(self.rows or self.others)


def written(action: QAction) -> str:
    """Return an action's shortcuts as the system writes them."""
    return ", ".join(
        sequence.toString(QKeySequence.SequenceFormat.NativeText) for sequence in action.shortcuts()
    )


def topics(actions: Actions) -> list[Topic]:
    """Return all topics: actions with their keys, gestures, actions without keys."""
    found = {title: Topic(plain(tr(title)), bool(gestures)) for title, gestures in TOPICS.items()}
    for key, action in actions.by_key.items():
        menu = actions.menu_of(key, whole=True)
        topic = found[ELSEWHERE.get(menu, menu.partition("/")[0])]
        if action.shortcuts():
            topic.rows.append((written(action), plain(action.text())))
        else:
            topic.others.setdefault(plain(tr(menu.rpartition("/")[2])), []).append(plain(action.text()))
    for title, gestures in TOPICS.items():
        found[title].rows += [(tr(gesture), tr(meaning)) for gesture, meaning in gestures]
    return list(found.values())


def show(window: MainWindow) -> None:
    """Open the sheet over a window."""
    dialog = Sheet(window)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.open()


class Sheet(QDialog):
    """Topics in as many columns as fit, and a field that leaves only what holds the words typed.

    Attributes:
        field: where one types.
        shown: the topics that are seen.
    """

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._actions = window.actions_by_key
        self._topics: list[Topic] = []
        self.shown: list[Topic] = []
        self.field, close = QLineEdit(), Button("Close")
        self.field.textChanged.connect(self.search)
        self.field.installEventFilter(self)
        close.clicked.connect(self.close)
        close.setAutoDefault(False)
        self._area, self._page = QScrollArea(), QWidget()
        self._area.setWidgetResizable(True)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the arrows scroll from the field
        self._area.setWidget(self._page)
        self._area.viewport().installEventFilter(self)
        self._boxes: list[TopicBox] = []
        top, lines = QHBoxLayout(), QVBoxLayout(self)
        top.addWidget(self.field, 1)
        top.addWidget(close)
        top.setSpacing(px(GAP))
        edge = px(SPACING * 2)
        lines.setContentsMargins(px(GAP), edge, px(GAP), edge)
        lines.setSpacing(edge)
        lines.addLayout(top)
        lines.addWidget(self._area, 1)
        self.resize(min(px(WIDEST), window.width()), min(px(HIGHEST), window.height()))
        language.changed.connect(self.retranslate)
        themes.changed.connect(self._lay_out)  # the colours are painted, but the words may have another size
        self.retranslate()

    def retranslate(self) -> None:
        """Say everything in the current language."""
        self.setWindowTitle(tr("Shortcuts and gestures"))
        self.field.setPlaceholderText(tr("Type a key, or a part of what you want to do"))
        self.field.setAccessibleName(tr("Type a key, or a part of what you want to do"))
        self._topics = topics(self._actions)
        self.search(self.field.text())

    @guarded
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._lay_out()  # its place has its size only now

    def search(self, text: str) -> None:
        """Show what holds every word of a text."""
        words = folded(text).split()
        self.shown = [found for topic in self._topics if (found := topic.matching(words))]
        self._lay_out()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Scroll with the arrows while typing; take the width there is when a scroll bar comes or goes."""
        if watched is not self.field:
            if isinstance(event, QResizeEvent) and event.size().width() != event.oldSize().width():
                self._lay_out()
            return False
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and event.key() in _SCROLLS:
            QApplication.sendEvent(self._area.verticalScrollBar(), event)
            return True
        return False

    def _lay_out(self) -> None:
        """Put the topics that are shown into columns of about the same height."""
        if not self.isVisible():
            return
        for box in self._boxes:
            box.hide()
            box.deleteLater()
        topics = self.shown or [Topic(tr("Nothing found"))]
        self._boxes = [TopicBox(topic, self._page) for topic in topics]
        gap, apart = px(GAP * 2), px(SPACING)
        room = self._area.viewport().width()
        count = max(1, (room + gap) // px(COLUMN))
        even = (room - (count - 1) * gap) // count
        columns = shared([box.heightForWidth(even) + apart for box in self._boxes], count)
        # Gestures are longer than keys, so columns with them get more of the width.
        shares = [9 if any(topics[place].wide for place in column) else 8 for column in columns]
        shares += [8] * (count - len(columns))
        x, tallest = 0, 0
        for column, share in zip(columns, shares, strict=False):
            wide, y = (room - (count - 1) * gap) * share // sum(shares), 0
            for place in column:
                box = self._boxes[place]
                box.setGeometry(x, y, wide, box.heightForWidth(wide))
                box.show()
                y += box.height() + apart
            x, tallest = x + wide + gap, max(tallest, y - apart)
        self._page.setMinimumHeight(tallest)


class TopicBox(QWidget):
    """A topic: its title, its rows with the keys in a column, its actions without keys below.

    It paints its words itself: labels with tables took six times as long to open.
    """

    def __init__(self, topic: Topic, parent: QWidget) -> None:
        super().__init__(parent)
        self.topic = topic
        self._others = [
            " · ".join(names) if menu == topic.title else f"{menu}: {' · '.join(names)}"
            for menu, names in topic.others.items()
        ]
        self.setAccessibleName(topic.title)
        told = [f"{keys}: {meaning}" for keys, meaning in topic.rows]
        self.setAccessibleDescription("; ".join(told + self._others))

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._go_through(width, None)

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        self._go_through(self.width(), painter)
        painter.end()

    def _go_through(self, width: int, painter: QPainter | None) -> int:
        """Paint everything from top to bottom, or without a painter only measure; return the height."""
        now, y, left = theme(), 0, px(GESTURE if self.topic.wide else KEYS)
        y += _write(painter, QRect(0, y, width, 0), self.topic.title, now.text, bold=True)
        for keys, meaning in self.topic.rows:
            high = _write(painter, QRect(0, y, left - px(SPACING), 0), keys, now.accent)
            y += max(high, _write(painter, QRect(left, y, width - left, 0), meaning, now.text))
        for words in self._others:
            y += _write(painter, QRect(0, y, width, 0), words, now.muted)
        return y


def _write(painter: QPainter | None, place: QRect, words: str, colour: str, bold: bool = False) -> int:
    """Write words into the width of a place, from its top on; return how high they are."""
    face = font("small", bold)
    area = QFontMetrics(face).boundingRect(place.adjusted(0, 0, 0, 10_000), WRAPPED, words)
    if painter is not None:
        painter.setFont(face)
        painter.setPen(QColor(colour))
        painter.drawText(area.adjusted(0, 0, 1, 0), WRAPPED, words)
    return area.height()


def shared(heights: Sequence[int], columns: int) -> list[list[int]]:
    """Return the places of things in columns, in their order, the highest column as low as can be."""
    low, high = max(heights, default=0), sum(heights)
    while low < high:
        limit = (low + high) // 2
        if len(_filled(heights, limit)) <= columns:
            high = limit
        else:
            low = limit + 1
    return _filled(heights, low)


def _filled(heights: Sequence[int], limit: int) -> list[list[int]]:
    """Return the places in columns of at most a height, each as full as it gets."""
    found: list[list[int]] = []
    room = 0
    for place, height in enumerate(heights):
        if height > room:
            found.append([])
            room = limit
        found[-1].append(place)
        room -= height
    return found
