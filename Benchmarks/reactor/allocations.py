"""Counts what Reactor allocates for one unit of some works.

Each is done twice, the second time with twice as much: the difference is free of what a start
costs. What the program itself allocates is counted as well, and named in the table.
"""

import subprocess

# (work, how much, what one unit of it is, units in one of what is counted, what else is in it)
COUNTED = [
    ("callsoon-chain", 100_000, "`callSoon`", 1, "one is the context of the caller's closure"),
    ("timers-cancel", 100_000, "timer", 1, ""),
    ("child-read", 64, "read of 64 KiB from a pipe", 16, ""),
]


def count(program, work, amount, environment):
    result = subprocess.run(
        [*program, work, str(amount)],
        env={**environment, "LD_PRELOAD": ".build/bench/count_malloc.so"},
        stdin=subprocess.DEVNULL, capture_output=True, check=True, text=True,
    )
    # A child that it started tells as well, and first.
    return int(result.stderr.split()[-1])


def rows(program, environment):
    for work, amount, unit, parts, remark in COUNTED:
        once, twice = (count(program, work, amount * times, environment) for times in (1, 2))
        yield f"| {unit} | {(twice - once) / amount / parts:.2f} | {remark} |"


def table(program, environment):
    return "\n".join(
        ["| Reactor | allocations | |", "| --- | --- | --- |", *rows(program, environment)]
    )
