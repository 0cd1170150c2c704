"""What LSUV tells of its steps."""

import math

import numpy as np
import pytest

from engine import Session
from engine.experiment import replace_at
from engine.start import LSUV_TOLERANCE, LsuvStep, make_start
from tests.engine.reference.build import bare, experiment


def test_lsuv_tells_its_steps() -> None:
    """The last variance is right, each step goes on from the one before, all of them make the weights."""
    session = Session(experiment((12, 12, 5), data={"name": "digits", "scaling": "none"}, output="softmax",
                                 activation="relu", initializer="lsuv", precision="float64"))  # fmt: skip
    report = session.start_report
    assert [step.layer for step in report] == sorted(step.layer for step in report)
    for layer, (w, _) in enumerate(session.weights()):
        steps = [step for step in report if step.layer == layer]
        assert [step.attempt for step in steps] == list(range(1, len(steps) + 1))
        assert abs(math.sqrt(steps[-1].variance_after) - 1) < LSUV_TOLERANCE
        for before, after in zip(steps, steps[1:], strict=False):
            assert after.variance_before == before.variance_after
        divided = math.prod(math.sqrt(step.variance_before) for step in steps)
        assert np.linalg.norm(w) * divided == pytest.approx(math.sqrt(min(w.shape)), rel=1e-12)
    z = session.initial.forward(session.data.x_train[:256], pre=True)
    for layer, sums in enumerate(z):
        after = [step.variance_after for step in report if step.layer == layer][-1]
        assert after == pytest.approx(sums.var(), rel=1e-9)


def test_lsuv_tells_which_layer_it_left_alone() -> None:
    x = np.zeros((10, 4))
    network = bare(4, [(5, "relu"), (2, "linear")], initializer="lsuv", x=x)
    report = make_start(network.experiment, network.plan, x).report
    assert report == (LsuvStep(0, 0, 0.0, 0.0), LsuvStep(1, 0, 0.0, 0.0))
    assert Session(experiment((3,))).start_report == ()


def test_lsuv_measures_without_the_links_that_are_cut() -> None:
    cut = [[pixel, 2] for pixel in range(40)]
    chosen = experiment((12,), data="digits", output="softmax", initializer="lsuv")
    session = Session(replace_at(chosen, "network.layers[0].cut", cut))
    z = session.initial.forward(session.data.x_train[:256], pre=True)[0]
    assert abs(z.std(dtype=float) - 1) < LSUV_TOLERANCE
    steps = [step for step in session.start_report if step.layer == 0]
    assert steps[-1].variance_after == pytest.approx(z.var(dtype=float), rel=1e-5)


def test_a_report_is_of_the_last_start() -> None:
    session = Session(experiment((3,), initializer="lsuv"))
    assert {step.layer for step in session.start_report} == {0, 1}
    session.change(experiment((3,)))
    assert session.start_report == ()
