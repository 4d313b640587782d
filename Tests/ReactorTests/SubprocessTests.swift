import Glibc
import LinuxSystem
import Reactor
import SystemPackage
import SystemTypes
import Testing

private func shell(_ command: String) -> SpawnRequest {
    SpawnRequest(
        candidates: ["/bin/sh"],
        arguments: ["sh", "-c", command],
        environment: ["PATH=/usr/bin:/bin"]
    )
}

/// What `/proc/PID/io` says; see proc(5), `wchar`.
private func bytesWritten(by process: ProcessID) throws -> Int {
    let text = String(
        decoding: try Files.read("/proc/\(process)/io", bytesMax: 4_096),
        as: UTF8.self
    )
    let line = try #require(text.split(separator: "\n").first { $0.hasPrefix("wchar: ") })
    return try #require(Int(line.dropFirst("wchar: ".count)))
}

@Suite struct SubprocessTests {
    @Test(arguments: LoopKind.allCases)
    func `a child is fed, read and waited for, and nothing holds up anything`(kind: LoopKind) throws
    {
        let input = [UInt8](repeating: 7, count: 3_000_000)
        let output = try onLoop(kind) { loop in
            try await loop.subprocess(shell("cat; echo done >&2"), stdin: .pipe, stderr: .pipe)
                .communicate(input)
        }
        #expect(output.stdout == input)
        #expect(output.stderr == Array("done\n".utf8))
        #expect(output.status == .exited(0))
    }

    @Test(arguments: LoopKind.allCases)
    func `a child that takes no input is no error`(kind: LoopKind) throws {
        let output = try onLoop(kind) { loop in
            try await loop.subprocess(shell("exit 3"), stdin: .pipe)
                .communicate([UInt8](repeating: 7, count: 1_000_000))
        }
        #expect(output.status == .exited(3))
    }

    @Test(arguments: LoopKind.allCases)
    func `waiting ends with the exit, though somebody else holds the pipe`(kind: LoopKind) throws {
        let status = try onLoop(kind) { loop in
            let child = try loop.subprocess(shell("sleep 1000 & exit 5"))
            let status = try await child.wait()
            try sendSignal(.kill, toGroupOf: child.process)
            return status
        }
        #expect(status == .exited(5))
    }

    @Test(arguments: LoopKind.allCases)
    func `lines come one by one, the unfinished last one too`(kind: LoopKind) throws {
        let lines = try onLoop(kind) { loop in
            let child = try loop.subprocess(shell(#"printf 'one\n\ntwo\nthr'; printf ee"#))
            var lines: [String] = []
            if let stdout = child.stdout {
                for try await line in stdout.lines() { lines.append(line) }
            }
            _ = try await child.wait()
            return lines
        }
        #expect(lines == ["one", "", "two", "three"])
    }

    @Test(arguments: LoopKind.allCases)
    func `a line that is too long is an error, and takes no more memory than that`(kind: LoopKind)
        throws
    {
        #expect(throws: StreamError.tooLong(limit: 10)) {
            try onLoop(kind) { loop in
                try await loop.withChild(shell("yes | tr -d '\\n'")) { child in
                    guard let stdout = child.stdout else { return }
                    for try await _ in stdout.lines(maxLength: 10) {}
                }
            }
        }
    }

    @Test(arguments: LoopKind.allCases)
    func `a line that has come as a whole is too long all the same`(kind: LoopKind) throws {
        let lines = try onLoop(kind) { loop in
            try await loop.withChild(shell("printf 'short\\n0123456789\\n0123456789x\\n'")) {
                child in
                var lines: [String] = []
                await #expect(throws: StreamError.tooLong(limit: 10)) {
                    guard let stdout = child.stdout else { return }
                    for try await line in stdout.lines(maxLength: 10) { lines.append(line) }
                }
                return lines
            }
        }
        #expect(lines == ["short", "0123456789"])
    }

