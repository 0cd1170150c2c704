"""python -m benchmarks: all works by Relevo and every installed peer, and how time grows with size."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys

from benchmarks import compiling, growth, table
from benchmarks.peers import all_peers
from benchmarks.timing import measure
from benchmarks.works import works

ALL_CORES = "--all-cores"


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    parser.add_argument("--rounds", type=int, default=15, help="how often each takes its turn")
    parser.add_argument("--work", choices=[work.key for work in works()], nargs="*", help="only these works")
    parser.add_argument("--peer", nargs="*", help="only these peers, such as JAX (Relevo always takes part)")
    parser.add_argument("--no-growth", action="store_true", help="without the picture of how time grows")
    parser.add_argument("--growth", default="build/growth.png", help="the file of that picture")
    parser.add_argument(ALL_CORES, action="store_true", help="only what is measured with BLAS at all cores")
    return parser.parse_args()


def main() -> None:
    chosen = options()
    peers = all_peers()
    if chosen.peer is not None:
        peers = peers[:1] + [peer for peer in peers[1:] if peer.name in chosen.peer]
    if not chosen.all_cores:
        print(table.machine())
        print(table.versions(peers))
        print(compiling.report())
        print("Each round: every library in turn, from the same start; medians, compiling left out.\n")
    print(table.HEAD)
    wanted = [work for work in works() if not chosen.work or work.key in chosen.work]
    for work in wanted:
        wish = work.wanted_all_cores if chosen.all_cores else work.wanted
        if wish or not chosen.all_cores:
            print(table.block(work, *measure(work, peers, max(1, chosen.rounds)), wish), flush=True)
    if not chosen.all_cores:
        if any(work.wanted_all_cores for work in wanted):
            all_cores()
        if not chosen.no_growth and not chosen.work:
            print(growth.draw(chosen.growth, peers))


def all_cores() -> None:
    """Run in a process of its own what is also measured with BLAS at all cores: its threads are set once."""
    cores = str(os.cpu_count() or 1)
    print(f"\nWith BLAS at {cores} threads:", flush=True)
    subprocess.run(
        [sys.executable, "-m", "benchmarks", ALL_CORES, *sys.argv[1:]],
        env={**os.environ, "RELEVO_BLAS_THREADS": cores}, check=True,
    )  # fmt: skip


if __name__ == "__main__":
    main()
