"""Controls on their own: what is typed, stepped, dragged, and said when it does not fit."""

import math

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QKeySequence, QShortcut, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from engine.choices import OPTIMIZERS
from engine.choices.base import FRACTION, NOT_NEGATIVE, Range
from gui.colours import channels
from gui.i18n import language
from gui.panels.speed import AS_FAST, position_of, speed_at
from gui.theme import RESOURCES, THEMES, themes
from gui.widgets.bubble import Bubble
from gui.widgets.combo import ChoiceBox
from gui.widgets.formula import formula_lines, rich
from gui.widgets.icons import pixmap
from gui.widgets.number_field import NumberField, stepped
from gui.widgets.rows import SliderField
from gui.widgets.slider import Slider


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    language.set("en")
    made = QWidget()
    qtbot.addWidget(made)
    made.resize(400, 300)
    QVBoxLayout(made)
    return made


def put(window: QWidget, widget: QWidget, qtbot: QtBot) -> None:
    layout = window.layout()
    assert layout is not None
    layout.addWidget(widget)
    other = QLineEdit(objectName="other")
    layout.addWidget(other)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    widget.setFocus()


def retype(field: NumberField, text: str, key: Qt.Key | None = Qt.Key.Key_Return) -> None:
    field.selectAll()
    QTest.keyClicks(field, text)
    if key is not None:
        QTest.keyClick(field, key)


@pytest.mark.parametrize(("code", "text", "shown"), [
    ("en", "0.25", "0.25"), ("en", "0,25", "0.25"), ("pt", "0,25", "0,25"), ("pt", "0.25", "0,25"),
    ("pt", "1e-3", "0,001"),
])  # fmt: skip
def test_comma_and_point_are_taken(window: QWidget, qtbot: QtBot, code: str, text: str, shown: str) -> None:
    language.set(code)
    field = NumberField(FRACTION)
    put(window, field, qtbot)
    with qtbot.waitSignal(field.committed):
        retype(field, text)
    assert field.text() == shown


def test_what_does_not_fit_is_said_and_escape_restores(window: QWidget, qtbot: QtBot) -> None:
    field = NumberField(FRACTION)
    field.set_value(0.5)
    put(window, field, qtbot)
    with qtbot.assertNotEmitted(field.committed), qtbot.waitSignal(field.refused) as refused:
        retype(field, "1.5")
    assert refused.args == ["A number is needed: from 0 to less than 1."]
    assert field.property("wrong") is True
    bubble = window.findChild(Bubble)
    assert bubble is not None
    assert bubble.isVisible()
    assert window.rect().contains(bubble.geometry())
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert (field.text(), field.property("wrong"), bubble.isVisible()) == ("0.5", False, False)


def test_leaving_the_field_takes_or_restores(window: QWidget, qtbot: QtBot) -> None:
    field = NumberField(NOT_NEGATIVE)
    put(window, field, qtbot)
    other = window.findChild(QLineEdit, "other")
    assert other is not None
    retype(field, "2", None)
    with qtbot.waitSignal(field.committed):
        other.setFocus()
    field.setFocus()
    retype(field, "two", None)
    other.setFocus()
    assert (field.text(), field.value) == ("2", 2.0)
    bubble = window.findChild(Bubble)
    assert bubble is not None
    bubble.hide()


def test_whole_numbers(window: QWidget, qtbot: QtBot) -> None:
    field = NumberField(Range(1, 100_000), whole=True)
    field.set_value(25_000)
    put(window, field, qtbot)
    assert field.text() == "25000"
    with qtbot.waitSignal(field.refused):
        retype(field, "2.5")
    QTest.keyClick(field, Qt.Key.Key_Escape)
    QTest.keyClick(field, Qt.Key.Key_Up)
    assert field.value == 50_000


def test_a_new_value_does_not_disturb_typing(window: QWidget, qtbot: QtBot) -> None:
    field = NumberField(NOT_NEGATIVE)
    put(window, field, qtbot)
    retype(field, "0.12", None)
    field.set_value(7)
    assert field.text() == "0.12"
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert field.text() == "7"


def test_the_language_rewrites_numbers(window: QWidget, qtbot: QtBot) -> None:
    field = NumberField(NOT_NEGATIVE)
    field.set_value(0.5)
    language.set("pt")
    assert field.text() == "0,5"
    field.deleteLater()


@pytest.mark.parametrize(("value", "up", "result"), [
    (0.01, True, 0.02), (0.02, True, 0.05), (0.05, True, 0.1), (0.01, False, 0.005), (0.013, True, 0.02),
    (0.0, True, 1e-5), (0.0, False, 0.0), (1e-8, False, 5e-9),
])  # fmt: skip
def test_rates_step_1_2_5(value: float, up: bool, result: float) -> None:
    assert stepped(value, up, "ratio", 1, NOT_NEGATIVE) == pytest.approx(result, rel=1e-12, abs=0)


@pytest.mark.parametrize(("value", "up", "result"), [
    (0.9, True, 0.95), (0.95, True, 0.98), (0.98, True, 0.99), (0.999, False, 0.998), (0.99, False, 0.98),
])  # fmt: skip
def test_decays_step_by_their_distance_from_one(value: float, up: bool, result: float) -> None:
    assert stepped(value, up, "complement", 1, FRACTION) == pytest.approx(result, rel=1e-9)


def test_steps_stay_in_the_range() -> None:
    assert stepped(1.0, True, "even", 0.1, Range(0, 1)) == 1.0
    assert stepped(0.95, True, "even", 0.1, Range(0, 1)) == 1.0
    assert stepped(0.0, False, "even", 1, Range(0, low_open=True)) == 0.0


