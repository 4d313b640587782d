import ControlProtocol
import Foundation
import LinuxSystem
import SystemTypes
import Testing

/// Log files that are followed by others.
@Suite(.wholeProgram, .timeLimit(.minutes(10))) struct RotationTests {
    /// Prints so much in numbered lines of 100 bytes, and ends.
    private func printing(_ size: String, _ stdout: String) -> String {
        misbehave(
            "--print",
            size,
            "--exit-code",
            "0",
            settings: "\"stdout\": \(stdout), \"restart\": \"never\""
        )
    }

    /// Sizes of `web.log.1`, `web.log.2` and so on, as far as there are any.
    private func olderSizes(_ daemon: RunningDaemon, suffix: String = "") -> [Int] {
        (1...).lazy.map { "log/web.log.\($0)\(suffix)" }.prefix { daemon.scratch.has($0) }
            .map { daemon.scratch.size(of: $0) }
    }

    /// All that is in the files, the oldest first, is what was printed.
    private func isWhole(_ daemon: RunningDaemon, size: String) throws -> Bool {
        let script = #"""
            cd "$1"; for n in $(seq 200 -1 1); do
                if [ -e web.log.$n.gz ]; then gzip -dc web.log.$n.gz
                elif [ -e web.log.$n ]; then cat web.log.$n; fi
            done | cat - web.log >all; "$0" --print "$2" --exit-code 0 2>/dev/null | cmp - all
            """#
        let comparison = try StartedProcess([
            "/bin/sh", "-c", script, Places.product("misbehave"), daemon.scratch.path("log"), size,
        ])
        return try comparison.waitForEnd() == .exited(0)
    }

    @Test func `no file exceeds its limit, and all together are what was printed`() throws {
        let stdout = #"{"file": "web.log", "maxSize": 10050, "keep": 100}"#
        let daemon = try RunningDaemon(["web": printing("200KB", stdout)])
        try daemon.waitForLog("web: exited: exit code 0")
        // A hundred whole lines, and not a half one more.
        #expect(olderSizes(daemon) == Array(repeating: 10_000, count: 19))
        #expect(daemon.scratch.size(of: "log/web.log") == 10_000)
        #expect(try isWhole(daemon, size: "200KB"))
        let log = try #require(try daemon.status(of: "web").log)
        #expect(log.stdout.rotations == 19 && log.stdout.lines == 2_000)
    }

    @Test func `only so many older files are kept`() throws {
        let stdout = #"{"file": "web.log", "maxSize": "10KB", "keep": 3}"#
        let daemon = try RunningDaemon(["web": printing("100KB", stdout)])
        try daemon.waitForLog("web: exited: exit code 0")
        #expect(olderSizes(daemon) == [10_000, 10_000, 10_000])
        #expect(daemon.scratch.lines(of: "log/web.log").last?.hasPrefix("      1000 ") == true)
    }

    @Test func `older files are compressed, and what is in them stays the same`() throws {
        let stdout = #"{"file": "web.log", "maxSize": "100KB", "keep": 50, "compress": true}"#
        let daemon = try RunningDaemon(["web": printing("2MB", stdout)])
        try daemon.waitForLog("web: exited: exit code 0")
        _ = try eventually("19 compressed files") {
            olderSizes(daemon, suffix: ".gz").count == 19 && !daemon.scratch.has("log/web.log.1")
                ? true : nil
        }
        #expect(try isWhole(daemon, size: "2MB"))
        #expect(!daemon.scratch.has("log/web.log.gz.new"))
    }

    @Test func `the end of a log is read over all its files, compressed ones too`() throws {
        let stdout = #"{"file": "web.log", "maxSize": "100KB", "keep": 50, "compress": true}"#
        let daemon = try RunningDaemon(["web": printing("1MB", stdout)])
        try daemon.waitForLog("web: exited: exit code 0")
        _ = try eventually("9 compressed files") {
            olderSizes(daemon, suffix: ".gz").count == 9 ? true : nil
        }
        for (lines, bytes) in [(5, nil), (3_500, nil), (9_999, nil), (20_000, nil), (nil, 250_050)]
            as [(UInt?, UInt?)]
        {
            let reader = try daemon.connect()
            let request = Control.Tail(name: "web", lines: lines, bytes: bytes)
            try reader.send(Call.encode(request, more: true))
            var text: [UInt8] = []
            while true {
                let piece = try reader.answer(Control.Tail.self).bytes
                if piece.isEmpty { break }
                text += piece
            }
            let expected = lines.map { min(Int($0), 10_000) * 100 } ?? Int(bytes ?? 0)
            #expect(text.count == expected, "\(lines ?? 0) lines, \(bytes ?? 0) bytes")
            #expect(text.suffix(100).starts(with: "     10000 ".utf8))
            #expect(text.count % 100 != 0 || text.prefix(11).last == UInt8(ascii: " "))
        }
    }

    @Test func `a new file is begun on request, between two lines`() throws {
        let script =
            "trap 'echo second half' USR1; printf 'one\\ntwo, '; while :; do sleep 3600 & wait; done"
        let daemon = try RunningDaemon(["web": shell(script, settings: #""stdout": "web.log""#)])
        _ = try eventually("a beginning") {
            daemon.scratch.size(of: "log/web.log") == 9 ? true : nil
        }
        #expect(try daemon.call(Control.RotateLogs(names: ["web"])).names == ["web"])
        #expect(daemon.scratch.text(of: "log/web.log.1") == "one\n")
        _ = try daemon.call(Control.Signal(names: ["web"], signal: "USR1"))
        _ = try eventually("a line") {
            daemon.scratch.text(of: "log/web.log") == "two, second half\n" ? true : nil
        }
    }

    @Test func `a limit that is given later holds for the program that runs`() throws {
        let script = "trap 'seq 1000 1999' USR1; echo up; while :; do sleep 3600 & wait; done"
        let daemon = try RunningDaemon(["web": shell(script, settings: #""stdout": "web.log""#)])
        _ = try eventually("up") { daemon.scratch.size(of: "log/web.log") == 3 ? true : nil }
        let pid = try daemon.status(of: "web").pid
        try daemon.rewrite([
            "web": shell(script, settings: #""stdout": {"file": "web.log", "maxSize": 1000}"#)
        ])
        _ = try daemon.call(Control.Apply())
        _ = try daemon.call(Control.Signal(names: ["web"], signal: "USR1"))
        _ = try eventually("the last line") {
            daemon.scratch.lines(of: "log/web.log").last == "1999" ? true : nil
        }
        #expect(olderSizes(daemon) == [1_000, 1_000, 1_000, 1_000, 998])
        #expect(try daemon.status(of: "web").pid == pid)
    }

    @Test func `no symbolic link leads out of the log directory`() throws {
        let scratch = try Scratch()
        for name in ["log", "elsewhere"] {
            try FileManager.default.createDirectory(
                atPath: scratch.path(name),
                withIntermediateDirectories: true
            )
        }
        let links = [("log/deep", "elsewhere"), ("log/web.log", "elsewhere/stolen")]
        for (link, target) in links {
            try FileManager.default.createSymbolicLink(
                atPath: scratch.path(link),
                withDestinationPath: scratch.path(target)
            )
        }
        let daemon = try RunningDaemon(
            [
                "one": shell("echo one", settings: #""stdout": "web.log", "restart": "never""#),
                "two": shell("echo two", settings: #""stdout": "deep/a.log", "restart": "never""#),
            ],
            scratch: scratch
        )
        try daemon.process.error.waitForLine("about web.log") {
            $0.contains("log/web.log: too many")
        }
        try daemon.process.error.waitForLine("about a.log") {
            $0.contains("cannot write \(scratch.path("log/deep/a.log"))")
        }
        let stolen = try FileManager.default.contentsOfDirectory(atPath: scratch.path("elsewhere"))
        #expect(stolen.isEmpty)
    }

    @Test func `a file is made with the permissions that are asked for`() throws {
        let stdout = #"{"file": "web.log", "mode": "0606", "maxSize": 100, "keep": 1}"#
        let daemon = try RunningDaemon(["web": printing("300", stdout)])
        try daemon.waitForLog("web: exited: exit code 0")
        for name in ["log/web.log", "log/web.log.1"] {
            #expect(Files.mode(of: daemon.scratch.path(name)) == 0o606)
        }
    }
}
