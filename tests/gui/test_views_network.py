"""The pictures of the weights, of the surface and of what is found."""

import json
import re
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication

from engine.analysis.finding import GOOD, WARNING, Finding
from gui import views
from gui.i18n import language
from gui.theme import THEMES, themes
from gui.views import Findings, FirstLayer, Histograms, LossCurve, LossSurface
from gui.views.finding_words import sentence
from gui.views.ticks import Scale, ceiling, ticks
from tests.gui.frames import HIDDEN, SIGMOID, experiment, frame
from tests.gui.painted import cut, on_each_other, recorded
from tests.gui.test_views_result import feed, near, wheel

ALL = [getattr(views, name) for name in views.__all__ if name not in ("Picture", "View")]
DIGITS = {"units": 10, "activation": "softmax"}


def digits():
    return experiment("digits", {"units": 6, "activation": "relu"}, DIGITS, loss="categorical_cross_entropy")


@pytest.mark.parametrize("kind", ALL)
@pytest.mark.parametrize("size", [(180, 90), (236, 150), (900, 260)])
def test_every_picture_can_be_empty_or_shown_in_every_theme_and_language(qtbot, kind, size):
    for name in ("gaussians", "sine", "digits"):
        of = {
            "gaussians": experiment("gaussians", HIDDEN, SIGMOID),
            "sine": experiment("sine", HIDDEN, {"units": 1, "activation": "linear"}, loss="mse"),
            "digits": digits(),
        }[name]
        view = kind()
        qtbot.addWidget(view)
        view.resize(*size)
        view.grab()
        if view.fits(of):
            feed(qtbot, view, frame(of, 2), size)
            assert view.summary()
            assert view.accessibleDescription() == view.summary()
            english = view.summary()
            for theme in ("light", "contrast", "dark"):
                themes.set(theme)
                view.grab()
            language.set("pt")
            assert view.summary() != english
            view.grab()
            language.set("en")


def test_bars_stand_where_the_weights_are(qtbot):
    view = Histograms()
    image = feed(qtbot, view, frame(experiment("gaussians", SIGMOID, data={"name": "gaussians"}),
                                    pairs=[(np.array([[2.9], [2.9]]), np.zeros(1))]), (240, 160))  # fmt: skip
    area = view.areas()[0]
    row = [image.pixelColor(x, int(area.bottom() - 30)) for x in range(int(area.left()), int(area.right()))]
    bars = [x for x, colour in enumerate(row) if near(colour, "#449a92", 40)]
    assert bars
    assert min(bars) > 0.9 * area.width()


def test_layers_without_room_are_left_out_in_the_middle(qtbot):
    layers = [{"units": 3, "activation": "tanh"}] * 9
    view = Histograms()
    feed(qtbot, view, frame(experiment("gaussians", *layers, SIGMOID)), (440, 150))
    assert view.shown_layers() == [0, 1, 8, 9]
    with qtbot.waitSignal(view.picked) as picked:
        centre = view.areas()[8].center().toPoint()
        qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=centre)
    assert picked.args == [("layer", 8)]
    assert "Layer 9" in view.hint(centre.x(), centre.y())


def test_the_images_of_the_first_layer_are_the_right_way_up(qtbot):
    view, of = FirstLayer(), digits()
    assert view.fits(of)
    assert not view.fits(experiment("gaussians", SIGMOID))
    weight = np.zeros((64, 6))
    weight[7, 0] = 1.0  # the last pixel of the top row
    weight[56, 0] = -1.0  # the first pixel of the bottom row
    image = feed(qtbot, view, frame(of, pairs=[(weight, np.zeros(6)), (np.zeros((6, 10)), np.zeros(10))]),
                 (600, 150))  # fmt: skip
    tile = view.tile(0)
    assert near(image.pixelColor(int(tile.right()) - 3, int(tile.top()) + 3), THEMES["dark"].positive)
    assert near(image.pixelColor(int(tile.left()) + 3, int(tile.bottom()) - 3), THEMES["dark"].negative)
    assert view.hint(tile.right() - 3, tile.top() + 3) == "unit 1, pixel in row 1, column 8: weight 1"
    with qtbot.waitSignal(view.picked) as picked:
        qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=view.tile(4).center().toPoint())
    assert picked.args == [("unit", 0, 4)]


