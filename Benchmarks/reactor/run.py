"""Measures Reactor beside other event loops, and prints a table of rates and ratios.

    ROUNDS=5 SCALE=1 run.py [--json FILE] [WORK ...]

Every contender is a program that does one work and ends: `PROGRAM WORK COUNT`. They take turns
(A B C A B C ...), so that whatever else the machine does hits all alike; the median of the rounds
counts. SCALE=0.1 is for a quick look, and its figures are for nothing else.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys

import allocations
import machine
from works import COLUMNS, WORKS

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
PYTHON = [sys.executable, "-W", "ignore", "Benchmarks/reactor/python/bench_asyncio.py"]
PROGRAMS = {
    "Reactor": [".build/bench-swift/release/bench-reactor"],
    "asyncio": PYTHON,
    "uvloop": [*PYTHON, "--uvloop"],
    "libuv": [".build/bench/bench_libuv"],
    "SwiftNIO": [".build/bench-swift/release/bench-nio"],
    "bare C": [".build/bench/bench_bare"],
}
ENVIRONMENT = {
    "PATH": os.environ["PATH"],
    "PYTHONPATH": ".build/python",
    "BENCH_FLOOD": ".build/bench/flood",
    "BENCH_SINK": ".build/bench/sink",
}
SECONDS_MAX = 300


def run(contender, variant, count):
    """(rate, processor seconds for each unit), or `None` where the program cannot do it."""
    command = [*PROGRAMS[contender], variant, str(count)]
    result = subprocess.run(
        command, env=ENVIRONMENT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        timeout=SECONDS_MAX, check=True, text=True,
    )
    words = result.stdout.split()
    if words[:1] == ["unsupported"]:
        return None
    name, done, seconds, cpu = words
    assert (name, int(done)) == (variant, count), result.stdout
    return count / float(seconds), float(cpu) / count


def measure(work, rounds, scale):
    """The runs of each contender and variant: {(contender, variant): [(rate, cpu), ...]}."""
    turns = [(name, work.name) for name in COLUMNS if name != "bare C"]
    turns += [("bare C", variant) for variant in work.variants]
    runs = {}
    for _ in range(rounds):
        for turn in list(turns):
            result = run(*turn, work.count(turn[0], scale))
            if result is None:
                turns.remove(turn)
            else:
                runs.setdefault(turn, []).append(result)
    return runs


def medians(runs):
    """{contender: (rate, cpu)}; of variants the fastest."""
    best = {}
    for (contender, _), results in runs.items():
        rate, cpu = (statistics.median(column) for column in zip(*results))
        if contender not in best or rate > best[contender][0]:
            best[contender] = (rate, cpu)
    return best


def verdicts(work, found):
    """Texts such as `12.3 × asyncio (≥ 25): no`."""
    if "Reactor" not in found:
        yield "not there yet"
        return
    rate, cpu = found["Reactor"]
    for other, factor in work.targets:
        if other in found:
            ratio = rate / found[other][0]
            yield f"{ratio:.2f} × {other} (≥ {factor}): {word(ratio >= factor)}"
    if work.cpu_target and "bare C" in found:
        ratio = cpu / found["bare C"][1]
        yield f"CPU {ratio:.2f} × bare C (≤ {work.cpu_target}): {word(ratio <= work.cpu_target)}"


def word(is_met):
    return "yes" if is_met else "**no**"


def rounded(number):
    """Three digits are as many as such a figure has."""
    if number < 1_000:
        return f"{number:.3g}"
    step = 10 ** (len(str(int(number))) - 3)
    return f"{round(number / step) * step:,}"


def row(work, found):
    rates = [rounded(found[name][0]) if name in found else "–" for name in COLUMNS]
    return f"| {work.title}, {work.unit} | {' | '.join(rates)} | {'; '.join(verdicts(work, found))} |"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", metavar="FILE", help="write every single run there")
    parser.add_argument("works", nargs="*", metavar="WORK", help="all, if none is named")
    arguments = parser.parse_args()
    rounds = int(os.environ.get("ROUNDS") or 5)
    scale = float(os.environ.get("SCALE") or 1)
    unknown = set(arguments.works) - {work.name for work in WORKS}
    if unknown:
        parser.error(f"no such work: {', '.join(sorted(unknown))}")
    os.chdir(ROOT)

    facts = machine.facts()
    for name, value in facts.items():
        print(f"{name}: {value}")
    print(f"\nMedians of {rounds} rounds, scale {scale:g}\n")
    print(f"| work | {' | '.join(COLUMNS)} | Reactor reaches (required) |")
    print(f"|{' --- |' * (len(COLUMNS) + 2)}")
    raw = {}
    for work in WORKS:
        if arguments.works and work.name not in arguments.works:
            continue
        runs = measure(work, rounds, scale)
        raw[work.name] = {f"{name}/{variant}": list for (name, variant), list in runs.items()}
        print(row(work, medians(runs)), flush=True)
    print(f"\n{allocations.table(PROGRAMS['Reactor'], ENVIRONMENT)}")
    if arguments.json:
        with open(arguments.json, "w") as file:
            json.dump({"machine": facts, "rounds": rounds, "scale": scale, "runs": raw}, file, indent=1)


if __name__ == "__main__":
    main()
