"""How each supervisor is configured, started and told what to do: a class for each.

A command that a peer does not have is `None`. `eager` asks for restarts without a pause, where the
peer can do that.
"""

import json
import os
import pathlib
import shutil
import stat

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
BUILD = pathlib.Path(os.environ.get("KEEPD_BUILD", ROOT / ".build" / "release"))
# Where `scripts/setup bench-peers` puts what comes from PyPI.
PYTHON = ROOT / ".build" / "peers"


class Peer:
    name = ""
    executable = ""
    # Without, it restarts after a second or so whatever it is told.
    can_be_eager = True
    # Prints what its programs print, or has a file for it.
    has_logs = True

    def path(self):
        return shutil.which(self.executable)

    def configure(self, bench, programs, eager=False):
        raise NotImplementedError

    def command(self, bench):
        raise NotImplementedError

    def status(self, bench, name=None):
        return None

    def stop(self, bench, name):
        return None

    def start(self, bench, name):
        return None

    def restart(self, bench, name):
        return None

    def follow(self, bench, name):
        return None

    def main_process(self, bench):
        """Which process has to be killed to see how it survives."""
        return bench.process.pid

    def relaunch(self, bench):
        """Starts it once more, after its main process was killed."""
        bench.process.wait()
        bench.launch()


class Keepd(Peer):
    name = "keepd"

    def path(self):
        return BUILD / "keepd"

    def configure(self, bench, programs, eager=False):
        defaults = {"start": {"settle": "0s"}} if eager else {}
        configuration = {
            "daemon": {"socket": str(bench.directory / "socket"),
                       "stateDirectory": str(bench.directory / "state")},
            "defaults": defaults,
            "programs": {
                program.name: {"command": program.command, "stdout": program.log or "null"}
                for program in programs
            },
        }
        (bench.directory / "keepd.json").write_text(json.dumps(configuration))

    def command(self, bench):
        return [self.path(), "--config", bench.directory / "keepd.json", "--log-level", "error"]

    def keepctl(self, bench, *words):
        return [BUILD / "keepctl", "--socket", bench.directory / "socket", *words]

    def status(self, bench, name=None):
        return self.keepctl(bench, "status", *([name] if name else []))

    def stop(self, bench, name):
        return self.keepctl(bench, "stop", name)

    def start(self, bench, name):
        return self.keepctl(bench, "start", "--no-wait", name)

    def restart(self, bench, name):
        return self.keepctl(bench, "restart", "--no-wait", name)

    def follow(self, bench, name):
        return self.keepctl(bench, "tail", "-f", "-n", "0", name)


class Supervisord(Peer):
    name = "supervisord"

    def path(self):
        path = PYTHON / "bin" / "supervisord"
        return path if path.exists() else None

    def configure(self, bench, programs, eager=False):
        socket = bench.directory / "socket"
        lines = [
            "[supervisord]", "nodaemon=true", "loglevel=critical", "minfds=20000",
            f"logfile={bench.directory}/supervisord.log",
            f"pidfile={bench.directory}/supervisord.pid",
            "[unix_http_server]", f"file={socket}",
            "[supervisorctl]", f"serverurl=unix://{socket}",
            "[rpcinterface:supervisor]",
            "supervisor.rpcinterface_factory=supervisor.rpcinterface:make_main_rpcinterface",
        ]
        for program in programs:
            lines += [
                f"[program:{program.name}]", f"command={' '.join(program.command)}",
                "autorestart=true", f"startsecs={0 if eager else 1}", "stopwaitsecs=10",
                f"stdout_logfile={program.log or 'NONE'}", "stderr_logfile=NONE",
            ]
        (bench.directory / "supervisord.conf").write_text("\n".join(lines))
        bench.environment["PYTHONPATH"] = str(PYTHON)

    def command(self, bench):
        return [self.path(), "-c", bench.directory / "supervisord.conf"]

    def supervisorctl(self, bench, *words):
        program = PYTHON / "bin" / "supervisorctl"
        return [program, "-c", bench.directory / "supervisord.conf", *words]

    def status(self, bench, name=None):
        return self.supervisorctl(bench, "status", *([name] if name else []))

    def stop(self, bench, name):
        return self.supervisorctl(bench, "stop", name)

    def start(self, bench, name):
        return self.supervisorctl(bench, "start", name)

    def restart(self, bench, name):
        return self.supervisorctl(bench, "restart", name)

    def follow(self, bench, name):
        return self.supervisorctl(bench, "tail", "-f", name)


