"""Drawing a network with mouse and keyboard alone."""

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QMenu

from engine.experiment import replace_at
from gui.canvas import NetworkCanvas
from gui.canvas.editor import legal_activations
from gui.canvas.inputs_editor import InputsEditor
from gui.canvas.menu import entries_for
from gui.canvas.scene import item_at
from gui.i18n import language
from gui.theme import themes
from tests.gui.drawing import LEFT, PLAIN, drag, move, network, sizes


def test_a_network_is_built_with_the_mouse_alone(drawn, click):
    canvas = drawn(network(1))
    first = canvas.experiment
    click(canvas, canvas.add_layer_rect(0))
    while canvas.experiment.network.layers[0].units < 8:
        click(canvas, canvas.add_unit_rect(0))
    click(canvas, canvas.add_layer_rect(1))
    assert sizes(canvas.controller) == [8, 4, 1] or sizes(canvas.controller) == [8, 8, 1]
    while canvas.experiment.network.layers[1].units < 8:
        click(canvas, canvas.add_unit_rect(1))
    assert sizes(canvas.controller) == [8, 8, 1]
    assert canvas.headline() == "2 – 8 – 8 – 1 · 105 parameters"
    stack = canvas.controller.undo_stack
    while stack.canUndo():
        stack.undo()
    assert canvas.controller.experiment == canvas.experiment == first


def test_clicks_at_one_place_go_on_adding_though_the_circle_moves(drawn, qtbot):
    canvas = drawn(network(2, 1))
    point = canvas.add_unit_rect(0).center().toPoint()
    for _ in range(3):
        qtbot.mouseClick(canvas, LEFT, PLAIN, point)
    assert sizes(canvas.controller) == [5, 1]


def test_units_and_layers_are_removed_with_the_circles_that_show_on_hover(drawn, click):
    canvas = drawn(network(3, 2, 1))
    click(canvas, canvas.remove_unit_rect(0))
    assert sizes(canvas.controller) == [2, 2, 1]
    click(canvas, canvas.remove_layer_rect(1))
    assert sizes(canvas.controller) == [2, 1]


def test_delete_removes_the_unit_that_was_clicked(drawn, click, qtbot):
    canvas = drawn(network(3, 1))
    picked = []
    canvas.picked.connect(picked.append)
    click(canvas, canvas.unit_rect(0, 1))
    assert picked == [("unit", 0, 1)]
    qtbot.keyClick(canvas, Qt.Key.Key_Delete)
    assert sizes(canvas.controller) == [2, 1]


def test_a_rubber_band_selects_units_that_delete_removes(drawn, qtbot):
    canvas = drawn(network(4, 3, 1))
    start = canvas.unit_rect(0, 2).topLeft().toPoint() - QPoint(12, 6)
    end = canvas.unit_rect(1, 2).bottomRight().toPoint() + QPoint(8, 8)
    qtbot.mousePress(canvas, LEFT, PLAIN, start)
    for share in (0.3, 0.7, 1.0):
        event_point = QPointF(start) + share * (QPointF(end) - QPointF(start))
        move(canvas, event_point)
    qtbot.mouseRelease(canvas, LEFT, PLAIN, end)
    assert canvas.hands.selected == {(0, 2), (0, 3), (1, 2)} or (1, 1) in canvas.hands.selected
    selected = len(canvas.hands.selected)
    qtbot.keyClick(canvas, Qt.Key.Key_Delete)
    assert sum(sizes(canvas.controller)) == 8 - selected


def test_the_output_cannot_be_deleted_and_says_so(drawn, click, qtbot):
    canvas = drawn(network(3, 1))
    click(canvas, canvas.unit_rect(1, 0))
    qtbot.keyClick(canvas, Qt.Key.Key_Delete)
    assert sizes(canvas.controller) == [3, 1]
    assert canvas.controller.errors


def test_everything_works_by_keyboard(drawn, qtbot):
    canvas = drawn(network(2, 1))
    canvas.hands.stand_on(("head", 0))
    assert "Layer 1" in canvas.accessibleDescription()
    qtbot.keyClick(canvas, Qt.Key.Key_Plus)
    assert sizes(canvas.controller) == [3, 1]
    qtbot.keyClick(canvas, Qt.Key.Key_Minus)
    assert sizes(canvas.controller) == [2, 1]
    qtbot.keyClick(canvas, Qt.Key.Key_Right)
    assert canvas.hands.cursor == ("insert", 1)
    qtbot.keyClick(canvas, Qt.Key.Key_Return)
    assert len(sizes(canvas.controller)) == 3
    qtbot.keyClick(canvas, Qt.Key.Key_Right)
    qtbot.keyClick(canvas, Qt.Key.Key_Down)
    assert canvas.hands.cursor == ("unit", 1, 0)
    qtbot.keyClick(canvas, Qt.Key.Key_Left)
    assert canvas.hands.cursor[:2] == ("unit", 0)
    qtbot.keyClick(canvas, Qt.Key.Key_Delete)
    assert sizes(canvas.controller)[0] == 1
    qtbot.keyClick(canvas, Qt.Key.Key_Escape)
    assert canvas.hands.cursor is None