def test_the_surface_marks_start_and_now_and_says_how_honest_it_is(qtbot):
    view = LossSurface()
    image = feed(qtbot, view, frame(experiment("gaussians", HIDDEN, SIGMOID), 12), (700, 170))
    land = view._shown.landscape
    now, start = view.place(0, 0), view.place(*land.path[0])
    assert near(image.pixelColor(int(now.x()), int(now.y())), "#10151c")
    assert near(image.pixelColor(int(start.x()), int(start.y())), "#ffffff")
    assert view.map_area().contains(now)
    assert view.map_area().contains(start)
    first, second, third = view.sentences()
    assert first == f"The plane shows {100 * land.explained:.0f}% of the path."
    assert "the true loss is" in second
    assert third == "Mean over all 250 training rows."
    assert len(view.table()) == 64 * 64 + 1
    assert view.hint(now.x(), now.y()).startswith("loss ")


def test_low_losses_are_dark_and_high_ones_light(qtbot):
    view = LossSurface()
    image = feed(qtbot, view, frame(experiment("gaussians", HIDDEN, SIGMOID), 12), (700, 300))
    land, area = view._shown.landscape, view.map_area()

    def at(which):
        row, column = np.unravel_index(which(land.losses), land.losses.shape)
        point = view.place(land.alphas[column], land.betas[row])
        x = min(max(point.x(), area.left() + 8), area.right() - 8)
        y = min(max(point.y(), area.top() + 8), area.bottom() - 8)
        return image.pixelColor(int(x), int(y)).lightness()

    assert at(np.argmax) > at(np.argmin) + 60


def test_a_broken_network_keeps_the_last_surface(qtbot):
    view, of = LossSurface(), experiment("gaussians", SIGMOID)
    broken = frame(of, pairs=[(np.full((2, 1), np.nan), np.zeros(1))])
    assert view.job(broken) is None


def test_findings_are_said_in_both_languages_and_lead_to_their_place(qtbot):
    view = Findings()
    of = experiment("gaussians", {**HIDDEN, "initializer": "zeros"}, {**SIGMOID, "initializer": "zeros"})
    feed(qtbot, view, frame(of), (240, 200))
    assert view.sentences()[0].startswith("Layer 1: all 4 units are identical")
    with qtbot.waitSignal(view.picked) as picked:
        qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=view._areas[0].center().toPoint())
    assert picked.args == [("layer", 0)]
    language.set("pt")
    assert view.sentences()[0].startswith("Camada 1: todas as 4 unidades são idênticas")


def test_findings_that_do_not_fit_are_counted(qtbot):
    view = Findings()
    feed(qtbot, view, frame(experiment("gaussians", SIGMOID)), (200, 80))
    dead = Finding("dead", WARNING, ("layer", 0), {"units": 2, "of": 4})
    view.show_result(frame(experiment("gaussians", SIGMOID)), [dead] * 5 + [Finding("healthy", GOOD)])
    view.grab()
    assert len(view._areas) < 3
    assert view.hint(20, 79).count("\n") == 5 - len(view._areas)


def test_every_kind_of_finding_has_a_sentence_of_its_own(qtbot):
    source = "".join(
        Path(f"engine/analysis/{name}.py").read_text(encoding="utf-8") for name in ("detectors", "trends")
    )
    kinds = set(re.findall(r'Finding\(\s*"(\w+)"', source))
    names = ("units", "epoch", "epochs", "share", "std", "best", "now", "first", "last", "layer", "ratio",
             "loss", "low", "high", "update", "norm")  # fmt: skip
    values = {**dict.fromkeys(names, 1.0), "of": 2.0}
    for code in ("en", "pt"):
        language.set(code)
        said = {kind: sentence(Finding(kind, GOOD, ("layer", 0), values)) for kind in kinds}
        assert len(set(said.values())) == len(said) >= 17
        assert not any("{" in text for text in said.values())


def test_findings_are_reached_by_wheel_and_keyboard(qtbot):
    view = Findings()
    feed(qtbot, view, frame(experiment("gaussians", SIGMOID)), (200, 80))
    found = [Finding("dead", WARNING, ("layer", layer), {"units": 2, "of": 4}) for layer in range(6)]
    view.show_result(frame(experiment("gaussians", SIGMOID)), found)
    view.grab()
    assert min(view._areas) == 0
    wheel(view, -120)
    view.grab()
    assert min(view._areas) == 1
    for _ in range(9):
        wheel(view, -120)
        view.grab()
    assert max(view._areas) == 5
    view.setFocus()
    for _ in range(4):
        qtbot.keyClick(view, Qt.Key.Key_Down)
        view.grab()
    assert view.current == 4
    with qtbot.waitSignal(view.picked) as picked:
        qtbot.keyClick(view, Qt.Key.Key_Return)
    assert picked.args == [("layer", 4)]
    for _ in range(5):
        qtbot.keyClick(view, Qt.Key.Key_Up)
        view.grab()
    assert view.current == min(view._areas) == 0