class Circus(Peer):
    name = "circus"

    def path(self):
        path = PYTHON / "bin" / "circusd"
        return path if path.exists() else None

    def configure(self, bench, programs, eager=False):
        # Paths of Unix sockets, for ports may be in use.
        self.endpoint = f"ipc://{bench.directory}/endpoint"
        lines = [
            "[circus]", f"endpoint = {self.endpoint}",
            f"pubsub_endpoint = ipc://{bench.directory}/pubsub",
        ]
        for program in programs:
            lines += [
                f"[watcher:{program.name}]", f"cmd = {' '.join(program.command)}",
                "copy_env = True", "warmup_delay = 0",
            ]
            if program.log:
                lines += ["stdout_stream.class = FileStream",
                          f"stdout_stream.filename = {program.log}"]
        (bench.directory / "circus.ini").write_text("\n".join(lines))
        bench.environment["PYTHONPATH"] = str(PYTHON)

    def command(self, bench):
        return [self.path(), "--log-level", "critical", bench.directory / "circus.ini"]

    def circusctl(self, *words):
        return [PYTHON / "bin" / "circusctl", "--endpoint", self.endpoint, *words]

    def status(self, bench, name=None):
        return self.circusctl("status", *([name] if name else []))

    def stop(self, bench, name):
        return self.circusctl("stop", name, "--waiting")

    def start(self, bench, name):
        return self.circusctl("start", name)

    def restart(self, bench, name):
        return self.circusctl("restart", name)


class ServiceDirectories(Peer):
    """Those that descend from daemontools: a directory for each program, with a script `run`."""

    can_be_eager = False
    logger = ""

    def configure(self, bench, programs, eager=False):
        for program in programs:
            directory = bench.directory / "services" / program.name
            script(directory / "run", f"exec {' '.join(program.command)}")
            if program.log:
                logs = bench.directory / f"{program.name}.logs"
                logs.mkdir()
                os.symlink(logs / "current", program.log)
                script(directory / "log" / "run", f"exec {self.logger} {logs}")
        # Runsvdir waits for a second where something was made in the present one.
        os.utime(bench.directory / "services", (0, 0))

    def service(self, bench, name):
        return bench.directory / "services" / name

    def services(self, bench, name):
        return [self.service(bench, name)] if name else sorted(
            (bench.directory / "services").iterdir()
        )


class Runit(ServiceDirectories):
    name = "runit"
    executable = "runsvdir"
    logger = "svlogd -b 65536"

    def command(self, bench):
        return [self.path(), bench.directory / "services"]

    def status(self, bench, name=None):
        return ["sv", "status", *self.services(bench, name)]

    def stop(self, bench, name):
        return ["sv", "stop", self.service(bench, name)]

    def start(self, bench, name):
        return ["sv", "up", self.service(bench, name)]

    def restart(self, bench, name):
        return ["sv", "term", self.service(bench, name)]


class S6(ServiceDirectories):
    name = "s6"
    executable = "s6-svscan"
    logger = "s6-log"

    def command(self, bench):
        # 1,000 is as many as it takes unless it is told.
        return [self.path(), "-c", "8192", bench.directory / "services"]

    def status(self, bench, name=None):
        if name:
            return ["s6-svstat", self.service(bench, name)]
        # It tells of one at a time.
        return ["sh", "-c", 'for service; do s6-svstat "$service"; done', "sh",
                *self.services(bench, name)]

    def stop(self, bench, name):
        return ["s6-svc", "-wD", "-d", self.service(bench, name)]

    def start(self, bench, name):
        return ["s6-svc", "-u", self.service(bench, name)]

    def restart(self, bench, name):
        return ["s6-svc", "-t", self.service(bench, name)]


class Daemontools(ServiceDirectories):
    name = "daemontools"
    executable = "svscan"
    logger = "multilog"

    def command(self, bench):
        return [self.path(), bench.directory / "services"]

    def status(self, bench, name=None):
        return ["svstat", *self.services(bench, name)]

    def stop(self, bench, name):
        return ["svc", "-d", self.service(bench, name)]

    def start(self, bench, name):
        return ["svc", "-u", self.service(bench, name)]

    def restart(self, bench, name):
        return ["svc", "-t", self.service(bench, name)]


class Monit(Peer):
    """Starts programs that put themselves into the background, and looks at them each second."""

    name = "monit"
    executable = "monit"
    can_be_eager = False
    has_logs = False

    def configure(self, bench, programs, eager=False):
        directory = bench.directory
        lines = [
            "set daemon 1", f"set idfile {directory}/id", f"set statefile {directory}/state",
            f"set pidfile {directory}/monit.pid",
            f"set httpd unixsocket {directory}/socket allow monit:monit",
        ]
        for program in programs:
            start = directory / f"{program.name}.start"
            # Its environment is not handed on.
            script(start, f"PEERS_SOCKET={bench.environment['PEERS_SOCKET']}; export PEERS_SOCKET",
                   f"echo $$ >{directory}/{program.name}.pid", f"exec {' '.join(program.command)}")
            lines += [
                f"check process {program.name} with pidfile {directory}/{program.name}.pid",
                f'    start program = "{start}"',
                f'    stop program = "/bin/sh -c \'kill $(cat {directory}/{program.name}.pid)\'"',
            ]
        file = directory / "monitrc"
        file.write_text("\n".join(lines) + "\n")
        file.chmod(0o600)

    def monit(self, bench, *words):
        return [self.path(), "-c", bench.directory / "monitrc", *words]

    def command(self, bench):
        return self.monit(bench, "-I")

    def status(self, bench, name=None):
        return self.monit(bench, "summary", *([name] if name else []))

    def stop(self, bench, name):
        return self.monit(bench, "stop", name)

    def start(self, bench, name):
        return self.monit(bench, "start", name)

    def restart(self, bench, name):
        return self.monit(bench, "restart", name)


