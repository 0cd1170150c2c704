"""Going back in time: the moments are those of the training, and playing on repeats it bit for bit."""

import gc
import json
import random
import weakref
from collections.abc import Callable

import numpy as np
import pytest

from engine.edits import choose_optimizer, new_dice
from engine.experiment import Experiment, Optimizer, from_plain, replace_at
from engine.session import Session
from gui import history
from gui.controller import Controller
from gui.frame import Frame
from gui.history import History
from gui.i18n import language
from gui.panels.mark_words import of_change
from gui.puts import Put
from gui.trainer import Trainer

never: Callable[[], bool] = lambda: False  # noqa: E731
Settle = Callable[[Controller], None]


@pytest.fixture
def trainer(experiment: Experiment) -> Trainer:
    made = Trainer()
    made.load(experiment)
    return made


def theta(trainer: Trainer) -> np.ndarray:
    return trainer.frame("paused").snapshot.theta


def same_frames(one: Trainer, other: Trainer) -> None:
    here, there = one.frame("paused"), other.frame("paused")
    assert np.array_equal(here.snapshot.theta, there.snapshot.theta)
    assert np.array_equal(here.snapshot.slots, there.snapshot.slots)
    assert here.experiment == there.experiment and here.metrics == there.metrics


def play(trainer: Trainer, epochs: float) -> None:
    while trainer.position + 1 / trainer.batches <= epochs + 1e-6:
        trainer.run_slice(epochs, never)
    trainer.measure_here()  # a slice may leave that for later; the worker does this before it stands still


def changed_on_the_way(experiment: Experiment) -> Trainer:
    """Train with another optimizer from epoch 6 on, a weight put in inside epoch 8, dropout from 11 on."""
    made = Trainer()
    made.load(experiment)
    play(made, 6)
    made.change(choose_optimizer(experiment, Optimizer("sgd")))
    play(made, 8 + 1 / 3)
    now = made.frame("paused").experiment
    made.change(now, puts=[Put("layers.0.weight", (0, 1), 0.75)])
    play(made, 11)
    made.change(replace_at(now, "network.layers[0].dropout", 0.3))
    play(made, 15)
    return made


@pytest.mark.parametrize("epoch", [0, 1, 7, 13, 20])
def test_an_earlier_moment_is_that_of_the_training(
    trainer: Trainer, experiment: Experiment, epoch: int
) -> None:
    play(trainer, 20)
    trainer.go_to(epoch, never)
    plain = Session(experiment)
    plain.run(epoch)
    frame = trainer.frame("paused")
    assert frame.epoch == epoch and np.array_equal(frame.snapshot.theta, plain.snapshot().theta)
    assert (frame.timeline.now, frame.timeline.end) == (epoch, 20)
    assert frame.curves.epochs[-1] == epoch and frame.metrics == plain.metrics()
    assert np.array_equal(frame.path[-1][1], frame.snapshot.theta.astype(np.float32))


@pytest.mark.parametrize("back", [0, 5, 6, 8, 9.5, 12])
def test_playing_on_repeats_every_change_on_the_way(experiment: Experiment, back: float) -> None:
    once, again = changed_on_the_way(experiment), changed_on_the_way(experiment)
    again.go_to(back, never)
    assert again.position == pytest.approx(back, abs=1 / again.batches)
    play(again, 15)
    same_frames(once, again)
    play(once, 18)
    play(again, 18)
    same_frames(once, again)
    assert [mark.epoch for mark in again.frame("paused").timeline.marks] == pytest.approx([6, 8 + 1 / 3, 11])


def test_steps_repeat_changes_too(experiment: Experiment) -> None:
    once, again = changed_on_the_way(experiment), changed_on_the_way(experiment)
    again.go_to(5, never)
    while again.epoch < 8:
        again.step_epoch()
    while again.epoch < 12:
        again.step_batch()
    once.go_to(12, never)
    same_frames(once, again)


def test_going_back_and_to_the_end_again_forgets_nothing(experiment: Experiment) -> None:
    made = changed_on_the_way(experiment)
    before = made.frame("paused")
    for position in (3, 14, 0, 9, 15):
        made.go_to(position, never)
    after = made.frame("paused")
    assert np.array_equal(before.snapshot.theta, after.snapshot.theta) and before.metrics == after.metrics
    assert np.array_equal(before.curves.train_loss, after.curves.train_loss)
    assert [epoch for epoch, _ in before.path] == [epoch for epoch, _ in after.path]


