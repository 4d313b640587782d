import ControlProtocol
import Foundation
import LinuxSystem
import SystemTypes
import Testing

/// Logs that are read, emptied, moved away and held up.
@Suite(.wholeProgram, .timeLimit(.minutes(10))) struct LogCareTests {
    @Test func `who follows one that has never run hears it when it does`() throws {
        let daemon = try RunningDaemon([
            "web": shell(
                "echo hello; exec sleep 1000",
                settings: #""autostart": false, "stdout": "web.log""#
            )
        ])
        try daemon.scratch.write("of an earlier time\n", to: "log/web.log")
        let client = try daemon.connect()
        try client.send(Call.encode(Control.Tail(name: "web", follow: true), more: true))
        var bytes: [UInt8] = []
        func read(_ text: String) throws {
            while String(decoding: bytes, as: UTF8.self) != text {
                bytes += try client.answer(Control.Tail.self).bytes
            }
        }
        try read("of an earlier time\n")
        try daemon.start("web")
        try read("of an earlier time\nhello\n")
    }

    @Test func `who follows goes on when the output goes elsewhere`() throws {
        let print = "i=0; while [ $i -lt 3 ]; do i=$((i+1)); echo $1 $i; done; exec sleep 1000"
        func logging(_ word: String, _ log: String) -> String {
            program(["sh", "-c", print, "sh", word], settings: "\"stdout\": \(json(log))")
        }
        let daemon = try RunningDaemon(["web": logging("one", "one.log")])
        let client = try daemon.connect()
        try client.send(Call.encode(Control.Tail(name: "web", follow: true), more: true))
        var text = ""
        func read(until end: String) throws {
            while !text.hasSuffix(end) {
                text += String(decoding: try client.answer(Control.Tail.self).bytes, as: UTF8.self)
            }
        }
        try read(until: "one 3\n")
        try daemon.rewrite(["web": logging("two", "two.log")])
        _ = try daemon.call(Control.Apply())
        try read(until: "two 3\n")
        #expect(text == "one 1\none 2\none 3\ntwo 1\ntwo 2\ntwo 3\n")
        // And from there on to the console.
        try daemon.rewrite(["web": program(["sh", "-c", print, "sh", "three"])])
        _ = try daemon.call(Control.Apply())
        try read(until: "three 3\n")
        #expect(text.hasSuffix("two 3\nthree 1\nthree 2\nthree 3\n"))
    }

    @Test(arguments: ["block", "drop"])
    func `a log that takes nothing does not make an end late`(onFull: String) throws {
        let log = #"{"file": "/dev/full", "onFull": "\#(onFull)"}"#
        let daemon = try RunningDaemon(
            [
                "web": shell(
                    "echo why; exit 3",
                    settings: "\"stdout\": \(log), \"restart\": \"never\""
                )
            ],
            settle: "500ms"
        )
        #expect(throws: ControlError.self) { try daemon.start("web") }
        let web = try daemon.status(of: "web")
        #expect(web.state == .exited && web.failures == 1 && web.lastExit?.code == 3)
    }

    private static let once = #""restart": "never""#
    private static let byHand = #""autostart": false,"# + once

    /// A program that prints a line each time it gets USR1; `up` comes first.
    private func echo(stdout: String = #""web.log""#) -> String {
        let script = #"""
            n=0; trap 'n=$((n + 1)); echo line $n' USR1; echo up; while :; do sleep 3600 & wait; done
            """#
        return shell(script, settings: "\"stdout\": \(stdout)")
    }

    /// Starts the program, and waits until it can be told to print.
    private func startEcho() throws -> RunningDaemon {
        let daemon = try RunningDaemon(["web": echo()])
        _ = try eventually("up") { daemon.scratch.size(of: "log/web.log") == 3 ? true : nil }
        return daemon
    }

    private func print(_ line: String, _ daemon: RunningDaemon, into file: String) throws {
        _ = try daemon.call(Control.Signal(names: ["web"], signal: "USR1"))
        _ = try eventually(line) { daemon.scratch.lines(of: file).last == line ? true : nil }
    }

    private func moveAway(_ daemon: RunningDaemon) throws {
        try FileManager.default.moveItem(
            atPath: daemon.scratch.path("log/web.log"),
            toPath: daemon.scratch.path("log/old.log")
        )
    }

    @Test(arguments: ["the signal USR1", "the call ReopenLogs"])
    func `a log that was moved away is made anew on`(request: String) throws {
        let daemon = try startEcho()
        try moveAway(daemon)
        try print("line 1", daemon, into: "log/old.log")
        if request.contains("signal") {
            try daemon.process.send(.user1)
            try daemon.waitForLog("log files reopened")
        } else {
            _ = try daemon.call(Control.ReopenLogs())
        }
        try print("line 2", daemon, into: "log/web.log")
        #expect(daemon.scratch.lines(of: "log/old.log") == ["up", "line 1"])
        #expect(daemon.scratch.lines(of: "log/web.log") == ["line 2"])
    }

    @Test func `a log may lie in a directory that nobody has made yet`() throws {
        let daemon = try RunningDaemon(["web": echo(stdout: #""deep/down/web.log""#)])
        _ = try eventually("up") {
            daemon.scratch.lines(of: "log/deep/down/web.log") == ["up"] ? true : nil
        }
        // Nor need it stay there.
        try FileManager.default.removeItem(atPath: daemon.scratch.path("log"))
        _ = try daemon.call(Control.ReopenLogs())
        try print("line 1", daemon, into: "log/deep/down/web.log")
    }

    @Test func `a log is emptied on request, and goes on`() throws {
        let daemon = try startEcho()
        try print("line 1", daemon, into: "log/web.log")
        #expect(try daemon.call(Control.ClearLog(names: ["web"])).names == ["web"])
        #expect(daemon.scratch.size(of: "log/web.log") == 0)
        try print("line 2", daemon, into: "log/web.log")
        #expect(daemon.scratch.lines(of: "log/web.log") == ["line 2"])
    }

    @Test(arguments: [#""web.log""#, "null"])
    func `the end of a log can be read, whether it has a file or not`(stdout: String) throws {
        let settings = (stdout == "null" ? "" : "\"stdout\": \(stdout),") + Self.byHand
        let daemon = try RunningDaemon([
            "web": shell("for i in 1 2 3 4; do echo line $i; done", settings: settings)
        ])
        _ = try daemon.start("web")
        try daemon.waitForLog("web: exited: exit code 0")
        let lines = try daemon.call(Control.Tail(name: "web", lines: 2))
        #expect(String(decoding: lines.bytes, as: UTF8.self) == "line 3\nline 4\n")
        let bytes = try daemon.call(Control.Tail(name: "web", bytes: 3))
        #expect(String(decoding: bytes.bytes, as: UTF8.self) == " 4\n")
    }

    @Test func `a log can be followed from its end on, over a restart`() throws {
        let daemon = try startEcho()
        let reader = try daemon.connect()
        try reader.send(Call.encode(Control.Tail(name: "web", follow: true), more: true))
        var text = ""
        func read(until end: String) throws {
            while !text.hasSuffix(end) {
                text += String(decoding: try reader.answer(Control.Tail.self).bytes, as: UTF8.self)
            }
        }
        try read(until: "up\n")
        _ = try daemon.call(Control.Signal(names: ["web"], signal: "USR1"))
        try read(until: "line 1\n")
        try daemon.restart("web")
        try read(until: "line 1\nup\n")
        #expect(text == "up\nline 1\nup\n")
    }

    @Test(arguments: ["block", "drop"])
    func `what goes to no plain file can be read from memory`(onFull: String) throws {
        let scratch = try Scratch()
        #expect(try Run(["mkfifo", scratch.path("fifo")]).status == .exited(0))
        // Somebody has to read it, so that there is nothing to wait for.
        let reader = try StartedProcess(["cat", scratch.path("fifo")])
        func logging(_ path: String) -> String {
            let log = "{\"file\": \(json(path)), \"onFull\": \(json(onFull))}"
            return shell("echo one; echo two", settings: "\"stdout\": \(log),\(Self.byHand)")
        }
        let daemon = try RunningDaemon(
            ["fifo": logging(scratch.path("fifo")), "null": logging("/dev/null")],
            scratch: scratch
        )
        for name in ["fifo", "null"] {
            try daemon.start(name)
            try daemon.waitForLog("\(name): exited: exit code 0")
            let answer = try daemon.call(Control.Tail(name: name, lines: 1))
            #expect(String(decoding: answer.bytes, as: UTF8.self) == "two\n")
        }
        try reader.output.waitForLine("in the FIFO") { $0 == "two" }
    }

    @Test func `what was printed since a time is asked of memory as of a file`() throws {
        let daemon = try RunningDaemon(["web": shell("echo one", settings: Self.byHand)])
        func tail(since time: WallTime) throws -> String {
            let answer = try daemon.call(Control.Tail(name: "web", since: time.rfc3339))
            return String(decoding: answer.bytes, as: UTF8.self)
        }
        let start = WallTime.now
        try daemon.start("web")
        try daemon.waitForLog("web: exited: exit code 0")
        // What a time is written with is less than what it is taken with.
        let end = WallTime(nanoseconds: WallTime.now.nanoseconds + 1_000_000)
        #expect(try tail(since: start) == "one\n")
        #expect(try tail(since: end) == "")
    }

    @Test func `an owner that cannot be had is told of, and there is a log all the same`() throws {
        let log = #"{"file": "web.log", "owner": "nobody", "group": "daemon"}"#
        // Root is made to be as others, who cannot give a file away.
        let ordinary = ["setpriv", "--bounding-set", "-chown", "--inh-caps", "-chown"]
        let daemon = try RunningDaemon(
            ["web": echo(stdout: log)],
            wrapper: Accounts.effectiveUser == 0 ? ordinary : []
        )
        _ = try eventually("up") { daemon.scratch.size(of: "log/web.log") == 3 ? true : nil }
        let path = daemon.scratch.path("log/web.log")
        let reason = "operation not permitted; it stays with who runs keepd"
        try daemon.waitForLog("cannot give \(path) to nobody:daemon: \(reason)")
        // Once is enough.
        _ = try daemon.call(Control.RotateLogs(names: ["web"]))
        try print("line 1", daemon, into: "log/web.log")
        #expect(daemon.log.count { $0.contains("cannot give") } == 1)
    }
}
