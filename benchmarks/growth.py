"""How the time of training grows with width, depth and rows, as a picture of three plots."""

from __future__ import annotations

import math
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from benchmarks.peers import Peer, Training
from benchmarks.works import Work, network, spiral

WIDTHS = (8, 16, 32, 64, 128, 256, 512, 1024)
DEPTHS = (1, 2, 4, 8, 16, 32, 64)
ROWS = (100, 1_000, 10_000, 100_000)
ROUNDS, SECONDS = 5, 0.05  # each library takes so many turns of about so many seconds at each size
DRAWN = ("Relevo", "JAX")
SIZE = (1500, 480)
COLOURS = {"Relevo": "#d1495b", "JAX": "#30638e"}


@dataclass(frozen=True)
class Sweep:
    """One plot: a work for each size."""

    title: str
    axis: str
    sizes: tuple[int, ...]
    work: Callable[[int], Work]


def _wide(width: int) -> Work:
    data: dict[str, object] = {"name": "digits", "scaling": "minmax"}
    return Work("", "", network(data, [width, width], "relu", 10, 32, 0.001))


def _deep(depth: int) -> Work:
    return Work("", "", network(spiral(250), [64] * depth, "tanh", 1, 64, 0.001))


def _long(rows: int) -> Work:
    data: dict[str, object] = {"name": "spiral", "samples": rows, "test_fraction": 0.0, "scaling": "standard"}
    return Work("", "", network(data, [8, 8], "relu", 1, 10, 0.01))


SWEEPS = (
    Sweep("64-w-w-10, digits, batch 32", "units of each hidden layer", WIDTHS, _wide),
    Sweep("2-64xd-1, 250 rows, batch 64", "hidden layers", DEPTHS, _deep),
    Sweep("2-8-8-1, batch 10", "rows", ROWS, _long),
)


def seconds(trainings: list[Training]) -> list[float]:
    """Return the median seconds of an epoch of each, in turn."""
    counts = []
    for training in trainings:
        training.run(1)
        begin = time.perf_counter()
        training.run(1)
        counts.append(max(1, round(SECONDS / (time.perf_counter() - begin))))
    rounds: list[list[float]] = [[] for _ in trainings]
    for _ in range(ROUNDS):
        for training, count, taken in zip(trainings, counts, rounds, strict=True):
            begin = time.perf_counter()
            training.run(count)
            taken.append((time.perf_counter() - begin) / count)
    return [median(taken) for taken in rounds]


def draw(path: str, peers: list[Peer]) -> str:
    """Measure, write the picture and return the figures in words."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    import pyqtgraph
    from pyqtgraph.exporters import ImageExporter
    from PySide6.QtCore import QRectF

    chosen = [peer for peer in peers if peer.name in DRAWN]
    pyqtgraph.mkQApp()
    pyqtgraph.setConfigOptions(background="w", foreground="k", antialias=True)
    panes = pyqtgraph.GraphicsLayoutWidget(size=SIZE)
    lines = ["\nHow an epoch's time grows (ms, " + ", ".join(peer.name for peer in chosen) + "):"]
    for sweep in SWEEPS:
        plot = panes.addPlot(title=sweep.title, labels={"bottom": sweep.axis, "left": "ms an epoch"})
        plot.setLogMode(True, True)
        plot.getAxis("bottom").setTicks([[(math.log10(size), f"{size:,}") for size in sweep.sizes]])
        plot.showGrid(True, True, 0.3)
        plot.addLegend(offset=(10, 10))
        times = []
        for size in sweep.sizes:
            work = sweep.work(size)
            times.append([1e3 * each for each in seconds([peer.training(work) for peer in chosen])])
        for peer, curve in zip(chosen, zip(*times, strict=True), strict=True):
            colour = COLOURS[peer.name]
            pen = pyqtgraph.mkPen(colour, width=2)
            plot.plot(sweep.sizes, curve, pen=pen, symbol="o", symbolBrush=colour, symbolPen=colour,
                      symbolSize=7, name=peer.name)  # fmt: skip
        lines.append(f"  {sweep.title}, by {sweep.axis}")
        for size, row in zip(sweep.sizes, times, strict=True):
            lines.append(f"    {size:7,}" + "".join(f"{each:12.3f}" for each in row))
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    # A widget that nobody shows does not lay out what it holds, and draws it at once all the same.
    panes.ci.layout.setContentsMargins(10, 10, 40, 10)
    panes.ci.setGeometry(QRectF(0, 0, *SIZE))
    exporter = ImageExporter(panes.scene())
    exporter.parameters()["width"] = SIZE[0]
    exporter.export(path)
    return "\n".join([*lines, f"The picture: {path}"])
