"""Choosing on the canvas: several layers and units, copies, and which part of the network is seen."""

import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QGuiApplication, QImage, QWheelEvent
from PySide6.QtWidgets import QApplication

from engine import links
from gui.canvas.menu import entries_for
from gui.canvas.surface import NEAREST
from tests.gui.drawing import drag, hover, move, network, sizes

CONTROL = Qt.KeyboardModifier.ControlModifier
MIDDLE = Qt.MouseButton.MiddleButton


def wheel(canvas, point: QPointF, notches: float, modifier=Qt.KeyboardModifier.NoModifier) -> None:
    event = QWheelEvent(point, canvas.mapToGlobal(point), QPoint(), QPoint(0, round(120 * notches)),
                        Qt.MouseButton.NoButton, modifier, Qt.ScrollPhase.NoScrollPhase, False)  # fmt: skip
    QApplication.sendEvent(canvas, event)


def test_delete_takes_the_very_units_that_were_chosen(drawn, click, qtbot):
    canvas = drawn(links.cut_link(network(4, 1), 0, 1, 3))
    click(canvas, canvas.unit_rect(0, 0))
    click(canvas, canvas.unit_rect(0, 1), CONTROL)
    qtbot.keyClick(canvas, Qt.Key.Key_Delete)
    assert sizes(canvas.controller) == [2, 1] and canvas.experiment.network.layers[0].cut == ((1, 1),)
    canvas.controller.undo_stack.undo()
    assert canvas.experiment.network.layers[0].cut == ((1, 3),)


def test_a_rubber_band_over_heads_chooses_layers(drawn, qtbot):
    canvas = drawn(network(3, 20, 2, 1))
    one, other = canvas.head_rect(0), canvas.head_rect(1)
    drag(qtbot, canvas, one.topLeft() - QPointF(14, 8), other.bottomRight() + QPointF(14, 4))
    assert canvas.hands.layers == {0, 1}
    qtbot.keyClick(canvas, Qt.Key.Key_Delete)
    assert sizes(canvas.controller) == [2, 1]
    canvas.controller.undo_stack.undo()
    assert sizes(canvas.controller) == [3, 20, 2, 1]


def test_a_rubber_band_over_a_block_chooses_its_layer(drawn, qtbot):
    canvas = drawn(network(3, 20, 1))
    block = canvas.block_rect(1)
    drag(qtbot, canvas, block.bottomRight() + QPointF(14, 2), block.center())
    assert canvas.hands.layers == {1} and not canvas.hands.selected


def test_layers_are_copied_pasted_and_duplicated(drawn, click, qtbot):
    canvas = drawn(network(3, 5, 1))
    acts = canvas.hands.acts
    canvas.hands.stand_on(("head", 0))
    acts.copy()
    assert '"units": 3' in QGuiApplication.clipboard().text()
    canvas.hands.stand_on(("head", 1))
    acts.paste()
    assert sizes(canvas.controller) == [3, 5, 3, 1] and canvas.hands.layers == {2}
    acts.duplicate()
    assert sizes(canvas.controller) == [3, 5, 3, 3, 1] and canvas.hands.layers == {3}
    stack = canvas.controller.undo_stack
    stack.undo()
    stack.undo()
    assert sizes(canvas.controller) == [3, 5, 1]
    canvas.hands.stand_on(None)
    acts.paste()
    assert sizes(canvas.controller) == [3, 5, 3, 1]


@pytest.mark.parametrize("text", ["", "hello", "{}", "[1]", '{"relevo_layers": 5}', '{"relevo_layers": [5]}',
                                  '{"relevo_layers": [{"units": -1}]}', "[" * 5000])  # fmt: skip
def test_other_texts_on_the_clipboard_change_nothing(drawn, text):
    canvas = drawn(network(3, 1))
    QGuiApplication.clipboard().setText(text)
    canvas.hands.acts.paste()
    assert sizes(canvas.controller) == [3, 1]


def test_all_layers_are_chosen_frozen_and_removed(drawn):
    canvas = drawn(network(3, 5, 1))
    canvas.hands.choose_all()
    assert canvas.hands.layers == {0, 1}
    canvas.hands.acts.freeze_chosen()
    assert [layer.trainable for layer in canvas.experiment.network.layers] == [False, False, True]
    canvas.hands.choose_all()
    canvas.hands.acts.freeze_chosen()
    assert all(layer.trainable for layer in canvas.experiment.network.layers)
    canvas.hands.choose_all()
    canvas.hands.acts.delete()
    assert sizes(canvas.controller) == [1]
    canvas.controller.undo_stack.undo()
    assert sizes(canvas.controller) == [3, 5, 1]


def test_control_and_clicks_choose_several_heads(drawn, click):
    canvas = drawn(network(3, 4, 5, 1))
    click(canvas, canvas.head_rect(0), CONTROL)
    click(canvas, canvas.head_rect(2), CONTROL)
    assert canvas.hands.layers == {0, 2} and canvas._editor is None
    click(canvas, canvas.head_rect(0), CONTROL)
    assert canvas.hands.layers == {2}
    assert "Duplicate" in [text for text, _ in entries_for(canvas, ("head", 2))]
    dict(entries_for(canvas, ("head", 2)))["Duplicate"]()
    assert sizes(canvas.controller) == [3, 4, 5, 5, 1]


