"""The curve's logarithmic axis and its smoothing, which says so."""

from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QApplication

from gui.frame import Curves
from gui.i18n import fixed, language, tr
from gui.theme import font, px
from gui.views import LossCurve, Metrics, scores
from gui.views.smoothing import smoothed
from gui.views.ticks import log_ticks
from tests.gui.frames import HIDDEN, SIGMOID, experiment, frame
from tests.gui.test_views_result import feed


def shown(epochs=20):
    return frame(experiment("gaussians", HIDDEN, SIGMOID, training={"epochs": 50}), epochs)


def test_the_mean_is_of_the_neighbours_on_both_sides_and_narrows_at_the_ends():
    values = np.array([3.0, 5.0, 10.0, 1.0])
    assert smoothed(values, 1).tolist() == [3, 6, pytest.approx(16 / 3), 1]
    assert smoothed(values, 0).tolist() == values.tolist()
    jitter = smoothed(np.where(np.arange(200) % 2, 1.0, -1.0))
    assert np.abs(jitter[10:-10]).max() < 0.06
    assert np.isnan(smoothed(np.array([1.0, np.nan, 2.0]))).tolist() == [False, True, False]


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=60), st.floats(-10, 10))
def test_a_straight_line_stays_and_no_mean_leaves_the_range(values, slope):
    line = slope * np.arange(float(len(values)))
    np.testing.assert_allclose(smoothed(line), line, atol=1e-9)
    means = smoothed(np.array(values))
    assert (means <= max(values) + 1e-6).all()
    assert (means >= min(values) - 1e-6).all()


def test_marks_of_a_logarithmic_axis_are_powers_of_ten():
    assert log_ticks(-3, 1, 5) == [-3, -2, -1, 0, 1]
    assert log_ticks(-12, 0, 5) == [-12, -9, -6, -3, 0]
    assert [round(10**mark, 6) for mark in log_ticks(-0.4, 0.9)] == [0.5, 1, 2, 5]
    assert log_ticks(0.1, 0.12) == [0.1, 0.12]


def test_the_button_puts_losses_on_a_logarithmic_axis_but_never_accuracies(qtbot):
    view, one = LossCurve(), shown()
    feed(qtbot, view, one, (420, 200))
    assert view.log.isVisible()
    qtbot.mouseClick(view.log, Qt.MouseButton.LeftButton)
    losses = one.curves.train_loss
    np.testing.assert_allclose(view._train.getData()[1], np.log10(losses))
    low, high = view.plot.viewRange()[1]
    assert low <= np.log10(min(losses.min(), one.curves.test_loss.min()))
    assert high >= np.log10(losses.max())
    assert low == int(low)
    texts = view.plot.getAxis("left").tickStrings([-2.0, -1.0, 0.0], 1.0, 1.0)
    assert texts == ["0.01", "0.1", "1"]
    qtbot.mouseClick(view.switch.buttons[1], Qt.MouseButton.LeftButton)
    np.testing.assert_array_equal(view._train.getData()[1], one.curves.train_accuracy)
    axis = view.plot.getAxis("left")
    assert axis.tickStrings([0.0, 0.5, 1.0], 1.0, 0.5) == ["0%", "50%", "100%"]  # as the large figure has it
    assert axis.width() >= QFontMetrics(font("small")).horizontalAdvance("100%")
    assert view.plot.viewRange()[1] == [0, 1]
    assert not view.log.isVisible()


def test_a_loss_of_zero_has_a_place_on_the_logarithmic_axis(qtbot):
    view, one = LossCurve(), shown(5)
    one.curves.train_loss[-1] = 0.0
    feed(qtbot, view, one, (420, 200))
    view.show_logarithmic(True)
    assert view._train.getData()[1][-1] == -12
    assert view.plot.viewRange()[1][0] <= -12


def test_smoothed_curves_say_so_and_keep_what_was_measured(qtbot):
    view, one = LossCurve(), shown()
    feed(qtbot, view, one, (420, 200))
    before = view._legend.width()
    option = next(option for option in view.options() if "running mean" in option.text)
    assert not option.checked
    option.choose(True)
    np.testing.assert_allclose(view._train.getData()[1], smoothed(one.curves.train_loss))
    np.testing.assert_array_equal(view._measured[0].getData()[1], one.curves.train_loss)
    assert view._legend.width() > before
    scores = ("loss", "accuracy", "f1")
    smooth = tuple(f"smoothed_{part}_{score}" for score in scores for part in ("train", "test"))
    assert view.table()[0][7:] == smooth
    view.show_smooth(False)
    assert np.isnan(view._measured[0].getData()[1]).all()
    assert len(view.table()[0]) == 7


