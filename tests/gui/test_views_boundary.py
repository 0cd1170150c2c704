"""The boundary's ways to be shown: answers only, the line between them, and which points."""

import numpy as np
import pytest
from PySide6.QtCore import Qt

from engine.analysis.boundary import Field
from gui.theme import THEMES
from gui.views import Boundary
from gui.views.borders import borders
from tests.gui.frames import SIGMOID, experiment, frame
from tests.gui.test_views_result import bowed_right, feed, near

DOMAIN = np.array([[0.0, 1.0], [0.0, 1.0]])


def again(view, shown):
    view.show_result(shown, view.job(shown)())
    return view.grab().toImage()


def test_the_line_lies_where_the_output_crosses_the_threshold():
    ramp = np.tile(np.linspace(0, 1, 20), (20, 1))[..., None]
    mask = borders(Field(ramp, DOMAIN, 0.5), 80, margins=False)
    assert mask.shape == (80, 80)
    columns = np.unique(np.nonzero(mask)[1])
    assert columns.tolist() == [39, 40]
    assert (mask[:, columns] == 1).all()


def test_the_margins_of_the_hinge_loss_are_marked_apart():
    ramp = np.tile(np.linspace(-2, 2, 20), (20, 1))[..., None]
    mask = borders(Field(ramp, DOMAIN, 0.0), 80, margins=True)
    assert set(np.unique(mask)) == {0, 1, 2}
    assert mask[0, 39] == 1
    assert mask[0, 19] == mask[0, 60] == 2
    assert 2 not in borders(Field(ramp, DOMAIN, 0.0), 80, margins=False)


def test_three_classes_meet_in_lines():
    x, y = np.meshgrid(np.linspace(-1, 1, 30), np.linspace(1, -1, 30))
    values = np.stack([x, y, -x - y], axis=2)
    mask = borders(Field(values, DOMAIN), 120, margins=True)
    assert set(np.unique(mask)) == {0, 1}
    assert 0.02 < mask.mean() < 0.1


def test_answers_only_are_two_flat_colours(qtbot):
    view, shown = Boundary(), bowed_right(experiment("gaussians", SIGMOID), weight=1.0)
    feed(qtbot, view, shown)
    view.choose("train", False)
    view.choose("test", False)

    def colours(image):
        square = view.square()
        y, xs = int(square.top()) + 9, range(int(square.left()) + 9, int(square.right()) - 9)
        return len({image.pixelColor(x, y).name() for x in xs})

    assert colours(again(view, shown)) > 40
    with qtbot.waitSignal(view.stale):
        view.choose("answers", True)
    assert colours(again(view, shown)) < 12  # and a few between them where the image is smoothed


def test_the_line_is_drawn_and_taken_away(qtbot):
    view, shown = Boundary(), bowed_right(experiment("gaussians", SIGMOID), weight=1.0)
    feed(qtbot, view, shown, (300, 340))
    for points in ("train", "test"):
        view.choose(points, False)

    def brightest(image):
        square = view.square()
        y = int(square.center().y())
        return max(range(int(square.left()) + 9, int(square.right()) - 9),
                   key=lambda x: image.pixelColor(x, y).lightness())  # fmt: skip

    view.choose("border", True)
    image = again(view, shown)
    x = brightest(image)
    assert near(image.pixelColor(x, int(view.square().center().y())), THEMES["dark"].text, 60)
    middle = view.place_of(0.0, 0.0).x()
    assert abs(x - middle) < 0.1 * view.square().width()
    view.choose("border", False)
    assert view.job(shown)().mask is None


@pytest.mark.parametrize("which", ["train", "test"])
def test_points_are_hidden_and_shown(qtbot, which):
    view, shown = Boundary(), bowed_right(experiment("gaussians", SIGMOID))
    before = feed(qtbot, view, shown)
    option = next(one for one in view.options() if one.text == {"train": "Training points",
                                                                "test": "Test points"}[which])  # fmt: skip
    assert option.checked
    option.choose(False)
    hidden = again(view, shown)
    assert hidden != before
    option.choose(True)
    assert again(view, shown) == before


def test_numbers_have_no_answers_to_draw_lines_between(qtbot):
    view = Boundary()
    linear = experiment("plane", {"units": 1, "activation": "linear"}, loss="mse")
    feed(qtbot, view, frame(linear))
    assert [option.text for option in view.options()] == ["Training points", "Test points"]
    view.choose("border", True)
    assert view.job(frame(linear))().mask is None


def test_the_button_opens_the_ways_to_show_it(qtbot, controller, settle):
    from PySide6.QtWidgets import QMenu

    from gui.cards import ResultCard

    card = ResultCard(controller)
    qtbot.addWidget(card)
    card.resize(320, 600)
    card.show()
    shown = controller.frame
    card.results[0].show_frame(shown)
    card.results[0].show_result(shown, card.results[0].job(shown)())
    qtbot.mouseClick(card.ways, Qt.MouseButton.LeftButton)
    menu = card.results[0].findChild(QMenu)
    assert "Test points" in [action.text() for action in menu.actions()]
    action = next(action for action in menu.actions() if action.text() == "Test points")
    action.trigger()
    assert not card.results[0].test
    menu.close()
