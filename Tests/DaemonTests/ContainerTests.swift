import ControlProtocol
import LinuxSystem
import SystemTypes
import Testing

/// keepd as process 1, or as the only child of it.
@Suite(
    .wholeProgram,
    .timeLimit(.minutes(10)),
    .enabled(if: Container.isAvailable, "needs root, who may make name spaces")
)
struct ContainerTests {
    @Test func `it reaps orphans of its programs, and of people who came in from outside`() throws {
        let web = shell("(sleep 1000 &) ; (sleep 1000 &) ; exec sleep 1001")
        let container = try Container(["web": web])
        let visitor = try Run([
            "nsenter", "--target", "\(container.first)", "--pid", "--mount", "--",
            "/bin/sh", "-c", "(sleep 1000 <&- >&- 2>&- &)",
        ])
        #expect(visitor.status == .exited(0), "\(visitor.error)")
        let parents = [container.first.rawValue, container.keepd.rawValue]
        let orphans = try eventually("three orphans that have been taken in") {
            let found = container.others.filter {
                parents.contains($0.parent) && $0.command == "sleep"
                    && ProcessTable.commandLine(of: $0.process) == "sleep 1000"
            }
            return found.count == 3 ? found : nil
        }
        for orphan in orphans { try PidFD(opening: orphan.process).send(.kill) }
        for orphan in orphans {
            _ = try eventually("the end of an orphan") {
                ProcessTable.entry(of: orphan.process)?.startTime == orphan.startTime ? nil : true
            }
        }
        #expect(try container.daemon.status(of: "web").state == .running)
        #expect(container.others.filter(\.hasEnded).isEmpty)
    }

    @Test func `process 1 holds what runs when keepd is killed below it`() throws {
        let container = try Container(["web": misbehave("--pause")])
        let daemon = container.daemon
        try daemon.waitForLog("web: running")
        let pid = try daemon.status(of: "web").pid
        #expect(container.keepd != container.first)
        try PidFD(opening: container.keepd).send(.kill)
        try daemon.waitForLog("going on after a crash")
        let web = try daemon.connect().call(Control.Status(names: ["web"])).programs[0]
        #expect(web.pid == pid && web.state == .running && web.restarts == 0)
        try container.send(.terminate)
        #expect(try daemon.waitForEnd() == .exited(0))
    }

    @Test(arguments: [Signal.terminate, .interrupt, .quit, .power, .halt])
    func `a signal ends it as it ends any daemon, and what programs say last is shown`(
        signal: Signal
    ) throws {
        let web = shell("trap 'echo bye; exit' TERM; echo up; sleep 1000 & wait")
        let container = try Container(["web": web])
        let output = container.daemon.process.output
        try output.waitForLine("of web") { $0 == "web | up" }
        try container.send(signal)
        #expect(try container.daemon.waitForEnd() == .exited(0))
        #expect(output.lines == ["web | up", "web | bye"])
    }

    @Test func `a second signal kills what does not want to end`() throws {
        let container = try Container(["deaf": misbehave("--ignore", "TERM", "--pause")])
        try container.send(.terminate)
        try container.daemon.waitForLog("shutting down on signal TERM")
        try container.send(.terminate)
        try container.daemon.waitForLog("signal TERM again: killing what is left")
        #expect(try container.daemon.waitForEnd() == .exited(0))
    }

    @Test(arguments: [("exit 0", Int32(0)), ("exit 7", 7), ("kill -KILL $$", 137)])
    func `it ends with its programs, with the status of the first that failed`(
        script: String,
        status: Int32
    ) throws {
        let settings = #""type": "oneshot", "restart": "never""#
        let scratch = try Scratch()
        try RunningDaemon.write(
            [
                "one": shell("exit 0", settings: settings),
                "two": shell(script, settings: settings),
            ],
            #""exitWhen": "all-exited""#,
            to: scratch
        )
        let keepd = [Places.product("keepd"), "--config", scratch.path("keepd.json")]
        #expect(try Run(Container.wrapper() + keepd).status == .exited(status))
    }

    @Test(arguments: Container.Hardening.allCases)
    func `it needs no place to write to but that of its socket, and to be nobody in particular`(
        hardening: Container.Hardening
    ) throws {
        let web = shell(
            "(: >written) 2>/dev/null && echo written; id -u; exec sleep 1000",
            settings: #""ready": {"log": "^[0-9]+$"}, "directory": ".""#
        )
        let container = try Container(["web": web], hardening)
        try container.daemon.waitForLog("web: running")
        let isStranger = hardening == .readOnlyAsStranger
        let written = hardening == .none ? ["web | written"] : []
        let user = "web | \(isStranger ? 54321 : 0)"
        // It comes by another way than the daemon's own lines.
        try container.daemon.process.output.waitForLine("of the user") { $0 == user }
        #expect(container.daemon.process.output.lines == written + [user])
        try container.daemon.order("restart", "web")
        try container.daemon.order("stop", "web")
        try container.send(.terminate)
        #expect(try container.daemon.waitForEnd() == .exited(0))
    }
}
