"""One batch in slow motion: what is shown is what then happens, it can be paused, and else nothing runs."""

from collections.abc import Callable
from decimal import Decimal

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPainter
from pytestqt.qtbot import QtBot

from engine.experiment import Experiment, from_plain
from engine.resources import resource
from engine.session import Session
from gui.canvas import NetworkCanvas, motion_paint, motion_strip
from gui.canvas.motion import PHASES, TEMPOS, TOTAL, Motion
from gui.canvas.motion_strip import _parts, shown
from gui.canvas.motion_words import by_operators, largest, title
from gui.controller import Controller
from gui.i18n import language, number
from gui.main_window import MainWindow
from gui.settings import remember
from gui.theme import themes

Settle = Callable[[Controller], None]
ENDS = dict(zip([name for name, _ in PHASES], np.cumsum([length for _, length in PHASES]), strict=True))


@pytest.fixture
def moving(live: NetworkCanvas, qtbot: QtBot, settle: Settle) -> NetworkCanvas:
    """The canvas of a trained network at the beginning of its slow motion, with the clock in our hands."""
    live.motion.start()
    qtbot.waitUntil(lambda: live.motion.batch is not None)
    live.motion._timer.stop()
    live.motion.seconds = 0.0
    settle(live.controller)
    yield live
    live.motion.stop()


def value_of(line: str) -> float:
    """Return the number at the end of a line."""
    return float(line.replace("\N{NO-BREAK SPACE}", " ").rpartition("= ")[2].replace("−", "-"))


def said(canvas: NetworkCanvas) -> list[str]:
    """Return the lines with plain spaces."""
    return [line.replace("\N{NO-BREAK SPACE}", " ") for line in canvas.card_lines()]


def picture(canvas: NetworkCanvas) -> QImage:
    drawn = QImage(canvas.size(), QImage.Format.Format_RGB32)
    canvas.render(drawn)
    return drawn


def test_its_tempo_is_chosen_and_kept(moving, monkeypatch):
    motion = moving.motion
    for tempo in TEMPOS:
        motion.set_tempo(tempo)
        before, motion._last = motion.seconds, 100.0
        monkeypatch.setattr("gui.canvas.motion.time.monotonic", lambda: 100.05)
        motion._tick()
        monkeypatch.undo()
        assert motion.seconds - before == pytest.approx(0.05 * tempo)
    assert Motion(moving).tempo == TEMPOS[-1]
    for kept in ("x", "nan", "1000", ""):
        remember("motion", kept)
        assert Motion(moving).tempo == 1.0


def test_it_ends_with_the_very_step_that_was_shown(moving, settle):
    controller, shown = moving.controller, moving.motion.batch
    before = controller.frame.snapshot
    assert before.update + 1 == shown.update
    moving.motion.advance(ENDS["backward"] - 0.01)
    settle(controller)
    assert controller.frame.snapshot is before  # nothing was trained so far
    moving.motion.advance(0.02)
    settle(controller)
    after = controller.frame.snapshot
    assert after.update == shown.update
    for layer, (w, b) in zip(shown.layers, after.weights(), strict=True):
        assert np.array_equal(layer.new_weight, w) and np.array_equal(layer.new_bias, b)
    moving.motion.advance(TOTAL)
    settle(controller)
    assert controller.frame.snapshot.update == shown.update and not moving.motion.running
    alone = Session(controller.experiment)
    for _ in range(after.update):
        alone.step_batch()
    assert np.array_equal(alone.snapshot().theta, after.theta)


def test_it_can_be_ended_before_the_step(moving, settle):
    moving.motion.advance(ENDS["forward"])
    assert moving.motion.stop() and not moving.motion.stop()
    settle(moving.controller)
    assert moving.controller.frame.snapshot.update == moving.controller.frame.snapshot.epoch * 3


def test_the_card_tells_the_numbers_of_the_picked_unit_as_they_come(moving):
    shown = moving.motion.batch
    moving.hands.stand_on(("unit", 0, 1))
    moving.motion.advance(0.05)
    assert [line[:4] for line in moving.card_lines()] == ["Forw", "Laye"]
    moving.motion.advance(ENDS["forward"] - 0.1)
    lines = said(moving)
    layer = shown.layers[0]
    z = layer.x[0] @ layer.weight[:, 1].astype(float) + layer.bias[1]
    assert value_of(lines[2]) == pytest.approx(z, rel=0.01)
    assert value_of(lines[3]) == pytest.approx(np.tanh(z), rel=0.01)
    assert lines[2].count("·") == 3  # w · x of the formula, and both products written out
    moving.motion.advance(ENDS["backward"] - ENDS["forward"] + 0.1)
    lines = said(moving)
    assert lines[4].startswith("δ = ∂ℓ/∂z = ") and "over 10 rows" in lines[6]
    assert title(moving.motion).startswith(f"Update {shown.update}")
    assert "the step of Adam" in lines[7]
    language.set("pt")
    assert "o passo de Adam" in moving.card_lines()[7] and "câmera" not in moving.card_lines()[0]


