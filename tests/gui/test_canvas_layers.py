"""What a layer has beside activation and start: normalization, dropout, penalties, skips, frozen weights."""

import itertools

import pytest
from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtGui import QImage

from engine.experiment import Experiment, replace_at
from gui.canvas import NetworkCanvas
from gui.canvas.lanes import lanes_of, pills
from gui.canvas.links import pen
from gui.canvas.menu import entries_for
from gui.i18n import language
from gui.theme import THEMES
from tests.gui.drawing import drag, hover, network, type_into


def with_everything() -> Experiment:
    experiment = network(6, 6, 6, 1)
    for place, value in {
        "[0].trainable": False, "[1].batch_norm": True, "[1].dropout": 0.25, "[2].skip_from": 0,
        "[2].l2": 0.01, "[1].cut": [[0, 1]],
    }.items():  # fmt: skip
        experiment = replace_at(experiment, f"network.layers{place}", value)
    return experiment


def test_the_fields_of_a_layer_set_how_it_trains(drawn, click, qtbot):
    canvas = drawn(network(4, 4, 1))
    click(canvas, canvas.head_rect(1))
    rows = canvas._editor.training
    rows.norm.box.picked.emit("after")
    type_into(qtbot, rows.dropout, "30")
    type_into(qtbot, rows.penalties["l2"], "0.01")
    qtbot.mouseClick(rows.frozen, Qt.MouseButton.LeftButton, pos=QPoint(12, rows.frozen.height() // 2))
    rows.skip.setFocus()
    qtbot.keyClick(rows.skip, Qt.Key.Key_Down)
    layer = canvas.experiment.network.layers[1]
    assert (layer.batch_norm.name, layer.dropout, layer.l2, layer.l1) == ("after", 0.3, 0.01, None)
    assert (layer.trainable, layer.skip_from) == (False, 0)
    type_into(qtbot, rows.penalties["l2"], " ")
    assert canvas.experiment.network.layers[1].l2 is None
    canvas.close_editor()
    stack = canvas.controller.undo_stack
    while stack.canUndo():
        stack.undo()
    assert canvas.experiment == network(4, 4, 1)


def test_the_fields_of_a_layer_grow_and_shrink_with_their_rows(drawn, click, qtbot):
    canvas = drawn(network(4, 4, 1))
    canvas.resize(1000, 800)
    click(canvas, canvas.head_rect(0))
    editor, opened = canvas._editor, canvas._editor.height()
    for key, more in (("leaky_relu", True), ("relu", False)):  # one has a slope, the other has nothing to set
        box = editor.activation.box
        for _ in range(len(box.keys())):
            if box.key() == key:
                break
            down = box.keys().index(key) > box.currentIndex()
            qtbot.keyClick(box, Qt.Key.Key_Down if down else Qt.Key.Key_Up)
        assert canvas.experiment.network.layers[0].activation.name == key
        qtbot.waitUntil(lambda more=more: (editor.height() > opened) == more)
        assert editor._area.verticalScrollBar().maximum() == 0
    canvas.close_editor()


def test_an_own_penalty_may_equal_the_networks(drawn, click, qtbot):
    canvas = drawn(replace_at(network(4, 1), "regularization.l2", 0.1))
    click(canvas, canvas.head_rect(0))
    field = canvas._editor.training.penalties["l2"]
    assert field.text() == "" and field.placeholderText() == "0.1"
    type_into(qtbot, field, "0.1")
    assert canvas.experiment.network.layers[0].l2 == 0.1 and field.text() == "0.1"
    canvas.close_editor()


def test_the_output_has_no_dropout_and_no_normalization_after_it(drawn, click):
    canvas = drawn(network(4, 1))
    click(canvas, canvas.head_rect(1))
    rows = canvas._editor.training
    assert rows.dropout is None and rows.norm.box.keys() == ["none", "before"]
    assert rows._skip_row.isHidden()
    canvas.close_editor()


def test_marks_say_what_is_on_and_open_their_field(drawn, click):
    canvas = drawn(with_everything())
    assert len(canvas.geometry_now.column(1).marks) == 2
    marks = [[mark.kind for mark in head.marks] for head in canvas.heads]
    assert marks == [[], ["frozen"], ["batch_norm", "dropout"], ["penalty"], []]
    share = canvas.geometry_now.column(1).marks[1]
    hover(canvas, share.center())
    assert "25%" in canvas.card_lines()[0]
    click(canvas, share)
    assert canvas._editor.training.dropout.hasFocus()
    canvas.close_editor()
    language.set("pt")
    hover(canvas, canvas.geometry_now.column(0).marks[0].center())
    assert canvas.card_lines() == ["Congelada: esta camada mantém os pesos enquanto as outras aprendem."]


def test_a_skip_is_drawn_from_head_to_head_and_removed(drawn, click, qtbot):
    canvas = drawn(network(4, 5, 4, 1))
    assert not canvas.geometry_now.skips
    drag(qtbot, canvas, canvas.head_rect(0).center(), canvas.head_rect(2).center())
    assert canvas.experiment.network.layers[2].skip_from == 0 and canvas._editor is None
    arc = canvas.geometry_now.skips[0].path
    hover(canvas, arc.pointAtPercent(0.5))
    assert canvas.hands.hovered == ("skip", 2) and "Layer 1" in canvas.card_lines()[0]
    qtbot.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=arc.pointAtPercent(0.5).toPoint())
    qtbot.keyClick(canvas, Qt.Key.Key_Delete)
    assert canvas.experiment.network.layers[2].skip_from is None
    assert canvas.hands.cursor == ("head", 2)
    drag(qtbot, canvas, canvas.head_rect(2).center(), canvas.head_rect(0).center())
    assert canvas.experiment == network(4, 5, 4, 1)
    drag(qtbot, canvas, canvas.head_rect(0).center(), canvas.head_rect(1).center())
    assert "width" in canvas.controller.errors[0].reason and canvas.experiment == network(4, 5, 4, 1)


def test_a_cut_link_is_joined_by_drawing_it(drawn, qtbot):
    canvas = drawn(with_everything())
    drag(qtbot, canvas, canvas.unit_rect(0, 0).center(), canvas.unit_rect(1, 2).center())
    assert canvas.experiment == with_everything() and canvas.hands.cursor == ("link", 1, 0, 2)
    drag(qtbot, canvas, canvas.unit_rect(0, 0).center(), canvas.unit_rect(1, 1).center())
    assert canvas.experiment.network.layers[1].cut == ()
    canvas.controller.undo_stack.undo()
    assert canvas.experiment.network.layers[1].cut == ((0, 1),)


def test_the_menu_freezes_and_removes_skips(drawn):
    canvas = drawn(with_everything())
    dict(entries_for(canvas, ("head", 0)))["Unfreeze a layer"]()
    assert canvas.experiment.network.layers[0].trainable
    dict(entries_for(canvas, ("head", 1)))["Freeze a layer"]()
    assert not canvas.experiment.network.layers[1].trainable
    dict(entries_for(canvas, ("skip", 2)))["Remove a skip"]()
    assert canvas.experiment.network.layers[2].skip_from is None


@pytest.mark.parametrize("name", list(THEMES))
def test_links_into_a_frozen_layer_are_calmer(name):
    if name != "contrast":  # there every colour is at its full strength: the mark says it
        lively, calm = (pen(THEMES[name], 30, 1.0, calm).color() for calm in (False, True))
        assert calm.saturation() < lively.saturation()


def test_skips_share_lanes_only_where_they_do_not_overlap():
    skips = [(0, 3), (3, 5), (1, 2), (0, 5), (4, 6)]
    lanes = lanes_of(skips)
    for one, other in itertools.combinations(range(len(skips)), 2):
        if lanes[one] == lanes[other]:
            (a, b), (c, d) = skips[one], skips[other]
            assert b <= c or d <= a
    assert lanes[2] == 0 and lanes[3] == max(lanes)


def test_marks_shrink_to_the_room_of_their_column():
    sizes = [(50.0, 20.0), (60.0, 20.0), (22.0, 22.0)]
    for room, count, first in ((150.0, 3, 50.0), (80.0, 3, 20.0), (45.0, 2, 20.0), (12.0, 1, 12.0)):
        placed = pills(sizes, 100.0, 0.0, 18.0, 2.0, room)
        assert len(placed) == count and placed[0].width() == first
        assert placed[-1].right() - placed[0].left() <= room
        for one, other in itertools.pairwise(placed):
            assert not one.intersects(other)


@pytest.mark.parametrize("size", [(760, 380), (1160, 610)])
def test_marks_and_arcs_overlap_nothing(drawn, size):
    canvas: NetworkCanvas = drawn(with_everything(), *size)
    geometry = canvas.geometry_now
    rects = [rect for column in geometry.columns for rect in (column.head, *column.marks, *column.units)]
    for one, other in itertools.combinations(rects, 2):
        assert not one.adjusted(0.1, 0.1, -0.1, -0.1).intersects(other)
    for skip in geometry.skips:
        assert QRectF(canvas.rect()).contains(skip.path.boundingRect())
        assert skip.path.boundingRect().bottom() <= canvas.head_rect(0).top() + 0.1
    picture = QImage(canvas.size(), QImage.Format.Format_RGB32)
    canvas.render(picture)
