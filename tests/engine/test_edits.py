"""Edits: each click leads to an experiment that can be used, or to a sentence."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import Experiment, ExperimentError, edits
from engine.choices import ACTIVATIONS, INITIALIZERS, OPTIMIZERS
from engine.choices.datasets import DATASETS, READY
from engine.experiment import Activation, Initializer, Optimizer, Training, from_plain, replace_at, to_plain
from engine.rules import dataset_of, legal_losses, output_units
from tests.engine.reference.build import experiment


def assert_usable(chosen: Experiment) -> None:
    assert from_plain(to_plain(chosen)) == chosen
    entry, last = dataset_of(chosen), chosen.network.layers[-1]
    assert last.units == output_units(entry, last.activation.name)
    assert chosen.loss.name in legal_losses(entry, last.activation.name)


@pytest.mark.parametrize("first", READY)
@pytest.mark.parametrize("second", READY)
def test_every_data_set_may_follow_every_other(first: str, second: str) -> None:
    chosen = edits.choose_data(edits.choose_data(experiment(), first), second)
    assert_usable(chosen)
    entry = DATASETS[second]
    assert chosen.data.name == second
    assert chosen.data.features == entry.default_features
    assert [layer.units for layer in chosen.network.layers[:-1]] == [8, 8]
    usual = {"binary": "sigmoid", "multiclass": "softmax", "regression": "linear"}[entry.task]
    assert chosen.network.layers[-1].activation.name == usual


@pytest.mark.parametrize("data", READY)
def test_beginning_anew_leaves_the_data_and_the_output_layer_alone(data: str) -> None:
    old = edits.choose_data(experiment(), data)
    changed = replace_at(replace_at(old, "title", "T"), "optimizer", Optimizer("lion"))
    changed = replace_at(replace_at(changed, "data.scaling", "minmax"), "seeds.data", 7)
    new = edits.begin_anew(changed)
    assert_usable(new)
    assert new.data == changed.data and new.seeds.data == 7
    assert len(new.network.layers) == 1 and new.loss == old.loss
    assert (new.title, new.optimizer, new.training) == ("", Optimizer("adam"), Training())


@pytest.mark.parametrize("data", READY)
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_every_activation_may_stand_last(data: str, activation: str) -> None:
    chosen = edits.choose_activation(edits.choose_data(experiment(), data), 2, Activation(activation))
    assert_usable(chosen)
    name = chosen.network.layers[-1].activation.name
    softmax_of_numbers = activation == "softmax" and DATASETS[data].task == "regression"
    assert name == ("linear" if softmax_of_numbers else activation)
    assert chosen.loss.name == legal_losses(DATASETS[data], name)[0], "the usual loss comes with it"


def test_a_loss_that_still_fits_stays_with_its_parameter() -> None:
    chosen = replace_at(experiment(), "loss", {"name": "huber", "delta": 0.25})
    assert edits.choose_activation(chosen, 0, Activation("gelu")).loss == chosen.loss
    assert edits.choose_data(chosen, "moons").loss == chosen.loss
    assert edits.choose_data(chosen, "iris").loss.name == "categorical_cross_entropy"


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_every_activation_but_softmax_may_stand_inside(activation: str) -> None:
    if activation == "softmax":
        with pytest.raises(ExperimentError, match="only in the last layer"):
            edits.choose_activation(experiment(), 0, Activation("softmax"))
        return
    chosen = edits.choose_activation(experiment(), 0, Activation(activation))
    assert_usable(chosen)
    assert chosen.network.layers[0].activation.name == activation
    assert chosen.network.layers[1:] == experiment().network.layers[1:]
    assert chosen.loss == experiment().loss


def test_an_initializer_for_one_layer_or_for_all() -> None:
    for name in INITIALIZERS:
        values = {"path": "weights.safetensors"} if name == "from_file" else {}
        one = edits.choose_initializer(experiment(), Initializer(name, **values), 1)
        starts = [layer.initializer.name for layer in one.network.layers]
        assert starts == ["xavier_uniform", name, "xavier_uniform"]
        every = edits.choose_initializer(experiment(), Initializer(name, **values))
        assert {layer.initializer.name for layer in every.network.layers} == {name}


@pytest.mark.parametrize("index", [0, 1, 2, 3, 9])
def test_a_new_layer_is_like_those_beside_it(index: int) -> None:
    chosen = edits.insert_layer(experiment((8, 8), activation="relu", initializer="he_normal"), index, 5)
    assert_usable(chosen)
    place = min(index, 2)
    assert [layer.units for layer in chosen.network.layers] == [8] * place + [5] + [8] * (2 - place) + [1]
    new = chosen.network.layers[place]
    assert (new.activation.name, new.initializer.name) == ("relu", "he_normal")


def test_the_first_hidden_layer_is_not_like_the_output() -> None:
    new = edits.insert_layer(experiment(()), 0).network.layers[0]
    assert (new.units, new.activation.name, new.initializer.name) == (4, "tanh", "xavier_uniform")


def test_layers_go() -> None:
    chosen = experiment((7, 8, 9))
    assert [layer.units for layer in edits.remove_layer(chosen, 1).network.layers] == [7, 9, 1]
    assert [layer.units for layer in edits.set_units(chosen, 0, 0).network.layers] == [8, 9, 1]
    assert [layer.units for layer in edits.set_units(chosen, 0, 3).network.layers] == [3, 8, 9, 1]


IMPOSSIBLE: list[tuple[Callable[[Experiment], Any], str]] = [
    (lambda chosen: edits.remove_layer(chosen, 2), "cannot be removed"),
    (lambda chosen: edits.remove_layer(chosen, -1), "cannot be removed"),
    (lambda chosen: edits.set_units(chosen, 2, 0), "cannot be removed"),
    (lambda chosen: edits.set_units(chosen, 2, 5), "do not fit"),
    (lambda chosen: edits.set_units(chosen, 0, 5000), r"5000 is not in \[1, 4096\]"),
    (lambda chosen: edits.set_units(chosen, 0, -1), "is not in"),
    (lambda chosen: edits.insert_layer(chosen, 0, 0), "is not in"),
    (lambda chosen: edits.choose_data(chosen, "mars"), "mars is not a known data set"),
    (lambda chosen: edits.remove_layer(chosen, 3), r"layers\[3\]: there is no such field"),
    (lambda chosen: edits.set_units(chosen, 3, 1), r"layers\[3\]: there is no such field"),
    (lambda chosen: edits.choose_activation(chosen, 3, Activation("relu")), "there is no such field"),
    (lambda chosen: edits.choose_initializer(chosen, Initializer("zeros"), 3), "there is no such field"),
]


@pytest.mark.parametrize(("edit", "message"), IMPOSSIBLE)
def test_what_is_impossible_is_said(edit: Callable[[Experiment], Any], message: str) -> None:
    with pytest.raises(ExperimentError, match=message):
        edit(experiment())


def test_an_optimizer_comes_with_the_batches_and_the_schedule_that_it_needs() -> None:
    chosen = experiment(schedule="cosine", optimizer={"name": "sgd", "learning_rate": 0.3})
    whole = edits.choose_optimizer(chosen, Optimizer("rprop"))
    assert_usable(whole)
    assert (whole.training.batch_size, whole.schedule.name) == (500, "constant")
    assert whole.optimizer == Optimizer("rprop", learning_rate=0.3)
    other = edits.choose_data(whole, "digits")
    assert_usable(other)
    assert other.training.batch_size == 1797
    clipped = replace_at(whole, "regularization.gradient_clip", 1.0)
    searching = edits.choose_optimizer(clipped, Optimizer("lbfgs"))
    assert_usable(searching)
    with pytest.raises(ExperimentError, match=r"gradient_clip: lbfgs searches along a line"):
        replace_at(searching, "regularization.gradient_clip", 1.0)
    assert edits.choose_optimizer(searching, Optimizer("adam")).optimizer == Optimizer("adam")
    stepped = edits.choose_optimizer(chosen, Optimizer("adam"))
    assert (stepped.training.batch_size, stepped.schedule) == (10, chosen.schedule)


def test_the_rate_stays_where_it_means_the_same() -> None:
    chosen = experiment(optimizer={"name": "sgd", "learning_rate": 0.3})
    for name in OPTIMIZERS:
        optimizer = edits.choose_optimizer(chosen, Optimizer(name)).optimizer
        expected = {"adadelta": 1.0, "lbfgs": None}.get(name, 0.3)
        assert optimizer.parameters.get("learning_rate") == expected
    asked = edits.choose_optimizer(chosen, Optimizer("adam", learning_rate=0.7))
    assert asked.optimizer["learning_rate"] == 0.7


def test_new_dice_are_other_dice() -> None:
    chosen, seen = experiment(), set()
    for _ in range(5):
        chosen = edits.new_dice(chosen)
        seen.add(chosen.seeds.init)
    assert seen == {1, 2, 3, 4, 5}
    last = experiment(seeds={"init": 2**32 - 1})
    assert edits.new_dice(last).seeds.init == 0


def test_going_back_to_the_same_data_keeps_what_fits() -> None:
    noisy = experiment(data={"name": "moons", "noise": 0.3, "scaling": "minmax"})
    other = edits.choose_data(noisy, "circle")
    assert (other.data.noise, other.data.scaling) == (0.3, "minmax")
    assert edits.choose_data(noisy, "gate_or").data.noise == 0


STEPS = st.one_of(
    st.tuples(st.just("choose_data"), st.tuples(st.sampled_from(list(READY)))),
    st.tuples(st.just("choose_activation"),
              st.tuples(st.integers(0, 5), st.sampled_from([Activation(key) for key in ACTIVATIONS]))),
    st.tuples(st.just("choose_initializer"),
              st.tuples(st.sampled_from([Initializer(key) for key in INITIALIZERS]),
                        st.none() | st.integers(0, 5))),
    st.tuples(st.just("insert_layer"), st.tuples(st.integers(0, 6), st.integers(-1, 9))),
    st.tuples(st.just("remove_layer"), st.tuples(st.integers(-1, 5))),
    st.tuples(st.just("set_units"), st.tuples(st.integers(0, 5), st.integers(-1, 9))),
    st.tuples(st.just("choose_optimizer"),
              st.tuples(st.sampled_from([Optimizer(key) for key in OPTIMIZERS]))),
    st.tuples(st.just("new_dice"), st.tuples()),
)  # fmt: skip


@settings(max_examples=80, deadline=None)
@given(st.lists(STEPS, max_size=8))
def test_any_clicks_lead_to_a_usable_experiment(steps: list[tuple[str, tuple[Any, ...]]]) -> None:
    chosen = experiment((4, 3))
    for name, arguments in steps:
        try:
            chosen = getattr(edits, name)(chosen, *arguments)
        except ExperimentError:
            continue
        assert_usable(chosen)
