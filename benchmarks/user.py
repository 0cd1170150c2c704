"""python -m benchmarks.user: random events of mouse and keys while the real window trains, or long play.

python -m benchmarks.user --events 10000 --seed 1    exceptions, stalls, answers, what is left over
python -m benchmarks.user --play 10                  memory while it plays, minute by minute
"""

from __future__ import annotations

import argparse
import logging
import os
import shutil
import sys
import tempfile
import time
import traceback
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from hypothesis import HealthCheck, Phase, settings
from hypothesis import seed as seeded
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from benchmarks import table
from benchmarks.answers import Answers, Troubles
from benchmarks.play import play
from benchmarks.stock import Stocks
from benchmarks.watch import let_run
from benchmarks.window import EXAMPLES
from engine import Experiment
from gui.app import application, set_look
from gui.controller import Controller, first_experiment
from gui.main_window import MainWindow
from gui.settings import remember
from tests.gui.person import Person
from tests.gui.random_user import EVENTS, SIZES, RandomUser

SITTING = 100  # events between two returns to the same state
PATIENCE = 120.0  # seconds until a training has come to rest


class Session:
    """One window with its user, and what is noted about it."""

    def __init__(self, folder: Path) -> None:
        application()
        set_look("dark", "en")
        for name in ("circle", "digits", "gate_xor"):
            shutil.copy(EXAMPLES / f"{name}.json", folder)
        (folder / "table.csv").write_text("a,b,kind\n" + "1.5,2,x\n2.5,1,y\n" * 20, encoding="utf-8")
        remember("folder", str(folder))
        self.controller = Controller()
        self.window = MainWindow(self.controller)
        self.window.resize(*SIZES[-1])
        self.window.show()
        self.answers = Answers(self.window)
        self.person = Person(self.window, folder, self.answers.timed)
        self.user = RandomUser(self.window, self.person)
        self.troubles = Troubles()
        logging.getLogger("relevo").propagate = False
        self.stocks = Stocks()
        self.first = first_experiment()
        self.rest()

    def do(self, event: str, seed: int) -> None:
        """Do one event; raise what went wrong meanwhile."""
        self.answers.begin(event, self.controller.state == "playing", self.person)
        self.user.do(event, seed)
        self.answers.end(self.person, self.user.done[-1])

    def rest(self) -> None:
        """Come back to the state at the start and take stock."""
        self.answers.pause()
        self.user.go_home(self.first)
        end = time.monotonic() + PATIENCE
        let_run(0.2)
        while (self.controller.busy or self.controller.state != "paused") and time.monotonic() < end:
            let_run(0.05)
        if self.controller.busy:
            self.troubles.note(f"not at rest after {PATIENCE:g} s")
        let_run(0.3)
        self.stocks.take(len(self.user.done))
        self.answers.go_on()


def events(session: Session, count: int, seed: int) -> None:
    """Have hypothesis choose so many events, SITTING at a time.

    Each sitting is a run of its own: what hypothesis notes about one is gone before stock is taken. It begins
    each with the simplest example, which is the first event over and over, so that one is passed over.
    """

    class Sitting(RuleBasedStateMachine):
        begun = 0

        def __init__(self) -> None:
            super().__init__()
            Sitting.begun += 1

        @rule(event=st.sampled_from(sorted(EVENTS)), seed=st.integers(0, 2**31))
        def do(self, event: str, seed: int) -> None:
            if Sitting.begun > 1 and len(session.user.done) < count:
                session.do(event, seed)
                session.troubles.tell(len(session.user.done), session.user.done[-20:])

    for sitting in range(-(-count // SITTING)):
        Sitting.begun = 0
        run_state_machine_as_test(seeded(seed * 1_000_003 + sitting)(Sitting), settings=settings(
            max_examples=2, stateful_step_count=SITTING, deadline=None, database=None,
            phases=[Phase.generate], suppress_health_check=list(HealthCheck),
        ))  # fmt: skip
        session.rest()
        if sitting % 10 == 9:
            print(f"  {len(session.user.done):,} events", file=sys.stderr, flush=True)


def report(session: Session) -> bool:
    """Print what was seen; return whether nothing was wrong."""
    done, troubles, answers = session.user.done, session.troubles, session.answers
    print(f"{len(done):,} events, {answers.while_playing:,} of them while it trained; "
          f"{session.person.answered} dialogs answered")  # fmt: skip
    print(f"exceptions and warnings: {len(troubles.all)}")
    for words, times in troubles.counted():
        print(f"  {times} x {words}")
    print(answers.report())
    print(f"left over after coming back to the same state, {len(session.stocks)} times:")
    print(session.stocks.report())
    return not troubles.all and answers.longest < 1.0 and not session.stocks.leaked()


def main() -> None:
    parser = argparse.ArgumentParser(prog="benchmarks.user", description=__doc__)
    parser.add_argument("--events", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--play", type=float, help="minutes of play instead")
    parser.add_argument("--speed", type=float, default=float("inf"), help="epochs a second of the play")
    options = parser.parse_args()
    print(table.machine())
    if options.play:
        chosen = {"first start": first_experiment(), "digits": Experiment.load(EXAMPLES / "digits.json")}
        ends = [play(name, each, options.play, options.speed) for name, each in chosen.items()]
        print("\n".join(words for words, _ in ends))
        sys.exit(not all(fine for _, fine in ends))
    with tempfile.TemporaryDirectory(prefix="relevo-user-") as folder:
        os.environ["RELEVO_CONFIG_DIR"] = os.environ["RELEVO_LOG_DIR"] = f"{folder}/own"
        (Path(folder) / "files").mkdir()
        session = Session(Path(folder) / "files")
        begin = time.perf_counter()
        try:
            events(session, options.events, options.seed)
        except (Exception, KeyboardInterrupt):
            session.troubles.note(traceback.format_exc())  # else only the hooks of the bench would hear it
            session.troubles.tell(len(session.user.done), session.user.done[-20:])
        print(f"seed {options.seed}, {time.perf_counter() - begin:.0f} s")
        fine = report(session)
        session.controller.disk.give_up_changes()
        session.window.close()
    sys.exit(not fine)


if __name__ == "__main__":
    main()
