"""What the panels share: how they hear of the experiment and how they propose another."""

from collections.abc import Callable, Collection
from typing import Any, Protocol

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontMetrics, QMouseEvent
from PySide6.QtWidgets import QLabel, QWidget

from engine.experiment import Experiment
from gui.i18n import language, number, tr
from gui.theme import font
from gui.widgets.basics import Header
from gui.widgets.rows import column


class Controller(Protocol):
    """What a panel needs of the controller (signals are Any: Qt binds them at run time)."""

    experiment: Experiment
    errands: Any
    speed: float
    experiment_changed: Any
    frame_changed: Any
    state_changed: Any
    message: Any

    @property
    def frame(self) -> Any: ...
    @property
    def state(self) -> Any: ...
    def edit(self, place: str, value: object, text: str) -> None: ...
    def attempt(self, function: Callable[[], Experiment], text: str, place: str | None = None) -> None: ...
    def remark(self, sentence: str) -> None: ...
    def set_speed(self, speed: float) -> None: ...
    def toggle(self) -> None: ...
    def go_to(self, position: float) -> None: ...
    def step_back(self) -> None: ...
    def step_batch(self) -> None: ...
    def step_epoch(self) -> None: ...
    def reset(self) -> None: ...
    def new_dice(self) -> None: ...


Words = Callable[[Experiment], list[str]]


class Panel(QWidget):
    """One section of controls. It keeps no state: it shows the controller's experiment.

    A line that is put away may have words: what it would show that is not as usual. They stand in the
    summary, so that nothing that matters is hidden.

    Attributes:
        controller: who holds the experiment
        header: the title, a remark, room for buttons
        rows: the layout of the lines
        can_wait: lines that hide where the window is low, with their rank: the lowest goes first
        rare: lines that are in the whole section only, beside the column
        words: what lines say of an experiment while they are put away
        summary: these words
    """

    def __init__(self, controller: Controller, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.controller = controller
        self.rows = column(self, 5)
        self.header = Header(title)
        self.rows.addWidget(self.header)
        self.can_wait: dict[QWidget, int] = {}
        self.rare: list[QWidget] = []
        self.words: dict[QWidget, Words] = {}
        self.summary = Summary()
        self._lines: list[QWidget] = []
        self._away: frozenset[QWidget] = frozenset()
        self._alone = False  # what is put away is seen elsewhere: nothing is said of it

    def add(self, line: QWidget, wait: int | None = None, rare: bool = False,
            words: Words | None = None) -> None:  # fmt: skip
        """Add a line below the others.

        Parameters:
            wait: its rank among the lines that hide where the window is low; None for one that stays
            rare: whether it is seen in the whole section only
            words: what it says of an experiment while it is not seen
        """
        self._lines.append(line)
        self.rows.addWidget(line)
        if rare:
            self.rare.append(line)
        elif wait is not None:
            self.can_wait[line] = wait
        if words is not None:
            self.words[line] = words

    def begin(self) -> None:
        """Show the experiment now and whenever it or the language changes: call at the end of __init__."""
        self.rows.addWidget(self.summary)
        self.controller.experiment_changed.connect(self._show)
        language.changed.connect(self.retranslate)
        self.retranslate()

    def _show(self, experiment: Experiment) -> None:
        self.show_experiment(experiment)
        self.put_away(self._away)

    def put_away(self, lines: Collection[QWidget]) -> None:
        """Hide these lines, say in the summary what they hold, and show the others."""
        self._away = frozenset(lines)
        for line in self._lines:
            line.setVisible(line not in self._away and not _empty(line))
        self.summary.show_words([] if self._alone else self.words_of(lines))

    def put_by(self) -> list[int]:
        """Return the numbers of the lines that are put away and would show something."""
        return [index for index, line in enumerate(self._lines) if line in self._away and not _empty(line)]

    def show_alone(self, numbers: Collection[int]) -> None:
        """Show only the lines with these numbers: the others are seen in another panel of this kind."""
        self._alone = True
        self.put_away([line for index, line in enumerate(self._lines) if index not in numbers])

    def words_of(self, lines: Collection[QWidget]) -> list[str]:
        """Return what is not as usual in these lines."""
        experiment = self.controller.experiment
        return [word for line, words in self.words.items() if line in lines for word in words(experiment)]

    def height_without(self, lines: Collection[QWidget], width: int) -> int:
        """Return how high the section is at a width when these lines are put away."""
        shown = [self.header, *(line for line in self._lines if line not in lines and not _empty(line))]
        heights = [_height(line, width) for line in shown]
        words = self.words_of(lines)
        if words:
            heights.append(self.summary.height_of(words, width))
        return sum(heights) + self.rows.spacing() * (len(heights) - 1)

    def heights(self, width: int) -> dict[QWidget, int]:
        """Return how high each line that has something to show is at a width."""
        return {line: _height(line, width) for line in self._lines if not _empty(line)}

    def retranslate(self) -> None:
        """Say everything in the current language."""
        self._show(self.controller.experiment)

    def show_experiment(self, experiment: Experiment) -> None:
        """Show an experiment's values in the controls."""
        raise NotImplementedError

    def edit(self, place: str, value: float | None, name: str, shown: str = "") -> None:
        """Propose one number at one place; ``name`` is the English name for the undo menu.

        Parameters:
            value: the number; None for none
            shown: how it is written there, where that is not the plain number
        """
        self.controller.edit(place, value, self.said(name, value, shown))

    @staticmethod
    def said(name: str, value: float | None, shown: str = "") -> str:
        """Return "Noise: 0.2", as the undo menu says it; ``name`` is English."""
        words = shown or (tr("none") if value is None else number(value, 9))
        return tr("{name}: {value}", name=tr(name), value=words)


def _empty(line: QWidget) -> bool:
    return bool(getattr(line, "empty", False))


def _height(line: QWidget, width: int) -> int:
    wrapped = line.heightForWidth(width) if line.hasHeightForWidth() else line.sizeHint().height()
    return max(wrapped, line.minimumHeight())


class Summary(QLabel):
    """What is set in lines that are not seen, in a few words; a click opens the whole section.

    Signals:
        clicked(): as of a button; the three dots above are the way with the keyboard
    """

    clicked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "summary")
        self.setWordWrap(True)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.hide()

    def show_words(self, words: list[str]) -> None:
        """Show other words; without any it takes no place."""
        self.setText(" · ".join(words))
        self.setToolTip("\n".join(words))
        self.setVisible(bool(words) and self.parentWidget() is not None)

    def height_of(self, words: list[str], width: int) -> int:
        """Return how high it would be with other words."""
        wrap = Qt.TextFlag.TextWordWrap
        metrics = QFontMetrics(font("small"))  # the style sheet's, which a hidden label does not know yet
        return metrics.boundingRect(0, 0, width, 10_000, wrap, " · ".join(words)).height()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.clicked.emit()
