"""python -m benchmarks.window: frames, gaps and start-up time of the real window, drawn into memory."""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
import time
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
LIMIT = 120.0  # seconds after which a start is given up


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


def start_up(cache: str, config: str) -> tuple[float, float]:
    """Start the program; return the seconds to the first painting and to the first frame (kernels ready)."""
    folders = {"RELEVO_CACHE_DIR": cache, "RELEVO_CONFIG_DIR": config, "RELEVO_LOG_DIR": config}
    environment = os.environ | folders | {"RELEVO_STARTUP": "1"}
    process = subprocess.Popen([sys.executable, "main.py"], cwd=ROOT, env=environment, text=True,
                               stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)  # fmt: skip
    found: dict[str, float] = {}
    deadline = time.monotonic() + LIMIT
    assert process.stdout is not None
    try:
        while len(found) < 2 and time.monotonic() < deadline:
            line = process.stdout.readline()
            if not line:
                break
            if match := re.match(r"(first paint|ready) after ([\d.]+) s", line):
                found[match[1]] = float(match[2])
    finally:
        process.terminate()
        process.wait()
    return found.get("first paint", float("nan")), found.get("ready", float("nan"))


def starts(times: int) -> str:
    """Return the start-up times with an empty cache and then with a full one, a line each."""
    lines = []
    with tempfile.TemporaryDirectory() as cache, tempfile.TemporaryDirectory() as config:
        cold = start_up(cache, config)
        warm = sorted(start_up(cache, config) for _ in range(times))[times // 2]
        for name, (painted, ready) in {"empty kernel cache": cold, f"full, median of {times}": warm}.items():
            lines.append(f"  {name:20} first painting {painted:.2f} s, kernels ready {ready:.2f} s")
    return "From the start of the process:\n" + "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(prog="benchmarks.window", description=__doc__)
    parser.add_argument("file", nargs="*", type=Path, default=[SPIRAL])
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--starts", type=int, default=5, help="starts with a full cache; 0 leaves them out")
    options = parser.parse_args()
    print(table.machine())
    if options.starts:
        print(starts(options.starts), flush=True)
    for path in options.file:
        print(frames(path, options.seconds, (1600, 900)), flush=True)


if __name__ == "__main__":
    main()
