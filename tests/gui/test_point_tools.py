"""Data drawn on the picture: with the mouse, with the keyboard, every stroke undone in one step."""

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from engine.data import load
from engine.edits import choose_data
from gui.controller import Controller
from gui.i18n import language
from gui.main_window import MainWindow
from gui.theme import THEMES, themes
from gui.views.point_tools import PointTools

Settle = Callable[[Controller], None]
LEFT, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton
POINTS = [[-3, 0, 0], [3, 0, 1], [0, 3, 0], [0, -3, 1]]


@pytest.fixture
def window(show_window: Callable[..., MainWindow], controller: Controller) -> MainWindow:
    controller.attempt(lambda: choose_data(controller.experiment, "points", points=POINTS), "")
    return show_window(1280, 720)


@pytest.fixture
def tools(window: MainWindow) -> PointTools:
    made = window.result.points
    QTest.mouseClick(made.bar.pencil, LEFT)
    assert made.on and made.boundary.hasFocus()
    return made


def at(tools: PointTools, first: float, second: float) -> QPoint:
    return tools.boundary.place_of(first, second).toPoint()


def drag(tools: PointTools, *places: tuple[float, float], button: Qt.MouseButton = LEFT) -> None:
    """Press at the first place, move over the others and release at the last, in real mouse events."""
    picture = tools.boundary
    QTest.mousePress(picture, button, pos=at(tools, *places[0]))
    for place in places[1:]:
        move(picture, at(tools, *place), button)
    QTest.mouseRelease(picture, button, pos=at(tools, *places[-1]))


def move(picture: object, place: QPoint, button: Qt.MouseButton) -> None:
    from PySide6.QtCore import QEvent
    from PySide6.QtGui import QMouseEvent

    modifiers = Qt.KeyboardModifier.NoModifier
    event = QMouseEvent(QEvent.Type.MouseMove, QPointF(place), QPointF(picture.mapToGlobal(place)),
                        Qt.MouseButton.NoButton, button, modifiers)  # fmt: skip
    QApplication.sendEvent(picture, event)


def drawn(tools: PointTools) -> list[tuple[float, float, int]]:
    return list(tools.owner.experiment.data.points)


def test_a_click_adds_a_point_of_the_brush(tools: PointTools, settle: Settle) -> None:
    QTest.mouseClick(tools.boundary, LEFT, pos=at(tools, 2, 2))
    tools.bar.classes[1].click()
    QTest.mouseClick(tools.boundary, LEFT, pos=at(tools, -2, -2))
    new = drawn(tools)[len(POINTS) :]
    assert [label for *_, label in new] == [0, 1]
    np.testing.assert_allclose([point[:2] for point in new], [(2, 2), (-2, -2)], atol=0.05)
    assert tools.owner.undo_stack.undoText() == "Point of class 1"
    tools.owner.undo_stack.undo()
    assert len(drawn(tools)) == len(POINTS) + 1
    settle(tools.owner)
    assert len(load(tools.owner.experiment).x_train) == len(POINTS) + 1, "all are trained on"


def test_a_stroke_adds_points_along_its_way_in_one_step(tools: PointTools, settle: Settle) -> None:
    drag(tools, (1, 4), (2, 4), (3, 4), (4, 4))
    new = drawn(tools)[len(POINTS) :]
    assert len(new) == 4 and {label for *_, label in new} == {0}
    assert tools.owner.undo_stack.undoText() == "4 points of class 0"
    tools.owner.undo_stack.undo()
    assert len(drawn(tools)) == len(POINTS)
    settle(tools.owner)


def test_a_point_is_moved_and_painted(tools: PointTools, settle: Settle) -> None:
    drag(tools, (-3, 0), (-2, 1), (-1, 1))
    np.testing.assert_allclose(drawn(tools)[0], (-1, 1, 0), atol=0.05)
    QTest.mouseClick(tools.boundary, LEFT, pos=at(tools, 3, 0))
    assert drawn(tools)[1] == (3.0, 0.0, 0)
    before = tools.owner.experiment
    QTest.mouseClick(tools.boundary, LEFT, pos=at(tools, 3, 0))
    assert tools.owner.experiment is before, "it has the brush's class already"
    assert tools.owner.undo_stack.undoText() == "Point in class 0"
    settle(tools.owner)