def test_arrow_keys_are_left_to_the_window_while_nothing_is_selected(drawn):
    from PySide6.QtCore import QEvent
    from PySide6.QtGui import QKeyEvent

    canvas = drawn(network(2, 1))
    right = QKeyEvent(QEvent.Type.ShortcutOverride, Qt.Key.Key_Right, PLAIN)
    assert not canvas.hands.takes(right)
    canvas.hands.stand_on(("unit", 0, 0))
    assert canvas.hands.takes(right)


def test_tab_goes_through_the_columns_and_then_on(drawn, qtbot):
    canvas = drawn(network(2, 1))
    for expected in (("head", -1), ("head", 0), ("head", 1)):
        assert canvas.focusNextPrevChild(True)
        assert canvas.hands.cursor == expected
    assert not canvas.hands.next_column(True)
    assert canvas.hands.cursor is None


def test_a_layers_fields_have_every_kind_of_parameter(drawn, click, qtbot):
    canvas = drawn(network(3, 1))
    click(canvas, canvas.head_rect(0))
    rows = canvas._editor.initializer
    rows.box.picked.emit("variance_scaling")
    assert list(rows.fields) == ["scale", "mode", "distribution", "gain_by_activation"]
    rows.fields["mode"].picked.emit("fan_out")
    qtbot.mouseClick(rows.fields["gain_by_activation"], Qt.MouseButton.LeftButton, pos=QPoint(8, 14))
    chosen = canvas.experiment.network.layers[0].initializer
    assert (chosen.settings["mode"], chosen.settings["gain_by_activation"]) == ("fan_out", True)
    assert all(field.accessibleName() for field in rows.fields.values())


def test_a_click_on_a_head_opens_the_layers_fields(drawn, click, qtbot):
    canvas = drawn(network(3, 1))
    click(canvas, canvas.head_rect(0))
    editor = canvas._editor
    editor.activation.box.picked.emit("leaky_relu")
    assert canvas.experiment.network.layers[0].activation.name == "leaky_relu"
    slope = editor.activation.fields["slope"]
    slope.selectAll()
    qtbot.keyClicks(slope, "0.2")
    qtbot.keyClick(slope, Qt.Key.Key_Return)
    assert canvas.experiment.network.layers[0].activation["slope"] == 0.2
    editor.initializer.box.picked.emit("he_normal")
    assert canvas.experiment.network.layers[0].initializer.name == "he_normal"
    assert canvas.experiment.network.layers[1].initializer.name == "xavier_uniform"
    editor.bias.box.picked.emit("constant")
    assert canvas.experiment.network.layers[0].bias_initializer.name == "constant"
    editor.units.selectAll()
    qtbot.keyClicks(editor.units, "7")
    qtbot.keyClick(editor.units, Qt.Key.Key_Return)
    assert sizes(canvas.controller) == [7, 1]
    qtbot.keyClick(editor, Qt.Key.Key_Escape)
    assert canvas._editor is None


def test_the_fields_close_with_a_click_elsewhere_and_with_their_layer(drawn, click, qtbot):
    canvas = drawn(network(3, 1))
    click(canvas, canvas.head_rect(0))
    qtbot.mouseClick(canvas, LEFT, PLAIN, QPoint(5, canvas.height() - 5))
    assert canvas._editor is None
    click(canvas, canvas.head_rect(0))
    click(canvas, canvas.head_rect(0))
    assert canvas._editor is None
    click(canvas, canvas.head_rect(0))
    canvas._editor._remove()
    assert canvas._editor is None and sizes(canvas.controller) == [1]


def test_the_output_offers_what_fits_the_data(drawn, click):
    two_classes, many, curve = (
        network(3, 1),
        network(3, 3, data="iris", output="softmax"),
        network(3, 1, data="plane", output="linear"),
    )
    assert {"sigmoid", "softmax", "linear", "tanh", "step"} <= set(legal_activations(two_classes, 1))
    assert "softmax" not in legal_activations(two_classes, 0)
    assert "softmax" not in legal_activations(curve, 1)
    assert "softmax" in legal_activations(many, 1)
    canvas = drawn(two_classes)
    click(canvas, canvas.head_rect(1))
    assert canvas._editor.units is None
    canvas._editor.activation.box.picked.emit("softmax")
    assert canvas.experiment.loss.name == "categorical_cross_entropy"
    assert sizes(canvas.controller) == [3, 2]
    canvas.close_editor()


def test_a_hidden_step_says_why_it_does_not_learn(drawn, qtbot):
    step = replace_at(network(3, 1), "network.layers[0].activation", "step")
    canvas = drawn(step)
    qtbot.mouseMove(canvas, canvas.head_rect(0).center().toPoint())
    move_to(canvas, canvas.head_rect(0).center())
    assert "derivative is zero" in " ".join(canvas.card_lines())
    assert canvas.heads[1].warns and not canvas.heads[2].warns


