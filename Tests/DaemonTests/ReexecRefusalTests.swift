import ControlProtocol
import Foundation
import LinuxSystem
import SystemTypes
import Testing

/// What would not come to a good end is not begun.
@Suite(.wholeProgram, .timeLimit(.minutes(10))) struct ReexecRefusalTests {
    /// A keepd that is started by a symbolic link, which can be turned to something else.
    private func daemon(_ program: String = shell("exec sleep 1000")) throws -> RunningDaemon {
        let scratch = try Scratch()
        let link = scratch.path("keepd")
        symlink(Places.product("keepd"), link)
        return try RunningDaemon(["web": program], scratch: scratch, binary: link)
    }

    /// - Returns: Why, and what the binary said.
    private func refusal(of daemon: RunningDaemon) throws -> (reason: String, output: String) {
        let error = try #require(throws: ControlError.self) {
            try daemon.call(Control.Reexec())
        }
        guard case .reexecFailed(let reason, let output) = error else {
            throw NeverHappened("a refusal: \(error)")
        }
        return (reason, output)
    }

    /// Puts a script in the place of keepd's binary.
    private func replace(_ daemon: RunningDaemon, with script: String?) throws {
        unlink(daemon.scratch.path("keepd"))
        guard let script else { return }
        try daemon.scratch.write(script, to: "keepd")
        chmod(daemon.scratch.path("keepd"), 0o755)
    }

    @Test(arguments: [
        (script: "#!/bin/sh\necho oh no >&2; exit 3\n", reason: "exit code 3", output: "oh no\n"),
        (script: "#!/bin/sh\nexit 0\n", reason: "is not keepd", output: ""),
        (script: "#!/bin/sh\nkill -SEGV $$\n", reason: "signal SEGV", output: ""),
        (script: "", reason: "exec format error", output: ""),
        (script: nil, reason: "no such file or directory", output: ""),
    ])
    func `a binary that cannot go on is found out before it is too late`(
        script: String?,
        reason: String,
        output: String
    ) throws {
        let daemon = try daemon()
        try daemon.start("web")
        let pid = try daemon.status(of: "web").pid
        try replace(daemon, with: script)
        let refusal = try refusal(of: daemon)
        #expect(refusal.reason.contains(reason) && refusal.output == output, "\(refusal)")
        #expect(try daemon.status(of: "web").pid == pid)
        // It carries out what it is told, and another binary is welcome.
        try daemon.restart("web")
        try replace(daemon, with: nil)
        symlink(Places.product("keepd"), daemon.scratch.path("keepd"))
        _ = try daemon.call(Control.Reexec())
        #expect(try daemon.status(of: "web").restarts == 0)
        #expect(try daemon.status(of: "web").state == .running)
    }

    @Test func `a binary that goes wrong at the last moment leaves all as it is`() throws {
        let daemon = try daemon(
            shell(
                "i=0; while :; do i=$((i+1)); echo $i; sleep 0.01; done",
                settings: #""stdout": "web.log""#
            )
        )
        try daemon.start("web")
        let pid = try daemon.status(of: "web").pid
        // When it is tried, it puts something in its place that cannot be executed.
        try replace(
            daemon,
            with: "#!/bin/sh\n: >\"$0.new\"; mv \"$0.new\" \"$0\"; echo handover accepted >&2\n"
        )
        let refusal = try refusal(of: daemon)
        #expect(refusal.reason.contains("cannot execute"), "\(refusal)")
        let size = daemon.scratch.size(of: "log/web.log")
        _ = try eventually("more lines") {
            daemon.scratch.size(of: "log/web.log") > size ? true : nil
        }
        #expect(try daemon.status(of: "web").pid == pid)
        try daemon.stop("web")
        let lines = daemon.scratch.lines(of: "log/web.log").compactMap { Int($0) }
        #expect(lines == Array(1...max(1, lines.count)))
    }

    @Test func `a disk that has to take something, and does not, is no reason to wait for ever`()
        throws
    {
        let daemon = try daemon(
            shell(
                "i=0; while :; do i=$((i+1)); echo $i; done",
                settings: """
                    "stdout": {"file": "web.log", "onFull": "drop"}, "autostart": false
                    """
            )
        )
        // What may be dropped goes by another thread, which has to be rid of it.
        mkfifo(daemon.scratch.path("log/web.log"), 0o600)
        let reader = open(daemon.scratch.path("log/web.log"), O_RDONLY | O_NONBLOCK)
        try #require(reader >= 0)
        defer { close(reader) }
        try daemon.start("web")
        _ = try eventually("something is dropped") {
            try daemon.status(of: "web").log.flatMap { $0.stdout.droppedBytes > 0 ? true : nil }
        }
        let refusal = try refusal(of: daemon)
        #expect(refusal.reason == "a disk does not take what is to be written")
        #expect(try daemon.status(of: "web").state == .running)
    }

    @Test func `nobody goes on from a daemon that is ending`() throws {
        let daemon = try daemon(
            shell("trap '' TERM; echo up; while :; do sleep 1; done")
        )
        try daemon.start("web")
        try daemon.process.send(.terminate)
        try daemon.waitForLog("web: stopping")
        #expect(throws: ControlError.shuttingDown) { try daemon.call(Control.Reexec()) }
        try daemon.process.send(.terminate)
        #expect(try daemon.waitForEnd() == .exited(0))
    }
}
