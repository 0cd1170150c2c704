"""The control that has the focus: which keys it uses, although an action has them too, and what it holds."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QApplication,
    QComboBox,
    QTabBar,
)  # fmt: skip

from gui.dividers import Divider
from gui.widgets.file_field import TextField
from gui.widgets.number_field import NumberField

ARROWS = (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down)


def used_by_focus(key: int) -> bool:
    """Whether the control that has the focus uses a key."""
    focus = QApplication.focusWidget()
    if isinstance(focus, QAbstractButton):
        return key == Qt.Key.Key_Space
    if isinstance(focus, QAbstractSlider | QTabBar | Divider):
        return key in (*ARROWS, Qt.Key.Key_Home, Qt.Key.Key_End)
    return isinstance(focus, QComboBox | QAbstractItemView) and key in (*ARROWS, Qt.Key.Key_Space)


def enter_typed() -> None:
    """Have what is typed in the field that has the focus count, as if the field were left."""
    focus = QApplication.focusWidget()
    if isinstance(focus, NumberField | TextField):
        focus.leave()
