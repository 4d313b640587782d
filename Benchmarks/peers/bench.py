"""One run of one peer: its directory, its programs, and what the children report."""

import contextlib
import dataclasses
import os
import pathlib
import socket
import subprocess
import tempfile
import time

import processes


@dataclasses.dataclass(frozen=True)
class Program:
    name: str
    command: tuple
    log: str | None = None


@dataclasses.dataclass(frozen=True)
class Report:
    """The first act of a child."""

    name: str
    pid: int
    at: float  # seconds, of time.monotonic()


class Bench:
    """A directory in which one peer runs once; all it started ends with it."""

    def __init__(self, peer, child):
        self.peer = peer
        self.child = child
        self.reports = []

    def __enter__(self):
        self.cleanup = contextlib.ExitStack()
        directory = self.cleanup.enter_context(tempfile.TemporaryDirectory(prefix="peers-"))
        self.directory = pathlib.Path(directory)
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8 << 20)
        self.socket.bind(str(self.directory / "reports"))
        self.cleanup.callback(self.socket.close)
        self.cleanup.callback(processes.kill_all)
        self.environment = {**os.environ, "PEERS_SOCKET": str(self.directory / "reports")}
        return self

    def __exit__(self, *failure):
        return self.cleanup.__exit__(*failure)

    # What is to be supervised.

    def programs(self, count, *words, logs=False):
        return [
            Program(
                f"p{number}",
                (str(self.child), f"p{number}", *words),
                str(self.directory / f"p{number}.log") if logs else None,
            )
            for number in range(count)
        ]

    # The supervisor.

    def start(self, programs, **settings):
        """Configures the peer and starts it; gives back the time, in s."""
        self.peer.configure(self, programs, **settings)
        return self.launch()

    def launch(self):
        output = open(self.directory / "output", "ab")
        self.cleanup.callback(output.close)
        began = time.monotonic()
        self.process = subprocess.Popen(
            self.peer.command(self), cwd=self.directory, env=self.environment,
            stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True,
        )
        self.family = processes.Family(self.process.pid, self.child)
        return began

    def run(self, *words, check=True):
        """A command of the peer's own; gives back how long it took, in s."""
        began = time.monotonic()
        subprocess.run(
            words, cwd=self.directory, env=self.environment, check=check,
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )
        return time.monotonic() - began

    # Its programs.

    def next_report(self, seconds=30):
        self.socket.settimeout(seconds)
        name, pid, at = self.socket.recv(128).decode().split()
        return Report(name, int(pid), int(at) / 1e9)

    def first_reports(self, count, seconds=60):
        """By name, of as many programs; those that come again are left out."""
        found, until = {}, time.monotonic() + seconds
        while len(found) < count:
            report = self.next_report(max(0.001, until - time.monotonic()))
            found.setdefault(report.name, report)
        return found

    def children(self):
        """The pids of those that are supervised, or were left behind."""
        child = str(self.child)
        return [
            pid for pid in processes.descendants(os.getpid()) if processes.executable(pid) == child
        ]
