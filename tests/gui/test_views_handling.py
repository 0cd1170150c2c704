"""What every picture can do: be looked at closer, copied, saved, and reached by keyboard."""

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QGuiApplication, QImage

from gui import views
from gui.i18n import number, tr
from gui.views import Boundary, ConfusionMatrix, Histograms, LossCurve, SignalByLayer, paint
from gui.views import export as exporting
from gui.views.zoom import Zoom
from tests.gui.frames import HIDDEN, SIGMOID, experiment, frame
from tests.gui.test_views_result import feed, wheel

SIZE = QRectF(0, 0, 200, 100)


def shown(epochs=6):
    return frame(experiment("gaussians", HIDDEN, SIGMOID), epochs)


def test_what_is_under_the_wheel_stays_there():
    zoom, at = Zoom(), QPointF(50, 80)
    before = zoom.inside(at)
    zoom.magnify(2, at, SIZE)
    assert zoom.on
    assert zoom.inside(at) == before
    zoom.move(QPointF(1000, 1000), SIZE)
    assert zoom.inside(QPointF(0, 0)) == QPointF(0, 0)  # no farther than the picture goes
    zoom.move(QPointF(-1000, -1000), SIZE)
    assert zoom.inside(QPointF(200, 100)) == QPointF(200, 100)
    zoom.magnify(0.1, at, SIZE)
    assert not zoom.on


def test_wheel_drag_and_double_click_on_a_painted_picture(qtbot):
    view = Histograms()
    feed(qtbot, view, shown(), (400, 200))
    whole = view.grab().toImage()
    wheel(view, 240, 10, 190)
    assert view.lens.scale == pytest.approx(1.25**2)
    assert view.grab().toImage() != whole
    corner = QPointF(view.lens.corner)
    qtbot.mousePress(view, Qt.MouseButton.LeftButton, pos=QPoint(100, 100))
    qtbot.mouseMove(view, QPoint(80, 100))
    move(view, QPoint(60, 100))
    qtbot.mouseRelease(view, Qt.MouseButton.LeftButton, pos=QPoint(60, 100))
    assert view.lens.corner.x() == pytest.approx(max(corner.x() - 40, 400 * (1 - view.lens.scale)))
    qtbot.mouseDClick(view, Qt.MouseButton.LeftButton, pos=QPoint(60, 100))
    assert not view.zoomed
    assert view.grab().toImage() == whole


def move(view, to):
    """Move the mouse over a widget with the left button down."""
    from PySide6.QtCore import QEvent
    from PySide6.QtGui import QMouseEvent
    from PySide6.QtWidgets import QApplication

    left = Qt.MouseButton.LeftButton
    event = QMouseEvent(QEvent.Type.MouseMove, QPointF(to), view.mapToGlobal(QPointF(to)),
                        Qt.MouseButton.NoButton, left, Qt.KeyboardModifier.NoModifier)  # fmt: skip
    QApplication.sendEvent(view, event)


def test_a_click_in_a_part_means_what_is_seen_there(qtbot):
    view = Histograms()
    feed(qtbot, view, shown(), (400, 200))
    second = view.areas()[1].center()
    view.magnify(3, second)
    with qtbot.waitSignal(view.picked) as picked:
        qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=second.toPoint())
    assert picked.args == [("layer", 1)]
    corner = view.lens.inside(QPointF(0, 0))
    assert corner.x() > 0


def test_dragging_a_part_picks_nothing(qtbot):
    view = Histograms()
    feed(qtbot, view, shown(), (400, 200))
    view.magnify(3)
    with qtbot.assertNotEmitted(view.picked):
        qtbot.mousePress(view, Qt.MouseButton.LeftButton, pos=QPoint(200, 100))
        move(view, QPoint(150, 100))
        qtbot.mouseRelease(view, Qt.MouseButton.LeftButton, pos=QPoint(150, 100))


def written(view, monkeypatch):
    """Return the words of a picture and where they stand."""
    seen, really = {}, paint.paint_label

    def note(painter, x, y, text, *more):
        seen[text] = really(painter, x, y, text, *more)
        return seen[text]

    monkeypatch.setattr(paint, "paint_label", note)
    view.grab()
    monkeypatch.setattr(paint, "paint_label", really)
    return seen


