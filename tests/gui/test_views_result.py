"""The pictures of the result: what they paint where."""

import math
from itertools import pairwise

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QWheelEvent
from PySide6.QtWidgets import QApplication

from gui.colours import contrast_ratio
from gui.i18n import language, number, tr
from gui.theme import THEMES, px, themes
from gui.views import Boundary, ConfusionMatrix, FittedCurve, LossCurve, Metrics
from gui.views.confusion import readable_on, shade
from gui.views.metrics import figure
from tests.gui.frames import HIDDEN, SIGMOID, experiment, frame
from tests.gui.painted import cut, recorded


def feed(qtbot, view, shown, size=(236, 276)):
    """Show a frame in a view of that size, its job done at once; return what it looks like."""
    qtbot.addWidget(view)
    view.resize(*size)
    view.show()
    view.show_frame(shown)
    job = view.job(shown)
    if job is not None:
        view.show_result(shown, job())
    return view.grab().toImage()


def wheel(view, by, x=None, y=None):
    """Turn the wheel over a view: 120 is one notch away from the user."""
    at = QPointF(view.width() / 2 if x is None else x, view.height() / 2 if y is None else y)
    none = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase
    event = QWheelEvent(at, view.mapToGlobal(at), QPoint(), QPoint(0, by), *none, False)
    QApplication.sendEvent(view, event)


def near(colour, wanted, by=40):
    """Whether two colours are about the same."""
    wanted = QColor(wanted)
    pairs = zip(colour.getRgb()[:3], wanted.getRgb()[:3], strict=True)
    return max(abs(one - other) for one, other in pairs) <= by


def bowed_right(of, weight=50.0):
    """Return a frame of a single sigmoid that says 1 where the first input is large."""
    return frame(of, pairs=[(np.array([[weight], [0.0]]), np.zeros(1))])


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_the_field_is_orange_left_and_blue_right(qtbot, theme):
    themes.set(theme)
    view = Boundary()
    image = feed(qtbot, view, bowed_right(experiment("gaussians", SIGMOID)))
    square = view.square()
    y = int(square.top() + 8)
    assert near(image.pixelColor(int(square.left() + 12), y), THEMES[theme].negative, 60)
    assert near(image.pixelColor(int(square.right() - 12), y), THEMES[theme].positive, 60)


def test_the_second_input_points_upwards(qtbot):
    view = Boundary()
    shown = frame(experiment("gaussians", SIGMOID), pairs=[(np.array([[0.0], [50.0]]), np.zeros(1))])
    image = feed(qtbot, view, shown)
    square = view.square()
    x = int(square.left() + 8)
    assert near(image.pixelColor(x, int(square.top() + 10)), THEMES["dark"].positive, 60)
    assert near(image.pixelColor(x, int(square.bottom() - 10)), THEMES["dark"].negative, 60)


@pytest.mark.parametrize(("loss", "bias"), [("mse", 0.5), ("hinge", 0.0)])
def test_the_middle_colour_is_where_the_classes_meet(qtbot, loss, bias):
    of = experiment("gaussians", {"units": 1, "activation": "linear"}, loss=loss)
    view = Boundary()
    image = feed(qtbot, view, frame(of, pairs=[(np.zeros((2, 1)), np.array([bias]))]))
    square = view.square()
    assert near(image.pixelColor(int(square.left() + 12), int(square.top() + 8)), THEMES["dark"].panel, 6)


def test_training_points_are_filled_and_test_points_hollow(qtbot):
    of = experiment("gaussians", SIGMOID, data={"name": "gaussians", "samples": 30})
    view, shown = Boundary(), bowed_right(of)
    image = feed(qtbot, view, shown, (420, 460))
    square = view.square()

    def middle(raw):
        (low_x, high_x), (low_y, high_y) = shown.data.domain
        x = square.left() + (raw[0] - low_x) / (high_x - low_x) * square.width()
        y = square.top() + (high_y - raw[1]) / (high_y - low_y) * square.height()
        return image.pixelColor(int(x), int(y))

    colours = [THEMES["dark"].negative, THEMES["dark"].positive]
    right = [near(middle(raw), colours[label], 30)
             for raw, label in zip(shown.data.raw_train, shown.data.labels_train, strict=True)]  # fmt: skip
    hollow = [near(middle(raw), THEMES["dark"].panel, 60) for raw in shown.data.raw_test]
    assert np.mean(right) > 0.8  # points may lie on one another
    assert np.mean(hollow) > 0.6