def test_the_wheel_goes_nearer_where_the_mouse_is(drawn):
    canvas = drawn(network(4, 4, 1))
    centre, side = canvas.unit_rect(1, 1).center(), canvas.unit_rect(1, 1).width()
    wheel(canvas, centre, 4, CONTROL)
    near = canvas.unit_rect(1, 1)
    assert canvas.zoom == pytest.approx(1.25**4) and near.width() > 1.5 * side
    assert (canvas.seen(near).center() - centre).manhattanLength() < 0.25 * canvas.width()
    hover(canvas, canvas.seen(near).center())
    assert canvas.hands.hovered == ("unit", 1, 1)
    wheel(canvas, centre, 40, CONTROL)
    assert canvas.zoom == NEAREST
    canvas.fit()
    assert canvas.zoom == 1 and canvas.offset == QPointF() and canvas.unit_rect(1, 1).width() == side


def test_what_is_seen_is_moved_by_wheel_middle_button_and_keyboard(drawn, qtbot):
    canvas = drawn(network(8, 8, 1))
    canvas.zoom_by(3)
    start = canvas.offset
    wheel(canvas, QPointF(300, 300), -1)
    assert canvas.offset.y() > start.y()
    here = canvas.offset
    qtbot.mousePress(canvas, MIDDLE, pos=QPoint(300, 300))
    move(canvas, QPointF(260, 330), MIDDLE)
    qtbot.mouseRelease(canvas, MIDDLE, pos=QPoint(260, 330))
    assert canvas.offset - here == QPointF(40, -30)
    canvas.hands.stand_on(("head", -1))
    for _ in range(12):
        qtbot.keyClick(canvas, Qt.Key.Key_Right)
        assert (
            QRectF(canvas.rect()).contains(canvas.seen(canvas.head_rect(-1))) or canvas.hands.cursor[1] >= 0
        )
    assert canvas.hands.cursor == ("head", 2)
    assert QRectF(canvas.rect()).contains(canvas.seen(canvas.head_rect(2)))
    canvas.pan(QPointF(10_000, 10_000))
    assert canvas.offset == QPointF()


def test_clicks_find_their_place_when_near(drawn, qtbot):
    canvas = drawn(network(4, 1))
    canvas.zoom_by(2, QPointF(600, 600))
    seen = canvas.seen(canvas.add_unit_rect(0)).center().toPoint()
    qtbot.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=seen)
    assert sizes(canvas.controller) == [5, 1]
    whole = QImage(canvas.size(), QImage.Format.Format_RGB32)
    canvas.render(whole)
    canvas.fit()
    near = QImage(canvas.size(), QImage.Format.Format_RGB32)
    canvas.render(near)
    assert whole != near


def test_a_wheel_over_the_whole_network_is_left_to_others(drawn):
    canvas = drawn(network(4, 1))
    wheel(canvas, QPointF(300, 300), 1)
    assert canvas.zoom == 1 and canvas.offset == QPointF()


def test_several_are_chosen_by_keyboard_alone(drawn, qtbot):
    canvas = drawn(network(3, 4, 5, 1))
    canvas.hands.stand_on(("unit", 0, 0))
    qtbot.keyClick(canvas, Qt.Key.Key_Down, CONTROL)
    qtbot.keyClick(canvas, Qt.Key.Key_Down, CONTROL)
    assert canvas.hands.selected == {(0, 0)} and canvas.hands.cursor == ("unit", 0, 2)
    qtbot.keyClick(canvas, Qt.Key.Key_Space, CONTROL)
    assert canvas.hands.selected == {(0, 0), (0, 2)}
    qtbot.keyClick(canvas, Qt.Key.Key_Delete)
    assert sizes(canvas.controller) == [1, 4, 5, 1]
    canvas.hands.stand_on(("unit", 1, 0))
    for _ in range(2):
        qtbot.keyClick(canvas, Qt.Key.Key_Up, CONTROL)
    assert canvas.hands.cursor == ("head", 1) and canvas.hands.chosen_layers() == {1}
    qtbot.keyClick(canvas, Qt.Key.Key_Delete)  # the unit that is chosen, not the layer in passing
    assert sizes(canvas.controller) == [1, 3, 5, 1]
    canvas.hands.stand_on(("head", 0))
    qtbot.keyClick(canvas, Qt.Key.Key_Space, CONTROL)
    for _ in range(4):
        qtbot.keyClick(canvas, Qt.Key.Key_Right, CONTROL)
    qtbot.keyClick(canvas, Qt.Key.Key_Space, CONTROL)
    assert canvas.hands.layers == {0, 2}
    qtbot.keyClick(canvas, Qt.Key.Key_Space, CONTROL)
    qtbot.keyClick(canvas, Qt.Key.Key_Left, CONTROL)
    assert canvas.hands.chosen_layers() == {0}