def test_findings_that_are_hidden_are_counted_on_both_sides_and_shown_by_a_click(qtbot):
    view = Findings()
    feed(qtbot, view, frame(experiment("gaussians", SIGMOID)), (220, 110))
    found = [Finding("dead", WARNING, ("layer", layer), {"units": 2, "of": 4}) for layer in range(6)]
    view.show_result(frame(experiment("gaussians", SIGMOID)), found)
    view.setFocus()

    def written() -> list[str]:
        with recorded() as words:
            view.grab()
        assert cut(words) == [] and on_each_other(words) == []
        return [word.text for word in words]

    written()
    pages, shown = 0, set()
    while (more := f"and {5 - max(view._areas)} more") in written():
        shown |= set(view._areas)
        qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=QPoint(40, view.height() - 8))
        pages += 1
        texts = written()
        assert f"{min(view._areas)} more above" in texts and more not in texts
        assert view.current in set(view._areas) - shown  # the frame stands on what was asked for
        assert view.hint(40, 4).count("\n") == min(view._areas) - 1
    assert pages >= 2 and shown | set(view._areas) == set(range(6))
    for _ in range(pages):
        qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=QPoint(40, 4))
        written()
    assert min(view._areas) == 0
    wheel(view, -120)
    wheel(view, -120)
    assert "2 more above" in written()
    view.resize(400, 600)  # as when the card is enlarged
    assert written() == view.sentences() and set(view._areas) == set(range(6))


def test_an_epoch_that_is_picked_is_marked_on_the_curve(qtbot):
    curve = LossCurve()
    feed(qtbot, curve, frame(experiment("gaussians", HIDDEN, SIGMOID), 6), (300, 150))
    curve.point_out(("epoch", 4.0))
    assert curve.pin.isVisible()
    assert curve.pin.value() == 4
    curve.point_out(("layer", 1))
    assert not curve.pin.isVisible()


def test_what_is_picked_in_words_is_framed_on_the_canvas_and_in_the_window(qtbot, english):
    from gui.canvas import NetworkCanvas
    from tests.gui.fakes import FakeController

    canvas = NetworkCanvas(FakeController())
    qtbot.addWidget(canvas)
    canvas.resize(700, 400)

    def ring(place):
        canvas.point_out(place)
        image = canvas.grab().toImage()
        return sum(near(image.pixelColor(x, y), THEMES["dark"].accent, 30)
                   for x in range(0, 700, 2) for y in range(0, 400, 2))  # fmt: skip

    assert ring(None) == ring(("epoch", 3.0)) == ring(("layer", 9)) == 0
    unit, layer = ring(("unit", 1, 2)), ring(("layer", 1))
    assert 0 < unit < layer


def test_data_are_copied_as_csv(qtbot):
    view = LossSurface()
    feed(qtbot, view, frame(experiment("gaussians", SIGMOID), 3), (400, 150))
    view.copy_table()
    lines = QGuiApplication.clipboard().text().splitlines()
    assert lines[0] == "direction_1,direction_2,loss"
    assert len(lines) == 64 * 64 + 1


def test_axis_numbers_are_round():
    assert ticks(0, 0.8, 5) == pytest.approx([0, 0.2, 0.4, 0.6, 0.8])
    assert ticks(-6, 6, 4) == [-5, 0, 5]
    assert ticks(0, 200, 5) == [0, 50, 100, 150, 200]
    assert len(ticks(1.13, 1.14, 3)) <= 3
    assert ceiling(0.726) == 0.8
    assert ceiling(0) == 1


def test_a_wide_scale_is_logarithmic():
    wide, narrow = Scale(0.01, 100), Scale(1, 2)
    assert wide.logarithmic
    assert not narrow.logarithmic
    assert wide.value(0.5) == pytest.approx(1)
    assert narrow.position(np.array([1.5, 9.0])).tolist() == [0.5, 1.0]


def test_the_portuguese_of_the_views_is_used():
    words = json.loads(Path("resources/translations/pt_BR/views.json").read_text(encoding="utf-8"))
    source = "".join(path.read_text(encoding="utf-8") for path in Path("gui/views").glob("*.py"))
    joined = re.sub(r'"\s*\n\s*"', "", source)
    unused = [word for word in words if f'"{word}"' not in joined and f"'{word}'" not in joined]
    assert not unused
