"""Links and biases: picked, typed, cut and joined, with mouse and keyboard, while something trains."""

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QImage, QKeyEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from engine import links
from engine.session import Session
from gui.canvas import NetworkCanvas
from gui.canvas.legend import VALUES, LinkLegend
from gui.canvas.links import cut_pen, pen, steps_of
from gui.canvas.menu import entries_for
from gui.cards import NetworkCard
from gui.controller import Controller
from gui.i18n import language
from gui.theme import dress, theme
from tests.gui.drawing import PLAIN, hover, network, type_into
from tests.gui.painted import cut, recorded

Settle = Callable[[Controller], None]


def click_link(canvas: NetworkCanvas, qtbot: QtBot, layer: int, unit: int, later: int) -> None:
    """Click where no other link is nearer."""
    path = canvas.link_path(layer, unit, later)
    for share in np.linspace(0.05, 0.95, 41):
        point = path.pointAtPercent(float(share)).toPoint()
        if canvas.hands.item_at(point.toPointF()) == ("link", layer, unit, later):
            qtbot.mouseClick(canvas, Qt.MouseButton.LeftButton, PLAIN, point)
            return
    raise AssertionError("this link cannot be hit")


def weight(controller: Controller, layer: int, unit: int, later: int) -> float:
    return float(controller.frame.snapshot.weights()[layer][0][unit, later])


def test_a_click_on_a_link_opens_its_number(live, qtbot, controller, settle):
    seen = []
    live.picked.connect(seen.append)
    click_link(live, qtbot, 1, 2, 0)
    assert seen == [("link", 1, 2, 0)] and live.hasFocus()
    popup = live._editor
    assert popup.field.value == pytest.approx(weight(controller, 1, 2, 0), rel=1e-3)
    type_into(qtbot, popup.field, "-1,25")
    settle(controller)
    assert weight(controller, 1, 2, 0) == -1.25 and controller.frame.epoch == 1
    assert live.experiment.network.layers[1].typed_weights == ((2, 0, -1.25),)
    assert popup.field.value == -1.25


def test_undoing_a_typed_weight_brings_back_the_one_before(live, qtbot, controller, settle):
    before = controller.frame.snapshot.weights()
    live.hands.acts.type_weight(("link", 0, 1, 3), 2.0)
    live.hands.acts.type_bias(("unit", 0, 2), -0.5)
    settle(controller)
    assert weight(controller, 0, 1, 3) == 2.0 and live.bias(0, 2) == -0.5
    controller.undo_stack.undo()
    controller.undo_stack.undo()
    settle(controller)
    for one, other in zip(controller.frame.snapshot.weights(), before, strict=True):
        assert np.array_equal(one[0], other[0]) and np.array_equal(one[1], other[1])
    controller.undo_stack.redo()
    settle(controller)
    assert weight(controller, 0, 1, 3) == 2.0 and live.bias(0, 2) == before[0][1][2]


def test_the_same_number_typed_again_counts_again(live, qtbot, controller, settle):
    link = ("link", 0, 0, 0)
    live.hands.acts.type_weight(link, 3.0)
    controller.step_epoch()
    settle(controller)
    trained = weight(controller, 0, 0, 0)
    assert trained != 3.0
    live.hands.acts.type_weight(link, 3.0)
    settle(controller)
    assert weight(controller, 0, 0, 0) == 3.0
    controller.undo_stack.undo()
    settle(controller)
    # Typing it twice within a second is one step, which goes back to before the first time.
    assert weight(controller, 0, 0, 0) not in (3.0, trained)


def test_delete_cuts_a_link_and_undo_brings_its_weight_back(live, qtbot, controller, settle):
    before = weight(controller, 0, 1, 2)
    click_link(live, qtbot, 0, 1, 2)
    qtbot.keyClick(live, Qt.Key.Key_Delete)
    settle(controller)
    assert weight(controller, 0, 1, 2) == 0 and live.experiment.network.layers[0].cut == ((1, 2),)
    assert live.hands.cursor == ("link", 0, 1, 2) and live._editor is not None
    assert live._editor.cut.text() == "Join this link again"
    qtbot.keyClick(live, Qt.Key.Key_Delete)
    assert live.experiment.network.layers[0].cut == ((1, 2),)
    controller.step_epoch()
    settle(controller)
    assert weight(controller, 0, 1, 2) == 0
    controller.undo_stack.undo()
    settle(controller)
    assert weight(controller, 0, 1, 2) == before and controller.frame.epoch == 2


