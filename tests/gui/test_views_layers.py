"""Pictures by layer: what they count, how they are switched, and where they lead."""

import numpy as np
import pytest
from PySide6.QtCore import Qt

from engine.analysis.signals import gradient_ratio, signals
from engine.analysis.updates import update_ratios
from gui.i18n import language, number, tr
from gui.theme import THEMES, px, themes
from gui.views import (
    ActivationCloud,
    ActivationHistograms,
    GradientHistograms,
    Histograms,
    SignalByLayer,
    UpdateRatio,
    bars,
)
from tests.gui.frames import HIDDEN, SIGMOID, experiment, frame
from tests.gui.painted import cut, on_each_other, recorded
from tests.gui.test_views_handling import written
from tests.gui.test_views_result import feed, near, wheel

RELU = {"units": 6, "activation": "relu"}
KINDS = [Histograms, GradientHistograms, ActivationHistograms]


def two_layers(epochs=6):
    return frame(experiment("gaussians", RELU, HIDDEN, SIGMOID), epochs)


@pytest.mark.parametrize("kind", KINDS)
def test_now_and_start_are_counted_and_told_as_csv(qtbot, kind):
    view, shown = kind(), two_layers()
    feed(qtbot, view, shown, (700, 180))
    values = kind.quantity(shown.snapshot, shown.data)
    start = kind.quantity(shown.initial, shown.data)
    head, *rows = view.table()
    assert head == ("layer", "from", "to", view.counted, f"initial_{view.counted}")
    for layer in range(3):
        mine = [row for row in rows if row[0] == layer + 1]
        assert sum(row[3] for row in mine) == values[layer].size
        assert sum(row[4] for row in mine) == start[layer].size
    assert f"{layer + 1}" in view.summary()


@pytest.mark.parametrize("kind", KINDS)
def test_ridges_show_every_epoch_that_is_kept(qtbot, kind):
    view, shown = kind(), two_layers()
    feed(qtbot, view, shown, (700, 180))
    with qtbot.waitSignal(view.stale):
        qtbot.mouseClick(view.switch.buttons[1], Qt.MouseButton.LeftButton)
    assert view.summary() == ""  # nothing yet
    view.show_result(shown, view.job(shown)())
    assert "from epoch 0 to 6" in view.summary()
    head, *rows = view.table()
    assert head == ("layer", "from", "to", *(f"epoch_{epoch}" for epoch in range(7)))
    last = sum(row[-1] for row in rows if row[0] == 1)
    assert last == kind.quantity(shown.snapshot, shown.data)[0].size
    view.grab()
    with qtbot.waitSignal(view.stale):
        qtbot.mouseClick(view.switch.buttons[0], Qt.MouseButton.LeftButton)


def test_few_can_be_seen_beside_many_on_a_logarithmic_axis(qtbot):
    counts = np.array([0, 1, 9, 99])
    np.testing.assert_allclose(bars.heights(counts, 99, logarithmic=False), counts / 99)
    few = bars.heights(counts, 99, logarithmic=True)
    np.testing.assert_allclose(few, [0, np.log(2) / np.log(100), 0.5, 1])
    view = GradientHistograms()
    feed(qtbot, view, two_layers(), (700, 180))
    before = view.grab().toImage()
    option = next(option for option in view.options() if option.text == "Logarithmic counts")
    option.choose(True)
    assert view.grab().toImage() != before and view.options()[-1].checked
    option.choose(False)
    assert view.grab().toImage() == before


def test_a_late_result_of_the_other_kind_is_dropped(qtbot):
    view, shown = Histograms(), two_layers(1)
    feed(qtbot, view, shown, (700, 180))
    late = view.job(shown)()
    view.show_over_epochs(True)
    view.show_result(shown, late)
    assert view.summary() == ""


def test_the_start_is_computed_once_a_training(qtbot, monkeypatch):
    view, shown = GradientHistograms(), two_layers(1)
    asked, real = [], GradientHistograms.quantity

    def counting(snapshot, data):
        asked.append(snapshot)
        return real(snapshot, data)

    monkeypatch.setattr(GradientHistograms, "quantity", staticmethod(counting))
    feed(qtbot, view, shown, (700, 180))
    view.show_result(shown, view.job(shown)())
    assert [snapshot is shown.initial for snapshot in asked] == [True, False, False]


def test_gradients_at_the_right_end_say_that_more_lies_beyond(qtbot):
    view, shown = GradientHistograms(), two_layers()
    feed(qtbot, view, shown, (700, 180))
    result = view._shown.histograms[0]
    assert view.tail > 0
    assert result.edges[-1] >= np.quantile(np.abs(GradientHistograms.quantity(shown.snapshot, shown.data)[0]),
                                           1 - view.tail)  # fmt: skip


