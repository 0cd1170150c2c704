"""Drawing data on the picture of the boundary: points added, moved, painted in another class and erased.

With the mouse: a click or a stroke on free ground adds points of the brush's class, dragging a point moves
it, a click on a point of another class paints it, the right button or the eraser takes away. With the
keyboard: arrows move a cross, Enter adds a point or picks the one there up and drops it, Delete erases, the
digits choose the class. Every stroke is one step that can be undone.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, Protocol

from PySide6.QtCore import QEvent, QObject, QPointF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent

from engine import drawing
from engine.drawing import Point
from engine.experiment import Experiment
from engine.rules import dataset_of
from gui.i18n import name_of, number, tr
from gui.theme import px
from gui.views.boundary import Boundary
from gui.views.point_bar import MOST_CLASSES, PointBar
from gui.views.point_keys import PointKeys
from gui.views.point_overlay import PointOverlay

NEAR = 11  # pixels from a point within which it is meant
SPACING = 14  # pixels between two points of one stroke

HELP = ("Click or drag to add points, drag a point to move it, press the right button to erase it; "
        "the digits choose the class.")  # fmt: skip


class Owner(Protocol):
    """What the tools need of the controller."""

    experiment: Experiment
    experiment_changed: Any
    message: Any

    def attempt(self, function: Callable[[], Experiment], text: str, place: str | None = None) -> None: ...


class PointTools(QObject):
    """The tools of one picture of the boundary.

    Attributes:
        bar: their buttons, for the title row of the card
        on: whether points can be drawn now
        brush: the class of what is drawn
        erasing: whether the left button erases
        stroke: the points of the stroke under way
        held: the index of the point that is being moved, and where it is now; None for none
        touched: the indices of points that the eraser has gone over
        cross: where the keyboard is, in raw inputs; None as long as it was not used

    Signals:
        toggled(bool): drawing begins or ends
    """

    toggled = Signal(bool)

    def __init__(self, boundary: Boundary, owner: Owner) -> None:
        super().__init__(boundary)
        self.boundary, self.owner = boundary, owner
        self.on = self.erasing = False
        self.brush = 0
        self.stroke: list[Point] = []
        self.held: tuple[int, float, float] | None = None
        self.touched: set[int] = set()
        self.cross: tuple[float, float] | None = None
        self._moved = False
        self._points: tuple[Point, ...] | None = None
        self.bar, self.overlay, self._keys = PointBar(), PointOverlay(self), PointKeys(self)
        self.bar.pencil.clicked.connect(self.set_on)
        self.bar.eraser.clicked.connect(self.set_erasing)
        self.bar.picked.connect(self.pick)
        self.bar.added.connect(lambda: self.pick(self.classes()))
        boundary.installEventFilter(self)
        owner.experiment_changed.connect(self.show_experiment)
        self.show_experiment(owner.experiment)

    # What there is

    def points(self) -> tuple[Point, ...]:
        """Return the points; of another data set its rows."""
        if self._points is None:
            self._points = drawing.points_of(self.owner.experiment)
        return self._points

    def classes(self) -> int:
        """Return how many classes there are, the brush's among them."""
        return max(2, len(dataset_of(self.owner.experiment).classes))

    def show_experiment(self, experiment: Experiment) -> None:
        """Offer the tools where the data can be drawn."""
        self._points = None
        self.drop()
        able = drawing.can_be_drawn(experiment)
        if not able:
            self.set_on(False)
        self.bar.setVisible(able)
        self._show()

    def set_on(self, on: bool) -> None:
        """Begin to draw where that is possible, or end it."""
        if on and not drawing.can_be_drawn(self.owner.experiment):
            on = False
            self.owner.message.emit(tr("Points can be drawn where the data have two inputs and classes."))
        if on == self.on:
            self._show()
            self.toggled.emit(on)
            return
        self.on = on
        self.drop()
        if on:
            self.boundary.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            self.boundary.setFocus()
            self.owner.message.emit(tr(HELP))
        else:
            self.boundary.unsetCursor()
            self.cross = None
        self._show()
        self.toggled.emit(on)

    def set_erasing(self, erasing: bool) -> None:
        """Have the left button erase, or draw again."""
        self.erasing = erasing
        self._show()

    def pick(self, label: int) -> None:
        """Draw points of another class from now on; one class more than there are can be begun."""
        if 0 <= label < min(self.classes() + 1, MOST_CLASSES):
            self.brush, self.erasing = label, False
        self._show()

    def _show(self) -> None:
        """Show the state in buttons, pointer and picture."""
        count = self.classes()
        self.brush = min(self.brush, count)
        names = dataset_of(self.owner.experiment).classes
        self.bar.show_state(self.on, max(count, self.brush + 1), self.brush, self.erasing, names)
        if self.on:
            self.boundary.setCursor(Qt.CursorShape.CrossCursor)
        self.overlay.setVisible(self.on)
        self.overlay.update()

    def drop(self) -> None:
        """Forget what was under way."""
        self.stroke, self.held, self.touched, self._moved = [], None, set(), False

    # What the mouse and the keyboard do

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take the picture's events while points are drawn: Qt calls this for them."""
        kind = event.type()
        if kind == QEvent.Type.Resize:
            self.overlay.setGeometry(self.boundary.rect())
        if not self.on:
            return False
        if isinstance(event, QKeyEvent):
            return self._keys.handle(event)
        if not isinstance(event, QMouseEvent):
            return kind == QEvent.Type.ContextMenu  # the right button erases
        if kind == QEvent.Type.MouseButtonPress:
            self._press(self._inside(event), event.button())
        elif kind == QEvent.Type.MouseMove:
            self._drag(self._inside(event))
        elif kind == QEvent.Type.MouseButtonRelease:
            self._release()
        return True  # a double click too, which would enlarge the card

    def _inside(self, event: QMouseEvent) -> QPointF:
        """Return where in the whole picture the mouse is."""
        return self.boundary.lens.inside(event.position())

    def _press(self, at: QPointF, button: Qt.MouseButton) -> None:
        if not self.boundary.square().contains(at):
            return
        self.drop()
        self.cross = None
        hit = self.hit(at)
        if button == Qt.MouseButton.RightButton or self.erasing:
            self.touched = {hit} if hit is not None else {-1}  # it goes on erasing until it is released
        elif button == Qt.MouseButton.LeftButton and hit is not None:
            self.held = (hit, *self.points()[hit][:2])
        elif button == Qt.MouseButton.LeftButton:
            self.stroke = [(*self.boundary.inputs_at(at.x(), at.y()), self.brush)]
        self.overlay.update()

    def _drag(self, at: QPointF) -> None:
        square = self.boundary.square()
        at = QPointF(min(max(at.x(), square.left()), square.right()),
                     min(max(at.y(), square.top()), square.bottom()))  # fmt: skip
        here = self.boundary.inputs_at(at.x(), at.y())
        if self.touched:
            hit = self.hit(at)
            self.touched |= {hit} if hit is not None else set()
        elif self.held is not None:
            start = self.boundary.place_of(*self.points()[self.held[0]][:2])
            self._moved = self._moved or _apart(start, at) > px(3)
            if self._moved:
                self.held = (self.held[0], *here)
        elif self.stroke and _apart(self.boundary.place_of(*self.stroke[-1][:2]), at) >= px(SPACING):
            self.stroke.append((*here, self.brush))
        self.overlay.update()

    def _release(self) -> None:
        """Propose what was drawn, moved, painted or erased."""
        stroke, held, touched, moved = self.stroke, self.held, self.touched - {-1}, self._moved
        self.drop()
        if touched:
            self.erase(touched)
        elif held is not None and moved:
            self.move(*held)
        elif held is not None and self.points()[held[0]][2] != self.brush:
            text = tr("Point in class {name}", name=self._class_name())
            self._propose(partial(drawing.paint_point, index=held[0], label=self.brush), text)
        elif stroke:
            self.add(stroke)
        self.overlay.update()

    def hit(self, at: QPointF) -> int | None:
        """Return the index of the point under a place of the picture, if there is one."""
        points = self.points()
        if not points:
            return None
        index, _ = drawing.nearest(points, *self.boundary.inputs_at(at.x(), at.y()))
        return index if _apart(self.boundary.place_of(*points[index][:2]), at) <= px(NEAR) else None

    # What it comes to

    def _class_name(self) -> str:
        names = dataset_of(self.owner.experiment).classes
        return name_of("class", names[self.brush]) if self.brush < len(names) else number(self.brush)

    def add(self, stroke: list[Point]) -> None:
        """Propose more points."""
        many = tr("{count} points of class {name}", count=number(len(stroke)), name=self._class_name())
        one = tr("Point of class {name}", name=self._class_name())
        self._propose(partial(drawing.add_points, points=stroke), one if len(stroke) == 1 else many)

    def move(self, index: int, first: float, second: float) -> None:
        """Propose a point elsewhere."""
        self._propose(partial(drawing.move_point, index=index, x1=first, x2=second), tr("Point moved"))

    def erase(self, indices: set[int]) -> None:
        """Propose fewer points."""
        many = tr("{count} points erased", count=number(len(indices)))
        text = tr("Point erased") if len(indices) == 1 else many
        self._propose(partial(drawing.erase_points, indices=indices), text)

    def _propose(self, change: Callable[[Experiment], Experiment], text: str) -> None:
        cross, now = self.cross, self.owner.experiment
        self.owner.attempt(lambda: change(now), text)
        self.cross = cross


def _apart(one: QPointF, other: QPointF) -> float:
    return ((one.x() - other.x()) ** 2 + (one.y() - other.y()) ** 2) ** 0.5
