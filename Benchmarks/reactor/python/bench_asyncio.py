"""The works of the benchmark on asyncio, or on uvloop.

    bench_asyncio.py [--uvloop] WORK COUNT
"""

import asyncio
import os
import resource
import subprocess
import sys
import threading
import time

FLOOD = os.environ.get("BENCH_FLOOD", ".build/bench/flood")
SINK = os.environ.get("BENCH_SINK", ".build/bench/sink")
MIB = 1 << 20
# What shuffled() multiplies by: a prime, greater than any count.
STEP = 2_654_435_761


def shuffled(index, count):
    """0, 1, … count-1 in an order that looks random and is the same everywhere."""
    return index * STEP % count


async def callsoon_chain(count):
    loop = asyncio.get_running_loop()
    finished = loop.create_future()
    left = count

    def call():
        nonlocal left
        left -= 1
        if left:
            loop.call_soon(call)
        else:
            finished.set_result(None)

    loop.call_soon(call)
    await finished


async def post_pingpong(count):
    here = asyncio.get_running_loop()
    there = asyncio.new_event_loop()
    finished = here.create_future()
    left = count

    def ping():
        here.call_soon_threadsafe(pong)

    def pong():
        nonlocal left
        left -= 1
        if left:
            there.call_soon_threadsafe(ping)
        else:
            finished.set_result(None)

    thread = threading.Thread(target=there.run_forever)
    thread.start()
    there.call_soon_threadsafe(ping)
    await finished
    there.call_soon_threadsafe(there.stop)
    thread.join()
    there.close()


async def timers_cancel(count):
    loop = asyncio.get_running_loop()

    def never():
        raise AssertionError

    timers = [
        loop.call_later(3600 + shuffled(index, count) / count * 3600, never)
        for index in range(count)
    ]
    for timer in timers:
        timer.cancel()
    # The loop forgets the cancelled ones when it next looks at its timers.
    await asyncio.sleep(0)


async def timers_fire(count):
    loop = asyncio.get_running_loop()
    finished = loop.create_future()
    done = last = 0
    is_in_order = True

    def fire(due):
        nonlocal done, last, is_in_order
        is_in_order &= due >= last
        last = due
        done += 1
        if done == count:
            finished.set_result(None)

    begin = loop.time()
    for index in range(count):
        due = 1 + shuffled(index, count) / count * 0.1
        loop.call_at(begin + due, fire, int(due * 1000))
    # All are due when the loop gets to run: the time of waiting is taken out.
    pause = time.monotonic()
    time.sleep(1.11)
    pause = time.monotonic() - pause
    # Has uvloop look at the clock: it would wait from when it last did.
    await asyncio.sleep(0)
    await finished
    # uvloop rounds to milliseconds, and each from another moment: it does not keep the order.
    assert is_in_order or "uvloop" in sys.modules, "timers out of order"
    return pause


async def tasks(count):
    async def work():
        await asyncio.sleep(0)

    for _ in range(0, count, 100):
        for task in [asyncio.create_task(work()) for _ in range(100)]:
            await task


async def pool(count, at_once):
    loop = asyncio.get_running_loop()

    def nothing():
        pass

    async def work():
        for _ in range(count // at_once):
            await loop.run_in_executor(None, nothing)

    await asyncio.gather(*(work() for _ in range(at_once)))


async def spawn(count, at_once):
    async def work():
        for _ in range(count // at_once):
            process = await asyncio.create_subprocess_exec("/bin/true", env={})
            assert await process.wait() == 0

    await asyncio.gather(*(work() for _ in range(at_once)))


class Sink(asyncio.SubprocessProtocol):
    """Drops what arrives, or writes it into a file."""

    def __init__(self, file):
        self.file = file
        self.received = 0
        self.finished = asyncio.get_running_loop().create_future()

    def pipe_data_received(self, fd, data):
        self.received += len(data)
        if self.file is not None:
            os.write(self.file, data)

    def connection_lost(self, exc):
        self.finished.set_result(None)


async def child_read(count, file=None):
    loop = asyncio.get_running_loop()
    transport, sink = await loop.subprocess_exec(
        lambda: Sink(file), FLOOD, str(count), stdin=None, stdout=subprocess.PIPE, stderr=None
    )
    await sink.finished
    assert transport.get_returncode() == 0 and sink.received == count * MIB


async def child_to_file(count):
    file = os.open(SINK, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    await child_read(count, file)
    os.close(file)


WORKS = {
    "callsoon-chain": callsoon_chain,
    "post-pingpong": post_pingpong,
    "timers-cancel": timers_cancel,
    "timers-fire": timers_fire,
    "tasks": tasks,
    "pool-1": lambda count: pool(count, 1),
    "pool-100": lambda count: pool(count, 100),
    "pool-await-1": lambda count: pool(count, 1),
    "pool-await-100": lambda count: pool(count, 100),
    "spawn-1": lambda count: spawn(count, 1),
    "spawn-8": lambda count: spawn(count, 8),
    "child-read": child_read,
    "child-to-file": child_to_file,
}


async def measure(work, count):
    begin, begin_cpu = time.monotonic(), cpu()
    pause = await WORKS[work](count) or 0
    end, end_cpu = time.monotonic(), cpu()
    print(work, count, f"{end - begin - pause:.6f} {end_cpu - begin_cpu:.6f}")


def cpu():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def main(arguments):
    is_uvloop = arguments[:1] == ["--uvloop"]
    if is_uvloop:
        import uvloop

        arguments = arguments[1:]
        uvloop.install()
    elif hasattr(asyncio, "PidfdChildWatcher"):
        # Where the default still is a thread for each child, the better one that asyncio has.
        asyncio.set_child_watcher(asyncio.PidfdChildWatcher())
    work, count = arguments
    if work not in WORKS:
        print("unsupported", work)
        return
    asyncio.run(measure(work, int(count)))
    if os.path.exists(SINK):
        os.unlink(SINK)


if __name__ == "__main__":
    main(sys.argv[1:])
