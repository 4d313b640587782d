"""What the supervisors are put through: a function for each scenario.

Each gets a function that opens a Bench for the peer, and gives back figures by the names of its
rows; `None` stands for what the peer cannot do. Times are in ms, unless the name says otherwise.
"""

import os
import signal
import statistics
import subprocess
import time

import processes

MANY = 1000
MIB = 1024


def start_one(open_bench):
    with open_bench() as bench:
        began = bench.start(bench.programs(1, "wait"))
        return {"start until its program runs": ms(bench.next_report().at - began)}


def start_many(open_bench):
    with open_bench() as bench:
        began = bench.start(bench.programs(MANY, "wait"))
        reports = bench.first_reports(MANY)
        figures = {
            "start until 1,000 programs run": ms(max(r.at for r in reports.values()) - began),
            "CPU of the supervisor for that": bench.family.processor_time(),
        }
        settle(bench)
        pss, anonymous = bench.family.memory()
        figures["PSS with 1,000 programs, MiB"] = pss / MIB
        figures["of it anonymous, MiB"] = anonymous / MIB
        figures["SIGTERM until 1,000 are gone"] = time_of_end(bench)
        return figures


def memory_of_one(open_bench):
    with open_bench() as bench:
        bench.start(bench.programs(1, "wait"))
        bench.next_report()
        settle(bench)
        pss, anonymous = bench.family.memory()
        return {"PSS with 1 program, MiB": pss / MIB,
                "of it anonymous with 1, MiB": anonymous / MIB}


def idle(open_bench):
    with open_bench() as bench:
        bench.start(bench.programs(100, "wait"))
        bench.first_reports(100)
        settle(bench)
        before = bench.family.switches()
        time.sleep(5)
        switches = bench.family.switches() - before
        return {"wake-ups in 5 s with 100 programs": switches,
                "system calls in 5 s with 100 programs": bench.family.system_calls(5),
                "SIGTERM until 100 are gone": time_of_end(bench)}


def kill_steady(open_bench):
    """Programs that have run for more than a second are killed one after the other."""
    count, rounds, pause = 25, 4, 0.06
    with open_bench() as bench:
        bench.start(bench.programs(count, "wait"))
        running = bench.first_reports(count)
        time.sleep(1.5)
        times = []
        for _ in range(rounds):
            for name in list(running):
                began = time.monotonic()
                os.kill(running[name].pid, signal.SIGKILL)
                running[name] = bench.next_report()
                times.append(ms(running[name].at - began))
                time.sleep(max(0, began + pause - time.monotonic()))
        return {"kill -9 until its successor runs, p50": statistics.median(times),
                "kill -9 until its successor runs, p99": percentile(times, 99)}


def kill_young(open_bench):
    """The program has been up for 100 ms only, and the pause before a restart is set to nothing."""
    with open_bench() as bench:
        bench.start(bench.programs(1, "wait"), eager=True)
        running = bench.next_report()
        times = []
        for _ in range(20 if bench.peer.can_be_eager else 5):
            time.sleep(0.1)
            began = time.monotonic()
            os.kill(running.pid, signal.SIGKILL)
            running = bench.next_report()
            times.append(ms(running.at - began))
        return {"the same, up for 100 ms, p50": statistics.median(times),
                "the same, up for 100 ms, p99": percentile(times, 99)}


def ends_at_once(open_bench):
    figures = {}
    for count in (1, 8):
        with open_bench() as bench:
            bench.start(bench.programs(count, "exit"), eager=True)
            bench.first_reports(count)
            cpu, restarts = bench.family.processor_time(), 0
            until = time.monotonic() + 3
            while time.monotonic() < until:
                try:
                    bench.next_report(0.2)
                    restarts += 1
                except TimeoutError:
                    pass
            cpu = bench.family.processor_time() - cpu
            figures[f"restarts/s of {count} that end at once"] = restarts / 3
            figures[f"CPU of each of them with {count}"] = cpu / restarts if restarts else None
    return figures


def ends_at_once_by_default(open_bench):
    with open_bench() as bench:
        bench.start(bench.programs(1, "exit"))
        bench.next_report()
        cpu = bench.family.processor_time()
        time.sleep(10)
        return {"CPU over 10 s, one that ends at once": bench.family.processor_time() - cpu}


def strays(open_bench):
    """A grandchild that has a session of its own and ignores what can be ignored."""
    figures = {}
    with open_bench() as bench:
        bench.start(bench.programs(1, "stray"))
        bench.next_report()
        processes.wait_until(lambda: len(bench.children()) == 2, 5, "no stray")
        stop = bench.peer.stop(bench, "p0")
        if stop:
            time.sleep(1.2)
            bench.run(*stop, check=False)
            figures["stray processes after a stop"] = left(bench)
    with open_bench() as bench:
        bench.start(bench.programs(1, "stray"))
        bench.next_report()
        processes.wait_until(lambda: len(bench.children()) == 2, 5, "no stray")
        time_of_end(bench)
        figures["stray processes after the end"] = left(bench)
    return figures


def left_after_end(open_bench):
    with open_bench() as bench:
        bench.start(bench.programs(10, "wait"))
        bench.first_reports(10)
        time.sleep(1.2)
        time_of_end(bench)
        return {"of 10 programs left after SIGTERM": left(bench)}


