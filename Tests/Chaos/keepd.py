"""The daemon under test, and what may happen to it."""
import json
import os
import random
import signal
import socket
import subprocess
import time

RATE = 10  # lines a second of each program
DISK_MIB = 128


class Daemon:
    def __init__(self, directory, victim, keepd, keepctl, count):
        self.directory, self.victim, self.keepd, self.keepctl = directory, victim, keepd, keepctl
        self.disk = f"{directory}/disk"
        self.violations = f"{directory}/violations"
        self.path = f"{directory}/keepd.sock"
        self.names = [f"p{number}" for number in range(count)]
        # Turned by reloads, so that each changes something.
        self.turns = dict.fromkeys(self.names, 0)
        self.clients = []
        # How often lines are missing in a row.
        self.losses = 0
        # Until when nobody can be blamed for a late answer.
        self.excused_until = 0
        help_text = subprocess.run([keepd, "help", "run"], capture_output=True, text=True).stdout
        self.has_holder = "--holder" in help_text
        self.top = None

    def __enter__(self):
        os.mkdir(self.disk)
        subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={DISK_MIB}m", "chaos", self.disk], check=True
        )
        self.configure()
        try:
            self.begin()
        except BaseException:
            self.__exit__()
            raise
        return self

    def begin(self):
        holder = ["--holder"] if self.has_holder else []
        self.top = subprocess.Popen(
            [self.keepd, *holder, "--config", f"{self.directory}/keepd.json"],
            stdout=subprocess.DEVNULL,
            stderr=open(f"{self.directory}/keepd.err", "w"),
        )
        self.wait_until(lambda: len(self.running()) == len(self.names), "all programs")

    def __exit__(self, *_):
        if self.top and self.top.poll() is None:
            self.top.terminate()
            try:
                self.top.wait(timeout=60)
            except subprocess.TimeoutExpired:
                self.top.kill()
                self.top.wait()
        subprocess.run(["umount", "--lazy", self.disk], check=False)

    def configure(self):
        programs = {
            name: {
                "command": [
                    self.victim, f"{self.directory}/{name}.state", self.violations, str(RATE),
                ],
                "environment": {"TURN": str(turn)},
                "restart": {"when": "always", "backoff": {"initial": "100ms", "max": "1s"}},
                "start": {"settle": "0s"},
                "stdout": {"file": f"{self.disk}/{name}.log", "maxSize": "200kB", "keep": 1000,
                           "compress": True},
            }
            for name, turn in self.turns.items()
        }
        daemon = {
            "socket": {"path": self.path},
            "stateDirectory": self.directory,
            "logDirectory": self.disk,
        }
        with open(f"{self.directory}/keepd.json.new", "w") as file:
            json.dump({"daemon": daemon, "programs": programs}, file)
        os.rename(f"{self.directory}/keepd.json.new", f"{self.directory}/keepd.json")

    # --- Asking

    def ctl(self, *words):
        return subprocess.run(
            [self.keepctl, "-s", self.path, *words], capture_output=True, text=True, check=False
        )

    def status(self):
        """All programs, as the interface has them."""
        with socket.socket(socket.AF_UNIX) as client:
            client.settimeout(30)
            client.connect(self.path)
            client.sendall(b'{"method":"org.keepd.Control.Status"}\0')
            answer = bytearray()
            while not answer.endswith(b"\0"):
                part = client.recv(1 << 20)
                if not part:
                    raise ConnectionError("the daemon hung up")
                answer += part
        return json.loads(answer[:-1])["parameters"]["programs"]

    def running(self):
        try:
            return [program for program in self.status() if program["state"] == "running"]
        except OSError:
            return []

    def wait_until(self, is_so, what, patience=120):
        end = time.monotonic() + patience
        while not is_so():
            if self.top.poll() is not None:
                raise ChildProcessError(f"keepd has ended with {self.top.returncode}")
            if time.monotonic() > end:
                raise TimeoutError(f"never happened: {what}")
            time.sleep(0.05)

    def pid(self):
        """The daemon itself, which under a holder is the child of what was started."""
        if not self.has_holder:
            return self.top.pid
        with open(f"/proc/{self.top.pid}/task/{self.top.pid}/children") as file:
            found = [int(word) for word in file.read().split()]
        return next((pid for pid in found if self.is_keepd(pid)), None)

    def is_keepd(self, pid):
        try:
            return os.path.samefile(f"/proc/{pid}/exe", self.keepd)
        except FileNotFoundError:  # it has ended
            return False

    # --- What may happen

    def some(self):
        return random.sample(self.names, random.randrange(1, 6))

    def kill(self):
        pids = {program["name"]: program["pid"] for program in self.running()}
        for name in self.some():
            if name in pids:
                try:
                    os.kill(pids[name], random.choice([signal.SIGKILL, signal.SIGSEGV]))
                except ProcessLookupError:
                    pass

    def stop(self):
        names = self.some()
        self.ctl("stop", *names)
        self.ctl("start", "--no-wait", *names)

    def restart(self):
        self.ctl("restart", "--no-wait", *self.some())

    def reload(self):
        for name in self.some():
            self.turns[name] += 1
        self.configure()
        if random.random() < 0.5:
            self.ctl("apply", "--no-wait")
        else:
            os.kill(self.pid() or self.top.pid, signal.SIGHUP)

    def fill(self):
        """No room on the disk of the logs, for a moment."""
        path = f"{self.disk}/filler"
        try:
            with open(path, "wb") as file:
                while True:
                    file.write(bytes(1 << 20))
        except OSError:
            pass
        time.sleep(random.uniform(0.1, 1))
        os.remove(path)

    def stall(self):
        """A client that asks for everything and reads nothing, or never ends its question."""
        client = socket.socket(socket.AF_UNIX)
        client.settimeout(1)
        try:
            client.connect(self.path)
            questions = [
                b'{"method":"org.keepd.Control.Events","more":true}\0',
                b'{"method":"org.keepd.Control.Tail","more":true,"parameters":{"name":"p0",'
                b'"follow":true}}\0',
                b'{"method":"org.keepd.Con',
            ]
            client.sendall(random.choice(questions))
        except OSError:
            pass
        self.clients.append(client)
        if len(self.clients) > 20:
            self.clients.pop(0).close()

    def crash(self):
        """The daemon is killed; the holder starts another."""
        pid = self.pid()
        if pid is None:
            return
        self.excused_until = time.monotonic() + 60
        os.kill(pid, random.choice([signal.SIGKILL, signal.SIGSEGV]))
        self.wait_until(lambda: self.pid() not in (None, pid) and self.running(), "another daemon")
        self.excused_until = time.monotonic()

    def reexec(self):
        self.excused_until = time.monotonic() + 60
        self.ctl("reexec")
        self.wait_until(self.running, "the daemon after a re-exec")
        self.excused_until = time.monotonic()

    # --- The end

    def settle(self):
        """Everything runs again, and what was printed is on the disk."""
        for client in self.clients:
            client.close()
        self.ctl("start", "--no-wait", "all")
        self.wait_until(lambda: len(self.running()) == len(self.names), "all programs in the end")

    def end(self):
        self.top.terminate()
        try:
            status = self.top.wait(timeout=120)
        except subprocess.TimeoutExpired:
            return ["the daemon does not end"]
        return [f"the daemon ended with {status}"] if status != 0 else []

    def figures(self):
        total = 0
        for name in self.names:
            with open(f"{self.directory}/{name}.state", "rb") as file:
                total += int.from_bytes(file.read(8), "little")
        return f"{total} lines, {self.losses} reads lost in crashes"


def accidents(daemon):
    """By name; what this keepd cannot do is left out."""
    kinds = {
        "kill": daemon.kill, "stop": daemon.stop, "restart": daemon.restart,
        "reload": daemon.reload, "full": daemon.fill, "stall": daemon.stall,
    }
    if daemon.has_holder:
        kinds |= {"crash": daemon.crash, "reexec": daemon.reexec}
    return kinds
