"""The worst mistakes below the confusion matrix."""

import numpy as np
from PySide6.QtCore import Qt

from gui.i18n import language, number
from gui.views import ConfusionMatrix
from tests.gui.frames import experiment, frame
from tests.gui.test_views_result import feed

DIGITS = {"units": 10, "activation": "softmax"}


def everything_is(name, inputs, classes, said):
    """Return a frame of a network that names one class whatever it sees."""
    of = experiment(name, {"units": classes, "activation": "softmax"}, loss="categorical_cross_entropy")
    bias = np.zeros(classes)
    bias[said] = 100.0
    return frame(of, pairs=[(np.zeros((inputs, classes)), bias)])


def test_images_of_the_worst_mistakes_are_shown_the_right_way_up(qtbot):
    view, shown = ConfusionMatrix(), everything_is("digits", 64, 10, 3)
    image = feed(qtbot, view, shown, (300, 420))
    strip = view._strip.shown
    assert len(strip) == (300 + 6) // 46
    mistake, area = strip[0]
    assert mistake.said == 3
    assert shown.data.labels_test[mistake.row] == mistake.true != 3
    pixels = shown.data.raw_test[mistake.row].reshape(8, 8)
    left, top = int(area.left()), int(area.top())
    seen = np.array([[image.pixelColor(left + 5 * x + 2, top + 5 * y + 2).value() for x in range(8)]
                     for y in range(8)])  # fmt: skip
    assert np.corrcoef(seen.ravel(), pixels.ravel())[0, 1] > 0.98
    assert view.hint(area.center().x(), area.center().y()).startswith(f"test row {mistake.row + 1}: ")


def test_a_cell_shows_its_own_mistakes_alone_until_it_is_clicked_again(qtbot):
    view = ConfusionMatrix()
    feed(qtbot, view, everything_is("digits", 64, 10, 3), (300, 420))
    everything = view.mistakes()
    area, _ = view._cells()
    side_x, side_y = area.width() / 10, area.height() / 10
    at = (area.topLeft() + type(area.topLeft())(3.5 * side_x, 7.5 * side_y)).toPoint()
    qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=at)
    assert view.chosen == (7, 3)
    assert {one.true for one in view.mistakes()} == {7}
    view.grab()
    assert {one.true for one, _ in view._strip.shown} == {7}
    qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=at)
    assert view.mistakes() == everything


def test_rows_without_an_image_are_told_in_words_with_their_inputs(qtbot):
    view, shown = ConfusionMatrix(), everything_is("iris", 4, 3, 1)
    feed(qtbot, view, shown, (300, 380))
    assert len(view._strip.shown) == 3
    mistake, area = view._strip.shown[1]
    hint = view.hint(area.left() + 4, area.center().y()).splitlines()
    assert hint[0].startswith(f"test row {mistake.row + 1}: ") and "taken for versicolor" in hint[0]
    assert len(hint) == 5
    assert hint[1].endswith(f"{shown.data.raw_test[mistake.row, 0]:g}")
    language.set("pt")
    assert view.hint(area.left() + 4, area.center().y()).startswith(f"linha {mistake.row + 1} do teste: ")
    qtbot.mouseClick(view.switch.buttons[1], Qt.MouseButton.LeftButton)
    view.grab()
    mistake, area = view._strip.shown[0]
    words = view.hint(area.left() + 4, area.center().y())
    assert words.startswith(f"linha {mistake.row + 1} do treino: ")
    assert words.splitlines()[1].endswith(number(float(shown.data.raw_train[mistake.row, 0])))


def test_a_matrix_that_would_get_too_small_keeps_the_room(qtbot):
    view = ConfusionMatrix()
    feed(qtbot, view, everything_is("digits", 64, 10, 3), (300, 200))
    assert view._strip_height() == 0
    assert view.hint(20, 195) == ""


def test_of_categories_only_those_that_hold_are_told(qtbot, tmp_path):
    path = tmp_path / "table.csv"
    path.write_text("city,age,pays\n" + "".join(f"{'ABC'[i % 3]},{i % 7},{'yn'[i % 2]}\n" for i in range(40)))
    of = experiment("csv", {"units": 1, "activation": "sigmoid"}, data={"name": "csv", "path": str(path)})
    view, shown = ConfusionMatrix(), frame(of, pairs=[(np.zeros((4, 1)), np.array([9.0]))])
    feed(qtbot, view, shown, (300, 380))
    mistake, area = view._strip.shown[0]
    row = shown.data.raw_test[mistake.row]
    told = view.hint(area.left() + 4, area.center().y()).splitlines()[1:]
    assert told == [f"city = {'ABC'[int(row[:3].argmax())]}", f"age = {row[3]:g}"]
