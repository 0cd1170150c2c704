"""python -m benchmarks: the five works by Relevo and by every peer that is installed."""

from __future__ import annotations

import argparse

from benchmarks import compiling, table
from benchmarks.peers import all_peers
from benchmarks.timing import measure
from benchmarks.works import works


def main() -> None:
    every = works()
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    parser.add_argument("--rounds", type=int, default=15, help="how often each takes its turn")
    parser.add_argument("--work", choices=[work.key for work in every], nargs="*", help="only these works")
    parser.add_argument("--peer", nargs="*", help="only these peers, such as JAX (Relevo always takes part)")
    options = parser.parse_args()
    peers = all_peers()
    if options.peer is not None:
        peers = peers[:1] + [peer for peer in peers[1:] if peer.name in options.peer]
    print(table.machine())
    print(table.versions(peers))
    print(compiling.report())
    print("Each round: every library in turn, from the same initial weights; medians, compiling left out.\n")
    print(table.HEAD)
    for work in every:
        if not options.work or work.key in options.work:
            print(table.block(work, measure(work, peers, max(1, options.rounds))), flush=True)


if __name__ == "__main__":
    main()