def test_what_is_picked_elsewhere_is_underlined(qtbot):
    view = Histograms()
    feed(qtbot, view, two_layers(1), (700, 180))

    def underlined():
        image = view.grab().toImage()
        return [
            x
            for x in range(700)
            for y in range(20, 45)
            if near(image.pixelColor(x, y), THEMES["dark"].accent, 12)
        ]

    assert not underlined()
    view.point_out(("unit", 1, 3))
    area = view.areas()[1]
    assert underlined()
    assert area.left() <= min(underlined()) < max(underlined()) < area.right()


def test_the_signal_is_that_of_the_analysis(qtbot):
    view, shown = SignalByLayer(), two_layers()
    feed(qtbot, view, shown, (420, 180))
    found = signals(shown.snapshot, shown.data)
    assert view.ratio == pytest.approx(gradient_ratio(found))
    head, first, *_ = view.table()
    assert head[1:3] == ("activation_std", "gradient_rms")
    assert first[:3] == (1, found[0].spread, found[0].gradient)
    assert "3 layers" in view.summary()
    axes = view.axes()
    point = axes.place(1, found[1].spread)
    with qtbot.waitSignal(view.picked) as picked:
        qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=point.toPoint())
    assert picked.args == [("layer", 1)]
    assert view.hint(point.x(), point.y()).startswith("layer 2: activations")


def test_larger_values_stand_higher_and_what_is_zero_nowhere(qtbot):
    view = SignalByLayer()
    feed(qtbot, view, two_layers(), (420, 180))
    axes = view.axes()
    assert axes.up(0.1) > axes.up(1.0)
    assert axes.place(0, 0.0) is None
    assert axes.place(0, float("nan")) is None
    zeros = [{**layer, "initializer": "zeros"} for layer in (HIDDEN, SIGMOID)]
    feed(qtbot, view, frame(experiment("gaussians", *zeros)), (420, 180))
    assert "gradient, first" in view.title()  # 0: nothing comes back
    assert view.ratio == 0


def test_update_ratios_are_shown_with_what_is_usual(qtbot):
    view, shown = UpdateRatio(), two_layers()
    image = feed(qtbot, view, shown, (420, 180))
    ratios = update_ratios(shown.snapshot, shown.data)
    assert [row[1] for row in view.table()[1:]] == ratios.tolist()
    axes = view.axes()
    inside = image.pixelColor(int(axes.plot.left()) + 3, int(axes.up(2e-3)))
    outside = image.pixelColor(int(axes.plot.left()) + 3, int(axes.plot.top()) + 1)
    assert inside != outside
    language.set("pt")
    assert "0,001" in view.summary()


def test_points_lie_on_the_function_and_flat_parts_are_counted(qtbot):
    view = ActivationCloud()
    feed(qtbot, view, two_layers(), (700, 180))
    relu, tanh, sigmoid = view._clouds
    np.testing.assert_allclose(relu.a, np.maximum(relu.z, 0))
    np.testing.assert_allclose(tanh.a, np.tanh(tanh.z), rtol=1e-6)
    assert relu.share == pytest.approx(np.mean(relu.z <= 0), abs=0.1)
    assert relu.flat.tolist() == (relu.curve_z <= 0).tolist()
    assert "where the function is flat" in view.summary()
    assert len(view.table()) == 1 + sum(cloud.z.size for cloud in view._clouds)
    area = view.areas()[1]
    with qtbot.waitSignal(view.picked) as picked:
        qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=area.center().toPoint())
    assert picked.args == [("layer", 1)]


def test_the_words_lead_to_the_function_and_back(qtbot):
    from gui.pages import Pages

    pages = Pages()
    qtbot.addWidget(pages)
    pages.resize(600, 220)
    pages.show()
    pages.open("activations")
    assert pages.activations.isVisible()
    assert not pages.cloud.isVisible()
    qtbot.mouseClick(pages.activations.switch.buttons[2], Qt.MouseButton.LeftButton)
    assert pages.cloud.isVisible()
    assert pages.current() is pages.cloud
    qtbot.mouseClick(pages.cloud.switch.buttons[1], Qt.MouseButton.LeftButton)
    assert not pages.cloud.isVisible()
    assert pages.activations.over_epochs
    pages.resize(1300, 260)
    assert pages.cloud.isVisible()
    assert pages.activations.isVisible()
    assert not pages.activations.switch.buttons[2].isVisible()


