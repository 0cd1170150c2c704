"""The training before against this one: what the trainer keeps, and what is said and drawn of it."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics

from engine.edits import choose_optimizer
from engine.experiment import Experiment, Optimizer, replace_at
from engine.resources import resource
from gui.frame import Run
from gui.i18n import language
from gui.puts import Put
from gui.theme import THEMES, font, themes
from gui.trainer import Trainer
from gui.views import Compare, Metrics, paint
from tests.gui.frames import HIDDEN, SIGMOID, experiment, frame
from tests.gui.test_views_result import feed, near

OF = experiment("gaussians", HIDDEN, SIGMOID, optimizer={"name": "sgd", "learning_rate": 0.01},
                training={"epochs": 20})  # fmt: skip


def never():
    return False


@pytest.fixture
def trainer():
    made = Trainer()
    made.load(OF)
    return made


def test_the_trainer_keeps_the_training_that_a_reset_or_a_change_ends(trainer):
    assert trainer.frame("paused").before is None
    trainer.reset()
    assert trainer.frame("paused").before is None  # nothing was trained
    trainer.run_to(5, never)
    first = trainer.frame("paused")
    trainer.reset()
    before = trainer.frame("paused").before
    np.testing.assert_array_equal(before.curves.train_loss, first.curves.train_loss)
    assert before.final is first.snapshot
    assert before.initial.update == 0
    trainer.reset()
    assert trainer.frame("paused").before is before  # a second reset ends nothing
    trainer.run_to(2, never)
    trainer.change(replace_at(OF, "network.layers[0].activation", "relu"))
    assert trainer.frame("paused").before.curves.epochs[-1] == 2
    trainer.run_to(3, never)
    trainer.load(OF)
    assert trainer.frame("paused").before.curves.epochs[-1] == 3


def test_a_change_that_goes_on_counts_from_the_next_update(trainer):
    faster = replace_at(trainer.session.experiment, "optimizer.learning_rate", 0.5)
    trainer.run_to(3, never)
    trainer.change(faster)
    trainer.reset()
    assert trainer.frame("paused").before.experiment.optimizer["learning_rate"] == 0.01
    assert trainer.frame("paused").experiment.optimizer["learning_rate"] == 0.5
    trainer.run_to(1, never)
    trainer.reset()
    assert trainer.frame("paused").before.experiment.optimizer["learning_rate"] == 0.5


def test_going_back_brings_back_what_was_before_then(trainer):
    trainer.run_to(2, never)
    trainer.reset()
    trainer.run_to(4, never)
    left = trainer.frame("paused")
    changed = replace_at(left.experiment, "network.layers[0].activation", "relu")
    trainer.change(changed)
    assert trainer.frame("paused").before.curves.epochs[-1] == 4
    assert trainer.change(left.experiment, resume=left) == "resumes"
    assert trainer.frame("paused").before is left.before


def test_a_change_in_the_past_keeps_the_future_that_it_ends(trainer):
    trainer.run_to(6, never)
    whole = trainer.frame("paused")
    trainer.go_to(2, never)
    trainer.change(replace_at(whole.experiment, "optimizer.learning_rate", 0.5))
    before = trainer.frame("paused").before
    np.testing.assert_array_equal(before.curves.train_loss, whole.curves.train_loss)
    np.testing.assert_array_equal(before.final.theta, whole.snapshot.theta)
    assert before.experiment.optimizer["learning_rate"] == 0.01
    trainer.change(replace_at(whole.experiment, "optimizer.learning_rate", 0.7))
    assert trainer.frame("paused").before is before  # here nothing was ahead


def compared(before, now, epochs=6):
    """Return the frame of a training with another one before it."""
    then, here = frame(before, epochs), frame(now, epochs + 2)
    run = Run(then.experiment, then.curves, then.data, then.initial, then.snapshot)
    return then, type(here)(
        here.snapshot, here.initial, here.data, here.metrics, here.curves, here.path, before=run
    )  # fmt: skip


def test_it_says_what_was_changed_and_draws_both_curves(qtbot):
    view = Compare()
    then, shown = compared(OF, replace_at(OF, "optimizer.learning_rate", 0.1))
    image = feed(qtbot, view, shown, (700, 180))
    assert view.headline() == "Learning rate: 0.01 → 0.1"
    assert view.same_start()
    np.testing.assert_array_equal(view.curve._earlier[0].getData()[1], then.curves.train_loss)
    np.testing.assert_array_equal(view.curve._train.getData()[1], shown.curves.train_loss)
    orange = sum(near(image.pixelColor(x, y), THEMES["dark"].negative, 30)
                 for x in range(0, 440, 2) for y in range(30, 180, 2))  # fmt: skip
    assert orange > 10
    names = [row.name for row in view.rows()]
    assert names == ["train loss", "test loss", "train accuracy", "test accuracy", "train F1", "test F1"]
    assert view.rows()[5].now.end == shown.curves.test_f1[-1]
    assert view.table()[0][-2:] == ("train_f1", "test_f1")
    _, _, before, now = view.rows()[0]
    assert (before.start, before.end) == (then.curves.train_loss[0], then.curves.train_loss[-1])
    assert now.end == shown.curves.train_loss[-1]
    assert {row[0] for row in view.table()[1:]} == {"before", "now"}
    language.set("pt")
    assert view.headline() == "Taxa de aprendizado: 0,01 → 0,1"
    assert "mesmo início" in view.summary()


def test_numbers_are_compared_by_their_own_score(qtbot):
    layers = {"units": 3, "activation": "tanh"}, {"units": 1, "activation": "linear"}
    of = experiment("sine", *layers, loss="mse")
    view, (then, shown) = Compare(), compared(of, replace_at(of, "optimizer.learning_rate", 0.1))
    feed(qtbot, view, shown, (700, 180))
    assert [row.name for row in view.rows()] == ["train loss", "test loss", "train R²", "test R²"]
    assert view.rows()[2].before.end == then.curves.train_r2[-1]
    assert set(view.table()[0]) == {"training", "epoch", "train_loss", "test_loss", "train_r2", "test_r2"}


def test_other_weights_are_another_start(qtbot):
    view = Compare()
    feed(qtbot, view, compared(OF, replace_at(OF, "seeds.init", 7))[1], (700, 180))
    assert not view.same_start()
    assert view.headline().startswith("Weights seed")
    feed(qtbot, view, compared(OF, replace_at(OF, "network.layers[0].activation", "relu"))[1], (700, 180))
    assert view.headline() == "Layer 1, Activation: tanh → ReLU"
    assert view.same_start()  # the weights are the same
    feed(qtbot, view, compared(OF, replace_at(OF, "data.noise", 0.2))[1], (700, 180))
    assert not view.same_start()
    feed(qtbot, view, compared(OF, OF)[1], (700, 180))
    assert view.headline() == "the same training again"


def test_boundaries_of_both_stand_where_there_is_room(qtbot):
    view = Compare()
    shown = compared(OF, replace_at(OF, "optimizer.learning_rate", 0.1))[1]
    qtbot.addWidget(view)
    view.resize(700, 180)
    view.show()
    view.show_frame(shown)
    assert view.job(shown) is None
    view.resize(1100, 260)
    before, now = view.job(shown)()
    assert before.values.shape == now.values.shape
    assert not np.array_equal(before.values, now.values)
    view.show_result(shown, (before, now))
    again = view.job(shown)()
    assert again[0] is before  # what is over is not computed twice


def test_without_a_training_before_it_says_how_to_get_one(qtbot):
    view, only = Compare(), frame(OF, 3)
    alone = type(only)(only.snapshot, only.initial, only.data, only.metrics, only.curves, only.path)
    feed(qtbot, view, alone, (700, 180))
    assert view.summary() == ""
    assert view.table() == []
    assert not view.curve.isVisible()


def test_the_axis_of_the_comparison_is_chosen_as_that_of_the_curve(qtbot):
    view = Compare()
    then, shown = compared(OF, replace_at(OF, "optimizer.learning_rate", 0.1))
    feed(qtbot, view, shown, (700, 180))
    qtbot.mouseClick(view.curve.log, Qt.MouseButton.LeftButton)
    np.testing.assert_allclose(view.curve._earlier[0].getData()[1], np.log10(then.curves.train_loss))


# On the real Controller


def headline(controller):
    view = Compare()
    view.show_frame(controller.frame)
    said = view.headline(), view._start_words()
    view.deleteLater()
    return said


def train_to(controller, settle, epochs):
    controller.run_to(epochs)
    settle(controller)


def test_what_was_changed_on_the_way_is_said_of_the_training_before(controller, settle):
    controller.edit("optimizer.learning_rate", 3.0, "rate")
    train_to(controller, settle, 6)
    controller.edit("optimizer.learning_rate", 0.03, "rate")
    train_to(controller, settle, 9)
    controller.reset()
    train_to(controller, settle, 4)
    assert headline(controller) == ("Learning rate: 3, then 0.03 (epoch 6) → 0.03", "same start")
    language.set("pt")
    assert headline(controller)[0] == "Taxa de aprendizado: 3, depois 0,03 (época 6) → 0,03"


def test_what_was_changed_on_the_way_is_said_of_the_training_now(controller, settle):
    train_to(controller, settle, 5)
    controller.reset()
    train_to(controller, settle, 6)
    assert headline(controller) == ("the same training again", "same start")
    controller.attempt(lambda: choose_optimizer(controller.experiment, Optimizer("sgd")), "sgd")
    train_to(controller, settle, 9)
    assert headline(controller)[0] == "Optimizer: Adam → Adam, then SGD (epoch 6)"
    for rate in (0.5, 0.4, 0.3):
        controller.edit("optimizer.learning_rate", rate, "rate")
        train_to(controller, settle, controller.frame.epoch + 1)
    assert headline(controller)[0].endswith("Learning rate: 0.001 → 0.001, after 3 changes 0.3 (epoch 11)")
    controller.go_to(8)  # before those
    settle(controller)
    assert headline(controller)[0] == "Optimizer: Adam → Adam, then SGD (epoch 6)"
    controller.edit("optimizer.learning_rate", 0.7, "rate")  # what was ahead is now the training before
    settle(controller)
    assert headline(controller)[0].startswith("Learning rate: 0.001, after 3 changes 0.3 (epoch 11) → ")


def test_numbers_put_in_by_hand_are_no_part_of_the_same_training(controller, settle):
    train_to(controller, settle, 3)
    controller.reset()
    put = [Put("layers.0.weight", (0, 0), 2.0)]
    controller.propose(controller.experiment, "put", puts=put)
    train_to(controller, settle, 3)
    assert headline(controller) == ("Weights put in: – → epoch 0", "another start")
    controller.propose(controller.experiment, "put", puts=put)
    train_to(controller, settle, 4)
    assert headline(controller)[0] == "Weights put in: – → epoch 0, epoch 3"
    controller.edit("optimizer.learning_rate", 0.7, "rate")
    settle(controller)
    controller.undo_stack.undo()  # at once: nothing was changed
    settle(controller)
    assert headline(controller)[0] == "Weights put in: – → epoch 0, epoch 3"


def test_a_long_way_back_by_undo_and_many_changes_forget_no_mark(controller, settle, monkeypatch):
    monkeypatch.setattr("gui.trainer.WAYS", 2)
    monkeypatch.setattr("gui.history.CHANGES_BYTES", 1)
    train_to(controller, settle, 2)
    for rate in (0.5, 0.4, 0.3):
        controller.edit("optimizer.learning_rate", rate, "rate")
        train_to(controller, settle, controller.frame.epoch + 1)
    epochs = [mark.epoch for mark in controller.frame.timeline.marks]
    assert epochs == [2, 3, 4]
    for place, value in (("network.layers[0].activation", "relu"), ("seeds.init", 5)):
        controller.edit(place, value, "other")
        settle(controller)
        train_to(controller, settle, 1)
    for _ in range(2):
        controller.undo_stack.undo()
        settle(controller)
    assert controller.frame.epoch == controller.frame.timeline.first == 5  # its way was not kept
    assert [mark.epoch for mark in controller.frame.timeline.marks] == epochs


def test_a_layer_taken_away_with_its_cross_is_told_by_name(live, click, settle):
    train_to(live.controller, settle, 2)
    click(live, live.remove_layer_rect(0))
    settle(live.controller)
    assert headline(live.controller)[0] == "Layers: 4 – 1 → 1"


@pytest.fixture
def painted(monkeypatch):
    """What is written, and how far down, in letters of which size."""
    said, paint_label = [], paint.paint_label

    def note(painter, x, y, text, *more):
        said.append((text, y, painter.font().pixelSize()))
        return paint_label(painter, x, y, text, *more)

    monkeypatch.setattr(paint, "paint_label", note)
    return said


def test_no_row_is_dropped_without_a_sign(qtbot, painted):
    view, shown = Compare(), compared(OF, OF)[1]
    feed(qtbot, view, shown, (610, 152))  # as at 1366 x 768
    names = [row.name for row in view.rows()]
    assert [text for text, *_ in painted if text in names] == names
    last = max(y for _, y, _ in painted)
    assert last + QFontMetrics(font("small")).ascent() <= 152
    painted.clear()
    view.resize(610, 100)
    view.grab()
    seen = [text for text, *_ in painted if text in names]
    assert 0 < len(seen) < len(names) and seen == names[: len(seen)]
    assert f"and {len(names) - len(seen)} more" in [text for text, *_ in painted]


def test_all_rows_are_named_in_letters_of_one_size(qtbot, painted):
    view, shown = Compare(), compared(OF, OF)[1]
    themes.set_scale(1.6)  # as on the projector
    feed(qtbot, view, shown, (740, 240))
    sizes = {size for text, _, size in painted if text in [row.name for row in view.rows()]}
    assert len(sizes) == 1 and min(sizes) >= 0.75 * font("small").pixelSize()


def test_numbers_have_the_form_of_the_large_ones_beside(qtbot, painted):
    then, shown = compared(OF, replace_at(OF, "optimizer.learning_rate", 0.1))
    metrics = Metrics()
    feed(qtbot, metrics, then, (300, 60))
    view = Compare()
    feed(qtbot, view, shown, (700, 180))
    written = {text for text, *_ in painted}
    assert {number for _, number in metrics.entries()} <= written
    metrics.show_frame(shown)
    assert {number for _, number in metrics.entries()} <= written


def begin(controller, settle, key):
    controller.begin(Experiment.load(resource("examples", f"{key}.json")))
    train_to(controller, settle, 3)


def test_both_halves_of_a_pair_of_the_gallery_are_compared(qtbot, controller, settle, painted):
    begin(controller, settle, "pairs/start_zeros")
    zeros = controller.frame
    begin(controller, settle, "pairs/start_xavier")
    assert headline(controller) == ("Initial weights: Zeros → Xavier / Glorot normal", "another start")
    view = Compare()
    feed(qtbot, view, controller.frame, (1200, 200))
    np.testing.assert_array_equal(view.before.curves.train_loss, zeros.curves.train_loss)
    assert view.job(controller.frame) is not None
    assert view.same_set() and len(view.rows()) == 6
    begin(controller, settle, "moons")
    feed(qtbot, view, controller.frame, (1200, 200))
    painted.clear()
    view.grab()
    assert view.headline().startswith("Data: Circle → Two moons")
    texts = [text for text, *_ in painted]
    assert "other data: only the shapes compare" in texts and "before" in texts and "train loss" not in texts
    assert view.rows() == [] and view.job(controller.frame) is None and not view._room.isVisible()
    qtbot.waitUntil(lambda: view.curve.width() > 1100)
    assert "only the shapes" in view.summary()
    begin(controller, settle, "sine")  # numbers where there were classes
    feed(qtbot, view, controller.frame, (1200, 200))
    assert view.rows() == [] and len(view.curve.lines(before=True)[0])


def test_the_same_change_in_several_layers_is_told_once(qtbot):
    of, layers = experiment("gaussians", *[HIDDEN] * 4, SIGMOID), (0, 1, 2)
    now = of
    for layer in layers:
        now = replace_at(now, f"network.layers[{layer}].activation", "relu")
    now = replace_at(now, "network.layers[3].activation", "sigmoid")
    view = Compare()
    view.show_frame(compared(of, now)[1])
    assert view.headline() == "Layers 1–3, Activation: tanh → ReLU; Layer 4, Activation: tanh → sigmoid"
    now = replace_at(now, "network.layers[1].activation", "tanh")
    view.show_frame(compared(of, now)[1])
    assert view.headline().startswith("Layers 1, 3, Activation: tanh → ReLU; ")
    view.deleteLater()
