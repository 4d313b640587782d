#!/usr/bin/env python3
"""Has fifty programs log for MINUTES, through rotation, compression, restarts, readers that stall and
a disk that is full now and then, and accounts for every line in the end.

Each program prints numbered lines. Whatever file they are in, together they have to be all numbers,
each once and whole. Needs root, who may mount the small disk.
"""
import contextlib
import glob
import gzip
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time

LOGS, KEEPD, KEEPCTL = (os.path.abspath(path) for path in sys.argv[1:4])
MINUTES = float(os.environ.get("MINUTES", "30"))
PROGRAMS = int(os.environ.get("PROGRAMS", "50"))
RATE = int(os.environ.get("RATE", "100000"))
DISK_MIB = 512


class Soak:
    def __init__(self, directory):
        self.directory = directory
        self.disk = f"{directory}/disk"
        # The lines of each program that have been found, as ranges.
        self.found = {number: [] for number in range(PROGRAMS)}
        self.readers = []
        self.figures = []

    def start(self):
        programs = {
            f"p{number}": {
                "command": [LOGS, "soak", f"{self.directory}/state{number}", str(RATE)],
                # A disk that is full must not make it end in the middle of a line.
                "stop": {"timeout": "5m"},
                "stdout": {
                    "file": f"{self.disk}/{number}.log",
                    "maxSize": "1MB",
                    "keep": 10000,
                    "compress": True,
                },
            }
            for number in range(PROGRAMS)
        }
        daemon = {
            "socket": {"path": f"{self.directory}/sock"},
            "stateDirectory": self.directory,
            "logDirectory": self.disk,
            "shutdownTimeout": "5m",
        }
        with open(f"{self.directory}/keepd.json", "w") as file:
            json.dump({"daemon": daemon, "programs": programs}, file)
        self.keepd = subprocess.Popen(
            [KEEPD, "--config", f"{self.directory}/keepd.json"],
            stdout=subprocess.DEVNULL,
            stderr=open(f"{self.directory}/keepd.err", "w"),
        )
        while not os.path.exists(f"{self.directory}/sock"):
            time.sleep(0.05)

    def ctl(self, *words):
        subprocess.run(
            [KEEPCTL, "-s", f"{self.directory}/sock", *words],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=False,
        )

    # What may happen.

    def restart(self):
        self.ctl("restart", "--no-wait", *(f"p{random.randrange(PROGRAMS)}" for _ in range(5)))

    def rotate(self):
        self.ctl("rotate", f"p{random.randrange(PROGRAMS)}")

    def reopen(self):
        self.keepd.send_signal(signal.SIGUSR1)

    def follow(self):
        name = f"p{random.randrange(PROGRAMS)}"
        reader = subprocess.Popen(
            [KEEPCTL, "-s", f"{self.directory}/sock", "tail", "-f", name],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self.readers.append(reader)
        if random.random() < 0.5:
            reader.send_signal(signal.SIGSTOP)
        if len(self.readers) > 10:
            self.stop_reader()

    def stop_reader(self):
        reader = self.readers.pop(0)
        reader.kill()
        reader.wait()

    def fill(self):
        filler = f"{self.disk}/filler"
        with contextlib.suppress(OSError), open(filler, "wb", 0) as file:
            while True:
                file.write(bytes(1 << 20))
        time.sleep(3)
        os.remove(filler)

    # What has been written.

    def take(self, path):
        """Accounts for the lines of a file that nobody writes to any more."""
        number = int(os.path.basename(path).split(".")[0])
        opened = gzip.open(path) if path.endswith(".gz") else open(path, "rb")
        with opened as file:
            text = file.read()
        assert text.endswith(b"\n") or not text, path
        numbers = []
        for line in text.splitlines():
            first, second = line.split()
            assert len(line) == 99 and int(second) == int(first) * 2654435761 % 2**64, (path, line)
            numbers.append(int(first))
        if not numbers:
            return
        assert numbers == list(range(numbers[0], numbers[-1] + 1)), f"{path}: out of order"
        self.found[number].append((numbers[0], numbers[-1]))

    def collect(self):
        """Takes the older files away, so that the disk does not fill up by itself."""
        for path in glob.glob(f"{self.disk}/*.log.*.gz"):
            away = f"{self.disk}/away-{os.getpid()}"
            try:
                os.rename(path, away)
            except FileNotFoundError:
                continue
            named = f"{self.disk}/{os.path.basename(path).split('.')[0]}.taken.gz"
            os.rename(away, named)
            self.take(named)
            os.remove(named)

    def look(self):
        process = self.keepd.pid
        with open(f"/proc/{process}/status") as file:
            resident = next(int(line.split()[1]) for line in file if line.startswith("RssAnon"))
        self.figures.append((resident, len(os.listdir(f"/proc/{process}/fd"))))

    def finish(self):
        while self.readers:
            self.stop_reader()
        self.keepd.terminate()
        assert self.keepd.wait() == 0
        for path in glob.glob(f"{self.disk}/*.log*"):
            assert not path.endswith(".new"), f"{path}: left behind"
            self.take(path)
        lines = 0
        for number, ranges in self.found.items():
            with open(f"{self.directory}/state{number}", "rb") as file:
                printed = int.from_bytes(file.read(), "little")
            lines += printed
            end = -1
            for first, last in sorted(ranges):
                assert first == end + 1, f"p{number}: {end + 1} to {first - 1} are missing or twice"
                end = last
            assert end == printed - 1, f"p{number}: {end + 1} to {printed - 1} are missing"
        return lines

    def run(self):
        self.start()
        events = [self.restart, self.rotate, self.reopen, self.follow, self.follow, self.fill]
        counts = {event.__name__: 0 for event in events}
        deadline, next_look = time.monotonic() + 60 * MINUTES, time.monotonic() + 10
        while time.monotonic() < deadline:
            event = random.choice(events)
            event()
            counts[event.__name__] += 1
            self.collect()
            if time.monotonic() > next_look:
                self.look()
                next_look += 10
            time.sleep(0.5)
        return self.finish(), counts


def main():
    with tempfile.TemporaryDirectory(prefix="soak-logs-", dir="/var/tmp") as directory:
        soak = Soak(directory)
        os.mkdir(soak.disk)
        options = f"size={DISK_MIB}m"
        subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", soak.disk], check=True)
        try:
            lines, counts = soak.run()
        finally:
            if soak.keepd.poll() is None:
                soak.keepd.kill()
            subprocess.run(["umount", "--lazy", soak.disk], check=True)
    print(f"{lines} lines of {PROGRAMS} programs in {MINUTES:g} minutes, each there once")
    print(", ".join(f"{count} × {name}" for name, count in counts.items()))
    resident = [figure[0] for figure in soak.figures]
    descriptors = [figure[1] for figure in soak.figures]
    print(f"anonymous memory {min(resident)} to {max(resident)} KiB, last {resident[-1]}")
    print(f"descriptors {min(descriptors)} to {max(descriptors)}, last {descriptors[-1]}")


main()
