"""What the figures were measured on and with."""

import os
import platform
import subprocess
import sys

import adapters


def facts():
    return {
        "processor": f"{processor()}, {os.cpu_count()} cores",
        "kernel": platform.release(),
        **packages("runit", "s6", "daemontools", "monit", "dinit"),
        **{name: python_package(name) for name in ("supervisor", "circus")},
    }


def processor():
    with open("/proc/cpuinfo") as file:
        for line in file:
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    return platform.machine()


def packages(*names):
    """The versions of those of Debian's packages that are installed."""
    listed = output("dpkg-query", "-W", "-f", "${Package} ${Version}\n", *names)
    return dict(line.split(" ", 1) for line in listed.splitlines() if not line.endswith(" "))


def python_package(name):
    program = f"import importlib.metadata; print(importlib.metadata.version('{name}'))"
    return output(sys.executable, "-c", program, PYTHONPATH=str(adapters.PYTHON)) or "not installed"


def output(*command, **variables):
    result = subprocess.run(
        command, env={**os.environ, **variables}, stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL, text=True,
    )
    return result.stdout.strip()