def test_a_slider_proposes_when_it_is_let_go(window: QWidget, qtbot: QtBot) -> None:
    both = SliderField(Range(0, 1), 0.01)
    put(window, both, qtbot)
    slider, heard = both.slider, []
    both.committed.connect(heard.append)
    middle = QPoint(slider.width() // 2, slider.height() // 2)
    QTest.mousePress(slider, Qt.MouseButton.LeftButton, pos=middle)
    QTest.mouseMove(slider, QPoint(slider.width(), middle.y()))
    assert heard == []
    QTest.mouseRelease(slider, Qt.MouseButton.LeftButton, pos=QPoint(slider.width(), middle.y()))
    assert heard == [1.0]
    QTest.keyClick(slider, Qt.Key.Key_Left)
    assert heard == [1.0, 0.99]
    both.set_value(0.5)
    assert heard == [1.0, 0.99]
    assert both.field.text() == "0.5"


def test_the_wheel_leaves_controls_alone(qtbot: QtBot) -> None:
    for control in (Slider(), ChoiceBox("scalings", ("none", "standard")), NumberField()):
        qtbot.addWidget(control)
        assert "wheelEvent" in {name for kind in type(control).__mro__[:3] for name in vars(kind)}


def test_a_choice_box_says_what_was_picked(qtbot: QtBot) -> None:
    box = ChoiceBox("scalings", ("none", "standard"))
    qtbot.addWidget(box)
    box.set_key("standard")
    assert box.key() == "standard"
    language.set("pt")
    assert box.currentText() == "padrão"
    with qtbot.waitSignal(box.picked) as picked:
        box.activated.emit(0)
    assert picked.args == ["none"]
    box.set_key(None, "Layers differ")
    assert box.key() is None


def test_speeds() -> None:
    assert speed_at(0) == 1
    assert speed_at(AS_FAST - 1) == 1000
    assert math.isinf(speed_at(AS_FAST))
    assert all(position_of(speed_at(place)) == place for place in range(AS_FAST + 1))
    assert position_of(9) == position_of(10)


def test_formulas_lower_their_subscripts() -> None:
    assert rich("N(0, 1 / n_in) < x") == "N(0, 1 / n<sub>in</sub>) &lt; x"


@pytest.mark.parametrize("path", sorted((RESOURCES / "icons").glob("*.svg")), ids=lambda path: path.stem)
def test_icons_are_one_family_and_follow_the_theme(qtbot: QtBot, path: object) -> None:
    text = path.read_text(encoding="utf-8")  # type: ignore[attr-defined]
    assert 'viewBox="0 0 24 24"' in text
    assert 'stroke="currentColor"' in text
    assert "#" not in text
    for name in THEMES:
        themes.set(name)
        image = pixmap(path.stem, THEMES[name].accent, 24).toImage()  # type: ignore[attr-defined]
        seen = [image.pixelColor(x, y) for x in range(24) for y in range(24)]
        drawn = [colour.name() for colour in seen if colour.alpha() > 200]
        wanted = channels(THEMES[name].accent)
        assert any(colour.alpha() for colour in seen)
        assert all(abs(a - b) <= 3 for one in drawn for a, b in zip(channels(one), wanted, strict=True))


def test_a_formula_is_broken_between_its_parts_only() -> None:
    assert formula_lines("W ~ N(0, 2 / n_in)") == "W\u00a0~\u00a0N(0,\u00a02\u00a0/\u00a0nᵢₙ)"
    adam = OPTIMIZERS["adam"].formula
    lines = formula_lines(adam).split("\n")
    assert len(lines) > 2 and not any(" " in line for line in lines)
    assert "".join(lines).replace("\u00a0", "") == adam.replace(" ", "")


def test_letters_choose_in_an_open_list_only(window: QWidget, qtbot: QtBot) -> None:
    box = ChoiceBox("activations", ("relu", "mish", "tanh"))
    put(window, box, qtbot)
    picked: list[str] = []
    box.picked.connect(picked.append)
    letters = []
    shortcut = QShortcut(QKeySequence("M"), window)
    shortcut.activated.connect(lambda: letters.append("M"))
    box.set_key("relu")
    qtbot.keyClicks(box, "mtT")
    assert box.key() == "relu" and not picked and letters == ["M"]  # the plain letter is the action's
    qtbot.keyClick(box, Qt.Key.Key_Down)
    assert picked == ["mish"]
    plain, alt = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.AltModifier
    for key, modifier in ((Qt.Key.Key_Return, plain), (Qt.Key.Key_Space, plain), (Qt.Key.Key_Down, alt)):
        qtbot.keyClick(box, key, modifier)
        assert box.view().isVisible()
        qtbot.keyClick(box.view(), Qt.Key.Key_Escape)
        assert not box.view().isVisible()
    box.showPopup()
    qtbot.keyClick(box.view(), Qt.Key.Key_T)
    qtbot.keyClick(box.view(), Qt.Key.Key_Return)
    assert picked == ["mish", "tanh"]


@pytest.mark.parametrize("make", [lambda: ChoiceBox("activations", ("relu", "tanh")), NumberField, Slider])
def test_a_wheel_that_passes_changes_nothing(window: QWidget, qtbot: QtBot, make: type[QWidget]) -> None:
    control = make()
    put(window, control, qtbot)
    middle = control.rect().center()
    before = [control.property(name) for name in ("text", "currentIndex", "value")]
    for down in (-120, 120):
        place = QPointF(middle), QPointF(control.mapToGlobal(middle))
        turned = QWheelEvent(*place, QPoint(), QPoint(0, down), Qt.MouseButton.NoButton,
                             Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False)  # fmt: skip
        QApplication.sendEvent(control, turned)
        assert not turned.isAccepted()
        assert [control.property(name) for name in ("text", "currentIndex", "value")] == before
