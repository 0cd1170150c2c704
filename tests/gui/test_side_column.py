"""The column at the left: nothing unusual hidden, nothing cut, sections that open, icons that tell."""

from collections.abc import Iterator
from copy import deepcopy

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from engine.choices import INITIALIZERS, OPTIMIZERS, SCHEDULES
from engine.experiment import (
    from_plain,
)  # fmt: skip
from gui.i18n import language
from gui.panels.data import DataPanel
from gui.panels.descent import DescentPanel
from gui.panels.generalize import GeneralizePanel
from gui.panels.side_column import INNER, SideColumn
from gui.panels.start import StartPanel
from gui.theme import dress, themes
from gui.widgets.combo import ComboBox
from tests.gui.fakes import FakeController
from tests.gui.panels import Make, enter, press

EVERYTHING = {
    "data": {"name": "spiral", "classes": 3, "label_noise": 0.1, "validation_fraction": 0.2,
             "class_shares": [1, 2, 3], "scaling": "minmax"},
    "network": {"layers": [
        {"units": 4, "initializer": "orthogonal", "dropout": 0.25, "batch_norm": True,
         "bias_initializer": "normal"},
        {"units": 3, "activation": "softmax", "bias_initializer": "normal"}]},
    "loss": "categorical_cross_entropy",
    "schedule": {"name": "step", "every": 20},
    "regularization": {"l2": 0.01, "max_norm": 3, "gradient_clip": 0.5, "class_weights": "balanced"},
    "training": {"precision": "float64", "target_loss": 0.1, "early_stopping": {"patience": 12},
                 "augmentation": {"input_noise": 0.1, "jitter": 0.2}},
    "seeds": {"order": 4},
}  # fmt: skip
WORDS = ("3 classes", "wrong labels 10%", "validation 20%", "classes 1 : 2 : 3", "clipped by norm: 0.5",
         "until the loss is 0.1", "64 bits", "Order seed: 4", "Every … epochs: 20", "early stopping 12",
         "batch norm. before activation", "norms up to 3", "classes balanced", "input noise 0.1",
         "jitter 0.2")  # fmt: skip


@pytest.fixture
def column(qtbot: QtBot, make: Make) -> Iterator[SideColumn]:
    window = QWidget()
    qtbot.addWidget(window)
    controller = FakeController()
    controller.setParent(window)
    made = SideColumn(controller, window)
    show(made, 1920, 1080)
    window.show()
    qtbot.waitExposed(window)
    yield made
    if made.flyout is not None:
        made.flyout.close()


def show(column: SideColumn, width: int, height: int) -> None:
    column.parentWidget().resize(width, height)
    column.setGeometry(12, 96, 292, height - 108)
    column.adapt(QSize(width, height))
    for _ in range(3):
        QApplication.processEvents()


def said(column: SideColumn) -> str:
    return " · ".join(panel.summary.text() for panel in column.panels if panel.summary.isVisible())


def fits(column: SideColumn) -> None:
    for _ in range(3):
        QApplication.processEvents()
    last = column.panels[-1]
    assert last.mapTo(column, last.rect().bottomLeft()).y() <= column.height() - 8
    for panel in column.panels:
        assert panel.height() >= panel.rows.totalHeightForWidth(panel.width())


@pytest.mark.parametrize("code", ["en", "pt"])
@pytest.mark.parametrize("size", [(1920, 1080), (1600, 900)])
def test_what_is_not_as_usual_is_said_in_the_column(
    column: SideColumn, size: tuple[int, int], code: str
) -> None:
    show(column, *size)
    assert said(column) == ""
    column.controller.propose(from_plain(EVERYTHING), "")
    assert all(word in said(column) for word in WORDS), said(column)
    language.set(code)
    fits(column)
    assert said(column)


def test_nothing_unusual_is_hidden_however_low_the_window(column: SideColumn) -> None:
    """Whatever line is put away says what it holds: every number of a choice that is not as published."""
    plain = {**deepcopy(EVERYTHING), "optimizer": {"name": "adam", "beta1": 0.8},
             "loss": {"name": "huber", "delta": 0.7}}  # fmt: skip
    plain["network"]["layers"][0]["batch_norm"] = {"name": "after", "momentum": 0.6}
    for layer in plain["network"]["layers"]:
        layer["bias_initializer"] = {"name": "normal", "std": 0.11}
    column.controller.propose(from_plain(plain), "")
    hidden = [word for panel in column.panels for word in panel.words_of(list(panel.words))]
    wanted = {"Beta 1: 0.8", "Huber", "Delta: 0.7", "Momentum: 0.6", "biases: Normal", "Std. deviation: 0.11"}
    assert wanted <= set(hidden)


def test_a_click_on_the_words_opens_the_section(column: SideColumn) -> None:
    column.controller.propose(from_plain(EVERYTHING), "")
    QTest.mouseClick(column.panels[3].summary, Qt.MouseButton.LeftButton)
    assert column.flyout is not None
    whole = column.flyout.content
    assert isinstance(whole, GeneralizePanel)
    assert whole.summary.isHidden() and whole.largest.isVisible()
    enter(whole.largest, "5")
    assert column.controller.experiment.regularization.max_norm == 5
    assert "norms up to 5" in said(column)


def test_a_section_opened_grows_with_what_is_chosen(column: SideColumn) -> None:
    column.open_by_key("generalize")
    column.open_by_key("generalize")  # the first time it takes the keyboard
    flyout = column.flyout
    before = flyout.height()
    press(flyout.content.early)
    QApplication.processEvents()
    assert flyout.height() > before
    assert flyout._area.verticalScrollBar().maximum() == 0


