"""What is measured, of whom, how much of it, and what Reactor has to reach."""

from dataclasses import dataclass, field

# The contenders of the table, in the order of its columns.
COLUMNS = ["Reactor", "asyncio", "uvloop", "libuv", "SwiftNIO", "bare C"]


@dataclass
class Work:
    name: str
    title: str
    unit: str
    # How much a contender does in one run: about a second's worth; `None` is for the others.
    counts: dict
    # (contender, factor): Reactor has to do at least `factor` times as much in the same time.
    targets: list
    # Names under which "bare C" knows the work; the best of them counts.
    variants: list = field(default_factory=list)
    # Reactor's processor time, at most so many times that of the best bare C.
    cpu_target: float | None = None

    def count(self, contender, scale):
        count = self.counts.get(contender, self.counts[None])
        # A hundred at a time, or eight, must come out even.
        step = 800 if count >= 800 else 1
        return max(step, round(count * scale / step) * step)


WORKS = [
    Work(
        "callsoon-chain", "`callSoon` chain", "calls/s",
        {None: 2_000_000, "asyncio": 300_000, "uvloop": 800_000},
        [("asyncio", 25), ("uvloop", 10), ("SwiftNIO", 3)],
    ),
    Work(
        "callsoon-measured", "the same with `isMeasuring`", "calls/s",
        {None: 2_000_000},
        [],
    ),
    Work(
        "post-pingpong", "posts between two threads", "round trips/s",
        {None: 20_000},
        [("asyncio", 3), ("libuv", 1)],
    ),
    Work(
        "timers-cancel", "timers scheduled and cancelled", "timers/s",
        {None: 1_000_000, "SwiftNIO": 20_000},
        [("asyncio", 25), ("uvloop", 25), ("libuv", 1)],
    ),
    Work(
        "timers-fire", "timers fired in order", "timers/s",
        {None: 100_000},
        [("asyncio", 10)],
    ),
    Work(
        "tasks", "tasks created and switched", "tasks/s",
        {None: 500_000, "asyncio": 100_000, "uvloop": 200_000},
        [("asyncio", 8)],
    ),
    Work(
        "pool-1", "pool round trips, one at a time", "trips/s",
        {None: 20_000, "asyncio": 10_000, "uvloop": 10_000},
        [("libuv", 1), ("asyncio", 3)],
    ),
    Work(
        "pool-100", "pool round trips, 100 in flight", "trips/s",
        {None: 400_000, "asyncio": 20_000, "uvloop": 20_000},
        [("libuv", 1), ("asyncio", 30)],
    ),
    Work(
        # As asyncio's and uvloop's above.
        "pool-await-1", "the same as awaited by tasks, one at a time", "trips/s",
        {None: 20_000, "asyncio": 10_000, "uvloop": 10_000},
        [("asyncio", 3)],
    ),
    Work(
        "pool-await-100", "the same as awaited by tasks, 100 in flight", "trips/s",
        {None: 400_000, "asyncio": 20_000, "uvloop": 20_000},
        [("asyncio", 30)],
    ),
    Work(
        "spawn-1", "`/bin/true`, one at a time", "processes/s",
        {None: 800},
        [("bare C", 0.95)], ["spawn-1"],
    ),
    Work(
        "spawn-8", "`/bin/true`, 8 at once", "processes/s",
        {None: 800},
        [("bare C", 0.95)], ["spawn-8"],
    ),
    Work(
        "child-read", "a child's output, dropped", "MiB/s",
        {None: 1_024},
        [("asyncio", 3)], ["child-read"],
    ),
    Work(
        # What libuv gives a child in any case.
        "child-read-socket", "the same over a pair of sockets", "MiB/s",
        {None: 1_024},
        [("libuv", 1)],
    ),
    Work(
        "child-to-file", "a child's output, into a file", "MiB/s",
        {None: 1_024},
        [("bare C", 0.9)],
        [f"child-to-file-{call}-{size}" for call in ("rw", "splice") for size in (64, 1024)],
        cpu_target=1.1,
    ),
]