@pytest.mark.parametrize("scale", [1.0, 1.67])
@pytest.mark.parametrize("kind", KINDS)
def test_the_count_of_the_highest_bar_stands_above_it(qtbot, kind, scale):
    themes.set_scale(scale)
    view = kind()
    for logarithmic in (False, True):
        view.show_logarithmic(logarithmic)
        feed(qtbot, view, two_layers(), (px(420), px(150)))
        with recorded() as words:
            view.grab()
        counts = [word.place for word in words if word.text.startswith(tr("at most {count}", count=""))]
        tops = [view.plot_in(area).top() for area in view.areas().values()]
        assert len(counts) == len(tops) == 3
        assert all(count.bottom() <= top for count, top in zip(counts, tops, strict=True))
        assert on_each_other(words) == []


@pytest.mark.parametrize("code", ["en", "pt"])
@pytest.mark.parametrize("wide", [200, 260, 700])
def test_what_the_marks_are_is_said_at_any_width(qtbot, code, wide):
    language.set(code)
    for kind in (SignalByLayer, UpdateRatio):
        view = kind()
        feed(qtbot, view, two_layers(), (wide, 180))
        with recorded() as words:
            view.grab()
        texts = {word.text for word in words}
        assert {entry[0] for entry in view.entries()} <= texts
        assert cut(words) == on_each_other(words) == []
        assert view.title() in texts or kind is SignalByLayer
        lines = round((view.axes().plot.top() - px(6)) / px(20))
        assert lines == (2 if wide == 200 else 1) or (wide == 260 and kind is UpdateRatio)
    view = ActivationHistograms()
    feed(qtbot, view, two_layers(), (max(wide, 330), 180))
    legend, words = view._legend, view.switch
    assert legend.isVisible() and words.geometry().right() < legend.x()
    whole = [tr(key) for key in view.ways]
    assert [button.accessibleName() for button in words.buttons] == whole
    shown = [button.text() for button in words.buttons]
    assert shown == whole if wide == 700 else [button.toolTip() for button in words.buttons] == whole


@pytest.mark.parametrize("kind", [*KINDS, ActivationCloud])
def test_looking_closer_keeps_every_layers_axis(qtbot, monkeypatch, kind):
    view, shown = kind(), two_layers()
    feed(qtbot, view, shown, (700, 180))
    plots = [view.plot_in(area) for area in view.areas().values()]
    ends = {name: area.left() for name, area in written(view, monkeypatch).items()}
    over = plots[1]  # a quarter of the way along the second layer's axis
    wheel(view, 360, round(over.left() + over.width() / 4), round(over.bottom() - 2))
    scale = view.lens.scale
    assert scale == pytest.approx(1.25**3)
    assert [view.plot_in(area) for area in view.areas().values()] == plots
    edges = np.array([-2.0, 6.0])
    for plot in plots:  # what was under the mouse stays there, in every layer
        low, high = view.edges_in(plot, edges)
        assert high - low == pytest.approx(8 / scale)
        assert low + (high - low) / 4 == pytest.approx(0.0, abs=0.02)
    closer = {name: area.left() for name, area in written(view, monkeypatch).items()}
    assert closer.keys() != ends.keys()
    assert f"{number(scale, 2)}×" not in closer  # beside the axes, not one of their numbers
    if kind is not ActivationCloud:
        assert all(view.whole(plot).bottom() == plot.bottom() for plot in plots)  # counts begin at 0
        count = max(1, int(max(view._shown.histograms[0].now.max(), view._shown.histograms[0].initial.max())))
        assert f"height {number(count / scale, 2)}" in closer
    qtbot.mouseDClick(view, Qt.MouseButton.LeftButton, pos=over.center().toPoint())
    assert not view.zoomed and written(view, monkeypatch).keys() == ends.keys()


def test_ridges_name_the_epochs_that_are_seen(qtbot, monkeypatch):
    view, shown = Histograms(), two_layers()
    feed(qtbot, view, shown, (700, 180))
    qtbot.mouseClick(view.switch.buttons[1], Qt.MouseButton.LeftButton)
    view.show_result(shown, view.job(shown)())
    plot = view.plot_in(view.areas()[0])
    assert {"0", "6"} <= written(view, monkeypatch).keys()
    wheel(view, 600, round(plot.center().x()), round(plot.bottom() - 1))
    seen = written(view, monkeypatch)
    assert {text for text, area in seen.items() if area.right() < plot.left()} == {"4", "5"}
