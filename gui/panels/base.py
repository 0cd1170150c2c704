"""What the panels share: how they hear of the experiment and how they propose another."""

from collections.abc import Callable
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
        secondary: lines that hide where the window is short
    """

    def __init__(self, controller: Controller, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.controller = controller
        self.rows = column(self, 6)
        self.header = Header(title)
        self.rows.addWidget(self.header)
        self.secondary: list[QWidget] = []
        self.short = False

    def begin(self) -> None:
        """Show the experiment now and whenever it or the language changes: call at the end of __init__."""
        self.controller.experiment_changed.connect(self.show_experiment)
        language.changed.connect(self.retranslate)
        self.retranslate()

    def set_short(self, short: bool) -> None:
        """Hide the lines that can wait, or show them again."""
        self.short = short
        for line in self.secondary:
            line.setVisible(not short)

    def whole_height(self, width: int) -> int:
        """Return how high the panel is at a width with all its lines, hidden ones that can wait too."""
        high = []
        for index in range(self.rows.count()):
            item = self.rows.itemAt(index)
            line = item.widget() if item is not None else None
            if line is not None and (line in self.secondary or not line.isHidden()):
                hint = max(line.sizeHint().height(), line.minimumSizeHint().height())
                high.append(line.heightForWidth(width) if line.hasHeightForWidth() else hint)
        return sum(high) + self.rows.spacing() * (len(high) - 1)

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