@pytest.mark.parametrize("kind", [Boundary, ConfusionMatrix, SignalByLayer])
def test_axes_stay_where_they_are_when_one_looks_closer(qtbot, monkeypatch, kind):
    view = kind()
    feed(qtbot, view, shown(3), (300, 330))
    before, pane = written(view, monkeypatch), view.pane()
    corner = pane.bottomLeft() + QPointF(4, -4)
    wheel(view, 480, round(corner.x()), round(corner.y()))
    assert view.zoomed and abs(view.pane().width() - pane.width()) < 20
    pane = view.pane()
    after = written(view, monkeypatch)
    assert all(view.rect().contains(area.center().toPoint()) for area in after.values())
    if kind is Boundary:
        (low_x, high_x), (low_y, high_y) = view.domain()
        first, second = view.inputs_at(*view.lens.inside(pane.topRight()).toTuple())
        assert {number(low_x, 2), number(low_y, 2), number(first, 2), number(second, 2)} <= set(after)
        assert number(high_x) not in after and first < high_x and second < high_y
    elif kind is ConfusionMatrix:
        assert "0" in after and "1" in before  # the names of the cells that are seen, at the pane's edge
        beside = [area for text, area in after.items() if text in ("0", "1") and area.right() < pane.left()]
        assert beside and all(pane.top() <= area.center().y() <= pane.bottom() for area in beside)
    else:
        assert "1" in after and "2" in before and "2" not in after  # layers: one is seen


def test_a_double_click_on_a_whole_picture_is_left_to_its_card(qtbot):
    from PySide6.QtWidgets import QVBoxLayout

    from gui.enlarging import Enlarging

    card, view = Enlarging(""), Histograms()
    QVBoxLayout().addWidget(card)
    card.body.addWidget(view)
    feed(qtbot, view, shown(), (400, 200))
    qtbot.addWidget(card)
    card.resize(500, 300)
    card.show()
    with qtbot.waitSignal(card.enlarged):
        qtbot.mouseDClick(view, Qt.MouseButton.LeftButton, pos=view.rect().center())
    view.magnify(2)
    with qtbot.assertNotEmitted(card.enlarged):
        qtbot.mouseDClick(view, Qt.MouseButton.LeftButton, pos=view.rect().center())


def test_curves_look_closer_with_their_axes(qtbot):
    view = LossCurve()
    feed(qtbot, view, shown(20), (400, 250))
    whole = view.plot.viewRange()
    wheel(view.plot.viewport(), 360)
    (left, right), (low, high) = view.plot.viewRange()
    assert view.zoomed
    assert whole[0][0] <= left < right <= whole[0][1]
    assert (right - left) == pytest.approx((whole[0][1] - whole[0][0]) / 1.25**3)
    view.show_frame(shown(21))
    assert view.plot.viewRange() == [[left, right], [low, high]]  # training on does not take it away
    viewport = view.plot.viewport()
    qtbot.mousePress(viewport, Qt.MouseButton.LeftButton, pos=viewport.rect().center())
    move(viewport, viewport.rect().center() - QPoint(15, 0))
    qtbot.mouseRelease(viewport, Qt.MouseButton.LeftButton)
    assert view.plot.viewRange()[0][0] > left
    qtbot.mouseDClick(viewport, Qt.MouseButton.LeftButton, pos=viewport.rect().center())
    assert not view.zoomed
    assert view.plot.viewRange() == whole


def test_the_picture_is_copied_as_it_is_seen_and_sharper(qtbot):
    view = Boundary()
    feed(qtbot, view, shown(), (240, 280))
    view.copy_picture()
    image = QGuiApplication.clipboard().image()
    assert (image.width(), image.height()) == (480, 560)
    assert len({image.pixelColor(x, 200).name() for x in range(40, 460, 7)}) > 3


def test_the_picture_and_its_data_are_saved(qtbot, monkeypatch, tmp_path):
    view, asked = LossCurve(), []

    def ask(parent, title, start, kinds, endings=()):
        asked.append((start, kinds, endings[0]))
        return str(tmp_path / start)

    monkeypatch.setattr(exporting, "ask_file", ask)
    feed(qtbot, view, shown(), (300, 200))
    view.save_picture()
    view.save_table()
    assert asked == [("loss_curve.png", "PNG (*.png)", ".png"), ("loss_curve.csv", "CSV (*.csv)", ".csv")]
    assert not QImage(str(tmp_path / "loss_curve.png")).isNull()
    assert (tmp_path / "loss_curve.csv").read_text(encoding="utf-8").startswith("epoch,train_loss")


def test_a_file_that_cannot_be_written_is_said(qtbot, monkeypatch, tmp_path):
    said = []
    monkeypatch.setattr(exporting, "ask_file", lambda *_, **__: str(tmp_path / "no" / "folder.png"))
    monkeypatch.setattr(exporting.QMessageBox, "warning", lambda *words: said.append(words[2]))
    view = Histograms()
    feed(qtbot, view, shown(), (300, 200))
    view.save_picture()
    view.save_table()
    assert len(said) == 2
    assert all("could not be written" in text for text in said)


