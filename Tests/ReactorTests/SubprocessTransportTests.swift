import LinuxSystem
import Reactor
import SystemPackage
import SystemTypes
import Testing

/// Writes down what a subprocess tells, in order.
private final class Witness: SubprocessDelegate {
    var events: [String] = []
    var output: [CInt: [UInt8]] = [:]
    var status: SystemTypes.ExitStatus?
    var onConnect: (SubprocessTransport) -> Void = { _ in }
    var onOutput: (SubprocessTransport) -> Void = { _ in }
    var onExit: (SubprocessTransport) -> Void = { _ in }
    var onDisconnect: () -> Void = {}

    func subprocessConnected(_ subprocess: SubprocessTransport) {
        events.append("connected")
        onConnect(subprocess)
    }

    func subprocess(_ subprocess: SubprocessTransport, received bytes: RawSpan, from fd: CInt) {
        bytes.withUnsafeBytes { output[fd, default: []].append(contentsOf: $0) }
        onOutput(subprocess)
    }

    func subprocess(_ subprocess: SubprocessTransport, drained fd: CInt) {
        events.append("drained \(fd)")
    }

    func subprocess(_ subprocess: SubprocessTransport, lost fd: CInt, _ error: Errno?) {
        events.append("lost \(fd)")
    }

    func subprocess(
        _ subprocess: SubprocessTransport,
        exited status: SystemTypes.ExitStatus,
        usage: ResourceUsage?
    ) {
        #expect(usage.map { $0.residentBytesMax > 0 } == true)
        events.append("exited")
        self.status = status
        onExit(subprocess)
    }

    func subprocessDisconnected(_ subprocess: SubprocessTransport) {
        events.append("disconnected")
        onDisconnect()
    }
}

/// Runs a new loop until the subprocess that `start` starts has told its witness the end.
private func watch(
    _ kind: LoopKind,
    _ start: (EventLoop, Witness) throws -> Void
) throws -> Witness {
    let loop = try kind.makeLoop()
    defer { loop.close() }
    let witness = Witness()
    witness.onDisconnect = { loop.stop() }
    try start(loop, witness)
    loop.run()
    // Whatever else comes would be too much.
    loop.runOnce(waits: false)
    loop.runOnce(waits: false)
    return witness
}

