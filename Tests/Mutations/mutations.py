#!/usr/bin/env python3
"""Breaks the rules of supervision one at a time, and shows that the tests notice.

For each mutant of mutants.txt the text is changed in a copy of the sources, and SupervisionTests
are run, then SimulationTests if those pass. A mutant that passes both has escaped: there is a rule
that no test knows. The table in docs/state-machine.md is not compared, for it would catch whatever
changes the machine without knowing what is right.

    mutations.py [WORD…]    only the mutants whose name contains one of the words
"""

import os
import re
import shutil
import signal
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
COPY = os.path.join(ROOT, ".build", "mutations")
TARGETS = ["SystemTypes", "Supervision", "SupervisionTests", "SimulationTests"]


def read_mutants():
    """Yields name, file, from and to; blocks that a blank line divides."""
    with open(os.path.join(HERE, "mutants.txt"), encoding="utf-8") as file:
        blocks = file.read().split("\n\n")
    for block in blocks:
        lines = [line for line in block.splitlines() if line and not line.startswith("# ")]
        if not lines:
            continue
        name, path = lines[0], lines[1]
        old = "\n".join(line[2:] for line in lines[2:] if line.startswith("- ") or line == "-")
        new = "\n".join(line[2:] for line in lines[2:] if line.startswith("+ ") or line == "+")
        yield name, path, old, new


def copy_sources():
    files = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout.splitlines()
    kept = set(files)
    for top in ["Sources", "Tests"]:
        for folder, _, names in os.walk(os.path.join(COPY, top)):
            for path in (os.path.join(folder, name) for name in names):
                if os.path.relpath(path, COPY) not in kept:
                    os.remove(path)
    for name in files:
        if name.startswith("Snippets/"):
            continue  # They use what is not in the small package.
        target = os.path.join(COPY, name)
        os.makedirs(os.path.dirname(target), exist_ok=True)
        source = os.path.join(ROOT, name)
        if os.path.isfile(source) and not same(source, target):
            shutil.copyfile(source, target)
    with open(os.path.join(COPY, "Package.swift"), "w", encoding="utf-8") as file:
        file.write(small_package())


def same(source, target):
    """A file that is not written again is not compiled again."""
    if not os.path.isfile(target):
        return False
    with open(source, "rb") as left, open(target, "rb") as right:
        return left.read() == right.read()


def small_package():
    """The manifest with those targets alone that the rules need, so that a build is short."""
    with open(os.path.join(ROOT, "Package.swift"), encoding="utf-8") as file:
        text = file.read()
    targets = re.findall(r"\n        (\.(?:testTarget|target)\(.*?\n?\)),(?=\n)", text, re.S)
    kept = [
        t for t in targets if re.search(r'name: "(%s)"' % "|".join(TARGETS), t.split(",")[0])
    ]
    head = text[: text.index("let package = Package(")]
    # What a mutant makes superfluous is no reason not to try it.
    head = head.replace("    .treatAllWarnings(as: .error),\n", "")
    collections = re.search(r'\.package\([^)]*swift-collections[^)]*\)', text).group(0)
    system = re.search(r'\.package\([^)]*swift-system[^)]*\)', text).group(0)
    parser = re.search(r'\.package\([^)]*swift-argument-parser[^)]*\)', text).group(0)
    log = re.search(r'\.package\([^)]*swift-log[^)]*\)', text).group(0)
    return (
        head
        + 'let package = Package(\n    name: "keepd",\n    dependencies: ['
        + ", ".join([collections, system, parser, log])
        + "],\n    targets: [\n        "
        + ",\n        ".join(kept)
        + ",\n    ]\n)\n"
    )


def run(*arguments):
    """Runs swift, and all that it starts, for ten minutes at most."""
    process = subprocess.Popen(
        ["swift", *arguments],
        cwd=COPY,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        output, _ = process.communicate(timeout=600)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        raise
    return process.returncode, output


def tests_pass(target):
    status, _ = run(
        "test", "--skip-build", "--disable-xctest", "--filter", target, "--skip",
        "StateMachineDocument",
    )
    return status == 0


def judge():
    """Says who has caught the mutant that is in the copy."""
    status, output = run("build", "--build-tests")
    if status != 0:
        errors = [line for line in output.splitlines() if "error:" in line]
        return "does not build: " + (errors[0] if errors else "")
    if not tests_pass("SupervisionTests"):
        return "caught by SupervisionTests"
    if not tests_pass("SimulationTests"):
        return "caught by SimulationTests"
    return "escaped"


def main(words):
    os.makedirs(COPY, exist_ok=True)
    copy_sources()
    mutants = [m for m in read_mutants() if not words or any(w in m[0] for w in words)]
    if not words and judge() != "escaped":
        sys.exit("mutations: the tests fail without a mutant")
    bad = 0
    for name, path, old, new in mutants:
        target = os.path.join(COPY, path)
        with open(target, encoding="utf-8") as file:
            text = file.read()
        if text.count(old) != 1:
            print(f"{name}: stands {text.count(old)} times in {path}", flush=True)
            bad += 1
            continue
        begin = time.monotonic()
        with open(target, "w", encoding="utf-8") as file:
            file.write(text.replace(old, new))
        try:
            verdict = judge()
        except subprocess.TimeoutExpired:
            verdict = "caught by the clock"
        with open(target, "w", encoding="utf-8") as file:
            file.write(text)
        bad += not verdict.startswith("caught")
        print(f"{name}: {verdict} ({time.monotonic() - begin:.0f} s)", flush=True)
    print(f"{len(mutants)} mutants, {len(mutants) - bad} caught")
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    main(sys.argv[1:])