@pytest.mark.parametrize("name", [name for name in views.__all__ if name not in ("Picture", "View")])
def test_every_picture_has_a_menu_and_can_be_reached_by_tab(qtbot, name):
    of = {"FirstLayer": "digits", "FittedCurve": "sine"}.get(name, "gaussians")
    last = {"digits": {"units": 10, "activation": "softmax"}, "sine": {"units": 1, "activation": "linear"}}
    loss = {"digits": "categorical_cross_entropy", "sine": "mse"}.get(of, "binary_cross_entropy")
    view = getattr(views, name)()
    feed(qtbot, view, frame(experiment(of, HIDDEN, last.get(of, SIGMOID), loss=loss), 2), (400, 200))
    assert view.focusPolicy() & Qt.FocusPolicy.TabFocus
    assert view.accessibleDescription()
    menu = view.menu()
    texts = [action.text() for action in menu.actions() if not action.isSeparator()]
    assert tr("Copy the picture") in texts
    assert (tr("Save data as CSV…") in texts) == bool(view.table())
    menu.deleteLater()


def test_every_picture_with_numbers_gives_them(qtbot):
    sources = {path.stem: path.read_text(encoding="utf-8") for path in Path("gui/views").glob("*.py")}
    without = [name for name, text in sources.items() if "(View)" in text and "def table" not in text]
    assert sorted(without) == ["over_layers", "plot"]  # whose views have one each


def test_a_sentence_that_is_clicked_points_out_its_layer_in_the_window(qtbot, controller, show_window):
    from engine.analysis.finding import WARNING, Finding

    window = show_window(1280, 720)
    window.bottom.pages.open("weights")
    words = window.bottom.findings
    words.show_result(controller.frame, [Finding("saturated", WARNING, ("layer", 0), {"share": 0.7})])
    words.grab()
    qtbot.mouseClick(words, Qt.MouseButton.LeftButton, pos=words._areas[0].center().toPoint())
    assert window.network.canvas.pointed == ("layer", 0)
    assert window.bottom.pages.histograms._pointed == 0
    words.show_result(controller.frame, [Finding("plateau", WARNING, ("epoch", 3.0),
                                                 {"epoch": 3.0, "loss": 0.5})])  # fmt: skip
    words.grab()
    qtbot.mouseClick(words, Qt.MouseButton.LeftButton, pos=words._areas[0].center().toPoint())
    assert window.network.canvas.pointed is None
    assert window.result.curve.pin.isVisible()


def test_menu_and_keys_copy_the_picture_that_has_the_focus(qtbot, controller, show_window):
    window = show_window(1280, 720)
    window.bottom.pages.open("weights")
    view = window.bottom.pages.histograms
    qtbot.waitUntil(lambda: bool(view.summary()))
    view.setFocus()
    window.actions_by_key["copy_picture"].trigger()
    assert QGuiApplication.clipboard().image().size() == view.size() * exporting.SHARPNESS
    window.actions_by_key["copy_data"].trigger()
    assert QGuiApplication.clipboard().text().startswith("layer,from,to,weights")
    window.actions_by_key["closer"].trigger()
    assert view.zoomed
    window.actions_by_key["whole"].trigger()
    assert not view.zoomed


@pytest.mark.parametrize("code", ["en", "pt"])
def test_no_tab_is_cut_where_all_are_shown_and_the_window_is_narrow(qtbot, code):
    from PySide6.QtWidgets import QApplication

    from gui.i18n import language
    from gui.pages import Pages
    from gui.theme import apply

    language.set(code)
    apply(QApplication.instance())
    pages = Pages()
    qtbot.addWidget(pages)
    pages.show_experiment(experiment("digits", HIDDEN, {"units": 10, "activation": "softmax"},
                                     loss="categorical_cross_entropy"))  # fmt: skip
    pages.show()
    seen = [index for index in range(pages.bar.count()) if pages.bar.isTabVisible(index)]
    assert len(seen) == 7
    for width in (1000, 770, 590, 520):
        pages.resize(width, 200)
        pages.bar.setCurrentIndex(seen[-1])  # which is written in bold
        QApplication.processEvents()
        assert pages.bar.tabRect(seen[-1]).right() <= pages.ways.x(), width
    assert pages.bar.tabText(seen[1]) == tr("Images")
    assert pages.bar.tabToolTip(seen[1]) == tr("First layer")
    pages.resize(1000, 200)
    assert pages.bar.tabText(seen[1]) == tr("First layer")
