"""The gallery and the first start: every pair shows what its sentences claim, and every picture is real."""

from collections.abc import Callable
from operator import attrgetter

import numpy as np
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from engine.experiment import Experiment, replace_at
from engine.session import Session
from gui.app import begin, say_damaged
from gui.controller import Controller
from gui.examples import Example, pairs, results, train
from gui.i18n import language, translations
from gui.main_window import MainWindow
from gui.panels.example_gallery import ExampleGallery
from gui.settings import recall
from gui.theme import px, themes

EXAMPLES = {example.key: example for pair in pairs() for example in pair.examples}
CHANCE = np.log(2)  # the loss of who names both classes with the same probability


def trained(key: str) -> tuple[Session, dict[str, float], dict[str, float]]:
    """Return an experiment's session after its training, and its metrics before and after."""
    session = Session(Experiment.load(EXAMPLES[key].path))
    before = session.metrics()
    session.run(session.experiment.training.epochs)
    return session, before, session.metrics()


def both(name: str, one: str, other: str) -> list[tuple[Session, dict[str, float], dict[str, float]]]:
    return [trained(f"{name}_{which}") for which in (one, other)]


def first_gradient(key: str) -> float:
    session = Session(Experiment.load(EXAMPLES[key].path))
    _, gradients = session.loss_and_gradients(session.data.x_train, session.data.y_train)
    return float(np.linalg.norm(gradients[0][0]) / np.linalg.norm(gradients[-1][0]))


def spread(key: str) -> float:
    """Return how far the outputs of an experiment differ at its start."""
    session = Session(Experiment.load(EXAMPLES[key].path))
    return float(session.predict(session.data.x_train).std())


def test_there_are_twenty_in_pairs_and_all_is_translated() -> None:
    known = translations("pt")
    assert len(EXAMPLES) == 20 and len(pairs()) == 10
    for pair in pairs():
        titles = [Experiment.load(example.path).title for example in pair.examples]
        words = [pair.title, *titles, *(text for each in pair.examples for text in (each.name, each.look))]
        assert not set(words) - set(known)
        assert all(each.look.endswith(".") and known[each.look].endswith(".") for each in pair.examples)


@pytest.mark.parametrize("pair", pairs(), ids=lambda pair: pair.examples[0].key)
def test_a_pair_shares_data_and_seeds(pair: object) -> None:
    one, other = (Experiment.load(example.path) for example in pair.examples)  # type: ignore[attr-defined]
    allowed = ("optimizer", "network", "data.scaling", "training.early_stopping")
    place = next(place for place in allowed if attrgetter(place)(one) != attrgetter(place)(other))
    changed = replace_at(one, place, attrgetter(place)(other))
    assert changed == replace_at(other, "title", one.title)


@pytest.mark.parametrize("key", EXAMPLES)
def test_every_picture_is_of_the_real_training(key: str) -> None:
    stored, real = results()[key], train(Experiment.load(EXAMPLES[key].path))
    assert np.array_equal(stored.points, real.points) and np.array_equal(stored.classes, real.classes)
    np.testing.assert_allclose(stored.losses, real.losses, rtol=1e-3, atol=1e-4)
    assert np.abs(stored.field.astype(int) - real.field).max() <= 2


def test_zeros_stay_and_xavier_learns() -> None:
    (zeros, _, stuck), (_, _, learned) = both("start", "zeros", "xavier")
    assert all(not weights.any() for weights, _ in zeros.weights())
    assert stuck["train_loss"] == pytest.approx(CHANCE, abs=1e-3) and learned["test_accuracy"] > 0.95


def test_a_large_start_begins_far_up() -> None:
    (_, large, _), (_, small, _) = both("scale", "std_1", "he")
    assert large["train_loss"] > 100 and small["train_loss"] < 1.5


def test_a_rate_of_3_kills_the_units() -> None:
    (dead, _, lost), (_, _, learned) = both("rate", "3", "0_03")
    assert len(np.unique(dead.predict(dead.data.x_train) > 0.5)) == 1
    assert all((layer == 0).any(axis=None) for layer in dead.snapshot().forward(dead.data.x_train)[:-1])
    assert dead.predict(dead.data.x_train).std() < 1e-6  # no unit lets anything through any more
    assert lost["train_loss"] > CHANCE and learned["train_accuracy"] > 0.97


def test_adam_finds_the_spiral_and_sgd_does_not() -> None:
    (_, _, sgd), (_, _, adam) = both("descent", "sgd", "adam")
    assert sgd["train_accuracy"] < 0.7 and adam["train_accuracy"] > 0.97


def test_xor_needs_a_hidden_layer() -> None:
    (_, _, line), (_, _, hidden) = both("xor", "linear", "hidden")
    assert line["train_accuracy"] < 0.75 and hidden["train_accuracy"] > 0.97


def test_the_gradient_fades_in_sigmoids_and_not_in_relus() -> None:
    assert first_gradient("depth_sigmoid") < 1e-2 < 0.1 < first_gradient("depth_relu")
    (_, _, sigmoid), (_, _, relu) = both("depth", "sigmoid", "relu")
    assert sigmoid["train_loss"] == pytest.approx(CHANCE, abs=0.01) and relu["train_accuracy"] > 0.97


def test_batch_normalization_rescues_small_weights() -> None:
    (fading, _, without), (_, _, normed) = both("norm", "off", "on")
    assert spread("norm_off") < 1e-3 and fading.predict(fading.data.x_train).std() < 1e-3
    assert without["train_loss"] == pytest.approx(CHANCE, abs=0.01) and normed["test_accuracy"] > 0.95


