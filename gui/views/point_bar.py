"""The buttons of the point tools: a pencil, and while it is on the classes and an eraser."""

from functools import partial

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QWidget

from engine.choices.datasets import CLASSES
from gui.guard import guarded
from gui.i18n import language, name_of, number, tr
from gui.theme import mix, px, theme, themes
from gui.views import paint
from gui.widgets.basics import IconButton

MOST_CLASSES = int(CLASSES.high)
SIDE = 24


class ClassButton(QAbstractButton):
    """The mark of a class, to draw with it.

    Attributes:
        label: the class
        count: how many classes there are, which decides the colour
    """

    def __init__(self, label: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.label, self.count, self.name = label, 2, ""
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        themes.changed.connect(self._rescale)
        language.changed.connect(self.retranslate)
        self._rescale()

    def show_class(self, count: int, name: str) -> None:
        """Show the class as one of so many, by its name."""
        self.count, self.name = count, name
        self.retranslate()
        self.update()

    def retranslate(self) -> None:
        """Say which class it is."""
        words = tr("Draw class {name}", name=name_of("class", self.name) if self.name else number(self.label))
        self.setAccessibleName(words)
        self.setToolTip(f"{words}  ({(self.label + 1) % 10})")

    def nextCheckState(self) -> None:
        """Leave it to the tools to show what is chosen."""

    def sizeHint(self) -> QSize:
        return QSize(px(SIDE), px(SIDE))

    def _rescale(self) -> None:
        self.setFixedSize(px(SIDE), px(SIDE))
        self.update()

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        now, painter = theme(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        frame = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        if self.isChecked() or self.underMouse():
            painter.setBrush(QColor(mix(now.raised, now.text, 0.06)))
            painter.setPen(QPen(QColor(now.accent if self.isChecked() else now.line), px(1.5)))
            painter.drawRoundedRect(frame, px(6), px(6))
        colour, centre = paint.class_colours(self.count)[self.label], frame.center()
        paint.paint_mark(painter, self.label, centre.x(), centre.y(), px(5), colour, True)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(now.text), 2, Qt.PenStyle.DotLine))
            painter.drawRoundedRect(frame, px(6), px(6))


class PointBar(QWidget):
    """Pencil, classes, one class more, eraser.

    Signals:
        picked(int): this class is to be drawn
        added(): a class that is not there yet is to be drawn
    """

    picked = Signal(int)
    added = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.pencil = IconButton("pencil", "Draw points", "Ctrl+E", kind="flat", size=SIDE)
        self.eraser = IconButton("eraser", "Erase points", kind="flat", size=SIDE)
        self.more = IconButton("plus", "Draw one class more", kind="flat", size=SIDE)
        for tool in (self.pencil, self.eraser):
            tool.setCheckable(True)
        self.classes: list[ClassButton] = []
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(px(2))
        for label in range(MOST_CLASSES):
            button = ClassButton(label)
            button.clicked.connect(partial(self.picked.emit, label))
            self.classes.append(button)
            self._row.addWidget(button)
        for other in (self.more, self.eraser, self.pencil):
            self._row.addWidget(other)
        self.more.clicked.connect(self.added)

    def show_state(self, on: bool, count: int, brush: int, erasing: bool, names: tuple[str, ...]) -> None:
        """Show whether points are drawn, and with which of so many classes."""
        self.pencil.setChecked(on)
        self.eraser.setChecked(erasing)
        self.eraser.setVisible(on)
        self.more.setVisible(on and count < MOST_CLASSES)
        for label, button in enumerate(self.classes):
            button.setVisible(on and label < count)
            button.setChecked(label == brush and not erasing)
            if label < count:
                button.show_class(count, names[label] if label < len(names) else "")
