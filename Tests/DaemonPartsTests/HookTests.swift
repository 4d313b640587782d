import LinuxSystem
import Logging
import Reactor
import Supervision
import SystemTypes
import Testing

@testable import Daemon

@Suite(.timeLimit(.minutes(5))) struct HookTests {
    private let bench: Bench

    init() throws {
        bench = try Bench()
    }

    private func runner(limit: Duration = HookRunner.standardLimit) -> HookRunner {
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        return HookRunner(loop: bench.loop, logger: logger, limit: limit)
    }

    private func hook(_ script: String, input: String = "") -> HookRunner.Hook {
        HookRunner.Hook(
            title: "web: hook fatal",
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

    @Test func `four run at once, sixteen wait, and what comes then is dropped and counted`() {
        let runner = runner()
        // Each says that it has begun, and waits until it may go.
        let script = "echo x >>lines; while [ ! -e go ]; do sleep 0.02; done"
        for _ in 0..<25 { runner.run(hook(script)) }
        #expect(runner.drops == 5)
        bench.run { lines == HookRunner.runningMax }
        #expect(runner.running == 4)
        #expect(lines == 4)
        _ = try? Files.openForAppending(bench.path("go"), mode: 0o600)
        bench.run { lines == 20 && runner.running == 0 }
        #expect(runner.drops == 5)
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
            runner.run(HookRunner.Hook(title: "web: hook", request: request, input: []))
        }
        #expect(runner.running == 0)
        #expect(runner.drops == 0)
    }

    @Test func `one whose program has no directory runs in that of all`() {
        var request = bench.shell("pwd >\(bench.path("where"))")
        request.directory = bench.path("none")
        runner().run(HookRunner.Hook(title: "web: hook", request: request, input: []))
        bench.run { bench.text("where") == "/\n" }
    }

    @Test func `a failed hook is followed by those that wait`() {
        let runner = runner()
        for _ in 0..<20 { runner.run(hook("echo x >>lines; exit 1")) }
        bench.run { lines == 20 && runner.running == 0 }
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
        for _ in 0..<10 { runner.run(hook("echo $$ >>lines; exec sleep 1000")) }
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
