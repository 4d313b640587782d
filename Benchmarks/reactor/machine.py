"""What the figures were measured on and with."""

import os
import platform
import subprocess
import sys


def facts():
    return {
        "processor": f"{processor()}, {os.cpu_count()} cores",
        "kernel": platform.release(),
        "Swift": output("swift", "--version").splitlines()[0],
        "Python": platform.python_version(),
        "uvloop": output(
            sys.executable, "-c", "import uvloop; print(uvloop.__version__)",
            PYTHONPATH=".build/python",
        ),
        "libuv": output("pkg-config", "--modversion", "libuv"),
        "SwiftNIO": swift_nio(),
        "C compiler": output("cc", "--version").splitlines()[0],
    }


def processor():
    with open("/proc/cpuinfo") as file:
        for line in file:
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    return platform.machine()


def swift_nio():
    """The version that the manifest of the benchmarks asks for."""
    with open("Benchmarks/reactor/swift/Package.swift") as file:
        for line in file:
            if "swift-nio\"" in line and "exact:" in line:
                return line.split("exact:")[1].strip(' "),\n')
    return "unknown"


def output(*command, **variables):
    try:
        result = subprocess.run(
            command, env={**os.environ, **variables}, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, check=True, text=True,
        )
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return result.stdout.strip()