def test_another_experiment_forgets_the_trainings_that_undo_could_bring_back(
    trainer: Trainer, experiment: Experiment
) -> None:
    play(trainer, 2)
    left = weakref.ref(trainer.frame("paused").snapshot.theta)
    assert trainer.change(new_dice(experiment)) == "restarts"
    gc.collect()
    assert left() is not None
    play(trainer, 1)  # the training before stays to be compared, but not the one before that
    trainer.load(experiment)
    gc.collect()
    assert left() is None


def test_an_edit_in_the_past_is_the_start_of_another_way(experiment: Experiment) -> None:
    made = changed_on_the_way(experiment)
    made.go_to(4, never)
    made.change(replace_at(experiment, "optimizer.learning_rate", 0.002))
    play(made, 9)
    plain = Session(experiment)
    plain.run(4)
    plain.change(replace_at(experiment, "optimizer.learning_rate", 0.002))
    plain.run(5)
    frame = made.frame("paused")
    assert np.array_equal(frame.snapshot.theta, plain.snapshot().theta)
    assert [mark.epoch for mark in frame.timeline.marks] == [4] and frame.timeline.end == 9
    assert np.all(np.diff(frame.curves.epochs) > 0) and frame.curves.epochs[-1] == 9


def test_another_length_or_title_leaves_no_mark_and_holds_in_the_past(
    trainer: Trainer, experiment: Experiment
) -> None:
    play(trainer, 5)
    longer = replace_at(replace_at(experiment, "training.epochs", 900), "title", "Longer")
    trainer.change(longer)
    trainer.go_to(2, never)
    frame = trainer.frame("paused")
    assert not frame.timeline.marks and not trainer.take_moved()
    assert frame.experiment.training.epochs == 900 and frame.experiment.title == "Longer"


def test_a_schedule_makes_the_length_a_change(experiment: Experiment) -> None:
    made, cosine = Trainer(), replace_at(experiment, "schedule", {"name": "cosine"})
    made.load(cosine)
    play(made, 5)
    made.change(replace_at(cosine, "training.epochs", 900))
    assert len(made.frame("paused").timeline.marks) == 1
    made.go_to(2, never)
    assert made.frame("paused").experiment.training.epochs == cosine.training.epochs


def test_what_is_kept_is_bounded(experiment: Experiment, monkeypatch: pytest.MonkeyPatch) -> None:
    session = Session(experiment)
    kept = History(0, session.snapshot())
    for epoch in range(1, 3001):
        session.step_epoch()
        kept.add(epoch, session.snapshot())
    assert len(kept._moments.items) <= history.MOMENTS + 1
    assert abs(kept.at(1000).epoch - 1000) <= 2 * 3000 / history.MOMENTS
    one = session.snapshot()
    monkeypatch.setattr(history, "CHANGES_BYTES", 5 * (one.theta.nbytes + one.slots.nbytes))
    for epoch in range(3001, 3021):
        session.step_epoch()
        kept.note_change(epoch, epoch, experiment, session.snapshot())
    assert len(kept._changes) <= 5
    # What lies before the first change that is left cannot be had any more, and the time line says so.
    assert kept.timeline(3020).first == kept.at(0).epoch == 3016


def test_words_of_changes(experiment: Experiment) -> None:
    language.set("en")
    sgd = choose_optimizer(experiment, Optimizer("sgd"))
    assert of_change(experiment, sgd) == "SGD"
    assert (
        of_change(experiment, replace_at(experiment, "optimizer.learning_rate", 0.5)) == "Learning rate: 0.5"
    )
    assert of_change(experiment, replace_at(experiment, "training.batch_size", 30)) == "Batch: 30"
    assert of_change(experiment, replace_at(sgd, "regularization.l2", 0.1)) == "SGD …"
    assert (
        of_change(experiment, replace_at(experiment, "network.layers[0].trainable", False)) == "layer frozen"
    )
    assert of_change(experiment, experiment) == "weights put in"


def test_lbfgs_and_batch_sizes_are_followed(experiment: Experiment) -> None:
    def way() -> Trainer:
        made = Trainer()
        made.load(experiment)
        play(made, 2 + 1 / 3)
        made.change(replace_at(experiment, "training.batch_size", 7))
        play(made, 5.5)
        plain = json.loads(experiment.to_json())
        made.change(from_plain({**plain, "optimizer": {"name": "lbfgs"}, "training": {"batch_size": 60}}))
        play(made, 9)
        return made

    once, again = way(), way()
    for back in (1, 4, 7):
        again.go_to(back, never)
        play(again, 9)
        same_frames(once, again)


