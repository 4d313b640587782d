"""Counts the instructions of fixed works, and compares them with those that are kept.

    make bench-check            exits with 1 if one takes more than 5 % over what is kept
    make bench-check KEEP=1     keeps what it counts

A busy machine changes times, not instructions: runs differ by less than 1 %, for Swift's hashing and
the environment are the same each time.
"""

import contextlib
import json
import os
import pathlib
import platform
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
import measure

BUILD = measure.BUILD
KEPT = pathlib.Path(__file__).with_name(f"{platform.machine()}.json")
MORE_MAX = 0.05


class Count:
    """What stands before a command to have it counted, and what was counted."""

    def __init__(self, directory):
        self.log = pathlib.Path(directory, "callgrind.log")
        self.command = [
            # What else was in the environment made 4 % of `keepctl status`.
            "env", "-i", f"PATH={os.defpath}", "SWIFT_DETERMINISTIC_HASHING=1",
            f"LD_PRELOAD={BUILD / 'valgrind.so'}",
            "valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null",
            f"--log-file={self.log}",
        ]

    def result(self):
        return int(re.search(r"Collected : (\d+)", self.log.read_text()).group(1))


@contextlib.contextmanager
def counting():
    with tempfile.TemporaryDirectory() as directory:
        yield Count(directory)


def count(program, *arguments):
    with counting() as counted:
        command = [*counted.command, BUILD / program, *arguments]
        subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
        return counted.result()


def hundred(**settings):
    return {f"p{number}": measure.steady_program() | settings for number in range(100)}


def status(programs):
    with measure.daemon(programs) as keepd:
        measure.wait_for_all(keepd)
        return count("keepctl", "--socket", keepd.socket_path, "status")


def check():
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump({"programs": hundred()}, file)
        file.flush()
        return count("keepd", "check", "--config", file.name)


def answers():
    """No program is started: valgrind does not know clone3(2)."""
    with counting() as counted:
        with measure.daemon(hundred(autostart=False), under=counted.command) as keepd:
            for _ in range(20):
                keepd.call("Status")
        return counted.result()


WORKS = {
    "keepctl status of one program": lambda: status({"one": measure.steady_program()}),
    "keepctl status of 100 programs": lambda: status(hundred()),
    "keepd check of 100 programs": check,
    "keepd, 20 answers about 100 programs": answers,
    "Reactor, 100,000 calls": lambda: count("loopwork", "calls"),
    "Reactor, 50,000 timers": lambda: count("loopwork", "timers"),
    "Reactor, 30,000 lines": lambda: count("loopwork", "lines"),
}


def main():
    kept = json.loads(KEPT.read_text()) if KEPT.exists() else {}
    counts, excesses = {}, []
    print(f"{'instructions':38}{'kept':>15}{'now':>15}{'change':>10}")
    for name, work in WORKS.items():
        now = counts[name] = work()
        before = kept.get(name, 0)
        change = f"{now / before - 1:+.2%}" if before else "new"
        print(f"{name:38}{before:15,}{now:15,}{change:>10}")
        if now > before * (1 + MORE_MAX):
            excesses.append(name)
    if sys.argv[1:] == ["--keep"]:
        KEPT.write_text(json.dumps(counts, indent=4) + "\n")
    elif excesses:
        sys.exit(f"bench-check: more than {MORE_MAX:.0%} over what is kept: {', '.join(excesses)}")


if __name__ == "__main__":
    main()
