"""The training before against this one: what the trainer keeps, and what is said and drawn of it."""

import numpy as np
import pytest
from PySide6.QtCore import Qt

from engine.experiment import replace_at
from gui.frame import Run
from gui.i18n import language
from gui.theme import THEMES
from gui.trainer import Trainer
from gui.views import Compare
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
    trainer.load(OF)
    assert trainer.frame("paused").before is None


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
