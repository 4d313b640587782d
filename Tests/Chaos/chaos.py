#!/usr/bin/env python3
"""Has keepd look after PROGRAMS=100 programs for MINUTES while all sorts of things happen to them,
to it, to its disk and to its clients, and looks from outside whether it keeps its promises.

SEED=… repeats the same decisions, CHAOS=kill,reload,… has only those kinds of accidents. Needs
root, who may mount the small disk. See docs/testing.md.
"""
import os
import random
import subprocess
import sys
import tempfile
import time

from keepd import Daemon, accidents
from invariants import Watch, check_logs, check_nothing_is_left

VICTIM, KEEPD, KEEPCTL = (os.path.abspath(path) for path in sys.argv[1:4])
MINUTES = float(os.environ.get("MINUTES") or 1)
PROGRAMS = int(os.environ.get("PROGRAMS") or 100)
SEED = int(os.environ.get("SEED") or random.randrange(1_000_000))


def chosen(daemon):
    """The kinds of accidents: those of CHAOS, or all that this keepd is made for."""
    kinds = accidents(daemon)
    names = [name for name in os.environ.get("CHAOS", "").split(",") if name]
    unknown = set(names) - set(kinds)
    if unknown:
        sys.exit(f"chaos: no such kind: {', '.join(unknown)}; there are {', '.join(kinds)}")
    return {name: kinds[name] for name in names or kinds}


def main():
    random.seed(SEED)
    directory = tempfile.mkdtemp(prefix="keepd-chaos-")
    daemon = Daemon(directory, VICTIM, KEEPD, KEEPCTL, PROGRAMS)
    kinds = chosen(daemon)
    print(f"chaos: seed {SEED}, {MINUTES:g} min, {PROGRAMS} programs: {', '.join(kinds)}", flush=True)
    counts = dict.fromkeys(kinds, 0)
    problems = []
    with daemon:
        watch = Watch(daemon)
        end = time.monotonic() + MINUTES * 60
        while time.monotonic() < end and not watch.problems:
            name = random.choice(list(kinds))
            kinds[name]()
            counts[name] += 1
            time.sleep(random.expovariate(4))
        problems += watch.end()
        daemon.settle()
        problems += daemon.end()
        problems += check_logs(daemon, counts.get("crash", 0))
        problems += check_nothing_is_left(daemon)
    print("chaos:", ", ".join(f"{count} × {name}" for name, count in counts.items()))
    print(f"chaos: {watch.figures()}; {daemon.figures()}")
    for problem in problems[:40]:
        print(f"chaos: {problem}")
    print("chaos:", f"{len(problems)} problems, see {directory}" if problems else "all is well")
    if not problems:
        subprocess.run(["rm", "-rf", directory], check=True)
    sys.exit(1 if problems else 0)


main()