@Suite struct SubprocessTransportTests {
    @Test(arguments: LoopKind.allCases)
    func `what is written to a process comes back, and the end is told once`(kind: LoopKind) throws
    {
        let input = [UInt8](repeating: 7, count: 1_000_000)
        let witness = try watch(kind) { loop, witness in
            witness.onConnect = {
                $0.pipe(0)?.write(input)
                $0.pipe(0)?.close()
            }
            try loop.subprocessShell(witness, "tee /dev/stderr")
        }
        #expect(witness.output == [1: input, 2: input])
        #expect(witness.status == .exited(0))
        #expect(witness.events.first == "connected")
        #expect(witness.events.last == "disconnected")
        #expect(
            witness.events.sorted() == [
                "connected", "disconnected", "drained 0", "exited", "lost 0", "lost 1", "lost 2",
            ]
        )
    }

    @Test(arguments: LoopKind.allCases)
    func `a process is told to be gone only when nobody holds its pipes any more`(kind: LoopKind)
        throws
    {
        let witness = try watch(kind) { loop, witness in
            // The grandchild lives on until it is fed.
            witness.onExit = {
                #expect($0.pipe(1) != nil)
                $0.pipe(0)?.write(Array("late\n".utf8))
            }
            try loop.subprocessShell(witness, "exec 3<&0; head -n 1 <&3 & exit 5", stderr: .null)
        }
        #expect(witness.status == .exited(5))
        #expect(witness.output == [1: Array("late\n".utf8)])
        #expect(witness.events.prefix(2) == ["connected", "exited"])
        #expect(witness.events.dropFirst(2).dropLast().sorted() == ["lost 0", "lost 1"])
        #expect(witness.events.last == "disconnected")
    }

    @Test(arguments: LoopKind.punctual)
    func `what a process wrote at its end is told before its end`(kind: LoopKind) throws {
        let witness = try watch(kind) { loop, witness in
            witness.onExit = { _ in #expect(witness.output[1]?.count == 60_000) }
            let subprocess = try loop.subprocessExec(
                witness,
                .exec("head", "-c", "60000", "/dev/zero"),
                stdin: .null,
                stderr: .null
            )
            // Both are ready when the loop looks for the first time.
            while ProcessTable.entry(of: subprocess.process)?.state != "Z" {}
        }
        #expect(witness.status == .exited(0))
    }

    @Test(arguments: LoopKind.allCases)
    func `to close it kills it, and reaps it all the same`(kind: LoopKind) throws {
        var process: ProcessID?
        let witness = try watch(kind) { loop, witness in
            witness.onOutput = { subprocess in
                subprocess.close()
                subprocess.close()
                #expect(subprocess.isClosing)
                #expect(witness.events == ["connected"], "told from within the call")
            }
            let subprocess = try loop.subprocessShell(witness, "trap '' TERM; echo; exec cat")
            process = subprocess.process
        }
        #expect(witness.status == .signaled(.kill, coreDumped: false))
        #expect(witness.events.last == "disconnected")
        #expect(witness.events.filter { $0 == "disconnected" }.count == 1)
        let entry = try ProcessTable.entry(of: #require(process))
        #expect(entry?.parent != ProcessTable.current.rawValue)
    }

    @Test(arguments: LoopKind.allCases)
    func `signals reach it while it lives, and nobody afterwards`(kind: LoopKind) throws {
        let witness = try watch(kind) { loop, witness in
            witness.onExit = { subprocess in
                #expect(subprocess.status == .signaled(.terminate, coreDumped: false))
                #expect(throws: Errno.noSuchProcess) { try subprocess.kill() }
            }
            let subprocess = try loop.subprocessExec(witness, .exec("sleep", "1000"))
            #expect(subprocess.status == nil)
            try subprocess.terminate()
        }
        #expect(witness.status == .signaled(.terminate, coreDumped: false))
    }

    @Test(arguments: LoopKind.allCases)
    func `there is a pipe where one was asked for, and nowhere else`(kind: LoopKind) throws {
        _ = try watch(kind) { loop, witness in
            let subprocess = try loop.subprocessExec(
                witness,
                .exec("true"),
                stdin: .null,
                stderr: .sameAsOutput
            )
            #expect(subprocess.pipe(0) == nil && subprocess.pipe(2) == nil)
            #expect(subprocess.pipe(1) != nil)
        }
    }

    @Test(arguments: LoopKind.allCases)
    func `the loop keeps what runs, and nothing of what is over`(kind: LoopKind) throws {
        let loop = try kind.makeLoop()
        defer { loop.close() }
        weak var shadow: Witness?
        weak var subprocess: SubprocessTransport?
        do {
            let witness = Witness()
            witness.onDisconnect = { loop.stop() }
            shadow = witness
            subprocess = try loop.subprocessExec(witness, .exec("true"))
        }
        #expect(shadow != nil && subprocess != nil)
        loop.run()
        #expect(shadow == nil && subprocess == nil)
    }

    @Test(arguments: LoopKind.allCases)
    func `a program that cannot be started is thrown where it was asked for`(kind: LoopKind) throws
    {
        let loop = try kind.makeLoop()
        defer { loop.close() }
        let witness = Witness()
        #expect(throws: SpawnError(.execve, .noSuchFileOrDirectory)) {
            try loop.subprocessExec(witness, .exec("/nowhere"))
        }
        loop.runOnce(waits: false)
        #expect(witness.events.isEmpty)
    }

    @Test(arguments: LoopKind.allCases)
    func `a signal to the group reaches those that the process has begun`(kind: LoopKind) throws {
        let witness = try watch(kind) { loop, witness in
            witness.onOutput = { try? $0.sendToGroup(.kill) }
            try loop.subprocessShell(witness, "sleep 1000 & echo begun; wait", stdin: .null)
        }
        // It comes to its end only if nobody holds the pipes.
        #expect(witness.status == .signaled(.kill, coreDumped: false))
        #expect(witness.events.last == "disconnected")
    }
}
