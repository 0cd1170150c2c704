"""Some hundred random events of real mouse and keys while it trains: no exception, nothing left behind."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from engine.experiment import Experiment
from engine.resources import resource
from gui.controller import Controller
from gui.main_window import MainWindow
from gui.settings import remember
from tests.gui.person import Person
from tests.gui.random_user import EVENTS, RandomUser

RUNS, EVENTS_A_RUN = 3, 50


@pytest.fixture
def user(show_window: Callable[..., MainWindow], controller: Controller, tmp_path: Path) -> RandomUser:
    shutil.copy(resource("examples", "circle.json"), tmp_path)
    remember("folder", str(tmp_path))
    window = show_window(1280, 720)
    return RandomUser(window, Person(window, tmp_path))


def test_random_events_while_it_trains(user: RandomUser, controller: Controller,
                                       settle: Callable[[Controller], None]) -> None:  # fmt: skip
    failures: list[object] = []
    controller.failed.connect(failures.append)
    controller.desk.failed.connect(failures.append)
    first = controller.experiment

    class Anything(RuleBasedStateMachine):
        @rule(event=st.sampled_from(sorted(EVENTS)), seed=st.integers(0, 2**31))
        def do(self, event: str, seed: int) -> None:
            user.do(event, seed)
            assert not failures

        def teardown(self) -> None:
            user.go_home(first)
            settle(controller)

    run_state_machine_as_test(Anything, settings=settings(
        max_examples=RUNS, stateful_step_count=EVENTS_A_RUN, deadline=None, derandomize=True, database=None,
        phases=[Phase.generate], suppress_health_check=list(HealthCheck),
    ))  # fmt: skip
    assert len(set(EVENTS) - set(user.done)) < 8
    assert controller.frame is not None and controller.frame.experiment == first


def test_what_the_user_drops_is_opened(user: RandomUser, controller: Controller,
                                       settle: Callable[[Controller], None]) -> None:  # fmt: skip
    user.drop()
    settle(controller)
    assert controller.experiment == Experiment.load(resource("examples", "circle.json"))