    /// Whatever the other streams wait for.
    @Test(arguments: ["yes", "yes >&2", "cat", "cat >&2"])
    func `output over the limit is an error`(script: String) throws {
        for kind in LoopKind.allCases {
            #expect(throws: StreamError.tooLong(limit: 1_000)) {
                try onLoop(kind) { loop in
                    try await loop.withChild(shell(script), stdin: .pipe, stderr: .pipe) {
                        try await $0.communicate(
                            [UInt8](repeating: 7, count: 3_000_000),
                            outputLimit: 1_000
                        )
                    }
                }
            }
        }
    }

    @Test func `a stream that never ends leaves timers their turn`() throws {
        let byteCount = try onLoop(.real) { loop in
            try await loop.withChild(shell("exec cat /dev/zero")) { child in
                var (byteCount, isOver) = (0, false)
                loop.callLater(.milliseconds(20)) { isOver = true }
                while !isOver, let bytes = try await child.stdout?.next() {
                    byteCount += bytes.count
                }
                return byteCount
            }
        }
        #expect(byteCount > 0)
    }

    @Test func `a child that leads no group does not outlive its scope either`() throws {
        let process = try onLoop(.real) { loop in
            var request = shell("exec sleep 1000")
            request.family = .inherited
            return try await loop.withChild(request) { $0.process }
        }
        #expect(ProcessTable.entry(of: process) == nil)
    }

    @Test(arguments: LoopKind.allCases)
    func `a child does not outlive its scope, even if it ignores SIGTERM`(kind: LoopKind) throws {
        struct Enough: Error {}
        let process = try onLoop(kind) { loop in
            try await loop.withChild(
                shell("trap '' TERM; echo ready; while :; do sleep 1000; done"),
                grace: .milliseconds(20)
            ) { child in
                _ = try await child.stdout?.next()
                return child.process
            }
        }
        #expect(ProcessTable.entry(of: process)?.parent != ProcessTable.current.rawValue)
    }

    @Test(arguments: LoopKind.allCases)
    func `a task that is cancelled tears its child down before it ends`(kind: LoopKind) throws {
        let status = try onLoop(kind) { loop in
            let child = try loop.subprocess(shell("exec sleep 1000"))
            let task = loop.spawn {
                try await loop.withChild(shell("exec sleep 1000")) { inner in
                    try child.send(.kill)
                    _ = try await inner.wait()
                }
            }
            let status = try await child.wait()
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
            return status
        }
        #expect(status == .signaled(.kill, coreDumped: false))
    }

    @Test(arguments: LoopKind.allCases)
    func `nothing is read that nobody asks for, so a slow reader stops the writer`(kind: LoopKind)
        throws
    {
        let written = try onLoop(kind) { loop in
            try await loop.withChild(shell("exec cat /dev/zero")) { child in
                _ = try await child.stdout?.next()
                // It sleeps once the pipe is full; were it read ahead, it never would.
                while ProcessTable.entry(of: child.process)?.state != "S" { await loop.yield() }
                return try bytesWritten(by: child.process)
            }
        }
        // What the pipe holds, one chunk, and what cat has under way.
        #expect(written <= 262_144 + 65_536 + 131_072)
    }

    @Test(arguments: LoopKind.allCases)
    func `errors of the start are thrown where it was asked for`(kind: LoopKind) throws {
        #expect(throws: SpawnError(.execve, .noSuchFileOrDirectory)) {
            try onLoop(kind) { loop in
                _ = try loop.subprocess(
                    SpawnRequest(candidates: ["/nowhere"], arguments: ["x"], environment: [])
                )
            }
        }
    }

    @Test(arguments: LoopKind.allCases)
    func `a child that somebody else reaps has ended all the same, and that is reported`(
        kind: LoopKind
    ) throws {
        let loop = try kind.makeLoop()
        defer { loop.close() }
        var failures: [String] = []
        loop.exceptionHandler = { failures.append($1.message) }
        let null = try Files.openNull()
        var status: SystemTypes.ExitStatus?
        let stdio = (null.raw, null.raw, null.raw)
        let child = try loop.spawn(shell("exit 7"), stdio: stdio) {
            status = $0
            loop.stop()
        }
        #expect(waitpid(child.process.rawValue, nil, 0) == child.process.rawValue)
        loop.run()
        // The kernel remembers it since Linux 6.15.
        #expect(status == .exited(7) || status == .exited(255))
        #expect(child.usage == nil && !loop.isChild(child.process))
        #expect(failures == ["cannot finish child: No child processes"])
    }

    @Test(arguments: LoopKind.allCases)
    func `a child can be told to end, and be ended`(kind: LoopKind) throws {
        try onLoop(kind) { loop in
            let polite = try loop.subprocess(.exec("sleep", "1000"), stdout: .null)
            try polite.terminate()
            #expect(try await polite.wait() == .signaled(.terminate, coreDumped: false))
            #expect(throws: Errno.noSuchProcess) { try polite.terminate() }
            let stubborn = try loop.subprocess(.exec("sleep", "1000"), stdout: .null)
            try stubborn.kill()
            #expect(try await stubborn.wait() == .signaled(.kill, coreDumped: false))
            #expect(throws: Errno.noSuchProcess) { try stubborn.kill() }
        }
    }

    @Test(arguments: LoopKind.allCases)
    func `a child reads a file and writes another, from its begin or at its end`(kind: LoopKind)
        throws
    {
        let path = "/tmp/keepd-stdio-\(ProcessTable.current)-\(kind)"
        defer { unlink(path) }
        let text = try onLoop(kind) { loop in
            for (word, append) in [("lost", false), ("one", false), ("two", true)] {
                _ = try await loop.subprocess(
                    .exec("echo", word),
                    stdout: .file(path, append: append)
                ).wait()
            }
            _ = try await loop.subprocess(
                shell("echo three >&2"),
                stdout: .null,
                stderr: .file(path, append: true)
            ).wait()
            return try await loop.subprocess(.exec("cat"), stdin: .file(path)).communicate()
        }.stdout
        #expect(String(decoding: text, as: UTF8.self) == "one\ntwo\nthree\n")
    }
}
