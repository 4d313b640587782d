import ControlProtocol
import LinuxSystem
import SystemTypes
import Testing

/// Clients keep their connections, and get the answers that they wait for.
@Suite(.wholeProgram, .timeLimit(.minutes(10))) struct ReexecClientTests {
    private func keepctl(_ daemon: RunningDaemon, _ arguments: String...) throws -> StartedProcess {
        try StartedProcess([Places.product("keepctl"), "-s", daemon.socketPath] + arguments)
    }

    @Test func `who follows a log gets every line once`() throws {
        let daemon = try RunningDaemon([
            "web": shell("i=0; while :; do i=$((i+1)); echo $i; sleep 0.01; done")
        ])
        try daemon.start("web")
        let follower = try keepctl(daemon, "logs", "-f", "-n", "1", "web")
        try follower.output.waitForLine("of the program") { _ in true }
        for _ in 0..<3 { _ = try daemon.call(Control.Reexec()) }
        let seen = follower.output.lines.count
        try follower.output.waitForLine("of the last daemon", from: seen) { _ in true }
        let numbers = follower.output.lines.compactMap { $0.split(separator: " ").last }
            .compactMap { Int($0) }
        #expect(numbers == Array((numbers.first ?? 0)...(numbers.last ?? 0)))
        #expect(follower.error.lines == [])
    }

    @Test func `who follows several logs goes on with those that are left`() throws {
        let web = shell("trap 'echo hello' USR1; echo up; while :; do sleep 1000 & wait; done")
        let daemon = try RunningDaemon(["web": web, "old": web])
        try daemon.start("all")
        let follower = try keepctl(daemon, "logs", "-f")
        for name in ["web", "old"] {
            try follower.output.waitForLine("of \(name)") { $0 == "\(name) | up" }
        }
        try daemon.rewrite(["web": web])
        _ = try daemon.call(Control.Apply())
        _ = try daemon.call(Control.Reexec())
        try follower.error.waitForLine("of the one that is gone") { $0.contains("old") }
        _ = try daemon.call(Control.Signal(names: ["web"], signal: "USR1"))
        try follower.output.waitForLine("of the other") { $0 == "web | hello" }
    }

    @Test func `who follows events is told of those that come after`() throws {
        let daemon = try RunningDaemon(["web": shell("exec sleep 1000")])
        try daemon.start("web")
        let follower = try keepctl(daemon, "events", "-f")
        let keepd = try keepctl(daemon, "maintail", "-f")
        try follower.output.waitForLine("of the past") { $0.contains("web") }
        try keepd.output.waitForLine("of the past") { $0.hasSuffix("web: running") }
        _ = try daemon.call(Control.Reexec())
        try daemon.stop("web")
        try follower.output.waitForLine("of now") { $0.hasSuffix("stopped") }
        try keepd.output.waitForLine("of now") { $0.hasSuffix("web: stopped") }
        #expect(follower.error.lines == [] && keepd.error.lines == [])
    }

    @Test func `who waits for an order is told what came of it`() throws {
        let gated = #""ready": {"log": "open"}, "stdin": "pipe""#
        let daemon = try RunningDaemon([
            "web": shell("read x; echo open; exec sleep 1000", settings: gated),
            "bad": shell(
                "read x; exit 3",
                settings: gated + #", "restart": {"retries": 1}"#
            ),
        ])
        let good = try keepctl(daemon, "start", "web")
        let bad = try keepctl(daemon, "start", "bad")
        let late = try keepctl(daemon, "wait", "--timeout", "1s", "web")
        for name in ["web", "bad"] {
            _ = try eventually("that \(name) has a process") {
                try daemon.status(of: name).pid.map { _ in true }
            }
        }
        _ = try eventually("both orders") {
            daemon.log.count { $0.contains(" asked for by ") } >= 2 ? true : nil
        }
        _ = try daemon.call(Control.Reexec())
        #expect(try late.waitForEnd() != .exited(0))
        for name in ["web", "bad"] {
            _ = try daemon.call(Control.WriteStdin(name: name, bytes: Array("go\n".utf8)))
        }
        #expect(try good.waitForEnd() == .exited(0))
        try good.output.waitForEnd()
        #expect(good.output.lines == ["web: started"])
        #expect(try bad.waitForEnd() == .exited(1))
    }

    @Test func `a call that has come in part is answered when the rest is there`() throws {
        let daemon = try RunningDaemon(["web": shell("exec sleep 1000")])
        let client = try daemon.connect()
        let call = Call.encode(Control.Version())
        try client.send(Array(call.prefix(10)))
        _ = try daemon.call(Control.Reexec())
        try client.send(Array(call.dropFirst(10)))
        #expect(try client.answer(Control.Version.self).version == Release.version)
    }

    @Test func `nobody who calls meanwhile is turned away`() throws {
        let daemon = try RunningDaemon(["web": shell("exec sleep 1000")])
        let reexec = try keepctl(daemon, "reexec")
        var calls = 0
        while reexec.output.lines.isEmpty {
            #expect(try daemon.connect().call(Control.Status()).programs.count == 1)
            calls += 1
        }
        #expect(try reexec.waitForEnd() == .exited(0) && calls > 0)
    }
}