def test_an_undone_restart_brings_the_whole_way_back(trainer: Trainer, experiment: Experiment) -> None:
    play(trainer, 20)
    end = theta(trainer)
    trainer.go_to(8, never)
    left = trainer.frame("paused")
    assert trainer.change(replace_at(experiment, "seeds.init", 5)) == "restarts"
    play(trainer, 3)
    other = trainer.frame("paused")
    assert trainer.change(experiment, left) == "resumes"
    back = trainer.frame("paused")
    assert np.array_equal(back.snapshot.theta, left.snapshot.theta)
    assert (back.timeline.first, back.timeline.now, back.timeline.end) == (0, 8, 20)
    assert back.later is not None and back.later.epochs[-1] == 20
    assert trainer.change(other.experiment, other) == "resumes"
    assert trainer.frame("paused").timeline.end == 3
    assert trainer.change(experiment, back) == "resumes"
    play(trainer, 20)
    assert np.array_equal(theta(trainer), end) and trainer.frame("paused").later is None


def test_an_undone_restart_while_it_played_leads_back_into_the_way(
    trainer: Trainer, experiment: Experiment
) -> None:
    play(trainer, 4)
    seen = trainer.frame("playing")
    play(trainer, 9)  # what the window had not seen when it gave the change
    end = theta(trainer)
    trainer.change(replace_at(experiment, "seeds.init", 5))
    assert trainer.change(experiment, seen) == "resumes"
    assert (trainer.frame("paused").timeline.now, trainer.frame("paused").timeline.end) == (4, 9)
    play(trainer, 9)
    assert np.array_equal(theta(trainer), end)


def test_undone_and_done_again_the_way_is_the_one_that_was_left_last(
    trainer: Trainer, experiment: Experiment
) -> None:
    other = replace_at(experiment, "seeds.init", 5)
    play(trainer, 12)
    first = trainer.frame("paused")
    trainer.change(other)
    trainer.change(experiment, first)
    trainer.go_to(3, never)
    trainer.change(choose_optimizer(experiment, Optimizer("sgd")))  # forgets what came after epoch 3
    play(trainer, 5)
    second = trainer.frame("paused")
    trainer.change(other)
    trainer.change(second.experiment, second)
    assert trainer.frame("paused").timeline.end == 5
    trainer.go_to(1, never)
    trainer.step_epoch()
    trainer.run_to(7, never)
    assert trainer.epoch == 7 and trainer.frame("paused").timeline.end == 7


@pytest.mark.parametrize("epoch", [0, 5])
def test_going_to_where_nothing_lies_ahead_is_the_present(trainer: Trainer, epoch: int) -> None:
    play(trainer, epoch)
    trainer.go_to(epoch, never)
    assert trainer.frame("paused").later is None
    trainer.step_epoch()
    assert trainer.epoch == epoch + 1


@pytest.mark.parametrize("seed", range(12))
def test_from_anywhere_an_epoch_leads_on(trainer: Trainer, experiment: Experiment, seed: int) -> None:
    dice, here = random.Random(seed), experiment
    undone: list[tuple[Experiment, Frame]] = []
    for _ in range(40):
        way = dice.choice(["play", "back", "batch", "restart", "optimizer", "rows", "undo", "undo"])
        if way == "play":
            play(trainer, trainer.position + dice.choice([0.4, 1, 3.7]))
        elif way == "back":
            trainer.go_to(dice.random() * 9, never)
        elif way == "batch":
            trainer.step_batch()
        elif way == "undo" and undone:
            here, frame = undone.pop()
            trainer.change(here, frame)
        elif way != "undo":
            undone.append((here, trainer.frame("paused")))
            here = {
                "restart": replace_at(here, "seeds.init", dice.randrange(100)),
                "optimizer": choose_optimizer(here, Optimizer(dice.choice(["sgd", "momentum"]))),
                "rows": replace_at(here, "training.batch_size", dice.choice([5, 7, 30])),
            }[way]
            trainer.change(here)
        trainer.take_moved()
        here = trainer.frame("paused").experiment
        before = trainer.epoch
        trainer.step_epoch()
        assert trainer.epoch == before + 1
