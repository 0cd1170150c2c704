"""The panels: each control shows the experiment, proposes another, and follows what others change."""

from pathlib import Path
from types import SimpleNamespace

import pytest
from PySide6.QtCore import QEvent, QPointF, QRect, Qt
from PySide6.QtGui import QEnterEvent, QFocusEvent, QFontMetrics
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLineEdit, QSlider, QWidget
from pytestqt.qtbot import QtBot

from engine.choices import DATASETS
from engine.choices.datasets import READY
from engine.edits import choose_data
from engine.session import Session
from gui.i18n import language
from gui.panels.data import DataPanel
from gui.panels.data_pictures import picture
from gui.panels.descent import DescentPanel
from gui.panels.gallery import DataThumbnail, groups
from gui.panels.side_column import SideColumn
from gui.panels.start import StartPanel
from gui.panels.top_bar import TopBar
from gui.theme import THEMES, font, px, themes
from tests.gui.panels import Make, enter


def controls(widget: QWidget) -> list[QWidget]:
    kinds = (QAbstractButton, QComboBox, QLineEdit, QSlider)
    found = [child for kind in kinds for child in widget.findChildren(kind)]
    return [child for child in found if child.isVisibleTo(widget)]


@pytest.mark.parametrize("kind", [DataPanel, StartPanel, DescentPanel, TopBar, SideColumn])
def test_every_control_has_a_name_and_the_keyboard(make: Make, kind: type) -> None:
    _, panel = make(kind)
    found = controls(panel)
    assert found
    for control in found:
        assert control.accessibleName(), control
        assert control.focusPolicy() & Qt.FocusPolicy.TabFocus, control.accessibleName()


@pytest.mark.parametrize("kind", [DataPanel, StartPanel, DescentPanel, TopBar])
def test_languages_and_themes_switch_live(make: Make, kind: type) -> None:
    _, panel = make(kind)
    english = {control.accessibleName() for control in controls(panel)}
    for name in THEMES:
        themes.set(name)
        assert not panel.grab().isNull()
    language.set("pt")
    portuguese = {control.accessibleName() for control in controls(panel)}
    assert len(english & portuguese) < len(english) / 2
    language.set("en")
    assert {control.accessibleName() for control in controls(panel)} == english


@pytest.mark.parametrize("name", READY)
def test_every_data_set_can_be_chosen_and_shown(make: Make, name: str) -> None:
    controller, panel = make(DataPanel)
    panel.choose(name)
    assert controller.experiment.data.name == name
    assert [one.key for one in panel.thumbnails.thumbnails if one.isChecked()] == [name]
    assert not panel.grab().isNull()
    entry = DATASETS[name]
    assert panel.noise.isEnabledTo(panel) == entry.noisy
    assert panel.samples.isEnabledTo(panel) == entry.split
    assert controller.messages == []


