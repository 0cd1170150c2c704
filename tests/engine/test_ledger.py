"""The ledger of one weight: every line follows from its own numbers, and the last ones are the engine's."""

import json
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import ExperimentError, Session
from engine.analysis.ledger import SENTENCES, explain
from engine.analysis.ledger.functions import ACTIVATIONS as OUR_ACTIVATIONS
from engine.analysis.ledger.functions import LOSSES as OUR_LOSSES
from engine.analysis.ledger.optimizers import RULES
from engine.choices import ACTIVATIONS, DATASETS, LOSSES, OPTIMIZERS, SCHEDULES
from engine.experiment import Experiment, Optimizer, replace_at
from engine.resources import resource
from engine.rules import legal_losses
from tests.engine.reference.build import bare, force_path
from tests.engine.reference.ledgers import (
    HIDDEN,
    SETS,
    check,
    experiment,
    experiments,
    new_value_is_the_engines,
    some_weight,
)

# What a line may take that no line before it gave: data, parameters, constants of the experiment, old state.
GIVEN = ("w", "wₖ", "b", "γ", "β", "y", "yₖ", "n", "m", "t", "ε", "c", "d", "k", "v", "Σ|w|", "Σw²", "sₜ",
         "η", "θ", "β₁", "β₂")  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(chosen=experiments(), seed=st.integers(0, 999), row=st.sampled_from([None, None, 0, 11, "all"]))
def test_every_line_and_the_last_numbers_are_the_engines(
    chosen: Experiment, seed: int, row: int | str | None
) -> None:
    session, rng = Session(chosen), np.random.default_rng(seed)
    for _ in range(int(rng.integers(8))):
        session.step_batch()
    for _ in range(3):
        ledger = check(session, some_weight(session, rng), row)
    if row is None:
        new_value_is_the_engines(session, ledger)


def test_what_a_line_takes_an_earlier_one_gave() -> None:
    layers = [{"units": 3, "batch_norm": True}, {"units": 3, "skip_from": 0, "dropout": 0.3},
              {"units": 2, "batch_norm": "after"}]  # fmt: skip
    session = Session(experiment("iris", layers, "softmax", "mse", regularization={"gradient_clip": 0.1}))
    session.run(2)
    for weight in ("layers.1.weight[2,1]", "layers.0.scale[1]", "layers.3.bias[0]"):
        ledger = session.explain(None, weight)
        known: list[Any] = [session.data.x_train[list(ledger.rows)]]
        for line in ledger.steps:
            for term in line.terms:
                assert term.name in GIVEN or any(comes_from(term.value, old) for old in known), line
            known.append(line.value)


def comes_from(value: Any, earlier: Any) -> bool:
    """Whether a number or array is an earlier one, or one unit's column of it."""
    if np.ndim(value) < np.ndim(earlier):
        return any(np.array_equal(value, column) for column in np.moveaxis(earlier, -1, 0))
    return np.array_equal(value, earlier)


def test_every_choice_can_be_explained() -> None:
    assert set(ACTIVATIONS) <= {*OUR_ACTIVATIONS, "softmax"}
    assert set(LOSSES) <= set(OUR_LOSSES)
    assert {name for name, entry in OPTIMIZERS.items() if not entry.own_steps} <= set(RULES)


@pytest.mark.parametrize("name", HIDDEN)
def test_every_activation(name: str) -> None:
    session = Session(experiment("iris", [{"units": 4, "activation": name}] * 2, "softmax",
                                 "categorical_cross_entropy", optimizer="sgd"))  # fmt: skip
    session.set_weights([(3 * w, b) for w, b in session.weights()])
    for weight in ("layers.0.weight[1,2]", "layers.1.bias[3]", "layers.2.weight[0,0]"):
        check(session, weight, 5)
        check(session, weight, "all")


@pytest.mark.parametrize("data", SETS)
def test_every_loss_of_every_output(data: str) -> None:
    for output in ACTIVATIONS:
        if output == "softmax" and data == "plane":
            continue
        for loss in legal_losses(DATASETS[data], output):
            session = Session(experiment(data, [{"units": 3}], output, loss))
            for row in (0, "all"):
                check(session, "layers.0.weight[1,2]", row)
                check(session, "layers.1.weight[2,0]", row)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_every_optimizer(name: str) -> None:
    training = {"precision": "float64", "batch_size": 80 if OPTIMIZERS[name].whole_batch else 7}
    session = Session(experiment("spiral", [{"units": 4}], "sigmoid", "binary_cross_entropy", optimizer=name,
                                 regularization={"l2": 0.01}, training=training))  # fmt: skip
    for updates, weight in ((0, "layers.0.weight[1,2]"), (1, "layers.1.weight[3,0]"), (7, "layers.0.bias[0]"),
                            (0, "layers.1.weight[0,0]")):  # fmt: skip
        for _ in range(updates):
            session.step_batch()
        new_value_is_the_engines(session, check(session, weight, None))


