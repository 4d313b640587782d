"""Runs keepd beside the supervisors that people use today, and prints a table of it.

    make bench-peers [ROUNDS=5] [PEERS=keepd,s6] [SCENARIOS=start_one,idle] [JSON=FILE]

A round runs each scenario with each peer in turn (A B A B); a figure is the median of its rounds.
The last columns are keepd's figure over the best of the peers', and over that of a bare C program
which does only the system calls that cannot be avoided. A dash: the peer has no such thing, or did
not come to an end.
"""

import argparse
import collections
import json
import os
import statistics
import sys

import adapters
import bench
import machine
import processes
import scenarios


def main():
    options = parse()
    processes.become_subreaper()
    peers = [peer for peer in adapters.PEERS if chosen(peer.name, options.peers)]
    missing = [peer.name for peer in peers if not peer.path()]
    peers = [peer for peer in peers if peer.path()]
    if missing:
        print(f"not on this machine: {', '.join(missing)}")
    for fact, value in machine.facts().items():
        print(f"{fact}: {value}")
    works = [work for work in scenarios.SCENARIOS if chosen(work.__name__, options.scenarios)]
    results = collections.defaultdict(lambda: collections.defaultdict(list))
    for work in works:
        for _ in range(options.rounds):
            for peer in peers:
                for row, figure in run(work, peer, options.child).items():
                    results[row][peer.name].append(figure)
        print(f"{work.__name__} is done", file=sys.stderr)
    medians = {
        row: {name: median(figures) for name, figures in by_peer.items()}
        for row, by_peer in results.items()
    }
    show(medians, [peer.name for peer in peers])
    if options.json:
        with open(options.json, "w") as file:
            json.dump({"machine": machine.facts(), "rounds": options.rounds, "figures": medians},
                      file, indent=2)


def parse():
    parser = argparse.ArgumentParser()
    parser.add_argument("child", type=os.path.abspath)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--peers", default="")
    parser.add_argument("--scenarios", default="")
    parser.add_argument("--json")
    return parser.parse_args()


def chosen(name, names):
    return not names or name in names.split(",")


def run(work, peer, child):
    """The figures of one run; none where the peer does not get through it."""
    try:
        return work(lambda: bench.Bench(peer, child))
    except (OSError, ValueError) as error:
        print(f"{peer.name} failed in {work.__name__}: {error!r}", file=sys.stderr)
        return {}


def median(figures):
    figures = [figure for figure in figures if figure is not None]
    return statistics.median(figures) if figures else None


def show(medians, names):
    width = max(map(len, medians), default=0)
    heads = [*names, "/ best", "/ C"]
    print(f"{'':{width}}  " + " ".join(f"{head:>11}" for head in heads))
    for row, figures in medians.items():
        own, reference = figures.get("keepd"), figures.get("C")
        others = [f for name, f in figures.items() if name not in ("keepd", "C") and f is not None]
        # Restarts per second are the only figure of which more is better.
        best = (max if "restarts/s" in row else min)(others, default=None)
        cells = [figures.get(name) for name in names] + [ratio(own, best), ratio(own, reference)]
        print(f"{row:{width}}  " + " ".join(f"{text(cell):>11}" for cell in cells))


def ratio(one, other):
    return one / other if one is not None and other else None


def text(figure):
    return "-" if figure is None else f"{figure:.4g}"


if __name__ == "__main__":
    main()
