"""python -m benchmarks.start: from the start of the process to a window, and to a first trained epoch.

Of the source and, where `make package` has built it, of the packaged program, in turn; medians. "Warm" is any
start after the first. A "new user" has no compiled kernels yet. "Cold" (--cold) starts after the system has
forgotten all files, as after switching on: on Linux, as root; whatever else runs has to read them again too.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from benchmarks import table

ROOT = Path(__file__).parents[1]
PACKAGED = ROOT / "dist" / "relevo" / ("relevo.exe" if sys.platform == "win32" else "relevo")
LIMIT = 120.0  # seconds after which a start is given up
DROP = Path("/proc/sys/vm/drop_caches")
SAID = re.compile(r"(first paint|ready|first epoch) after ([\d.]+) s")
MISSING = float("nan")


@dataclass(frozen=True)
class Start:
    """Seconds from the start of the process; NaN for what did not come.

    Attributes
    ----------
    painted : the window was drawn for the first time
    ready : the network as it starts is shown: kernels are there
    trained : an epoch, asked for at that moment, is shown
    """

    painted: float
    ready: float
    trained: float


def start(command: list[str], folder: Path) -> Start:
    """Start the program with its files in a folder, and end it when an epoch is trained."""
    folders = {f"RELEVO_{name}_DIR": str(folder / name) for name in ("CACHE", "CONFIG", "LOG")}
    platform = {"QT_QPA_PLATFORM": os.environ.get("QT_QPA_PLATFORM", "offscreen")}
    environment = os.environ | folders | platform | {"RELEVO_STARTUP": "epoch"}
    process = subprocess.Popen(command, cwd=ROOT, env=environment, text=True,
                               stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)  # fmt: skip
    found: dict[str, float] = {}
    giving_up = threading.Timer(LIMIT, process.kill)
    giving_up.start()
    assert process.stdout is not None
    try:
        for line in process.stdout:
            if match := SAID.match(line):
                found[match[1]] = float(match[2])
            if "first epoch" in found:
                break
    finally:
        giving_up.cancel()
        process.kill()
        process.wait()
    return Start(*(found.get(name, MISSING) for name in ("first paint", "ready", "first epoch")))


def forget_files() -> bool:
    """Have the system forget what it has read of the disk; return whether that is possible here."""
    try:
        os.sync()
        DROP.write_text("3")
    except (OSError, AttributeError):
        return False
    return True


def measure(command: list[str], times: int, cold: bool) -> dict[str, list[Start]]:
    """Start a program so many times in each state."""
    found: dict[str, list[Start]] = {"warm": [], "new user": [], "cold": []}
    with tempfile.TemporaryDirectory() as folder:
        start(command, Path(folder))
        for _ in range(times):
            found["warm"].append(start(command, Path(folder)))
            with tempfile.TemporaryDirectory() as empty:
                found["new user"].append(start(command, Path(empty)))
            if cold and forget_files():
                found["cold"].append(start(command, Path(folder)))
    return found


def report(times: int, cold: bool) -> str:
    """Return a table of the medians in seconds."""
    programs = {"from source": [sys.executable, "main.py"]}
    if PACKAGED.is_file():
        programs["packaged"] = [str(PACKAGED)]
    else:
        print("There is no dist/relevo (make package): only the source is started.")
    columns: dict[str, Callable[[Start], float]] = {
        "window": lambda each: each.painted, "kernels ready": lambda each: each.ready,
        "first epoch": lambda each: each.trained,
    }  # fmt: skip
    lines = [f"{'seconds, medians of ' + str(times):30}" + "".join(f"{name:>15}" for name in columns)]
    for program, command in programs.items():
        for state, starts in measure(command, times, cold).items():
            if not starts:
                continue
            cells = (median(map(column, starts)) for column in columns.values())
            lines.append(f"{program + ', ' + state:30}" + "".join(f"{cell:15.2f}" for cell in cells))
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(prog="benchmarks.start", description=__doc__)
    parser.add_argument("--times", type=int, default=5)
    parser.add_argument("--cold", action="store_true", help="after the system has forgotten all files too")
    options = parser.parse_args()
    print(table.machine())
    print(report(options.times, options.cold), flush=True)


if __name__ == "__main__":
    main()