def test_a_link_is_joined_in_its_card(live, qtbot, controller, settle):
    live.hands.acts.cut(("link", 1, 0, 0))
    settle(controller)
    click_link(live, qtbot, 1, 0, 0)
    qtbot.mouseClick(live._editor.cut, Qt.MouseButton.LeftButton)
    settle(controller)
    assert live.experiment.network.layers[1].cut == () and weight(controller, 1, 0, 0) == 0
    controller.step_batch()
    settle(controller)
    assert weight(controller, 1, 0, 0) != 0


def test_what_is_typed_is_what_the_engine_starts_with(live, controller, settle):
    live.hands.acts.type_weight(("link", 0, 0, 0), 0.75)
    settle(controller)
    controller.reset()
    settle(controller)
    alone = Session(links.type_weight(live.experiment, 0, 0, 0, 0.75))
    assert np.array_equal(controller.frame.snapshot.theta, alone.snapshot().theta)


def test_cards_show_the_gradients_that_jax_or_anyone_would(live, qtbot, controller, settle):
    hover(live, live.unit_rect(0, 1).center())
    qtbot.waitUntil(lambda: live.bias_gradient(0, 1) is not None)
    data, snapshot = controller.frame.data, controller.frame.snapshot
    gradient = snapshot.plan.unpack(snapshot.gradient(data.x_train, data.y_train))
    assert live.bias_gradient(0, 1) == gradient[0][1][1]
    assert live.gradient(0, 1, 3) == gradient[0][0][1, 3]
    words = [line.replace("\N{NO-BREAK SPACE}", " ")[:4] for line in live.card_lines()]
    assert words[1:] == ["bias", "z = ", "a = "]
    click_link(live, qtbot, 0, 1, 3)
    qtbot.waitUntil(lambda: "δ₄ · x₂" in live._editor._words.text())
    language.set("pt")
    live._editor.show_numbers()
    assert "média de δ₄ · x₂" in live._editor._words.text()


def test_links_by_keyboard_alone(live, qtbot, controller, settle):
    live.hands.stand_on(("unit", 0, 1))
    qtbot.keyClick(live, Qt.Key.Key_L)
    assert live.hands.cursor == ("link", 0, 0, 1)
    qtbot.keyClick(live, Qt.Key.Key_Down)
    assert live.hands.cursor == ("link", 0, 1, 1)
    assert "Link from unit 2 to unit 2 of Layer 1" in live.accessibleDescription()
    qtbot.keyClicks(live, "-")
    field = QApplication.focusWidget()
    assert field is live._editor.field and field.text() == "-"
    qtbot.keyClicks(field, "0.5")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    settle(controller)
    assert weight(controller, 0, 1, 1) == -0.5
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert live._editor is None and live.hasFocus()
    qtbot.keyClick(live, Qt.Key.Key_Right)
    assert live.hands.cursor == ("unit", 0, 1)
    qtbot.keyClick(live, Qt.Key.Key_Return)
    type_into(qtbot, QApplication.focusWidget(), "1.5")
    settle(controller)
    assert live.bias(0, 1) == 1.5


def test_left_of_a_link_is_the_unit_that_it_comes_from(live, qtbot):
    live.hands.stand_on(("link", 1, 3, 0))
    qtbot.keyClick(live, Qt.Key.Key_Left)
    assert live.hands.cursor == ("unit", 0, 3)
    override = QKeyEvent(QEvent.Type.ShortcutOverride, Qt.Key.Key_7, PLAIN, "7")
    assert live.hands.takes(override)


def test_what_is_open_closes_when_its_link_goes(live, qtbot, controller, settle):
    click_link(live, qtbot, 0, 1, 3)
    controller.edit("network.layers[0].units", 2, "Units")
    assert live._editor is None and live.hands.cursor == ("head", 0)
    settle(controller)


