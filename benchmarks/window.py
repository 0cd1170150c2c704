"""python -m benchmarks.window: frames and gaps of the real window, drawn into memory."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from benchmarks import table
from benchmarks.watch import Watch, let_run
from engine import Experiment
from engine.experiment import replace_at
from gui import settings
from gui.app import application, set_look
from gui.controller import Controller
from gui.main_window import MainWindow

ROOT = Path(__file__).parents[1]
SPIRAL = ROOT / "resources" / "examples" / "spiral.json"
SETTLE = 1.5  # seconds of training before the watch begins


def frames(path: Path, seconds: float, size: tuple[int, int]) -> str:
    """Train at full speed in the window for some seconds and return what was seen."""
    application()
    settings.forget()
    set_look("dark", "en")
    experiment = replace_at(Experiment.load(path), "training.epochs", 1_000_000)
    controller = Controller(experiment)
    window = MainWindow(controller)
    window.resize(*size)
    window.show()
    window.bottom.pages.open("loss_surface")
    while controller.state == "preparing":
        let_run(0.05)
    controller.set_speed(float("inf"))
    controller.play()
    let_run(SETTLE)
    watch = Watch(window.pictures(), controller)
    let_run(seconds)
    watch.stop()
    pictures = watch.report()
    controller.undo_stack.setClean()
    window.close()
    window.deleteLater()
    return f"{path.stem}, {size[0]} x {size[1]}, {watch.seconds:.1f} s:\n{pictures}"


def main() -> None:
    parser = argparse.ArgumentParser(prog="benchmarks.window", description=__doc__)
    parser.add_argument("file", nargs="*", type=Path, default=[SPIRAL])
    parser.add_argument("--seconds", type=float, default=10)
    options = parser.parse_args()
    print(table.machine())
    for path in options.file:
        print(frames(path, options.seconds, (1600, 900)), flush=True)


if __name__ == "__main__":
    main()
