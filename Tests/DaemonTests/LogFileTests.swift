import ControlProtocol
import Foundation
import SystemTypes
import Testing

/// No byte that a program wrote is lost on its way to a file.
@Suite(.wholeProgram, .timeLimit(.minutes(10))) struct LogFileTests {
    private static let once = #""restart": "never""#

    /// Compares a log with what `misbehave --print` prints, as far as the log goes.
    private func isGenuine(_ name: String, in daemon: RunningDaemon, size: String) throws -> Bool {
        let command = #""$0" --print "$1" --exit-code 0 2>/dev/null | cmp -n "$3" - "$2""#
        let bytes = daemon.scratch.size(of: name)
        let comparison = try StartedProcess([
            "/bin/sh", "-c", command, Places.product("misbehave"), size,
            daemon.scratch.path(name), String(bytes),
        ])
        return try comparison.waitForEnd() == .exited(0)
    }

    @Test func `200 MB of a program that ends at once are in its file to the last byte`() throws {
        let daemon = try RunningDaemon([
            "web": misbehave(
                "--print",
                "200MB",
                "--exit-code",
                "0",
                settings: #""stdout": {"file": "web.log"},"# + Self.once
            )
        ])
        try daemon.waitForLog("web: exited: exit code 0")
        #expect(daemon.scratch.size(of: "log/web.log") == 200_000_000)
        #expect(try isGenuine("log/web.log", in: daemon, size: "200MB"))
        #expect(try daemon.status(of: "web").logBytes.stdout == 200_000_000)
    }

    @Test func `the end of the daemon in the middle of a flood loses nothing of it`() throws {
        let daemon = try RunningDaemon([
            "web": misbehave("--print", "200MB", settings: #""stdout": "web.log""#)
        ])
        _ = try eventually("a beginning") {
            daemon.scratch.size(of: "log/web.log") > 1_000_000 ? true : nil
        }
        #expect(try daemon.end() == .exited(0))
        #expect(daemon.scratch.size(of: "log/web.log") > 1_000_000)
        #expect(try isGenuine("log/web.log", in: daemon, size: "200MB"))
    }

    /// Prints numbered lines, and after each of them says so in a file of its own.
    private static let honest = #"""
        exec 3>>reported; run=$(wc -l <runs); text=$(printf '%0900d' 0); i=0
        while :; do i=$((i + 1)); echo "$run $i $text"; echo "$run $i" >&3; done
        """#

    @Test func `a program that is restarted under way loses none of its lines`() throws {
        let settings = #""stdout": "web.log","# + inScratch
        let daemon = try RunningDaemon(
            ["web": shell("echo >>runs; " + Self.honest, settings: settings)]
        )
        for _ in 0..<10 {
            let size = daemon.scratch.size(of: "log/web.log")
            _ = try eventually("more lines") {
                daemon.scratch.size(of: "log/web.log") > size + 100_000 ? true : nil
            }
            try daemon.restart("web")
        }
        #expect(try daemon.end() == .exited(0))

        let logged = daemon.scratch.lines(of: "log/web.log").map(Report.init)
        var last: [Int: Int] = [:]
        for report in logged {
            #expect(report.number == last[report.run, default: 0] + 1)
            last[report.run] = report.number
        }
        #expect(logged.map(\.run) == logged.map(\.run).sorted())
        for report in daemon.scratch.lines(of: "reported").map(Report.init) {
            #expect(last[report.run, default: 0] >= report.number)
        }
        #expect(last.count >= 10)
    }

    private struct Report {
        let run: Int
        let number: Int

        init(_ line: String) {
            let words = line.split(separator: " ")
            run = Int(words[0]) ?? 0
            number = words.count > 1 ? Int(words[1]) ?? 0 : 0
        }
    }

    @Test func `both outputs in one file keep the order in which they were written`() throws {
        let script =
            "i=0; while [ $i -lt 2000 ]; do i=$((i + 1)); echo out $i; echo err $i >&2; done"
        let settings = #""stdout": "web.log", "stderr": "stdout","# + Self.once
        let daemon = try RunningDaemon(["web": shell(script, settings: settings)])
        try daemon.waitForLog("web: exited: exit code 0")
        let expected = (1...2_000).flatMap { ["out \($0)", "err \($0)"] }
        #expect(daemon.scratch.lines(of: "log/web.log") == expected)
    }

    @Test func `each output has a file of its own where it is told so`() throws {
        let settings = #""stdout": "out.log", "stderr": {"file": "err.log"},"# + Self.once
        let daemon = try RunningDaemon([
            "web": misbehave(
                "--print",
                "1MB",
                "--print-stderr",
                "300KB",
                "--exit-code",
                "0",
                settings: settings
            )
        ])
        try daemon.waitForLog("web: exited: exit code 0")
        #expect(daemon.scratch.size(of: "log/out.log") == 1_000_000)
        #expect(daemon.scratch.size(of: "log/err.log") == 300_000)
        #expect(try isGenuine("log/err.log", in: daemon, size: "300KB"))
        let bytes = try daemon.status(of: "web").logBytes
        #expect(bytes == Program.LogBytes(stdout: 1_000_000, stderr: 300_000))
    }

    @Test func `an end is told when its words are in the file, however much others write`() throws {
        let flood = misbehave("--print", "100GB", settings: #""stdout": "/dev/null""#)
        let settings = #""stdout": "web.log", "autostart": false, "restart": "never""#
        let daemon = try RunningDaemon(
            [
                "flood": flood, "other": flood,
                "web": misbehave("--print", "60KB", "--exit-code", "0", settings: settings),
            ],
            settle: "30s"
        )
        for round in 1...50 {
            // With so much patience, a start is answered when the program has ended.
            #expect(try daemon.start("web").map(\.state) == [.exited])
            #expect(daemon.scratch.size(of: "log/web.log") == round * 60_000)
        }
    }

    @Test func `what a program says on being stopped is there when the stop is answered`() throws {
        let script =
            #"trap '"$0" --print 1MB --exit-code 0; exit' TERM; echo up; while :; do sleep 3600 & wait; done"#
        let settings = #""stdout": "web.log""#
        let command = ["/bin/sh", "-c", script, Places.product("misbehave")]
        let daemon = try RunningDaemon(["web": program(command, settings: settings)])
        _ = try eventually("a line") { daemon.scratch.size(of: "log/web.log") == 3 ? true : nil }
        try daemon.stop("web")
        #expect(daemon.scratch.size(of: "log/web.log") == 1_000_003)
    }
}
