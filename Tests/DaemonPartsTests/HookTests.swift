import LinuxSystem
import Logging
import Reactor
import Supervision
import Synchronization
import SystemTypes
import Testing

@testable import Daemon

@Suite(.timeLimit(.minutes(5))) struct HookTests {
    private let bench: Bench

    init() throws {
        bench = try Bench()
    }

    private let log = Log()

    /// The lines that were logged.
    private final class Log: Sendable {
        private let kept = Mutex<[String]>([])

        var lines: [String] { kept.withLock { $0 } }

        func add(_ line: String) { kept.withLock { $0.append(line) } }
    }

    private struct LogKeeper: LogHandler {
        let log: Log
        var metadata = Logger.Metadata()
        var logLevel = Logger.Level.trace

        subscript(metadataKey key: String) -> Logger.MetadataValue? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            log.add("\(event.level) \(event.message)")
        }
    }

    private func runner(limit: Duration = HookRunner.standardLimit) -> HookRunner {
        let logger = Logger(label: "test") { [log] _ in LogKeeper(log: log) }
        return HookRunner(loop: bench.loop, logger: logger, limit: limit)
    }

    private func hook(
        _ script: String,
        input: String = "",
        of program: String = "web"
    ) -> HookRunner.Hook {
        HookRunner.Hook(
            title: "\(program): hook fatal",
            program: program,
            request: bench.shell(script),
            input: Array(input.utf8)
        )
    }

    private var lines: Int { bench.text("lines").split(separator: "\n").count }

    @Test func `a hook reads its event to the end`() {
        runner().run(hook("cat >read.new; mv read.new read", input: #"{"event":"fatal"}"#))
        bench.run { bench.text("read") != "" }
        #expect(bench.text("read") == #"{"event":"fatal"}"#)
    }

    /// Says that it has begun, and waits until it may go.
    private let patient = "echo x >>lines; while [ ! -e go ]; do sleep 0.02; done"

    private func letGo() {
        _ = try? Files.openForAppending(bench.path("go"), mode: 0o600)
    }

    @Test func `four run at once, 64 wait, and what comes then is dropped and counted`() {
        let runner = runner()
        for number in 0..<73 { runner.run(hook(patient, of: "web\(number)")) }
        #expect(runner.drops == 5)
        bench.run { lines == HookRunner.runningMax }
        #expect(runner.running == 4)
        #expect(lines == 4)
        letGo()
        bench.run { lines == 68 && runner.running == 0 }
        #expect(runner.drops == 5)
    }

    @Test func `one of a program runs, sixteen wait, and others have room beside them`() {
        let runner = runner()
        for _ in 0..<20 { runner.run(hook(patient)) }
        #expect(runner.drops == 3 && runner.running == 1)
        #expect(log.lines.last?.hasPrefix("warning web: hook fatal was dropped") == true)
        runner.run(hook(patient, of: "db"))
        #expect(runner.drops == 3 && runner.running == 2)
        letGo()
        bench.run { lines == 18 && runner.running == 0 }
    }

    @Test func `what a hook writes is in the log, behind its name`() {
        let runner = runner()
        runner.run(hook("echo one; echo two >&2; printf three; exit 1"))
        bench.run { runner.running == 0 }
        #expect(
            log.lines == [
                "info web: hook fatal: one", "info web: hook fatal: two",
                "info web: hook fatal: three", "warning web: hook fatal failed: exit code 1",
            ]
        )
    }

    @Test func `a hook that writes and writes ends as it would, and is cut short in the log`() {
        let runner = runner()
        runner.run(hook("head -c 9000000 /dev/zero | tr '\\0' a; yes | head -n 500000"))
        bench.run { runner.running == 0 }
        let long = "info web: hook fatal: " + String(repeating: "a", count: HookOutput.lengthMax)
        #expect(
            log.lines == Array(repeating: long, count: HookOutput.linesMax) + [
                "info web: hook fatal: the rest of its lines is left out"
            ]
        )
    }

    @Test func `what a hook has left running is not waited for`() throws {
        let runner = runner()
        runner.run(hook("sleep 1000 & echo $! >pid; echo here"))
        bench.run { runner.running == 0 }
        #expect(log.lines == ["info web: hook fatal: here"])
        let process = try #require(Int32(bench.text("pid").dropLast()))
        try PidFD(opening: ProcessID(rawValue: process)).send(.kill)
    }

    @Test func `a hook that takes too long is killed, with what it has started`() {
        let runner = runner(limit: .milliseconds(300))
        runner.run(hook("sleep 1000 & echo $! $$ >pids; wait"))
        bench.run { runner.running == 0 }
        let processes = bench.text("pids").split { $0 == " " || $0 == "\n" }
            .compactMap { Int32($0) }.map(ProcessID.init(rawValue:))
        bench.run { processes.allSatisfy { ProcessTable.entry(of: $0)?.hasEnded ?? true } }
    }

    @Test func `a hook that cannot be run makes room for the next`() {
        let runner = runner()
        let request = SpawnRequest(candidates: ["/no"], arguments: ["no"], environment: [])
        for _ in 0..<30 {
            runner.run(
                HookRunner.Hook(title: "web: hook", program: "web", request: request, input: [])
            )
        }
        #expect(runner.running == 0)
        #expect(runner.drops == 0)
    }

    @Test func `one whose program has no directory runs in that of all`() {
        var request = bench.shell("pwd >\(bench.path("where"))")
        request.directory = bench.path("none")
        runner().run(
            HookRunner.Hook(title: "web: hook", program: "web", request: request, input: [])
        )
        bench.run { bench.text("where") == "/\n" }
    }

    @Test func `a failed hook is followed by those that wait`() {
        let runner = runner()
        for _ in 0..<17 { runner.run(hook("echo x >>lines; exit 1")) }
        bench.run { lines == 17 && runner.running == 0 }
    }

    @Test func `the end of the daemon waits until all have told of it`() {
        let runner = runner()
        for _ in 0..<10 { runner.run(hook("echo x >>lines")) }
        var isOver = false
        runner.finish { isOver = true }
        bench.run { isOver }
        #expect(lines == 10 && runner.running == 0)
    }

    @Test func `but not for ever, and then none runs on, none begins and all are reaped`() {
        let runner = runner()
        for number in 0..<10 {
            runner.run(hook("echo $$ >>lines; exec sleep 1000", of: "web\(number)"))
        }
        bench.run { lines == 4 }
        let processes = bench.text("lines").split(separator: "\n")
            .compactMap { Int32($0) }.map(ProcessID.init(rawValue:))
        var isOver = false
        runner.finish { isOver = true }
        bench.run { isOver }
        #expect(processes.allSatisfy { ProcessTable.entry(of: $0) == nil })
        #expect(lines == 4)
    }

    @Test func `what a hook has started is not taken for its program's`() {
        let program = ["KEEPD_PROGRAM=web", "KEEPD_INSTANCE=3"]
        #expect(
            Launcher.Mark.instance(in: program) == InstanceID(program: "web", number: 3)
        )
        #expect(Launcher.Mark.instance(in: program + ["KEEPD_ERRAND=1"]) == nil)
    }
}
