"""What /proc says of the processes that a supervisor is made of, and of those that it started.

All that a peer starts stays below this process, which is a subreaper, and is ended with it.
"""

import contextlib
import ctypes
import os
import pathlib
import signal
import subprocess
import sys
import time

PR_SET_CHILD_SUBREAPER = 36


def become_subreaper():
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    # Whoever ends this process ends what it has started.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))


def descendants(root):
    """The pids of all processes below `root`, zombies not among them."""
    children = {}
    for entry in os.listdir("/proc"):
        if not entry.isdigit():
            continue
        with contextlib.suppress(OSError):
            state, parent = stat(int(entry))[0:2]
            if state != "Z":
                children.setdefault(int(parent), []).append(int(entry))
    found, queue = [], [root]
    while queue:
        below = children.get(queue.pop(), [])
        found += below
        queue += below
    return found


def stat(pid):
    """The fields of /proc/PID/stat from the third on: state, parent, …"""
    return pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


def executable(pid):
    try:
        return os.readlink(f"/proc/{pid}/exe")
    except OSError:
        return ""


class Family:
    """A supervisor's processes, those that it supervises not among them."""

    def __init__(self, root, child):
        self.root = root
        self.child = str(child)

    @property
    def pids(self):
        return [
            pid for pid in [self.root, *descendants(self.root)] if executable(pid) != self.child
        ]

    def memory(self):
        """(PSS, anonymous), in KiB, of all of them."""
        fields = {"Pss:": 0, "Anonymous:": 0}
        for pid in self.pids:
            with contextlib.suppress(OSError):
                text = pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text()
                for name, amount, *_ in (line.split() for line in text.splitlines()[1:]):
                    if name in fields:
                        fields[name] += int(amount)
        return fields["Pss:"], fields["Anonymous:"]

    def processor_time(self):
        """In ms, of all threads that live now."""
        return sum(tasks(self.pids, "schedstat", lambda text: int(text.split()[0]))) / 1e6

    def switches(self):
        """How often any of them has gone to sleep."""
        def voluntary(text):
            return int(text.split("\nvoluntary_ctxt_switches:")[1].split()[0])
        return sum(tasks(self.pids, "status", voluntary))

    def system_calls(self, seconds):
        """How many they begin in that time, as strace counts."""
        attached = [word for pid in self.pids for word in ("-p", str(pid))]
        trace = subprocess.run(
            ["timeout", "-s", "INT", str(seconds), "strace", "-f", "-qq", *attached],
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
        ).stderr
        # What they were asleep in when strace came is no call that they make.
        calls = [line for line in trace.splitlines() if "(" in line and "resumed" not in line]
        return sum("<unfinished" not in line and "detached" not in line for line in calls)


def tasks(pids, file, read):
    for pid in pids:
        for task in pathlib.Path(f"/proc/{pid}/task").glob("*"):
            with contextlib.suppress(OSError):
                yield read((task / file).read_text())


def kill_all():
    """Ends whatever is left below this process, and waits for it."""
    until = time.monotonic() + 10
    while (left := descendants(os.getpid())) and time.monotonic() < until:
        for pid in left:
            with contextlib.suppress(OSError):
                os.kill(pid, signal.SIGKILL)
        reap()
        time.sleep(0.005)
    reap()


def reap():
    """Orphans that have come to this process and ended."""
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def wait_until(is_so, seconds, what):
    """Looks each ms; fails with `what` where it does not become so in time."""
    until = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > until:
            raise TimeoutError(what)
        time.sleep(0.001)