@pytest.mark.parametrize("name", [
    name for name, entry in OPTIMIZERS.items() if "bias_correction" in (each.key for each in entry.parameters)
])  # fmt: skip
def test_optimizers_without_their_correction(name: str) -> None:
    session = Session(experiment("spiral", [{"units": 4}], "sigmoid", "binary_cross_entropy",
                                 optimizer={"name": name, "bias_correction": False}))  # fmt: skip
    session.step_batch()
    new_value_is_the_engines(session, check(session, "layers.0.weight[0,1]", None))


def test_a_search_starts_straight_down_and_then_knows_the_valley() -> None:
    layers = [{"units": 4, "batch_norm": True, "dropout": 0.2, "cut": [[0, 0]], "max_norm": 0.7}]
    session = Session(experiment("iris", layers, "softmax", "categorical_cross_entropy", optimizer="lbfgs",
                                 training={"precision": "float64", "batch_size": 200}))  # fmt: skip
    for kind in ("first_direction", "search_direction", "search_direction"):
        ledger = check(session, "layers.0.weight[2,3]", None)
        lines = {line.kind: line for line in ledger.steps}
        assert kind in lines and lines["step_length"].value > 0
        there, here = (term.value for term in lines["step_length"].terms)
        assert there < here == pytest.approx([line.value for line in ledger.steps if line.part == "loss"][-1])
        new_value_is_the_engines(session, ledger)


@pytest.mark.parametrize("name", SCHEDULES)
def test_every_schedule_and_changed_inputs(name: str) -> None:
    training = {"precision": "float64", "batch_size": 9, "epochs": 8, "augmentation": {"input_noise": 0.1}}
    schedule = {"name": name, "patience": 1, "min_delta": 0.3} if name == "plateau" else name
    session = Session(experiment("spiral", [{"units": 4}], "sigmoid", "mse", schedule=schedule,
                                 optimizer="momentum", training=training))  # fmt: skip
    factors = set()
    for epochs in (0, 1, 3, 3, 3):
        session.run(epochs)
        session.step_batch()
        ledger = check(session, "layers.0.weight[1,2]", None)
        rate = next(line for line in ledger.steps if line.kind == "rate")
        assert rate.value == session.learning_rate
        factors.add(rate.value)
        new_value_is_the_engines(session, ledger)
    assert (len(factors) == 1) == (name in ("constant", "step"))


def test_the_perceptron_rule() -> None:
    session = Session(
        experiment("spiral", [], "step", "mse", optimizer={"name": "sgd", "learning_rate": 0.3})
    )
    for _ in range(5):
        ledger = check(session, "layers.0.weight[1,0]", None)
        assert any(line.kind == "perceptron" for line in ledger.steps)
        new_value_is_the_engines(session, ledger)


def test_the_worked_example_of_backpropagation() -> None:
    """Mazur's network, whose numbers half the world has computed by hand."""
    network = bare(2, [(2, "sigmoid"), (2, "sigmoid")])
    pairs = [(np.array([[0.15, 0.25], [0.20, 0.30]]), np.full(2, 0.35)),
             (np.array([[0.40, 0.50], [0.45, 0.55]]), np.full(2, 0.60))]  # fmt: skip
    rate = msgspec.structs.replace(network.experiment, optimizer=Optimizer("sgd", learning_rate=0.5))
    network = replace(network, experiment=rate, theta=network.plan.pack(pairs))
    data: Any = SimpleNamespace(x_train=np.array([[0.05, 0.10]]), y_train=np.array([[0.01, 0.99]]))
    hidden, outer = (
        explain(network, data, 0, "layers.0.weight[0,0]"),
        explain(network, data, 0, ("layers.1.weight", 0, 0)),
    )
    values = {(line.kind, line.layer): line.value for line in hidden.steps}
    assert values["activation", 0].ravel() == pytest.approx([0.59326999, 0.59688438], abs=5e-9)
    assert values["activation", 1].ravel() == pytest.approx([0.75136507, 0.77292847], abs=5e-9)
    assert values["mean_loss", None] == pytest.approx(0.298371109, abs=5e-10)
    assert (hidden.new_value, outer.new_value) == pytest.approx((0.14978072, 0.35891648), abs=5e-9)


def test_one_row_and_one_unit_are_numbers_and_the_sum_shows_every_product() -> None:
    session = Session(
        experiment("iris", [{"units": 3}, {"units": 5}], "softmax", "categorical_cross_entropy")
    )
    ledger = session.explain("all", "layers.1.weight[2,4]")
    line = next(line for line in ledger.of_row(9) if line.kind == "sum" and line.layer == 1)
    x, w, b = (term.value for term in line.terms)
    assert x.shape == w.shape == (3,) and isinstance(b, float)
    z = session.snapshot().forward(session.data.x_train, pre=True)[1]
    assert line.value == pytest.approx(z[9, 4], rel=1e-12)
    assert (ledger.layer, ledger.source, ledger.unit, len(ledger.rows)) == (
        1,
        2,
        4,
        len(session.data.x_train),
    )