def test_points_are_erased(tools: PointTools, settle: Settle) -> None:
    QTest.mouseClick(tools.boundary, RIGHT, pos=at(tools, 3, 0))
    assert [3, 0, 1] not in [list(point) for point in drawn(tools)] and len(drawn(tools)) == 3
    QTest.mouseClick(tools.bar.eraser, LEFT)
    said: list[str] = []
    tools.owner.message.connect(said.append)
    drag(tools, (-3, 0), (0, 3), (0, -3))
    assert len(drawn(tools)) == 3 and "too few" in said[-1]
    drag(tools, (-5, -5), (0, 3))
    assert len(drawn(tools)) == 2
    tools.owner.undo_stack.undo()
    assert len(drawn(tools)) == 3
    tools.bar.classes[0].click()
    assert not tools.erasing
    settle(tools.owner)


def test_the_digits_choose_and_one_class_more_can_be_begun(tools: PointTools, settle: Settle) -> None:
    assert [button.isVisible() for button in tools.bar.classes] == [True, True] + [False] * 8
    QTest.keyClick(tools.boundary, Qt.Key.Key_3)
    assert tools.brush == 2 and tools.bar.classes[2].isVisible() and tools.bar.classes[2].isChecked()
    QTest.keyClick(tools.boundary, Qt.Key.Key_5)
    assert tools.brush == 2, "class 3 comes first"
    QTest.mouseClick(tools.boundary, LEFT, pos=at(tools, 4, 4))
    assert drawn(tools)[-1][2] == 2
    assert tools.owner.experiment.network.layers[-1].units == 3
    QTest.mouseClick(tools.bar.more, LEFT)
    assert tools.brush == 3
    tools.owner.undo_stack.undo()
    assert tools.brush <= 2
    settle(tools.owner)


