"""The rows of a form: label and control on one grid, so that panels line up."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from engine.choices.base import Range
from gui import names
from gui.i18n import language, tr
from gui.theme import SPACING, px, themes
from gui.widgets.basics import Label
from gui.widgets.number_field import NumberField
from gui.widgets.slider import Slider

CONTROL = 150


class Row(QWidget):
    """A label at the left and a control at the right, named by the label.

    Attributes:
        key: the English label
        control: the widget at the right
        empty: whether it says nothing here and is left out
    """

    empty = False

    def __init__(self, key: str, control: QWidget, name: str = "", width: int = CONTROL,
                 parent: QWidget | None = None) -> None:  # fmt: skip
        super().__init__(parent)
        self.key, self.name, self.control, self.width_wanted = key, name or key, control, width
        self.label = Label(key, "muted")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(px(SPACING * 2))
        row.addWidget(self.label, 1)
        row.addWidget(control)
        control.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        themes.changed.connect(self._rescale)
        language.changed.connect(self.retranslate)
        self._rescale()
        self.retranslate()

    def setEnabled(self, enabled: bool) -> None:
        super().setEnabled(enabled)
        self.label.setEnabled(enabled)

    def _rescale(self) -> None:
        self.control.setFixedWidth(px(self.width_wanted))

    def retranslate(self) -> None:
        """Name the control in the current language."""
        self.control.setAccessibleName(tr(self.name))


class Cells(QWidget):
    """Up to three controls side by side, each below its small caption; hidden ones give their place up.

    Attributes:
        captions: the caption labels, in the order of the controls
        shares: how the width is shared out among the columns; equally where there are too few
        unused: whether what is in it means nothing now
    """

    def __init__(self, columns: int = 3, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.columns, self.unused = columns, False
        self.shares: tuple[int, ...] = ()
        self.captions: list[QLabel] = []
        self._controls: list[QWidget] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        themes.changed.connect(self._rescale)
        self._rescale()

    @property
    def empty(self) -> bool:
        """Whether there is nothing in it, or nothing that counts now."""
        return self.unused or not self._controls

    def _rescale(self) -> None:
        self._grid.setHorizontalSpacing(px(SPACING * 2))
        self._grid.setVerticalSpacing(px(2))

    def fill(self, cells: list[tuple[QLabel, QWidget]]) -> None:
        """Show these captions and controls instead of what was there."""
        for widget in (*self.captions, *self._controls):
            self._grid.removeWidget(widget)
            if widget not in [part for cell in cells for part in cell]:
                widget.hide()
                widget.deleteLater()
        self.captions = [caption for caption, _ in cells]
        self._controls = [control for _, control in cells]
        for index, (caption, control) in enumerate(cells):
            line, column = divmod(index, self.columns)
            caption.setBuddy(control)
            self._grid.addWidget(caption, 2 * line, column)
            self._grid.addWidget(control, 2 * line + 1, column)
            control.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        for column in range(max(self.columns, self._grid.columnCount())):
            share = self.shares[column] if column < len(self.shares) else 1
            self._grid.setColumnStretch(column, share if column < self.columns else 0)
        # A widget without a parent would open as a window of its own.
        if self.parentWidget() is not None or not cells:
            self.setVisible(bool(cells))


def captioned(key: str, control: QWidget, name: str = "") -> tuple[QLabel, QWidget]:
    """Return a caption and its control for :class:`Cells`; ``name`` says more than the caption."""
    caption = CellCaption(key, control, name or key)
    return caption, control


class CellCaption(Label):
    """A small caption that also names the control below it."""

    def __init__(self, key: str, control: QWidget, name: str) -> None:
        self.control, self.name = control, name
        super().__init__(key, "small")

    def retranslate(self) -> None:
        """Show the caption and name the control in the current language."""
        super().retranslate()
        self.control.setAccessibleName(tr(self.name))


class SliderField(QWidget):
    """A slider with its number beside it, which can be typed too.

    Attributes:
        slider, field: the two controls

    Signals:
        committed(float): another number was chosen; while the handle is dragged only the field moves
    """

    committed = Signal(float)

    def __init__(self, allowed: Range, step: float, suffix: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.allowed, self.step = allowed, step
        self.slider = Slider(round((allowed.high - allowed.low) / step))
        self.field = NumberField(allowed, "even", step)
        self.field.suffix = suffix
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(px(SPACING * 2))
        row.addWidget(self.slider, 1)
        row.addWidget(self.field)
        self.slider.valueChanged.connect(self._slid)
        self.slider.sliderMoved.connect(self._slid)
        self.slider.sliderReleased.connect(self._released)
        self.field.committed.connect(self.committed)
        themes.changed.connect(self._rescale)
        self._rescale()

    def setAccessibleName(self, name: str) -> None:
        super().setAccessibleName(name)
        self.slider.setAccessibleName(name)
        self.field.setAccessibleName(name)

    def set_value(self, value: float) -> None:
        """Show a number without proposing it."""
        if self.slider.isSliderDown():
            return
        blocked = self.slider.blockSignals(True)
        self.slider.setValue(round((value - self.allowed.low) / self.step))
        self.slider.blockSignals(blocked)
        self.slider.update()
        self.field.set_value(value)

    def _rescale(self) -> None:
        self.field.setFixedWidth(px(56))

    def _value(self, position: int) -> float:
        return round(self.allowed.low + position * self.step, 9)

    def _slid(self, position: int) -> None:
        self.field.set_value(self._value(position))
        if not self.slider.isSliderDown():
            self.committed.emit(self._value(position))

    def _released(self) -> None:
        self.committed.emit(self._value(self.slider.value()))


def column(parent: QWidget, gap: int = SPACING) -> QVBoxLayout:
    """Return a layout of lines below each other, without margins."""
    layout = QVBoxLayout(parent)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(px(gap))
    layout.setAlignment(Qt.AlignmentFlag.AlignTop)
    return layout


def parameter_name(key: str) -> str:
    """Return the English name of a parameter, for labels that translate themselves."""
    return names.english("parameter", key)
