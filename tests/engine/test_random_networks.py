"""Networks of any architecture, with everything that a layer may have, against JAX in float64."""

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from engine import Session
from engine.experiment import Experiment, from_plain, to_plain
from tests.engine.reference.build import PATHS, force_path
from tests.engine.reference.drawn import RATE, experiments

if TYPE_CHECKING:  # loading JAX takes a second
    from tests.engine.reference.whole import Truth

NEAR = 1e-9  # so close to a kink, rounding decides on which side a pre-activation is
ROUNDING = 1e-12  # of numbers around 1, after batch normalization has divided by the std of almost equal rows


def assert_close(ours: dict[str, np.ndarray], truth: dict[str, np.ndarray], tolerance: float = 1e-10) -> None:
    """Compare tensors by name; where one is 0 by cancellation, both sides show only rounding."""
    top = max(float(np.abs(array).max()) for array in truth.values())
    for name, array in truth.items():
        allowed = max(tolerance * float(np.abs(array).max()), ROUNDING * max(1.0, top))
        assert np.abs(ours[name] - array).max() <= allowed, name


def class_weights(session: Session) -> Any:
    """Return the experiment's class weights as numbers; "balanced" is n / (classes · rows of the class)."""
    wanted, data = session.experiment.regularization.class_weights, session.data
    if wanted != "balanced":
        return wanted
    return [len(data.labels_train) / (len(data.classes) * max(1, np.sum(data.labels_train == label)))
            for label in range(len(data.classes))]  # fmt: skip


def all_frozen(chosen: Experiment) -> Experiment:
    """Return the experiment as it predicts: batch normalization by running statistics, no penalties."""
    plain = to_plain(chosen)
    plain["regularization"] |= {"l1": 0.0, "l2": 0.0}
    for layer in plain["network"]["layers"]:
        layer |= {"trainable": False, "l1": None, "l2": None}
    return from_plain(plain)


def is_decided(chosen: Experiment, truth: "Truth", y: np.ndarray) -> bool:
    """Whether no number is so close to a kink that rounding decides on its side.

    Rows that are all the same but 0 are normalized to such numbers: what is left of them is rounding.
    """
    kinks = [*truth.pre_activations, truth.outputs - y]
    if any(np.any((z != 0) & (np.abs(z) < NEAR)) for z in kinks):
        return False
    return len(y) == 1 or all(
        np.all((variance > NEAR**2) | (mean == 0))
        for layer, mean, variance in zip(chosen.network.layers, truth.means, truth.variances, strict=True)
        if layer.batch_norm.name != "none"
    )


@settings(max_examples=60, deadline=None)
@given(chosen=experiments(), path=st.sampled_from(PATHS), updates=st.integers(0, 3))
def test_loss_gradients_and_an_update_are_those_of_jax(chosen: Experiment, path: str, updates: int) -> None:
    from tests.engine.reference.descent import one_update
    from tests.engine.reference.whole import truth_of

    with pytest.MonkeyPatch.context() as patch:
        force_path(patch, path)
        session = Session(chosen)
    for _ in range(updates):
        session.step_batch()
    weights, before = class_weights(session), session.parameters()
    first = session.batch * session.batch_size
    rows = session.batch_order(session.epoch)[first : first + session.batch_size]
    x, y = session.data.x_train[rows], session.data.y_train[rows]

    truth = truth_of(chosen, before, x, y, None, weights)
    assume(is_decided(chosen, truth, y))
    assert session.loss_and_gradients(x, y)[0] == pytest.approx(truth.loss, rel=1e-11)
    assert set(session.gradients(x, y)) == set(truth.gradients)
    assert_close(session.gradients(x, y), truth.gradients)
    predicted = truth_of(all_frozen(chosen), before, x, y, None, weights)
    assert session.snapshot().loss(x, y) == pytest.approx(predicted.loss, rel=1e-11)

    truth = truth_of(chosen, before, x, y, session.dropout_factors(session.epoch, session.batch), weights)
    assume(is_decided(chosen, truth, y))
    wanted = one_update(chosen, before, truth, lambda theta, grad, t: theta - RATE * grad, 1, RATE, len(rows))
    session.step_batch()
    after = session.parameters()
    assert {name for name in after if not name.endswith("mask")} == set(wanted)
    assert_close(after, wanted)