def move_to(canvas: NetworkCanvas, point: QPointF) -> None:
    canvas.hands.point = point
    canvas.hands.hover(canvas.hands.item_at(point), None)


def test_links_are_found_where_they_are_drawn(drawn):
    canvas = drawn(network(3, 2, 1))
    for layer, unit, later in ((0, 0, 2), (1, 2, 0), (2, 1, 0)):
        for share in (0.1, 0.9):
            point = canvas.link_path(layer, unit, later).pointAtPercent(share)
            found = item_at(canvas.geometry_now, point)
            assert found is not None and found[:2] == ("link", layer)
    point = canvas.link_path(0, 0, 0).pointAtPercent(0.97)
    assert item_at(canvas.geometry_now, point)[3] == 0


def test_the_menu_offers_what_can_be_done(drawn, qtbot):
    canvas = drawn(network(3, 1))
    words = [text for text, _ in entries_for(canvas, ("unit", 0, 1))]
    layer = ["Type the bias…", "Edit Layer 1", "Freeze a layer"]
    units = ["Add a unit", "Remove a unit", "Remove Layer 1"]
    assert words == [*layer, *units, "Add a layer before", "Add a layer after"]
    dict(entries_for(canvas, ("unit", 0, 1)))["Remove a unit"]()
    assert sizes(canvas.controller) == [2, 1]
    links = [text for text, _ in entries_for(canvas, ("link", 0, 0, 0))]
    assert links == ["Type the weight…", "Cut this link"]
    dict(entries_for(canvas, ("insert", 0)))["Add a layer here"]()
    assert len(sizes(canvas.controller)) == 3
    assert not canvas.findChildren(QMenu)


@pytest.mark.parametrize("theme", ["dark", "light", "contrast"])
@pytest.mark.parametrize("code", ["en", "pt"])
def test_it_is_drawn_in_every_theme_language_and_scale(drawn, theme, code):
    canvas = drawn(network(4, 20, 12, 1), 800, 400)
    themes.set(theme)
    language.set(code)
    for scale in (1.0, 1.7):
        themes.set_scale(scale)
        picture = QImage(canvas.size(), QImage.Format.Format_RGB32)
        canvas.render(picture)
        assert len({picture.pixel(x, 30) for x in range(0, 800, 3)}) > 3
    assert canvas.accessibleName() == ("Rede" if code == "pt" else "Network")


def test_a_large_layer_is_one_block_with_its_count(drawn, click):
    canvas = drawn(network(64, 10, data="digits", output="softmax"))
    assert canvas.block_rect(-1) is not None and canvas.block_rect(0) is not None
    assert canvas.block_rect(1) is None
    click(canvas, canvas.add_unit_rect(0))
    assert sizes(canvas.controller) == [65, 10]


def test_space_held_moves_a_near_view_and_a_tap_plays(drawn, qtbot):
    canvas = drawn(network(4, 3, 1))
    played = []
    canvas.controller.toggle = lambda: played.append(True)
    middle = QPointF(canvas.rect().center())
    qtbot.mouseMove(canvas, middle.toPoint())
    qtbot.keyClick(canvas, Qt.Key.Key_Space)
    assert not played  # with all in view it is the window's shortcut, which there is none of here
    canvas.zoom_by(3.0)
    canvas.setAttribute(Qt.WidgetAttribute.WA_UnderMouse)  # offscreen, no pointer of the system enters
    qtbot.keyClick(canvas, Qt.Key.Key_Space)
    assert played == [True]
    before = QPointF(canvas.offset)
    qtbot.keyPress(canvas, Qt.Key.Key_Space)
    assert canvas.cursor().shape() == Qt.CursorShape.OpenHandCursor
    drag(qtbot, canvas, middle, middle + QPointF(40, 30))
    assert canvas.offset == before - QPointF(40, 30)
    assert not canvas.hands.selected and canvas.hands.band is None and canvas.hands.pull is None
    qtbot.keyRelease(canvas, Qt.Key.Key_Space)
    assert played == [True] and canvas.cursor().shape() != Qt.CursorShape.OpenHandCursor
    drag(qtbot, canvas, middle, middle + QPointF(40, 30))
    assert canvas.offset == before - QPointF(40, 30)  # without Space a drag chooses


def test_the_head_of_the_inputs_opens_scaling_and_features(drawn, click, qtbot):
    canvas = drawn(network(4, 1))
    proposed = []
    canvas.controller.edit = lambda place, value, text: proposed.append((place, value))
    click(canvas, canvas.head_rect(-1))
    editor = canvas._editor
    assert isinstance(editor, InputsEditor) and editor.isVisible() and editor.scaling.hasFocus()
    assert canvas.rect().contains(editor.geometry())
    qtbot.keyClick(editor.scaling, Qt.Key.Key_Down)
    assert proposed == [("data.scaling", editor.scaling.key())]
    qtbot.mouseClick(editor.features.inline.chips["x1*x2"], LEFT)
    assert canvas.experiment.data.features == ("x1", "x2", "x1*x2")
    click(canvas, canvas.head_rect(-1))
    assert canvas._editor is None