def words(view):
    return [button.text() for button in view.switch.buttons if button.isVisible()]


def test_the_scores_are_those_of_the_task(qtbot):
    """The curve offers them, draws what the engine measured, and the figures follow the choice."""
    view, figures, one = LossCurve(), Metrics(), shown(5)
    view.scored.connect(figures.show_score)
    feed(qtbot, view, one, (500, 200))
    feed(qtbot, figures, one, (300, 52))
    assert words(view) == ["loss", "accuracy", "F1"]
    view.switch.buttons[2].click()
    np.testing.assert_array_equal(view._test.getData()[1], one.curves.test_f1)
    assert view._test.getData()[1][-1] == one.metrics["test_f1"] and view.plot.viewRange()[1] == [0, 1]
    assert figures.entries()[2] == ("test F1", fixed(one.metrics["test_f1"]))
    assert "F1" in view.summary()
    of = experiment("sine", {"units": 1, "activation": "linear"}, loss="mse")
    view.show_frame(frame(of, 3))
    assert words(view) == ["loss", "R²"]
    next(option for option in view.options() if option.text == "R²").choose(True)
    worst = np.nanmin(view.lines()[1:])
    assert view.plot.viewRange()[1] == [max(-1, min(0, worst)), 1]


@pytest.mark.parametrize("code", ["en", "pt"])
@pytest.mark.parametrize("wide", [236, 300, 420])
def test_what_has_no_room_is_in_the_menu_of_the_button_after_the_words(qtbot, english, code, wide):
    language.set(code)
    view, one = LossCurve(), shown(3)
    rows = replace(one.data, x_validation=one.data.x_test, y_validation=one.data.y_test)
    feed(qtbot, view, replace(one, data=rows), (px(wide), 120))
    QApplication.processEvents()
    words = {tr(key): button for key, button in zip(scores.WORDS.values(), view.switch.buttons, strict=True)}
    gone = [word for word, button in words.items() if not button.isVisible() and word != "R²"]
    assert bool(gone or not view.log.isVisible()) <= view.ways.isVisible()
    assert (gone == [] and view.log.isVisible()) == (wide == 420)
    assert view.switch.geometry().right() < view._legend.x()
    assert view.ways.geometry().right() < view._legend.x()
    qtbot.mouseClick(view.ways, Qt.MouseButton.LeftButton)
    menu = QApplication.activePopupWidget()
    texts = [action.text() for action in menu.actions()]
    assert {tr("Logarithmic axis"), "F1"} < set(texts)
    menu.actions()[texts.index("F1")].trigger()
    menu.close()
    assert view.score == "f1" and words["F1"].isVisible()


def test_the_legend_names_no_test_where_there_are_no_test_rows(qtbot):
    view, split = LossCurve(), shown(1)
    feed(qtbot, view, split, (420, 200))
    assert [word for word, _ in view._legend._entries()] == ["test", "train"]
    view.show_frame(replace(split, data=replace(split.data, raw_test=split.data.raw_test[:0])))
    assert [word for word, _ in view._legend._entries()] == ["train"]


def until(curves, count):
    return Curves(*(getattr(curves, field.name)[:count] for field in fields(Curves)))


def test_what_lies_ahead_of_an_earlier_moment_is_drawn_paler(qtbot):
    view, one = LossCurve(), shown(12)
    feed(qtbot, view, replace(one, curves=until(one.curves, 5), later=one.curves), (400, 200))
    epochs, values = view._ahead[0].getData()
    np.testing.assert_array_equal(epochs, one.curves.epochs[4:])
    np.testing.assert_array_equal(values, one.curves.train_loss[4:])
    assert view._ahead[0].opts["pen"].color() != view._train.opts["pen"].color()
    view.show_frame(one)
    assert not any(line.isVisible() for line in view._ahead)
    view.show_frame(replace(one, curves=until(one.curves, 1), later=one.curves))
    assert view.plot.isVisible() and len(view._ahead[0].getData()[0]) == 13