def test_the_keyboard_alone(qtbot: QtBot, window: MainWindow, controller: Controller, settle: Settle) -> None:
    qtbot.keyClick(window, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
    tools, picture = window.result.points, window.result.points.boundary
    assert tools.on and window.actions_by_key["draw_points"].isChecked()
    QTest.keyClick(picture, Qt.Key.Key_2)
    QTest.keyClick(picture, Qt.Key.Key_Return)
    np.testing.assert_allclose(drawn(tools)[-1], (0, 0, 1), atol=0.05)
    QTest.keyClick(picture, Qt.Key.Key_Space)
    assert controller.state != "playing" and tools.held is not None, "picked up"
    for _ in range(3):
        QTest.keyClick(picture, Qt.Key.Key_Right)
    QTest.keyClick(picture, Qt.Key.Key_Up, Qt.KeyboardModifier.ShiftModifier)
    assert picture.accessibleDescription().count(";") == 1
    QTest.keyClick(picture, Qt.Key.Key_Enter)
    first, second, label = drawn(tools)[-1]
    assert label == 1 and first > 5 * second > 0
    QTest.keyClick(picture, Qt.Key.Key_Delete)
    assert len(drawn(tools)) == len(POINTS)
    QTest.keyClick(picture, Qt.Key.Key_Escape)
    assert not tools.on and not window.actions_by_key["draw_points"].isChecked()
    settle(controller)
    QTest.keyClick(picture, Qt.Key.Key_Space)
    assert controller.state == "playing", "the keys are the window's again"
    controller.pause()
    settle(controller)


def test_rows_of_any_set_can_be_taken_up(tools: PointTools, settle: Settle) -> None:
    controller = tools.owner
    controller.attempt(lambda: choose_data(controller.experiment, "gaussians", samples=60), "")
    settle(controller)
    assert tools.on and tools.bar.isVisible()
    QTest.mouseClick(tools.boundary, LEFT, pos=at(tools, 5, -5))
    assert controller.experiment.data.name == "points" and len(drawn(tools)) == 61
    controller.undo_stack.undo()
    assert controller.experiment.data.name == "gaussians"
    controller.attempt(lambda: choose_data(controller.experiment, "sine"), "")
    assert not tools.on and not tools.bar.isVisible()
    said: list[str] = []
    controller.message.connect(said.append)
    tools.set_on(True)
    assert not tools.on and said == ["Points can be drawn where the data have two inputs and classes."]
    settle(controller)


def test_what_is_drawn_is_seen(tools: PointTools, settle: Settle) -> None:
    def seen() -> object:
        return tools.overlay.grab().toImage()

    nothing = seen()
    QTest.mousePress(tools.boundary, LEFT, pos=at(tools, 1, 1))
    stroke = seen()
    assert stroke != nothing
    QTest.mouseRelease(tools.boundary, LEFT, pos=at(tools, 1, 1))
    QTest.keyClick(tools.boundary, Qt.Key.Key_Left)
    assert seen() != nothing
    for name in THEMES:
        themes.set(name)
        language.set("pt" if name == "light" else "en")
        assert not tools.bar.grab().isNull()
    assert tools.bar.classes[1].accessibleName() == "Draw class 1"
    settle(tools.owner)


def test_outside_of_the_picture_nothing_is_drawn(tools: PointTools, settle: Settle) -> None:
    QTest.mouseClick(tools.boundary, LEFT, pos=QPoint(2, tools.boundary.height() - 3))
    QTest.mouseDClick(tools.boundary, LEFT, pos=at(tools, 2, 2))
    assert len(drawn(tools)) == len(POINTS) and tools.boundary.window().network.isVisible()
    drag(tools, (5, 5), (40, 5))
    assert max(point[0] for point in drawn(tools)) <= 6.4
    settle(tools.owner)


def test_points_are_drawn_where_one_looks_closer(tools: PointTools, settle: Settle) -> None:
    place = at(tools, 2, 2)
    tools.boundary.magnify(3.0, QPointF(place))
    inside = tools.boundary._inside(QPointF(place))  # longer numbers at the axes move it a little
    seen = tools.boundary.inputs_at(inside.x(), inside.y())
    QTest.mouseClick(tools.boundary, LEFT, pos=place)
    np.testing.assert_allclose(drawn(tools)[-1], (*seen, 0), atol=0.05)
    np.testing.assert_allclose(seen, (2, 2), atol=0.25)
    corner = tools.boundary.square().topLeft().toPoint() + QPoint(3, 3)
    QTest.mouseClick(tools.boundary, LEFT, pos=corner)
    first, second, _ = drawn(tools)[-1]
    assert -2.5 < first < 2 < second < 4, "the corner of what is seen, not of the whole picture"
    settle(tools.owner)


def test_points_drawn_on_an_example_leave_its_test_points_alone(
    tools: PointTools, settle: Settle, qtbot: QtBot
) -> None:
    owner = tools.owner
    owner.attempt(lambda: choose_data(owner.experiment, "moons", samples=40), "")
    owner.step_epoch()
    settle(owner)
    before, tests = owner.experiment, owner.frame.data.raw_test
    assert len(tests) == 20
    QTest.mouseClick(tools.boundary, LEFT, pos=at(tools, 4.5, 4.5))
    settle(owner)
    data = owner.frame.data
    assert len(data.raw_train) == 21 and np.allclose(data.raw_test, tests, atol=5.1e-4)
    first = tools.points()[0]  # one that tests
    drag(tools, first[:2], (-4, 4.5))
    settle(owner)
    np.testing.assert_allclose(owner.frame.data.raw_test[0], (-4, 4.5), atol=0.1)
    assert len(owner.frame.data.raw_train) == 21
    owner.undo_stack.undo()
    owner.undo_stack.undo()
    settle(owner)
    assert owner.experiment == before and owner.frame.epoch == 1  # its training is back, too