def test_dropout_narrows_the_gap_and_lowers_the_test_loss() -> None:
    (_, _, bare), (_, _, dropped) = both("dropout", "off", "on")
    assert bare["test_loss"] > 1.4 * bare["train_loss"]
    assert dropped["test_loss"] < 0.9 * bare["test_loss"]


def test_inputs_of_another_size_saturate_and_scaled_ones_learn() -> None:
    (stuck, _, none), (_, _, scaled) = both("scaling", "none", "standard")
    hidden = stuck.snapshot().forward(stuck.data.x_train)[0]
    assert np.mean(np.abs(hidden) > 0.99) > 0.8 and stuck.predict(stuck.data.x_train).std() < 0.01
    assert none["train_loss"] == pytest.approx(CHANCE, abs=0.01) and scaled["test_accuracy"] > 0.95
    assert stuck.data.x_train.mean(axis=0).max() > 45


def test_stopping_early_keeps_the_test_loss_low() -> None:
    (to_end, _, late), (stopped, _, early) = both("stopping", "off", "on")
    assert to_end.epoch == 150 and stopped.epoch < 60 and stopped.stopped is not None
    assert late["train_loss"] < 0.1 < early["train_loss"] and late["test_loss"] > 2 * early["test_loss"]
    assert early["test_accuracy"] > late["test_accuracy"] + 0.05


# In the window


@pytest.fixture
def window(show_window: Callable[..., MainWindow]) -> MainWindow:
    return show_window(1280, 720)


def opened(window: MainWindow) -> ExampleGallery:
    found = window.findChild(ExampleGallery)
    assert found is not None
    return found


def test_one_click_opens_an_example_and_plays_it(
    qtbot: QtBot, window: MainWindow, controller: Controller
) -> None:
    qtbot.mouseClick(window.top.gallery, Qt.MouseButton.LeftButton)
    button = opened(window).cards[3].buttons[1]
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert controller.experiment.title == "Spiral, Adam"
    qtbot.waitUntil(lambda: controller.frame is not None and controller.frame.epoch > 0, timeout=60_000)
    controller.pause()


def test_the_keyboard_is_enough(qtbot: QtBot, window: MainWindow, controller: Controller) -> None:
    qtbot.keyClick(window, Qt.Key.Key_G, Qt.KeyboardModifier.ControlModifier)
    gallery = opened(window)
    names = [button.accessibleName() for card in gallery.cards for button in card.buttons]
    assert len(set(names)) == 20 and all(names)
    first = gallery.cards[0].buttons[0]
    first.setFocus()
    qtbot.keyClick(first, Qt.Key.Key_Tab)
    assert gallery.focusWidget() is gallery.cards[0].buttons[1]
    qtbot.keyClick(gallery.focusWidget(), Qt.Key.Key_Space)
    assert controller.experiment.title == "Xavier weights"
    controller.pause()


@pytest.mark.parametrize("code", ["en", "pt"])
@pytest.mark.parametrize(("size", "scale"), [((1280, 720), 1.0), ((1920, 1080), 1.0), ((1920, 1080), 2.0)])
def test_nothing_in_it_is_cut(
    qtbot: QtBot, window: MainWindow, code: str, size: tuple[int, int], scale: float
) -> None:
    language.set(code)
    themes.set_scale(scale)
    window.resize(*size)
    window.open_gallery()
    gallery = opened(window)
    gallery.show()
    qtbot.waitExposed(gallery)
    qtbot.wait(10)
    for button in (button for card in gallery.cards for button in card.buttons):
        assert button.height() >= button.heightForWidth(button.width())
        assert button.fontMetrics().horizontalAdvance(button.text()) <= button.width() - 2 * px(4)
    assert gallery._content.width() <= gallery._area.viewport().width(), "none is cut off at the right"
    bar = gallery._area.verticalScrollBar()
    assert scale > 1 or bar.maximum() == 0, "all pairs show at once"
    gallery.close()


def test_the_first_start_is_half_way_and_the_next_is_not(
    qtbot: QtBot, english: None, experiment: Experiment, settle: Callable[[Controller], None]
) -> None:
    for expected in (6, 0):
        controller = Controller(experiment, start=False)
        made = MainWindow(controller)
        qtbot.addWidget(made)
        made.show()
        begin(made)
        settle(controller)
        assert controller.frame is not None and controller.frame.epoch == expected
        assert made.toast.isVisible() == bool(expected)
        if expected:
            assert not made.toast._timer.isActive() and made.toast.text().startswith("An example")  # it stays
            plain = Session(experiment)
            plain.run(expected)
            assert np.array_equal(controller.frame.snapshot.theta, plain.snapshot().theta)
            assert len(controller.frame.curves.epochs) > 4
            qtbot.mouseClick(made.top.play, Qt.MouseButton.LeftButton)
            assert not made.toast.isVisible()
            qtbot.waitUntil(lambda: controller.frame.epoch == 20)  # noqa: B023
            settle(controller)
        made.close()
    assert recall("welcomed") == "yes"


def test_what_is_said_of_damaged_settings_stays(
    qtbot: QtBot, english: None, experiment: Experiment, settle: Callable[[Controller], None]
) -> None:
    controller = Controller(experiment, start=False)
    made = MainWindow(controller)
    qtbot.addWidget(made)
    made.show()
    begin(made, damaged="settings.damaged.ini")
    settle(controller)
    assert controller.frame is not None and controller.frame.epoch == 0  # whoever had settings is not new
    assert made.toast.isVisible() and made.toast.text() == say_damaged("settings.damaged.ini")
    assert not made.toast._timer.isActive()
    qtbot.mouseClick(made.toast, Qt.MouseButton.LeftButton)
    assert not made.toast.isVisible()
    made.close()


def test_examples_have_files() -> None:
    assert all(isinstance(example, Example) and example.path.is_file() for example in EXAMPLES.values())
