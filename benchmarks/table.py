"""The times as a table, and the machine in words."""

from __future__ import annotations

import os
import platform
from pathlib import Path
from statistics import median, quantiles

from benchmarks.peers import Peer
from benchmarks.timing import PEAK_SIZE, Peak, Times
from benchmarks.works import MAP, SURFACE, TRAINING, Work, operations

HEAD = (
    f"{'':26}{'ms':>9}{'25 % - 75 %':>19}{'best':>9}"
    f"{'peer/Relevo':>13}{'25 % - 75 %':>17}{'wanted':>8}{'first':>9}"
)
SAME = 2e-3  # relative: what float32 leaves of a loss after a few epochs


def machine() -> str:
    """Return processor, cores, load and Python in one line."""
    model = platform.processor()
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        model = next(line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        pass
    load = f", load {os.getloadavg()[0]:.1f} at the start" if hasattr(os, "getloadavg") else ""
    return f"{model}, {os.cpu_count()} cores{load}; Python {platform.python_version()}, {platform.system()}"


def versions(peers: list[Peer]) -> str:
    """Return who takes part, with threads, a line each."""
    return "\n".join(f"  {peer.name} {peer.version}: threads: {peer.threads()}" for peer in peers)


def block(work: Work, all_times: list[Times], peak: Peak, wanted: float | None) -> str:
    """Return the table's lines for one work; ``wanted`` is how many times JAX's time is to be Relevo's."""
    ours = all_times[0]
    what = {SURFACE: "a surface", MAP: "a map"}.get(work.kind, f"an epoch of {len(work.start.x):,} rows")
    lines = [f"{work.title} (ms {what})"]
    for times in all_times:
        low, high = times.quartiles
        line = f"  {times.peer:24}{times.middle:9.3f}{f'{low:.3f} - {high:.3f}':>19}{min(times.rounds):9.3f}"
        line += ratio(ours, times, wanted if times.peer == "JAX" else None) if times is not ours else " " * 38
        lines.append(f"{line}{times.first:7.2f} s")
    lines.append(f"  {rate(work, ours, peak)}")
    lines.append(f"  {agreement(work, all_times)}")
    return "\n".join(lines)


def ratio(ours: Times, times: Times, wanted: float | None) -> str:
    """Return the ratio of the medians, where the rounds' own ratios lie, and what is wanted."""
    each = [theirs / own for theirs, own in zip(times.rounds, ours.rounds, strict=True)]
    low, high = (quantiles(each, n=4, method="inclusive")[::2]) if len(each) > 1 else (each[0], each[0])
    # The ratio of two neighbours in time: whatever slowed one round down slowed both.
    wish = "" if wanted is None else f">= {wanted:g}"
    return f"{median(each):13.2f}{f'{low:.2f} - {high:.2f}':>17}{wish:>8}"


def rate(work: Work, ours: Times, peak: Peak) -> str:
    """Return in words how much Relevo computes a second, beside what BLAS reaches at large products."""
    achieved = operations(work) / (ours.middle * 1e6)
    share = achieved / peak.middle
    best = f"one core's {peak.middle:.0f} in sgemm at {PEAK_SIZE}²"
    return f"Relevo: {achieved:.1f} GFLOP/s in products, {share:.0%} of {best}"


def agreement(work: Work, all_times: list[Times]) -> str:
    """Return in words whether all computed the same."""
    ours = all_times[0].check
    what = f"mean of the {work.kind}" if work.kind != TRAINING else f"loss after {work.checked} epochs"
    parts = [f"{what}: Relevo {ours:.6g}"]
    for times in all_times[1:]:
        apart = abs(times.check - ours) / abs(ours)
        verdict = "same" if apart < SAME else f"{apart:.1%} apart"
        if times.own_batches:  # other batches, another loss: there is nothing to compare
            verdict = "its own batches"
        parts.append(f"{times.peer} {times.check:.6g} ({verdict})")
    return ", ".join(parts)