@pytest.mark.parametrize("width, height, scale, code", [
    (860, 390, 1.0, "pt"), (660, 330, 1.0, "en"), (1120, 600, 1.0, "pt"),
    (740, 560, 2.0, "pt"), (560, 460, 2.0, "en"),
])  # fmt: skip
def test_what_is_said_covers_nothing_that_is_drawn(live, qtbot, settle, width, height, scale, code):
    live.controller.attempt(lambda: Experiment.load(resource("examples", "iris.json")), "Iris")
    live.resize(width, height)
    language.set(code)
    themes.set_scale(scale)
    settle(live.controller)
    live.motion.start()
    qtbot.waitUntil(lambda: live.motion.batch is not None)
    live.motion._timer.stop()
    settle(live.controller)
    area = motion_strip.strip_area(live)
    for column in live.geometry_now.columns:
        drawn = [column.head, column.bounds, *column.units, *column.labels, *filter(None, [column.add])]
        assert max(rect.bottom() for rect in drawn) <= area.top()
    for _ in range(14):
        live.motion.advance(TOTAL / 13)
        for place, text, _bold in _parts(live, shown(live)):
            assert place.bottom() <= area.height() and place.right() <= area.width(), text
        assert motion_strip.strip_area(live) == area  # nothing moves on the way
    assert shown(live).update
    settle(live.controller)
    live.motion.stop()
    assert live.reserved == 0


def test_formulas_end_their_lines_before_operators():
    broken = by_operators("z = Σ w · x + b = (−5.07 from 8 products) + (−0.131) = −5.2").split(" ")
    assert [part.replace("\N{NO-BREAK SPACE}", " ") for part in broken] == [
        "z", "= Σ w · x", "+ b", "= (−5.07 from 8 products)", "+ (−0.131)", "= −5.2",
    ]  # fmt: skip


def test_only_what_normalization_or_a_skip_changes_has_two_names(live, qtbot, settle):
    layers = [{"units": 8}, {"units": 8, "skip_from": 0}, {"units": 1, "activation": "sigmoid"}]
    plain = {"data": {"name": "moons"}, "network": {"layers": layers}}
    live.controller.attempt(lambda: from_plain(plain), "Other")
    settle(live.controller)
    live.motion.start()
    qtbot.waitUntil(lambda: live.motion.batch is not None, timeout=60_000)
    live.motion._timer.stop()
    live.motion.seconds = ENDS["backward"] - 0.01
    # Some sums differ in their last bit with the order in which they are added.
    for layer, units, changed in ((0, 8, False), (1, 8, True), (2, 1, False)):
        for unit in range(units):
            live.hands.stand_on(("unit", layer, unit))
            assert said(live)[2].startswith(f"{'u' if changed else 'z'} = Σ w · x + b = ")
            assert any("after normalization" in line for line in said(live)) == changed
    live.motion.stop()
    settle(live.controller)


def test_a_picked_link_is_followed(moving):
    moving.hands.stand_on(("link", 1, 3, 0))
    moving.motion.advance(TOTAL)
    slope = moving.motion.batch.layers[1].weight_gradient[3, 0]
    line = next(line for line in said(moving) if "δ · a₄" in line)
    assert float(line.rpartition("= ")[2].replace("−", "-").replace("e-", "e-")) == pytest.approx(
        slope, rel=0.01
    )
    moving.hands.click(("unit", 0, 0))
    assert moving._editor is None and "unit 1" in moving.card_lines()[1]


def test_units_of_equal_names_are_told_apart_by_their_layers(moving):
    for link, name in ((1, 0, 0), "a₁ (layer 1) to the output"), ((0, 1, 0), "x₂ to a₁ (layer 1)"):
        moving.hands.stand_on(("link", *link))
        moving.motion.advance(TOTAL)
        assert f"w: the weight from {name}" in said(moving)
    language.set("pt")
    moving.hands.stand_on(("link", 1, 0, 0))
    assert "w: o peso de a₁ (camada 1) para a saída" in said(moving)


