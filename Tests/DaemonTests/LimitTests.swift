import ControlProtocol
import LinuxSystem
import SystemTypes
import Testing

/// Limits that all processes of a program have together; for machines that can set them.
///
/// The group in which the tests run has to have the controllers, and may not need to be empty to
/// hand them on: that is the root of cgroup2 alone. Where cgroups of version 1 have taken them, none
/// of this can be tried; that such a limit is refused there, and says why, `CgroupTests` show.
@Suite(
    .wholeProgram,
    .timeLimit(.minutes(10)),
    .enabled(if: Controllers.missing.isEmpty, Controllers.reason)
) struct LimitTests {
    private func value(of file: String, _ daemon: RunningDaemon) throws -> String {
        try #require(daemon.cgroup).child("web").child("0").value(of: file)
    }

    private func values(_ daemon: RunningDaemon) throws -> [String] {
        try ["memory.max", "cpu.max", "pids.max"].map { try value(of: $0, daemon) }
    }

    private func web(_ limits: String) -> String {
        misbehave("--pause", settings: "\"limits\": {\(limits)}")
    }

    @Test func `they change under a running program, and one that is taken away is gone`() throws {
        let daemon = try RunningDaemon(["web": web(#""tasks": 20"#)])
        try daemon.start("web")
        let before = try daemon.status(of: "web").pid
        #expect(try value(of: "pids.max", daemon) == "20")
        try daemon.rewrite(["web": web(#""tasks": 30, "memory": "64MiB", "cpu": 0.5"#)])
        let answer = try daemon.call(Control.Apply())
        #expect(answer.plan?.programs.map(\.class) == [.live])
        #expect(try values(daemon) == ["67108864", "50000 100000", "30"])
        try daemon.rewrite(["web": web(#""cpu": 0.25"#)])
        _ = try daemon.call(Control.Apply())
        #expect(try values(daemon) == ["max", "25000 100000", "max"])
        #expect(try daemon.status(of: "web").pid == before)
        #expect(try daemon.end() == .exited(0))
    }

    @Test func `a program that is killed for want of memory has that as its cause`() throws {
        let greedy = "x = bytearray(1 << 30)\nfor i in range(0, len(x), 4096): x[i] = 1"
        let daemon = try RunningDaemon([
            "web": program(
                ["/usr/bin/python3", "-c", greedy],
                settings: #""restart": "never", "limits": {"memory": "64MiB"}"#
            )
        ])
        let killed = try eventually("its end") {
            let web = try daemon.status(of: "web")
            return web.state == .exited ? web : nil
        }
        #expect(killed.lastExit?.cause == "oom")
        #expect(killed.lastExit?.detail?.limitBytes == 64 << 20)
    }

    /// The fork that is one too many fails in the program, and nowhere else.
    @Test func `a program makes no more tasks than it may`() throws {
        let script = """
            import os, time
            count = 0
            try:
                while count < 100:
                    if os.fork() == 0: time.sleep(1000)
                    count += 1
            except OSError: pass
            open('count', 'w').write(str(count))
            time.sleep(1000)
            """
        let daemon = try RunningDaemon([
            "web": program(
                ["/usr/bin/python3", "-c", script],
                settings: #""limits": {"tasks": 8}, "# + inScratch
            )
        ])
        let count = try eventually("that it has tried") {
            let text = daemon.scratch.text(of: "count")
            return text.isEmpty ? nil : text
        }
        #expect(count == "7")
        #expect(try daemon.end() == .exited(0))
    }
}

private enum Controllers {
    static let missing: [String] = {
        guard TreeKind.available.contains(.cgroup) else { return ["a group to make others in"] }
        let there = (try? Cgroup.own?.controllers) ?? []
        return [Cgroup.Controller.cpu, .memory, .pids].filter { !there.contains($0) }
            .map { "the controller \($0.rawValue)" }
    }()

    static let reason = Comment(
        rawValue: "the cgroup of version 2 in which the tests run has not: "
            + missing.joined(separator: ", ")
    )
}