def test_rows_of_ones_own_are_shown(make: Make, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("size,city,kind\n" + "1,Natal,u\n2,Recife,v\n3,Natal,u\n" * 9)
    controller, panel = make(DataPanel)
    chosen = controller.experiment
    for own, samples in (
        (choose_data(chosen, "csv", path=str(tmp_path / "a.csv")), True),
        (choose_data(chosen, "points", points=[[0, 1, 0], [1, 0, 1], [2, 2, 2]]), False),
    ):
        controller.attempt(lambda own=own: own, "Data")
        assert [one.key for one in panel.thumbnails.thumbnails if one.isChecked()] == [own.data.name]
        symbol = panel.thumbnails.thumbnails[-1].grab().toImage()
        controller.frame_changed.emit(SimpleNamespace(experiment=own, data=Session(own).data))
        assert panel.thumbnails.thumbnails[-1].grab().toImage() != symbol, "the rows themselves"
        assert panel.samples.isEnabledTo(panel) == samples and not panel.noise.isEnabledTo(panel)
        panel.choose(own.data.name)
        assert controller.experiment == own, "what is chosen already stays as it is"
        panel.choose("circle")
        assert panel.thumbnails.thumbnails[-1].key == "digits"


@pytest.mark.parametrize("name", DATASETS)
def test_every_picture_shows_something_and_not_another_sets(qtbot: QtBot, name: str) -> None:
    drawn = {key: picture(key, 50, 1.0).toImage() for key in DATASETS}
    colours = {drawn[name].pixel(x, y) for x in range(50) for y in range(50)}
    assert len(colours) > 3
    assert not any(drawn[name] == drawn[other] for other in DATASETS if other != name)


def test_thumbnails_choose(make: Make) -> None:
    controller, panel = make(DataPanel)
    circle = next(one for one in panel.thumbnails.thumbnails if one.key == "circle")
    assert circle.accessibleName() == "Circle"
    QTest.mouseClick(circle, Qt.MouseButton.LeftButton)
    assert controller.experiment.data.name == "circle"
    moons = next(one for one in panel.thumbnails.thumbnails if one.key == "moons")
    moons.setFocus()
    QTest.keyClick(moons, Qt.Key.Key_Space)
    assert controller.experiment.data.name == "moons"


def test_the_gallery_holds_every_data_set(make: Make) -> None:
    assert sorted(key for keys in groups().values() for key in keys) == sorted(DATASETS)
    assert groups()["Your own"] == ["points", "csv"]
    controller, panel = make(DataPanel)
    panel.open_gallery()
    panel.gallery.picked.emit("iris")
    assert controller.experiment.data.name == "iris"
    assert panel.gallery is None
    panel.open_gallery()
    own = next(one for one in panel.gallery.findChildren(DataThumbnail) if one.key == "points")
    QTest.mouseClick(own, Qt.MouseButton.LeftButton)
    assert controller.experiment.data.name == "points"
    assert controller.messages == ["The pencil above the result draws more of them (Ctrl+E)."]


@pytest.mark.parametrize("code", ["en", "pt"])
@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_every_data_set_has_its_name_below_its_picture(make: Make, code: str, scale: float) -> None:
    language.set(code)
    themes.set_scale(scale)
    _, panel = make(DataPanel)
    panel.open_gallery()
    assert 3 <= panel.gallery.columns <= 6
    for one in panel.gallery.findChildren(DataThumbnail):
        metrics = QFontMetrics(font("small", bold=True))
        room, name = QRect(0, 0, one.width(), 999), one.accessibleName()
        words = metrics.boundingRect(room, Qt.TextFlag.TextWordWrap, name)
        assert words.width() <= one.width() and one.height() >= px(one.SIDE) + words.height()
    panel.gallery.window().close()


def test_the_head_names_the_data_set_that_is_looked_at(make: Make) -> None:
    _, panel = make(DataPanel)
    moons = next(one for one in panel.thumbnails.thumbnails if one.key == "moons")
    said = [panel.header.remark.text()]
    for event in (
        QEnterEvent(*[QPointF()] * 3), QEvent(QEvent.Type.Leave), QFocusEvent(QEvent.Type.FocusIn),
    ):  # fmt: skip
        QApplication.sendEvent(moons, event)
        said.append(panel.header.remark.text())
    assert said == ["Spiral", "Two moons", "Spiral", "Two moons"]


def test_data_fields_propose(make: Make) -> None:
    controller, panel = make(DataPanel)
    language.set("pt")
    enter(panel.noise.field, "0,2")
    enter(panel.training.field, "80%")
    enter(panel.samples, "300")
    enter(panel.seed, "7")
    data = controller.experiment.data
    assert (data.noise, data.test_fraction, data.samples) == (0.2, 0.2, 300)
    assert controller.experiment.seeds.data == 7
    assert [text for _, text in controller.undone][0] == "Ruído: 0,2"
    for _ in range(4):
        controller.undo()
    shown = panel.noise.field.text(), panel.training.field.text(), panel.samples.text()
    assert shown == ("0", "50%", "500")


def test_features_keep_at_least_one(make: Make) -> None:
    controller, panel = make(DataPanel)
    chips = panel.features.inline.chips
    chips["x1^2"].click()
    assert controller.experiment.data.features == ("x1", "x2", "x1^2")
    for key in ("x1", "x2", "x1^2"):
        chips[key].click()
    assert controller.experiment.data.features == ("x1^2",)
    assert chips["x1^2"].isChecked()