def test_the_boundary_reads_out_where_the_mouse_is(qtbot):
    view = Boundary()
    feed(qtbot, view, bowed_right(experiment("gaussians", SIGMOID)))
    square = view.square()
    assert view.hint(square.right() - 2, square.center().y()).endswith("output: 1")
    assert view.hint(2, 2) == ""


def test_regression_and_more_classes_have_a_picture_too(qtbot):
    view = Boundary()
    linear = experiment("plane", {"units": 1, "activation": "linear"}, loss="mse")
    assert view.fits(linear)
    image = feed(qtbot, view, frame(linear, pairs=[(np.array([[1.0], [1.0]]), np.zeros(1))]))
    square = view.square()
    assert near(
        image.pixelColor(int(square.right() - 4), int(square.top() + 14)), THEMES["dark"].positive, 60
    )
    assert not view.fits(experiment("sine", {"units": 1, "activation": "linear"}, loss="mse"))


def test_the_matrix_counts_every_test_row(qtbot):
    view, of = ConfusionMatrix(), experiment("gaussians", SIGMOID)
    shown = bowed_right(of)
    feed(qtbot, view, shown)
    assert sum(map(sum, view.counts)) == len(shown.data.x_test)
    assert np.trace(np.array(view.counts)) / len(shown.data.x_test) == shown.metrics["test_accuracy"]
    assert "250" in view.summary()
    view.switch.buttons[1].click()
    assert sum(map(sum, view.counts)) == len(shown.data.x_train)
    assert view.training


def test_the_matrix_names_the_commonest_mistake(qtbot):
    of = experiment("iris", {"units": 3, "activation": "softmax"}, loss="categorical_cross_entropy")
    view = ConfusionMatrix()
    bias = np.array([0.0, 100.0, 0.0])  # everything is versicolor
    feed(qtbot, view, frame(of, pairs=[(np.zeros((4, 3)), bias)]))
    assert "is taken for versicolor" in view.summary()
    area, _ = view._cells()
    side = area.width() / 3
    assert view.cell_at(area.left() + 1.5 * side, area.top() + 0.5 * side) == (0, 1)
    assert view.hint(area.left() + 1.5 * side, area.top() + 0.5 * side).startswith(
        "setosa taken for versicolor"
    )
    assert view.table()[0][1:] == ("setosa", "versicolor", "virginica")


def test_metrics_are_written_in_the_language(qtbot):
    view, shown = Metrics(), frame(experiment("gaussians", SIGMOID), 1)
    feed(qtbot, view, shown, (236, 52))
    language.set("pt")
    label, value = view.entries()[0]
    assert label == "perda de treino"
    assert value == f"{shown.metrics['train_loss']:.3f}".replace(".", ",")
    assert view.entries()[2][1].endswith("%")
    assert view.accessibleDescription().startswith("perda de treino")


def test_regression_has_no_accuracy(qtbot):
    view = Metrics()
    feed(qtbot, view, frame(experiment("sine", {"units": 1, "activation": "linear"}, loss="mse")), (236, 52))
    assert [label for label, _ in view.entries()] == ["train loss", "test loss", "test R²"]


def test_the_curve_starts_empty_and_then_follows_the_losses(qtbot):
    view, of = LossCurve(), experiment("gaussians", HIDDEN, SIGMOID, training={"epochs": 50})
    feed(qtbot, view, frame(of), (300, 150))
    assert not view.plot.isVisible()
    shown = frame(of, 20)
    view.show_frame(shown)
    assert view.plot.isVisible()
    x, y = view._train.getData()
    np.testing.assert_array_equal(x, shown.curves.epochs)
    np.testing.assert_array_equal(y, shown.curves.train_loss)
    (left, right), (bottom, top) = view.plot.viewRange()
    assert (left, right, bottom) == (0, 50, 0)
    assert top >= shown.curves.train_loss.max()
    assert "20 epochs" in view.summary()