def test_it_changes_nothing_and_cannot_be_changed() -> None:
    session = Session(experiment("spiral", [{"units": 3, "dropout": 0.2}], "sigmoid", "mse"))
    session.run(1)
    session.step_batch()
    before = session.snapshot()
    ledger = session.explain(None, "layers.0.weight[0,1]")
    after = session.snapshot()
    assert np.array_equal(before.theta, after.theta) and np.array_equal(before.slots, after.slots)
    assert (before.epoch, before.batch, before.update) == (after.epoch, after.batch, after.update)
    order = session.batch_order(session.epoch)[7:14]
    assert ledger.rows == tuple(order)
    kept = next(line for line in ledger.steps if line.kind == "dropout").terms[1].value
    assert np.array_equal(kept, session.dropout_factors(session.epoch, session.batch)[0])
    for line in ledger.steps:
        for term in (*line.terms, line.result):
            assert not isinstance(term.value, np.ndarray) or not term.value.flags.writeable


def test_float32_is_explained_in_float64() -> None:
    chosen = experiment("iris", [{"units": 5}, {"units": 4}], "softmax", "categorical_cross_entropy")
    session = Session(replace_at(chosen, "training.precision", "float32"))
    session.run(2)
    ledger = session.explain(None, "layers.1.weight[2,3]")
    assert ledger.gradient != ledger.engine_gradient
    assert ledger.gradient == pytest.approx(ledger.engine_gradient, abs=1e-6)
    session.step_batch()
    assert ledger.new_value == pytest.approx(session.parameters()["layers.1.weight"][2, 3], abs=1e-6)


def test_matrices_are_explained_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    force_path(monkeypatch, "matrices")
    layers = [{"units": 5, "batch_norm": True, "dropout": 0.2}, {"units": 5, "skip_from": 0, "cut": [[0, 1]]}]
    session = Session(experiment("iris", layers, "softmax", "mse", regularization={"gradient_clip": 0.01}))
    session.run(1)
    for weight in (
        "layers.0.weight[3,4]",
        "layers.0.scale[2]",
        "layers.1.weight[4,0]",
        "layers.1.weight[0,1]",
    ):
        check(session, weight, "all")
        new_value_is_the_engines(session, check(session, weight, None))


def test_a_training_that_diverged_is_told_as_it_is() -> None:
    for value in (np.nan, np.inf, 1e308):
        session = Session(experiment("spiral", [{"units": 3, "activation": "relu"}], "linear", "mse",
                                     regularization={"gradient_clip": 1.0, "max_norm": 1.0}))  # fmt: skip
        pairs = session.weights()
        pairs[1][0][:] = value
        session.set_weights(pairs)
        ledger = session.explain(None, "layers.1.weight[1,0]")
        session.step_batch()
        assert not np.isfinite(ledger.new_value)
        assert not np.isfinite(session.parameters()["layers.1.weight"][1, 0])


@pytest.mark.parametrize(("row", "weight", "words"), [
    (0, "weight", "a parameter is named like"), (0, "layers.0.weight[-1,0]", "a parameter is named like"),
    (0, None, "a parameter is named like"), (0, 7, "a parameter is named like"),
    (0, ("layers.0.weight", 0.5, 0), "a parameter is named like"), (0, (), "a parameter is named like"),
    (0, "layers.7.weight[0,0]", "no such parameters"), (0, "layers.0.scale[0]", "no such parameters"),
    (0, "layers.0.weight[2,0]", "no input unit 2: they are 0 to 1"),
    (0, "layers.0.weight[0,3]", "no unit 3 in this layer: they are 0 to 2"),
    (0, "layers.0.weight[0]", "2 numbers"), (0, "layers.1.bias[0,0]", "1 numbers"),
    (40, "layers.0.bias[0]", "0 to 39"), (-1, "layers.0.bias[0]", "0 to 39"),
    ("some", "layers.0.bias[0]", "not a row"), (1.5, "layers.0.bias[0]", "not a row"),
])  # fmt: skip
def test_what_there_is_not_is_said(row: Any, weight: Any, words: str) -> None:
    session = Session(experiment("spiral", [{"units": 3}], "sigmoid", "mse"))
    with pytest.raises(ExperimentError, match=words):
        session.explain(row, weight)


def test_every_sentence_is_translated() -> None:
    path = resource("translations", "pt_BR", "engine.json")
    known = json.loads(path.read_text(encoding="utf-8"))
    assert not set(SENTENCES.values()) - set(known)
    assert len(set(SENTENCES.values())) == len(SENTENCES)
