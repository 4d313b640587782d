#!/usr/bin/env python3
"""Measures keepd's way from a program to a file beside what else there is, in turns.

Contenders that are not installed are left out, and those whose names begin with a word of SKIP. SCALE
shrinks the works, ROUNDS repeats them.
"""
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

LOGS, KEEPD, KEEPCTL = (os.path.abspath(path) for path in sys.argv[1:4])
SCALE = float(os.environ.get("SCALE", "1"))
ROUNDS = int(os.environ.get("ROUNDS", "3"))
MIB = 1 << 20

# Name, programs, bytes of each, bytes of each write.
WORKS = [
    ("blocks", 1, int(4096 * MIB * SCALE), 65536),
    ("lines", 1, int(20_000_000 * SCALE) * 100, 100),
    ("hundred", 100, int(40 * MIB * SCALE), 4000),
]


def writer(work):
    return [LOGS, "write", str(work[2]), str(work[3])]


def children_cpu():
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


class Itself:
    """The program writes the file."""

    name = "the program itself"

    def run(self, work, directory):
        begin, runs = time.monotonic(), []
        for number in range(work[1]):
            with open(f"{directory}/{number}", "wb") as file:
                runs.append(subprocess.Popen(writer(work), stdout=file))
        for run in runs:
            assert run.wait() == 0
        return time.monotonic() - begin, None


class Pump:
    """One process for each program, at the other end of its pipe."""

    def __init__(self, name, command, into_file=True):
        self.name, self.command, self.into_file = name, command, into_file

    def run(self, work, directory):
        begin, writers, pumps = time.monotonic(), [], []
        for number in range(work[1]):
            path = f"{directory}/{number}"
            reading, writing = os.pipe()
            if self.into_file:
                with open(path, "wb") as file:
                    pump = subprocess.Popen(self.command, stdin=reading, stdout=file)
            else:
                os.mkdir(path)
                pump = subprocess.Popen(
                    self.command + [path], stdin=reading, stderr=subprocess.DEVNULL
                )
            writers.append(subprocess.Popen(writer(work), stdout=writing))
            pumps.append(pump)
            os.close(reading)
            os.close(writing)
        for run in writers:
            assert run.wait() == 0
        before = children_cpu()
        for pump in pumps:
            assert pump.wait() == 0
        # The pumps are reaped last, and alone between the two readings.
        return time.monotonic() - begin, children_cpu() - before


class Daemon:
    """A supervisor with all programs."""

    def cpu(self, process):
        fields = open(f"/proc/{process.pid}/stat").read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def run(self, work, directory):
        process = self.start(work, directory)
        try:
            before, begin = self.cpu(process), time.monotonic()
            self.begin(directory)
            paths = [f"{directory}/{number}" for number in range(work[1])]
            while paths:
                paths = [path for path in paths if not self.is_complete(path, work)]
                time.sleep(0.002)
            return time.monotonic() - begin, self.cpu(process) - before
        finally:
            process.terminate()
            process.wait()

    def is_complete(self, path, work):
        return os.path.exists(path) and os.path.getsize(path) >= work[2]


class Keepd(Daemon):
    def __init__(self, name, **settings):
        self.name, self.settings = name, settings

    def start(self, work, directory):
        programs = {
            f"p{number}": {
                "command": writer(work),
                "autostart": False,
                "restart": "never",
                "start": {"settle": 0},
                "stdout": {"file": f"{directory}/{number}", **self.settings},
            }
            for number in range(work[1])
        }
        socket = {"path": f"{directory}/sock"}
        daemon = {"socket": socket, "stateDirectory": directory, "logDirectory": directory}
        with open(f"{directory}/keepd.json", "w") as file:
            json.dump({"daemon": daemon, "programs": programs}, file)
        process = subprocess.Popen(
            [KEEPD, "--config", f"{directory}/keepd.json"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        while not os.path.exists(f"{directory}/sock"):
            time.sleep(0.01)
        return process

    def begin(self, directory):
        subprocess.run(
            [KEEPCTL, "-s", f"{directory}/sock", "start", "--no-wait", "all"],
            check=True,
            stdout=subprocess.DEVNULL,
        )


class Supervisord(Daemon):
    name = "supervisord"

    def start(self, work, directory):
        text = f"[supervisord]\nnodaemon=true\nlogfile=/dev/null\nlogfile_maxbytes=0\n"
        text += f"pidfile={directory}/pid\nminfds=4096\n[unix_http_server]\nfile={directory}/sock\n"
        text += "[rpcinterface:supervisor]\nsupervisor.rpcinterface_factory ="
        text += " supervisor.rpcinterface:make_main_rpcinterface\n"
        text += f"[supervisorctl]\nserverurl=unix://{directory}/sock\n"
        for number in range(work[1]):
            text += f"[program:p{number}]\ncommand={' '.join(writer(work))}\nautostart=false\n"
            text += "autorestart=false\nstartsecs=0\nstdout_logfile_maxbytes=0\n"
            text += f"stdout_logfile={directory}/{number}\n"
        with open(f"{directory}/conf", "w") as file:
            file.write(text)
        process = subprocess.Popen(
            ["supervisord", "-c", f"{directory}/conf"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        while not os.path.exists(f"{directory}/sock"):
            time.sleep(0.01)
        return process

    def begin(self, directory):
        command = ["supervisorctl", "-c", f"{directory}/conf", "start", "all"]
        subprocess.Popen(command, stdout=subprocess.DEVNULL)


def contenders():
    found = [Itself(), Pump("cat", ["cat"])]
    for how in ("rw", "splice"):
        for kib in (64, 1024):
            command = [LOGS, "pump", str(kib << 10), how]
            found.append(Pump(f"C pump, {how}, {kib} KiB", command))
    for name, command in (
        ("s6-log", ["s6-log", "-b", "s268435455", "n1"]),
        ("s6-log T", ["s6-log", "-b", "s268435455", "n1", "T"]),
        ("multilog", ["multilog", "s16777215", "n2"]),
        ("multilog t", ["multilog", "t", "s16777215", "n2"]),
        ("svlogd", ["svlogd", "-b", "65536"]),
    ):
        if shutil.which(command[0]):
            found.append(Pump(name, command, into_file=False))
    if shutil.which("supervisord"):
        found.append(Supervisord())
    found += [Keepd("keepd"), Keepd("keepd, timestamps", timestamps=True)]
    skipped = tuple(os.environ.get("SKIP", "").split())
    return [contender for contender in found if not contender.name.startswith(skipped)]


def measure(contender, work):
    directory = tempfile.mkdtemp(prefix="bench-logs-", dir=os.environ.get("DIRECTORY", "/var/tmp"))
    try:
        return contender.run(work, directory)
    finally:
        shutil.rmtree(directory)


def main():
    wanted = sys.argv[4:]
    for work in WORKS:
        if wanted and work[0] not in wanted:
            continue
        size = work[1] * work[2] / MIB
        print(f"\n{work[0]}: {work[1]} × {work[2] / MIB:.0f} MiB in writes of {work[3]} bytes\n")
        print("| | MiB/s | CPU seconds per GiB |\n| --- | --- | --- |")
        results = {contender: [] for contender in contenders()}
        for _ in range(ROUNDS):
            for contender, samples in results.items():
                samples.append(measure(contender, work))
        for contender, samples in results.items():
            speed = size / statistics.median(sample[0] for sample in samples)
            cpus = [sample[1] for sample in samples if sample[1] is not None]
            cpu = f"{statistics.median(cpus) / size * 1024:.2f}" if cpus else "–"
            print(f"| {contender.name} | {speed:,.0f} | {cpu} |", flush=True)


main()