def test_icons_tell_that_something_is_not_as_usual(column: SideColumn) -> None:
    show(column, 1280, 720)
    assert column.mode == "folded"
    icon = column._icons[3]
    before, plain = icon.grab().toImage(), icon.toolTip()
    column.controller.propose(from_plain(EVERYTHING), "")
    assert icon.grab().toImage() != before
    assert "dropout 25%" in icon.toolTip() and "dropout 25%" in icon.accessibleDescription()
    column.controller.undo()
    assert icon.toolTip() == plain and icon.accessibleDescription() == ""


@pytest.mark.parametrize("size", [(1920, 1080), (1600, 900)])
def test_the_column_fits_whatever_was_chosen_before(column: SideColumn, size: tuple[int, int]) -> None:
    show(column, *size)
    for optimizer in ("adagrad", "adam", "rprop", "lbfgs", "adam"):
        column.panels[2].choose(optimizer)
        fits(column)
    for schedule in ("warmup_cosine", "constant", "cosine"):
        column.panels[2].schedule.box.activated.emit(column.panels[2].schedule.box.keys().index(schedule))
        fits(column)
    column.panels[1].choose("variance_scaling")
    fits(column)
    themes.set_scale(1.0)


@pytest.mark.parametrize("code", ["en", "pt"])
@pytest.mark.parametrize("kind", [DataPanel, StartPanel, DescentPanel, GeneralizePanel])
def test_every_line_is_as_wide_as_the_column_at_most(make: Make, kind: type, code: str) -> None:
    """With everything on and shown, in both languages: no label, caption or chosen name is cut."""
    language.set(code)
    _, panel = make(kind, from_plain(EVERYTHING))
    nothing_is_cut(panel)


@pytest.mark.parametrize("code", ["en", "pt"])
def test_nothing_is_cut_whatever_is_chosen(make: Make, code: str) -> None:
    language.set(code)
    _, panel = make(StartPanel)
    for name in [key for key in INITIALIZERS if key != "from_file"]:
        panel.choose(name)
        nothing_is_cut(panel)
    _, panel = make(DescentPanel)
    for name in OPTIMIZERS:
        panel.choose(name)
        nothing_is_cut(panel)
    panel.choose("sgd")
    for index in range(len(SCHEDULES)):
        panel.schedule.box.activated.emit(index)
        nothing_is_cut(panel)


def nothing_is_cut(panel: QWidget) -> None:
    QApplication.processEvents()
    for line in panel._lines:
        if line.isVisible():
            assert line.minimumSizeHint().width() <= INNER, line
    for box in panel.findChildren(ComboBox):
        words = [box.itemText(index) for index in range(box.count())] if box.isVisible() else []
        if box.property("kind") == "main":
            words = [box.currentText()] if box.isVisible() else []
        widest = max(map(box.fontMetrics().horizontalAdvance, words), default=0)
        assert box.isHidden() or widest + 33 <= box.width(), (box.accessibleName(), words)


def every_section_is_whole(column: SideColumn) -> None:
    for _ in range(3):
        QApplication.processEvents()
    for panel in column.panels:
        bottom = panel.mapTo(column, panel.rect().bottomLeft()).y()
        assert bottom <= column.height() - 8
        assert panel.height() >= panel.rows.totalHeightForWidth(panel.width())


@pytest.mark.parametrize(("size", "mode"), [
    ((1920, 1080), "full"), ((1600, 900), "short"), ((1280, 720), "folded"),
])  # fmt: skip
@pytest.mark.parametrize("code", ["en", "pt"])
def test_the_column_fits(qtbot: QtBot, make: Make, size: tuple[int, int], mode: str, code: str) -> None:
    language.set(code)
    window = QWidget()
    dress(window)
    qtbot.addWidget(window)
    controller = FakeController()
    controller.setParent(window)
    column = SideColumn(controller, window)
    dress(window)
    window.resize(*size)
    column.setGeometry(12, 96, 292, size[1] - 108)
    window.show()
    qtbot.waitExposed(window)
    column.adapt(QSize(*size))
    assert column.mode == mode
    if mode != "folded":
        every_section_is_whole(column)
        panel = column.panels[1]
        panel.choose("normal")  # the most lines that there are
        panel.choose_biases("constant")
        column.panels[2].choose("adagrad")
        every_section_is_whole(column)
        column.panels[0].choose("digits")
        every_section_is_whole(column)
    else:
        column.open_section(0, column)
        assert column.flyout is not None
        column.flyout.close()


@pytest.mark.parametrize("size", [(1920, 1080), (1600, 900)])
def test_three_dots_open_what_the_column_does_not_show(column: SideColumn, size: tuple[int, int]) -> None:
    show(column, *size)
    for panel, dots in zip(column.panels, column._dots, strict=True):
        assert dots.isVisible() == bool(panel.put_by())
        QTest.mouseClick(dots, Qt.MouseButton.LeftButton)
        rest = column.flyout.content
        assert type(rest) is type(panel) and rest.isVisible() and not rest.summary.isVisible()
        pairs = [
            (there.isVisible(), here.isVisible())
            for there, here in zip(panel._lines, rest._lines, strict=True)
        ]
        assert (False, True) in pairs and (True, True) not in pairs
        column.flyout.close()
    themes.set_scale(1.0)