class Dinit(Peer):
    """Gives a program the file itself, so that what is printed does not go through dinit."""

    name = "dinit"
    executable = "dinit"

    def configure(self, bench, programs, eager=False):
        services = bench.directory / "services"
        services.mkdir()
        for program in programs:
            (services / program.name).write_text("\n".join([
                "type = process", f"command = {' '.join(program.command)}", "restart = true",
                "restart-delay = 0" if eager else "", "restart-limit-count = 0" if eager else "",
                f"logfile = {program.log}" if program.log else "",
            ]))
        (services / "boot").write_text("\n".join(
            ["type = internal", *(f"depends-ms = {program.name}" for program in programs)]
        ))

    def command(self, bench):
        return [self.path(), "--user", "--quiet", "-p", bench.directory / "socket",
                "-d", bench.directory / "services"]

    def dinitctl(self, bench, *words):
        return ["dinitctl", "--user", "-p", bench.directory / "socket", *words]

    def status(self, bench, name=None):
        return self.dinitctl(bench, *(["status", name] if name else ["list"]))

    def stop(self, bench, name):
        return self.dinitctl(bench, "stop", "--force", name)

    def start(self, bench, name):
        return self.dinitctl(bench, "start", name)

    def restart(self, bench, name):
        return self.dinitctl(bench, "restart", name)


class Pebble(Peer):
    name = "pebble"
    executable = "pebble"

    def configure(self, bench, programs, eager=False):
        layers = bench.directory / "layers"
        layers.mkdir()
        services = {
            program.name: {
                "override": "replace", "command": " ".join(program.command), "startup": "enabled",
                **({"backoff-delay": "1ms", "backoff-limit": "1ms"} if eager else {}),
            }
            for program in programs
        }
        # JSON is YAML.
        (layers / "001-bench.yaml").write_text(json.dumps({"services": services}))
        bench.environment["PEBBLE"] = str(bench.directory)

    def command(self, bench):
        return [self.path(), "run"]

    def status(self, bench, name=None):
        return [self.path(), "services", *([name] if name else [])]

    def stop(self, bench, name):
        return [self.path(), "stop", name]

    def start(self, bench, name):
        return [self.path(), "start", "--no-wait", name]

    def restart(self, bench, name):
        return [self.path(), "restart", "--no-wait", name]

    def follow(self, bench, name):
        return [self.path(), "logs", "-f", "-n", "0", name]


class Nitro(ServiceDirectories):
    name = "nitro"
    executable = "nitro"
    has_logs = False

    def configure(self, bench, programs, eager=False):
        super().configure(bench, programs, eager)
        bench.environment["NITRO_SOCK"] = str(bench.directory / "socket")

    def command(self, bench):
        return [self.path(), bench.directory / "services"]

    def status(self, bench, name=None):
        return ["nitroctl", "list"]

    def stop(self, bench, name):
        return ["nitroctl", "down", name]

    def start(self, bench, name):
        return ["nitroctl", "up", name]

    def restart(self, bench, name):
        return ["nitroctl", "restart", name]


class ProcessCompose(Peer):
    name = "process-compose"
    executable = "process-compose"

    def configure(self, bench, programs, eager=False):
        self.socket = bench.directory / "socket"
        processes = {
            program.name: {
                "command": f"exec {' '.join(program.command)}",
                "availability": {"restart": "always", "backoff_seconds": 1},
                **({"log_location": program.log} if program.log else {}),
            }
            for program in programs
        }
        (bench.directory / "process-compose.yaml").write_text(
            json.dumps({"version": "0.5", "processes": processes})
        )

    def call(self, *words):
        return [self.path(), "--use-uds", "--unix-socket", self.socket, *words]

    def command(self, bench):
        return self.call("up", "--tui=false", "-f", bench.directory / "process-compose.yaml")

    def status(self, bench, name=None):
        return self.call("process", *(["get", name] if name else ["list"]))

    def stop(self, bench, name):
        return self.call("process", "stop", name)

    def start(self, bench, name):
        return self.call("process", "start", name)

    def restart(self, bench, name):
        return self.call("process", "restart", name)


class Reference(Peer):
    """Not a supervisor: the system calls that none can do without."""

    name = "C"
    has_logs = False

    def path(self):
        return ROOT / ".build" / "bench" / "reference"

    def configure(self, bench, programs, eager=False):
        lines = [" ".join(program.command) for program in programs]
        (bench.directory / "programs").write_text("\n".join(lines) + "\n")

    def command(self, bench):
        return [self.path(), bench.directory / "programs"]


PEERS = [
    Keepd(), Reference(), Supervisord(), Circus(), Runit(), S6(), Daemontools(), Monit(), Dinit(),
    Nitro(), Pebble(), ProcessCompose(),
]


def script(path, *lines):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(["#!/bin/sh", *lines]) + "\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
