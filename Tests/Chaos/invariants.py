"""What keepd promises, as one can see it without asking how it is made."""
import glob
import gzip
import os
import threading
import time

STATUS_SECONDS_MAX = 0.05
# A look at /proc is no snapshot, and an end takes its time: what is wrong is so for that long.
PATIENCE = 10


class Watch(threading.Thread):
    """Looks all the time, until the end or the first problem."""

    def __init__(self, daemon):
        super().__init__(daemon=True)
        self.target, self.problems = daemon, []
        self.times, self.late, self.busy = [], 0, 0
        self.suspects = {}
        self.is_over = False
        self.start()

    def run(self):
        looked = 0
        while not self.is_over:
            before = time.monotonic()
            time.sleep(0.1)
            # By how much a machine that is busy with other things holds up even a sleep.
            hold_up = time.monotonic() - before - 0.1
            programs = self.ask(hold_up)
            if programs is not None and time.monotonic() - looked > 1:
                looked = time.monotonic()
                self.look(programs)
            if os.path.exists(self.target.violations):
                with open(self.target.violations) as file:
                    self.problems.append(f"a program complains: {file.read().strip()}")
                return

    def ask(self, hold_up):
        begin = time.monotonic()
        excused = begin < self.target.excused_until
        try:
            programs = self.target.status()
        except OSError as error:
            if not excused and time.monotonic() > self.target.excused_until + 1:
                self.problems.append(f"no status: {error}")
            return None
        seconds = time.monotonic() - begin
        if not excused and begin >= self.target.excused_until:
            self.times.append(seconds)
            if seconds > STATUS_SECONDS_MAX:
                if hold_up > 0.005:
                    self.busy += 1
                else:
                    self.late += 1
        return programs

    def look(self, programs):
        known = {program["pid"] for program in programs}
        daemon = self.target.pid()
        found = set()
        for pid, (name, state, parent) in processes().items():
            if name == "victim" and pid not in known and state != "Z":
                found.add((pid, "a copy that nobody knows of"))
            if state == "Z" and parent in (daemon, self.target.top.pid):
                found.add((pid, "a zombie"))
        now = time.monotonic()
        self.suspects = {key: self.suspects.get(key, now) for key in found}
        for (pid, what), since in self.suspects.items():
            if now - since > PATIENCE:
                self.problems.append(f"process {pid} is {what}")

    def end(self):
        self.is_over = True
        self.join()
        if self.late > len(self.times) / 1000:
            self.problems.append(f"{self.late} of {len(self.times)} answers took over 50 ms")
        return self.problems

    def figures(self):
        if not self.times:
            return "no status"
        times = sorted(self.times)
        median, last = times[len(times) // 2], times[-1]
        rare = times[len(times) * 99 // 100]
        return (
            f"status {len(times)} times, median {median * 1e3:.1f} ms, 99 % {rare * 1e3:.1f} ms, "
            f"longest {last * 1e3:.0f} ms, over 50 ms {self.late}, and {self.busy} more while "
            "the machine was busy"
        )


def processes():
    """Name, state and parent of each process, by its number."""
    found = {}
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/stat") as file:
                text = file.read()
        except OSError:
            continue
        name = text[text.index("(") + 1 : text.rindex(")")]
        state, parent = text[text.rindex(")") + 2 :].split()[:2]
        found[int(pid)] = (name, state, int(parent))
    return found


def checksum(number):
    low, high = 1, 0
    for byte in number.to_bytes(8, "little"):
        low = (low + byte) % 65521
        high = (high + low) % 65521
    return high << 16 | low


def check_logs(daemon, crashes):
    """Each line once, or twice where its program was killed before it could note it.

    A keepd that is killed between its read and its write has taken what it read with it; that is
    one read at a crash, and lines in a row. See docs/survival.md.
    """
    problems, losses = [], []
    for name in daemon.names:
        with open(f"{daemon.directory}/{name}.state", "rb") as file:
            count = int.from_bytes(file.read(8), "little")
        seen = set()
        for path in glob.glob(f"{daemon.disk}/{name}.log*"):
            opener = gzip.open if path.endswith(".gz") else open
            with opener(path, "rt", errors="replace") as file:
                for line in file:
                    words = line.split()
                    if len(words) != 2 or not words[0].isdigit() or (
                        f"{checksum(int(words[0])):08x}" != words[1]
                    ):
                        problems.append(f"{path}: a broken line: {line!r}")
                        continue
                    seen.add(int(words[0]))
        missing = [number for number in range(count) if number not in seen]
        for number in missing:
            if number - 1 in seen or number == 0:
                losses.append(f"{name}: lines are missing from {number} on")
    daemon.losses = len(losses)
    return problems + (losses if len(losses) > crashes else [])


def check_nothing_is_left(daemon):
    problems = []
    mark = f"KEEPD_SOCKET={daemon.path}".encode()
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/environ", "rb") as file:
                if mark in file.read().split(b"\0"):
                    problems.append(f"process {pid} is left")
        except OSError:
            continue
    if os.path.exists(daemon.path):
        problems.append("the socket is left")
    return problems