def test_plates_have_as_many_figures_as_the_strip(moving, monkeypatch):
    drawn = []
    monkeypatch.setattr(QPainter, "drawText", lambda painter, *what: drawn.append(what[-1]))
    moving.motion.advance(ENDS["forward"] - 0.01)
    image = QImage(20, 20, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    motion_paint.paint_values(painter, moving)
    painter.end()
    for layer in range(2):
        for unit, value in enumerate(moving.motion.batch.layers[layer].out[0]):
            moving.hands.stand_on(("unit", layer, unit))
            a = next(line for line in said(moving) if line.startswith("a = ")).rpartition("= ")[2]
            assert a == number(float(value)) and a in drawn


def test_plain_descent_is_written_as_w_minus_rate_times_gradient(live, qtbot, settle):
    live.controller.edit("optimizer", {"name": "sgd", "learning_rate": 0.5}, "SGD")
    settle(live.controller)
    live.motion.start()
    qtbot.waitUntil(lambda: live.motion.batch is not None)
    live.motion.advance(TOTAL)
    assert "w ← w − η · ∂L/∂w = " in said(live)[-1] and "0.5 · " in said(live)[-1]
    old, sign, step, _, new = said(live)[-1].replace("−", "-").split(" = ", 2)[2].split()
    assert Decimal(old) + Decimal(sign + step) == Decimal(new)  # digit for digit
    live.motion.stop()
    settle(live.controller)


def test_every_moment_is_another_picture_and_the_end_leaves_none(moving, settle):
    seen = []
    for _ in range(12):
        moving.motion.advance(TOTAL / 13)
        settle(moving.controller)
        seen.append(picture(moving))
    assert all(one != other for one, other in zip(seen, seen[1:], strict=False))
    moving.motion.stop()
    plain = picture(moving)
    moving.update()
    assert plain == picture(moving)


def test_it_stands_still_and_goes_on(moving):
    moving.motion.toggle()
    assert moving.motion.paused and not moving.motion._timer.isActive() and moving.motion.running
    moving.motion.toggle()
    assert not moving.motion.paused and moving.motion._timer.isActive()
    moving.motion.advance(TOTAL)
    assert not moving.motion._timer.isActive()
    moving.motion.toggle()
    assert not moving.motion.paused


@pytest.mark.parametrize("act", ["play", "step_epoch", "reset", "new_dice"])
def test_it_gives_way_to_the_training(moving, qtbot, settle, act):
    moving.motion.advance(0.5)
    getattr(moving.controller, act)()
    qtbot.waitUntil(lambda: moving.motion.batch is None)
    moving.controller.pause()
    settle(moving.controller)
    assert moving.motion.batch is None and not moving.motion._timer.isActive()


def test_gradients_are_measured_by_the_largest(moving):
    sizes = [np.abs(layer.weight_gradient).max() for layer in moving.motion.batch.layers]
    assert largest(moving.motion) == max(sizes)


def test_nothing_runs_unless_it_is_asked_for(live, timers):
    assert live.motion.batch is None and not live.motion._timer.isActive()
    assert live.job(live.controller.frame)().batch is None


@pytest.mark.parametrize("plain", [
    {"data": {"name": "digits"}, "network": {"layers": [
        {"units": 20, "dropout": 0.3}, {"units": 20, "skip_from": 0, "batch_norm": True},
        {"units": 10, "activation": "softmax"}]}},
    {"data": {"name": "gate_or"}, "network": {"layers": [{"units": 1, "activation": "step"}]}, "loss": "mse",
     "optimizer": "sgd"},
])  # fmt: skip
def test_every_kind_of_network_moves(live, qtbot, settle, plain):
    controller = live.controller
    controller.attempt(lambda: from_plain(plain), "Other")
    settle(controller)
    live.motion.start()
    qtbot.waitUntil(lambda: live.motion.batch is not None)
    live.motion._timer.stop()
    for _ in range(8):
        live.motion.advance(TOTAL / 8 + 0.01)
        picture(live)
        assert live.card_lines()
    settle(controller)
    assert controller.frame.snapshot.update == live.motion.batch.update
    live.motion.stop()


def test_keys_start_pause_and_end_it(qtbot: QtBot, controller: Controller, settle: Settle) -> None:
    window = MainWindow(controller)
    qtbot.addWidget(window, before_close_func=lambda _: controller.disk.give_up_changes())
    window.resize(1280, 720)
    window.show()
    settle(controller)
    motion = window.network.canvas.motion
    qtbot.keyClick(window, Qt.Key.Key_M)
    qtbot.waitUntil(lambda: motion.batch is not None)

    def hint() -> str:
        canvas = window.network.canvas
        return next(text for _, text, kind in _parts(canvas, shown(canvas)) if kind == "hint")

    assert hint() == "Space pauses · Esc ends"
    qtbot.keyClick(window, Qt.Key.Key_Space)
    assert motion.paused and controller.state == "paused"
    assert hint() == "paused · Space goes on · Esc ends"
    qtbot.keyClick(window, Qt.Key.Key_Space)
    assert not motion.paused and hint() == "Space pauses · Esc ends"
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert motion.batch is None
    qtbot.mouseClick(window.network.slow, Qt.MouseButton.LeftButton)
    assert motion.wanted
    qtbot.waitUntil(lambda: motion.batch is not None)
    motion.stop()
    window.toast.stop()