def second_copies(open_bench):
    """SIGKILL to the supervisor, which is then started again with the same configuration."""
    with open_bench() as bench:
        bench.start(bench.programs(6, "lines", "10000", logs=bench.peer.has_logs))
        before = {report.pid for report in bench.first_reports(6).values()}
        time.sleep(1.2)
        os.kill(bench.peer.main_process(bench), signal.SIGKILL)
        bench.peer.relaunch(bench)
        time.sleep(4)
        now = set(bench.children())
        return {"copies too many after kill -9 and a start": max(0, len(now) - 6),
                "of 6 programs, lost by that": len(before - now)}


def commands(open_bench):
    figures = {}
    for count in (1, 100):
        with open_bench() as bench:
            bench.start(bench.programs(count, "wait"))
            bench.first_reports(count)
            time.sleep(1.2)
            status = bench.peer.status(bench, "p0" if count == 1 else None)
            figures[f"status of {count} programs, p50"] = (
                status and ms(statistics.median(bench.run(*status, check=False) for _ in range(15)))
            )
            if count == 1:
                figures |= orders(bench)
    return figures


def orders(bench):
    """How long stop, start and restart take, until they have happened."""
    peer, times = bench.peer, {"stop": [], "start": [], "restart": []}
    if not peer.stop(bench, "p0"):
        return {f"{order}, until it has happened": None for order in times}
    for _ in range(5):
        [pid] = bench.children()
        began = time.monotonic()
        stop = spawn(bench, peer.stop(bench, "p0"))
        wait_for_end(pid)
        stop.wait(30)
        times["stop"].append(ms(time.monotonic() - began))
        for order in ("start", "restart"):
            # Daemontools and its like do not start twice in a second.
            time.sleep(1.2)
            began = time.monotonic()
            process = spawn(bench, getattr(peer, order)(bench, "p0"))
            times[order].append(ms(bench.next_report().at - began))
            process.wait(30)
        time.sleep(1.2)
    return {
        f"{order}, until it has happened": statistics.median(times[order]) for order in times
    }


def lines_to_file(open_bench):
    with open_bench() as bench:
        if not bench.peer.has_logs:
            return {}
        [program] = bench.programs(1, "lines", "5000", logs=True)
        bench.start([program])
        bench.next_report()
        processes.wait_until(lambda: os.path.exists(program.log), 5, "no log")
        file = os.open(program.log, os.O_RDONLY)
        os.lseek(file, 0, os.SEEK_END)
        times = latencies(file, 400)
        os.close(file)
        return {"a line until it is in the file, p50": statistics.median(times),
                "a line until it is in the file, p99": percentile(times, 99)}


def lines_to_follower(open_bench):
    with open_bench() as bench:
        [program] = bench.programs(1, "lines", "5000", logs=bench.peer.has_logs)
        bench.start([program])
        bench.next_report()
        time.sleep(1.2)
        command = bench.peer.follow(bench, program.name)
        if not command:
            return {}
        follower = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL,
            cwd=bench.directory, env=bench.environment,
        )
        try:
            os.set_blocking(follower.stdout.fileno(), False)
            # What it begins with is old.
            latencies(follower.stdout.fileno(), 50)
            times = latencies(follower.stdout.fileno(), 400)
        finally:
            follower.kill()
            follower.wait()
        return {"a line until tail -f has it, p50": statistics.median(times),
                "a line until tail -f has it, p99": percentile(times, 99)}


SCENARIOS = [
    start_one, start_many, memory_of_one, idle, kill_steady, kill_young, ends_at_once,
    ends_at_once_by_default, strays, left_after_end, second_copies, commands, lines_to_file,
    lines_to_follower,
]


def ms(seconds):
    return seconds * 1000


def percentile(samples, percent):
    return statistics.quantiles(samples, n=100, method="inclusive")[percent - 1]


def settle(bench):
    """Until it does nothing any more that belongs to its start, or 3 s have gone."""
    for _ in range(30):
        before = bench.family.processor_time()
        time.sleep(0.1)
        if bench.family.processor_time() == before:
            return


def time_of_end(bench):
    """In ms, until it and all its programs are gone; `None` where some are left after 20 s."""
    began = time.monotonic()
    bench.process.send_signal(signal.SIGTERM)
    try:
        bench.process.wait(20)
    except subprocess.TimeoutExpired:
        return None
    ended = time.monotonic()
    while bench.children():
        if time.monotonic() > ended + 1:
            return None
        time.sleep(0.001)
    return ms(time.monotonic() - began)


def left(bench):
    """How many processes of programs there are, after half a second for those who are ending."""
    time.sleep(0.5)
    return len(bench.children())


def spawn(bench, command):
    return subprocess.Popen(
        command, cwd=bench.directory, env=bench.environment, stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )


def wait_for_end(pid):
    """A zombie has ended; one that was never reaped is its parent's business."""
    def has_ended():
        try:
            return processes.stat(pid)[0] == "Z"
        except OSError:
            return True
    processes.wait_until(has_ended, 30, "not stopped")


def latencies(file, count):
    """Of that many lines that come to be read from `file`, each of which holds its time."""
    times, rest, until = [], b"", time.monotonic() + 20
    while len(times) < count:
        try:
            piece = os.read(file, 65536)
        except BlockingIOError:
            piece = b""
        now = time.monotonic_ns()
        *lines, rest = (rest + piece).split(b"\n")
        times += [(now - int(line.split()[-1])) / 1e6 for line in lines if line[-8:].isdigit()]
        if time.monotonic() > until:
            raise TimeoutError("no lines")
    return times[:count]