def test_cut_links_are_dashed(drawn):
    canvas = drawn(links.cut_link(network(2, 1), 0, 0, 1))
    assert cut_pen(theme(), 1.0).dashPattern()
    whole, cut = (render(canvas, experiment) for experiment in (network(2, 1), canvas.experiment))
    assert whole != cut
    assert [text for text, _ in entries_for(canvas, ("link", 0, 0, 1))][1] == "Join this link again"
    point = canvas.link_path(0, 0, 1).pointAtPercent(0.4)
    hover(canvas, point)
    assert "cut" in canvas.card_lines()[0]


def render(canvas: NetworkCanvas, experiment) -> QImage:
    canvas.show_experiment(experiment)
    picture = QImage(canvas.size(), QImage.Format.Format_RGB32)
    canvas.render(picture)
    return picture


def test_the_scale_draws_a_weight_as_the_canvas_does(drawn, qtbot):
    canvas = drawn(network(2, 1))
    legend = LinkLegend(canvas)
    qtbot.addWidget(legend)
    legend.resize(legend.sizeHint())
    picture = QImage(legend.size(), QImage.Format.Format_RGB32)
    legend.render(picture)
    colours = {picture.pixelColor(x, picture.height() // 2).name() for x in range(picture.width())}
    for value in VALUES:
        assert pen(theme(), int(steps_of(np.array(value))), canvas.link_scale).color().name() in colours
    assert canvas.draws_links
    assert not drawn(network(20, 20, 10, data="digits", output="softmax")).draws_links


def test_the_scale_is_left_out_where_it_says_nothing_or_does_not_fit(controller, qtbot):
    card = NetworkCard(controller)
    qtbot.addWidget(card)
    dress(card)  # as in the window: how wide its buttons are is said there
    card.resize(900, 500)
    card.show()
    assert card.legend.isVisible() and card.legend.accessibleName()
    assert card.legend.values == VALUES
    card.resize(560, 500)
    assert card.legend.isVisible() and card.legend.values == (-3.0, -1.0, 1.0, 3.0)
    card.resize(380, 500)
    assert not card.legend.isVisible()


def test_the_scale_is_never_cut_within_a_pair_of_weights(drawn, qtbot):
    legend = LinkLegend(drawn(network(2, 1)))
    qtbot.addWidget(legend)
    whole, seen = legend.sizeHint(), set()
    for wide in range(0, whole.width() + 1, 4):
        legend.resize(wide, whole.height())
        with recorded() as words:
            legend.grab()
        written = [word.text for word in words][1:]
        signs = {text.startswith("\N{MINUS SIGN}") for text in written}
        assert len(written) in (0, 2, 4, 6) and (not written or len(signs) == 2)
        assert cut(words) == []
        seen.add(len(written))
    assert seen >= {0, 2, 4}
    legend.resize(whole)
    assert legend.fitting() == VALUES


def test_what_is_typed_after_a_click_goes_to_the_number(live, qtbot, controller, settle):
    click_link(live, qtbot, 0, 0, 0)
    qtbot.keyClicks(live, "0")
    field = live._editor.field
    assert field.hasFocus() and field.text() == "0"
    qtbot.keyClicks(field, ".25")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    settle(controller)
    assert weight(controller, 0, 0, 0) == 0.25


@pytest.mark.parametrize("item", [("link", 0, 0, 0), ("unit", 0, 1)])
def test_a_number_typed_as_it_is_shown_counts(live, qtbot, controller, settle, item):
    def there() -> float:
        return weight(controller, 0, 0, 0) if item[0] == "link" else live.bias(0, 1)

    controller.step_epoch()
    settle(controller)
    live.open_popup(item, typing=True)
    shown, before = live._editor.field.text().replace("−", "-"), there()
    typed = float(shown)
    assert typed != before  # what is shown is rounded
    qtbot.keyClick(live._editor.field, Qt.Key.Key_Return)  # nothing typed
    settle(controller)
    assert there() == before and not controller.undo_stack.canUndo()
    live.open_popup(item, typing=True)
    type_into(qtbot, live._editor.field, shown)
    settle(controller)
    assert there() == np.float32(typed) != before and controller.undo_stack.canUndo()
