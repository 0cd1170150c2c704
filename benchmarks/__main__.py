"""python -m benchmarks: all works by Relevo and every installed peer, and how time grows with size."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys

from benchmarks import compiling, ensemble, extras, growth, table
from benchmarks.peers import Peer, all_peers
from benchmarks.timing import measure
from benchmarks.works import Work, works

ONE_CORE = "--one-core"


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    parser.add_argument("--rounds", type=int, default=9, help="how often each takes its turn")
    parser.add_argument("--work", choices=[work.key for work in works()], nargs="*", help="only these works")
    parser.add_argument("--peer", nargs="*", help="only these peers, such as JAX (Relevo always takes part)")
    parser.add_argument(
        "--growth", default="build/growth.png", help="where the picture of how time grows goes"
    )
    parser.add_argument(ONE_CORE, action="store_true", help="only what is also measured with one core each")
    return parser.parse_args()


def main() -> None:
    chosen = options()
    peers = all_peers()
    if chosen.peer is not None:
        peers = peers[:1] + [peer for peer in peers[1:] if peer.name in chosen.peer]
    wanted = [work for work in works() if not chosen.work or work.key in chosen.work]
    rounds = max(1, chosen.rounds)
    if chosen.one_core:
        print(table.HEAD)
        for work in wanted:
            if work.wanted_one_core:
                show(work, peers, rounds, work.wanted_one_core)
        return
    print(table.machine())
    print(table.versions(peers))
    if not chosen.work:
        print(compiling.report(), flush=True)
        print(extras.report(), flush=True)
    print("Each round: every library in turn, from the same start; medians, compiling left out.\n")
    print(table.HEAD)
    for work in wanted:
        show(work, peers, rounds, work.wanted)
    if any(work.wanted_one_core for work in wanted):
        one_core()
    if not chosen.work:
        print("\n" + ensemble.report(rounds=3), flush=True)
        print(growth.draw(chosen.growth, peers))


def show(work: Work, peers: list[Peer], rounds: int, wanted: float | None) -> None:
    """Measure one work and print its lines."""
    print(table.block(work, *measure(work, peers, rounds), wanted), flush=True)


def one_core() -> None:
    """Run in a process of its own, which has one core from its start on, what is also measured so."""
    if not hasattr(os, "sched_setaffinity"):
        print("\nThis system cannot say which cores a process gets: nothing is measured with one core each.")
        return
    print("\nWith one core each:", flush=True)
    cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {max(cores)})  # a new process gets its parent's cores
    try:
        subprocess.run([sys.executable, "-m", "benchmarks", ONE_CORE, *sys.argv[1:]], check=True)
    finally:
        os.sched_setaffinity(0, cores)


if __name__ == "__main__":
    main()
