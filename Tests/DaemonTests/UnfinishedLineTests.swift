import ControlProtocol
import LinuxSystem
import SystemTypes
import Testing

/// A line that a run has begun and not ended belongs to it alone, and is in the file as it was printed.
@Suite(.wholeProgram, .timeLimit(.minutes(10))) struct UnfinishedLineTests {
    /// A start is answered when the run is over.
    private static let once = #""type": "oneshot", "autostart": false, "restart": "never""#
    /// Where the output goes; a log that may drop goes a longer way.
    private static let outputs = [
        "", #""stdout": "web.log","#, #""stdout": {"file": "web.log", "onFull": "drop"},"#,
    ]

    private func follow(_ daemon: RunningDaemon, _ arguments: String...) throws -> StartedProcess {
        let command = [Places.product("keepctl"), "-s", daemon.socketPath, "logs", "-f"]
        return try StartedProcess(command + arguments)
    }

    @Test(arguments: outputs)
    func `who follows sees it when the run ends`(output: String) throws {
        let daemon = try RunningDaemon([
            "web": shell("echo up; printf 'last words'", settings: output + Self.once)
        ])
        let follower = try follow(daemon, "web")
        for round in 1...3 {
            try daemon.start("web")
            _ = try eventually("the words of run \(round)") {
                follower.output.lines.count == 2 * round ? true : nil
            }
        }
        let run = ["web | up", "web | last words"]
        #expect(follower.output.lines == run + run + run)
    }

    @Test(arguments: outputs)
    func `who looks back sees the runs apart`(output: String) throws {
        let daemon = try RunningDaemon([
            "web": shell("printf 'no end'", settings: output + Self.once)
        ])
        for _ in 0..<2 { try daemon.start("web") }
        _ = try daemon.call(Control.RotateLogs(names: ["web"]))
        try daemon.start("web")
        let seen = try daemon.order("logs", "web")
        #expect(seen == Array(repeating: "web | no end", count: 3))
        let last = try daemon.order("logs", "-n", "1", "web")
        #expect(last.last == "web | no end")
        if !output.isEmpty {
            let files = ["log/web.log.1", "log/web.log"].map { daemon.scratch.text(of: $0) }
            #expect(files.joined() == "no endno endno end")
        }
    }

    @Test(arguments: outputs)
    func `the last lines of a failure are not glued to those of another`(output: String) throws {
        let daemon = try RunningDaemon([
            "web": shell("printf 'no port'; exit 1", settings: output + Self.once)
        ])
        for round in 1...3 {
            let error = #expect(throws: ControlError.self) { try daemon.start("web") }
            guard case .startFailed(_, let failure) = error else {
                throw NeverHappened("a failure")
            }
            #expect(failure.tail == ["no port"], "\(round)")
        }
    }
}
