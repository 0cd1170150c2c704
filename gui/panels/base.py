"""What the panels share: how they hear of the experiment and how they propose another."""

from collections.abc import Callable, Collection
from typing import Any, Protocol

from PySide6.QtWidgets import QWidget

from engine.experiment import Experiment
from gui.i18n import language, number, tr
from gui.widgets.basics import Header
from gui.widgets.rows import column


class Controller(Protocol):
    """What a panel needs of the controller (signals are Any: Qt binds them at run time)."""

    experiment: Experiment
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
    def set_speed(self, speed: float) -> None: ...
    def toggle(self) -> None: ...
    def step_batch(self) -> None: ...
    def step_epoch(self) -> None: ...
    def reset(self) -> None: ...
    def new_dice(self) -> None: ...


class Panel(QWidget):
    """One section of controls. It keeps no state: it shows the controller's experiment.

    Attributes:
        controller: who holds the experiment
        header: the title, a remark, room for buttons
        rows: the layout of the lines
        can_wait: lines that hide where the window is low, with their rank: the lowest goes first
    """

    def __init__(self, controller: Controller, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.controller = controller
        self.rows = column(self, 6)
        self.header = Header(title)
        self.rows.addWidget(self.header)
        self.can_wait: dict[QWidget, int] = {}

    def begin(self) -> None:
        """Show the experiment now and whenever it or the language changes: call at the end of __init__."""
        self.controller.experiment_changed.connect(self.show_experiment)
        language.changed.connect(self.retranslate)
        self.retranslate()

    def put_away(self, lines: Collection[QWidget]) -> None:
        """Hide these of the lines that can wait and show the others."""
        for line in self.can_wait:
            line.setVisible(line not in lines)

    def heights(self, width: int) -> dict[QWidget, int]:
        """Return how high each line is at a width, those that are only put away too."""
        high = {}
        for index in range(self.rows.count()):
            item = self.rows.itemAt(index)
            line = item.widget() if item is not None else None
            if line is not None and (line in self.can_wait or not line.isHidden()):
                wrapped = line.heightForWidth(width) if line.hasHeightForWidth() else line.sizeHint().height()
                high[line] = max(wrapped, line.minimumHeight())
        return high

    def retranslate(self) -> None:
        """Say everything in the current language."""
        self.show_experiment(self.controller.experiment)

    def show_experiment(self, experiment: Experiment) -> None:
        """Show an experiment's values in the controls."""
        raise NotImplementedError

    def edit(self, place: str, value: float, name: str) -> None:
        """Propose one number at one place; ``name`` is the English name for the undo menu."""
        text = tr("{name}: {value}", name=tr(name), value=number(value, 9))
        self.controller.edit(place, value, text)