def test_the_curve_changes_to_accuracies_where_there_are_any(qtbot):
    view, shown = LossCurve(), frame(experiment("gaussians", HIDDEN, SIGMOID), 5)
    feed(qtbot, view, shown, (300, 150))
    view.switch.buttons[1].click()
    np.testing.assert_array_equal(view._test.getData()[1], shown.curves.test_accuracy)
    assert view.plot.viewRange()[1] == [0, 1]
    view.show_frame(frame(experiment("sine", {"units": 1, "activation": "linear"}, loss="mse"), 3))
    assert view.switch.buttons[0].isChecked()
    assert not view.switch.buttons[1].isVisible()


def test_a_curve_with_nan_is_drawn_up_to_there(qtbot):
    view, shown = LossCurve(), frame(experiment("gaussians", HIDDEN, SIGMOID), 5)
    shown.curves.train_loss[3:] = [np.inf, np.nan, np.nan]
    feed(qtbot, view, shown, (300, 150))
    assert math.isfinite(view.plot.viewRange()[1][1])


def test_the_table_of_the_curve_has_a_row_an_epoch(qtbot, monkeypatch):
    view = LossCurve()
    feed(qtbot, view, frame(experiment("gaussians", HIDDEN, SIGMOID), 4), (300, 150))
    assert [row[0] for row in view.table()] == ["epoch", 0, 1, 2, 3, 4]


def test_the_fitted_curve_goes_where_the_network_goes(qtbot):
    of = experiment(
        "sine", {"units": 1, "activation": "linear"}, loss="mse", data={"name": "sine", "scaling": "none"}
    )
    view = FittedCurve()
    assert view.fits(of)
    feed(qtbot, view, frame(of, pairs=[(np.array([[0.1]]), np.array([0.5]))]))
    x, y = view._line.getData()
    np.testing.assert_allclose(y, 0.1 * x + 0.5, rtol=1e-5)
    assert len(view._train.getData()[0]) == 250
    assert view.summary().startswith("The output goes from")
    assert view.plot.value_at(QPointF(-50, -50)) is None


@pytest.mark.parametrize(("value", "written"), [
    (0.5014, "0.501"), (0.0079, "0.008"), (3.1e-5, "<0.001"), (0.0, "0.000"), (12.3456, "12.35"),
    (123.456, "123.5"), (4321.7, "4322"), (1.2e7, "1.2e7"), (math.inf, "∞"), (math.nan, "NaN"),
    (-0.25, "−0.250"), (-1e-9, "0.000"),
])  # fmt: skip
def test_large_figures_keep_one_form(value, written):
    language.set("en")
    assert figure(value) == written


@pytest.mark.parametrize("code", ["en", "pt"])
@pytest.mark.parametrize("scale", [1.0, 1.67])
@pytest.mark.parametrize("wide", [180, 236, 274, 330, 700])
def test_the_figures_keep_their_places_and_their_distance_while_they_change(qtbot, code, scale, wide):
    language.set(code)
    themes.set_scale(scale)
    view, places = Metrics(), set()
    qtbot.addWidget(view)
    view.resize(px(wide), px(52))
    for loss in (9.8765, 0.5, 0.00871, 0.000353, 88.8, 12345.6, math.nan, 0.1111):
        view._metrics = {
            "train_loss": loss,
            "test_loss": loss * 3,
            "test_accuracy": 1.0 if loss < 0.5 else 0.5,
        }
        with recorded() as words:
            view.grab()
        labels, figures = words[::2], words[1::2]
        places.add(tuple((label.text, label.place.left()) for label in labels))
        assert cut(words) == []
        for row in (labels, figures):
            assert all(b.place.left() - a.place.right() >= px(8) for a, b in pairwise(row))
        assert tr("loss") in labels[0].text and tr("loss") in labels[1].text
    assert len(places) == 1
    assert number(0.1111, 6) in view.hint(1, 1)


@pytest.mark.parametrize("name", THEMES)
def test_every_number_of_the_confusion_can_be_read(name):
    now, least = THEMES[name], 7.0 if name == "contrast" else 4.5
    for colour in (now.positive, now.negative):
        shades = [shade(now, colour, 0.85 * share / 40) for share in range(41)]
        assert min(contrast_ratio(one, readable_on(one)) for one in shades) >= least
        assert contrast_ratio(shades[-1], now.raised) > 2.5  # and the largest are seen to be so
