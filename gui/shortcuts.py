"""The sheet of shortcuts: every action with its keys, and what mouse and keys do, by topic in columns."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from gui.actions import folded, plain
from gui.gestures import CARD_GESTURES, GESTURES, PICTURE_GESTURES, Row
from gui.i18n import tr
from gui.theme import GAP, SPACING, px, theme
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
        self.setWindowTitle(tr("Shortcuts and gestures"))
        self._topics = topics(window.actions_by_key)
        self._laid: tuple[int, list[Topic]] | None = None  # for what width, and what
        self.shown: list[Topic] = []
        self.field, close = QLineEdit(), Button("Close")
        self.field.setPlaceholderText(tr("Type a key, or a part of what you want to do"))
        self.field.setAccessibleName(tr("Type a key, or a part of what you want to do"))
        self.field.textChanged.connect(self.search)
        self.field.installEventFilter(self)
        close.clicked.connect(self.close)
        close.setAutoDefault(False)
        self._area, self._page = QScrollArea(), QWidget()
        self._area.setWidgetResizable(True)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the arrows scroll from the field
        self._area.setWidget(self._page)
        self._columns = QHBoxLayout(self._page)
        self._columns.setContentsMargins(0, 0, 0, 0)
        self._columns.setSpacing(px(GAP * 2))
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
        self.search("")

    def search(self, text: str) -> None:
        """Show what holds every word of a text."""
        words = folded(text).split()
        self.shown = [found for topic in self._topics if (found := topic.matching(words))]
        self._lay_out()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_out()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Scroll with the arrows while typing."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and event.key() in _SCROLLS:
            QApplication.sendEvent(self._area.verticalScrollBar(), event)
            return True
        return False

    def _lay_out(self) -> None:
        """Put the topics that are shown into columns of about the same height, if they do not stand there."""
        if self._laid == (self.width(), self.shown):
            return
        self._laid = self.width(), self.shown
        while (taken := self._columns.takeAt(0)) is not None:
            if (stack := taken.widget()) is not None:
                stack.deleteLater()
        room = self.width() - px(GAP * 3)
        count = max(1, room // px(COLUMN))
        wide = (room - (count - 1) * self._columns.spacing()) // count
        labels = [TopicLabel(topic) for topic in self.shown]
        if not labels:
            labels = [TopicLabel(Topic(tr("Nothing found")))]
        for column in shared([label.heightForWidth(wide) for label in labels], count):
            stack = QWidget()
            lines = QVBoxLayout(stack)
            lines.setContentsMargins(0, 0, 0, 0)
            lines.setSpacing(px(SPACING))
            for place in column:
                lines.addWidget(labels[place])
            lines.addStretch(1)
            narrow = not any(self.shown[place].wide for place in column if self.shown)
            self._columns.addWidget(stack, 8 if narrow else 9)  # gestures are longer than keys


class TopicLabel(QLabel):
    """A topic: its title, its rows with the keys in a column, its actions without keys in small letters."""

    def __init__(self, topic: Topic) -> None:
        super().__init__()
        self._heights: dict[tuple[int, str], int] = {}
        now, wide = theme(), px(GESTURE if topic.wide else KEYS)
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setWordWrap(True)
        self.setProperty("role", "small")
        self.setAccessibleName(topic.title)
        rows = "".join(
            f'<tr><td width="{wide}" style="color:{now.accent}; padding-right:{px(8)}px">{_safe(keys)}</td>'
            f'<td style="color:{now.text}">{_safe(meaning)}</td></tr>'
            for keys, meaning in topic.rows
        )
        others = "".join(
            f"<p style='margin-top:0; margin-bottom:0'>{_safe(f'{menu}: ' if menu != topic.title else '')}"
            f"{_safe(' · '.join(names))}</p>"
            for menu, names in topic.others.items()
        )
        table = f"<table width='100%' cellspacing='0' cellpadding='0'>{rows}</table>" if rows else ""
        self.setText(f"<b style='color:{now.text}'>{_safe(topic.title)}</b>{table}{others}")
        told = [f"{keys}: {meaning}" for keys, meaning in topic.rows]
        told += [f"{menu}: {', '.join(names)}" for menu, names in topic.others.items()]
        self.setAccessibleDescription("; ".join(told))

    def heightForWidth(self, width: int) -> int:
        """Measure each width once: Qt asks twenty times, and sets the whole text anew each time."""
        asked = (width, self.font().key())
        if asked not in self._heights:
            self._heights[asked] = super().heightForWidth(width)
        return self._heights[asked]


def _safe(text: str) -> str:
    return html.escape(text)


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
