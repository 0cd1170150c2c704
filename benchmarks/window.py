"""python -m benchmarks.window: frames, gaps and speed of the real window, drawn into memory."""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from benchmarks import table
from benchmarks.watch import Watch, let_run
from benchmarks.works import network, spiral
from engine import Experiment, Session
from engine.experiment import replace_at
from gui import settings
from gui.app import application, set_look
from gui.controller import Controller
from gui.main_window import MainWindow

EXAMPLES = Path(__file__).parents[1] / "resources" / "examples"
SIZE = (1920, 1080)
SETTLE = 1.5  # seconds of training before the watch begins
ENDLESS = 1_000_000  # epochs
ALONE = 2.0  # seconds of training without a window, for comparison
CALM = 20  # epochs a second while the cost of views is measured


def experiments(paths: list[Path]) -> dict[str, Experiment]:
    """The networks to be watched: files, or the three of which the figures are kept."""
    if paths:
        return {path.stem: Experiment.load(path) for path in paths}
    return {
        "2-8-8-1": Experiment.load(EXAMPLES / "spiral.json"),
        "digits": Experiment.load(EXAMPLES / "digits.json"),
        "2-64x20-1": network(spiral(250), [64] * 20, "tanh", 1, 64, 0.001),
    }


def alone(experiment: Experiment, first: int) -> float:
    """Return how many epochs a second the engine trains without a window, from an epoch on."""
    session = Session(experiment)
    session.run(max(20, first))
    epochs, start = 0, time.perf_counter()
    while (seconds := time.perf_counter() - start) < ALONE:
        session.run(20)
        epochs += 20
    return epochs / seconds


def opened(experiment: Experiment) -> tuple[MainWindow, Controller]:
    """Open the window with its default views, everything compiled and drawn once."""
    application()
    settings.forget()
    set_look("dark", "en")
    controller = Controller(replace_at(experiment, "training.epochs", ENDLESS))
    window = MainWindow(controller)
    window.resize(*SIZE)
    window.show()
    window.bottom.pages.open("loss_surface")
    while controller.state == "preparing":
        let_run(0.05)
    return window, controller


def close(window: MainWindow, controller: Controller) -> None:
    controller.disk.give_up_changes()
    window.close()
    window.deleteLater()


def full_speed(name: str, experiment: Experiment, seconds: float) -> str:
    """Train as fast as it goes in the window for some seconds and return what was seen."""
    window, controller = opened(experiment)
    controller.set_speed(float("inf"))
    controller.play()
    let_run(SETTLE)
    watch = Watch(window.pictures(), controller)
    let_run(seconds)
    watch.stop()
    said = watch.report()
    close(window, controller)
    let_run(0.2)
    first = 0 if watch.first is None else watch.first.epoch  # an epoch may take longer later on
    best = max(alone(experiment, first) for _ in range(2))  # other programs can only make it slower
    share = f"  {watch.epochs / watch.seconds / best:.0%} of the {best:,.0f} epochs a second without a window"
    return f"{name}, {SIZE[0]} x {SIZE[1]}, {watch.seconds:.1f} s at full speed:\n{said}\n{share}"


def cost_of_views(experiment: Experiment, seconds: float) -> str:
    """Train calmly; return the processor time with every view, with one card alone, and with none seen."""
    window, controller = opened(experiment)
    controller.set_speed(CALM)
    controller.play()
    let_run(SETTLE)
    lines = [f"Processor time of the whole program at {CALM} epochs a second, in % of one core:"]
    ways: dict[str, Callable[[], object]] = {
        "all views": lambda: None,
        "the network alone": lambda: window.show_only(window.network),
        "the result alone": lambda: window.show_only(window.result),
        "what is below alone": lambda: window.show_only(window.bottom),
        "the window hidden": window.hide,
    }
    for what, show in ways.items():
        show()
        let_run(0.5)
        before, start = time.process_time(), time.perf_counter()
        let_run(seconds)
        share = (time.process_time() - before) / (time.perf_counter() - start)
        lines.append(f"  {what:20} {share:6.1%}")
    close(window, controller)
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(prog="benchmarks.window", description=__doc__)
    parser.add_argument("file", nargs="*", type=Path, help="experiments instead of the three networks")
    parser.add_argument("--seconds", type=float, default=8)
    options = parser.parse_args()
    print(table.machine())
    chosen = experiments(options.file)
    for name, experiment in chosen.items():
        print(full_speed(name, experiment, options.seconds), flush=True)
    print(cost_of_views(next(iter(chosen.values())), options.seconds / 2), flush=True)


if __name__ == "__main__":
    main()
