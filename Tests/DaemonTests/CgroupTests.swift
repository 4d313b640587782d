import ControlProtocol
import LinuxSystem
import SystemTypes
import Testing

/// A program has a cgroup of its own, where keepd may make one.
@Suite(
    .wholeProgram,
    .timeLimit(.minutes(10)),
    .enabled(if: TreeKind.available.contains(.cgroup), "no cgroup in which groups may be made")
) struct CgroupTests {
    @Test func `each instance is born in a group of its own`() throws {
        let daemon = try RunningDaemon([
            "web.api": misbehave("--daemonize", settings: #""instances": 2"#),
            "db": misbehave(),
        ])
        let cgroup = try #require(daemon.cgroup)
        try daemon.start("all")
        for program in try daemon.status() {
            let group = cgroup.child(program.program == "db" ? "db" : "_web.api")
                .child(String(program.instance))
            let pid = try #require(program.pid)
            #expect(try group.processes.contains(ProcessID(rawValue: Int32(pid))))
        }
        #expect(try daemon.end() == .exited(0))
        #expect(!cgroup.exists)
    }

    @Test func `one who has lost session, parent and mark is still found`() throws {
        let lone = #"env -i setsid sh -c 'echo $$ >>"$0"; exec sleep 1000' pids & exit 0"#
        let daemon = try RunningDaemon([
            "web": shell(
                "(\(lone)); while ! test -s pids; do sleep 0.01; done; sleep 1000",
                settings: #""stop": {"timeout": "100ms"}, "# + inScratch
            )
        ])
        let pid = try eventually("a process") {
            daemon.scratch.lines(of: "pids").first.flatMap { Int32($0) }
        }
        try daemon.stop("web")
        #expect(!Survivors.isAlive(ProcessID(rawValue: pid)))
    }

    @Test func `what a killed daemon has left is gone before its programs are started`() throws {
        let scratch = try Scratch()
        let script = #"""
            for pid in $(cat pids 2>/dev/null); do
                grep '^State:' /proc/$pid/status 2>/dev/null | grep -v '[ZX] (' >>twice
            done
            exec "$0" --pid-file pids --fork 5 --daemonize --pause
            """#
        let web = program(
            ["/bin/sh", "-c", script, Places.product("misbehave")],
            settings: inScratch
        )
        let first = try RunningDaemon(["web": web], scratch: scratch)
        _ = try eventually("7 processes") { scratch.lines(of: "pids").count == 7 ? true : nil }
        #expect(try first.end(.kill) == .signaled(.kill, coreDumped: false))
        let second = try RunningDaemon(["web": web], scratch: scratch)
        _ = try eventually("7 more") { scratch.lines(of: "pids").count == 14 ? true : nil }
        #expect(scratch.text(of: "twice") == "")
        #expect(second.log.count { $0.contains("which keepd left before") } == 7)
    }

    @Test func `a program can be started again after it was killed`() throws {
        let daemon = try RunningDaemon([
            "web": misbehave("--ignore", "TERM", settings: #""stop": {"timeout": "10ms"}"#)
        ])
        try daemon.stop("web")
        try daemon.start("web")
        let pid = try #require(try daemon.status(of: "web").pid)
        #expect(Survivors.isAlive(ProcessID(rawValue: Int32(pid))))
        #expect(!daemon.log.contains { $0.contains("starting again") })
    }

    @Test func `groups that keepd has not made stay as they are`() throws {
        let own = try #require(Cgroup.own)
        let strange = own.child("strange-\(ProcessTable.current)")
        try strange.make()
        defer { #expect(throws: Never.self) { try strange.remove() } }
        let daemon = try RunningDaemon(["web": misbehave()])
        #expect(try daemon.end() == .exited(0))
        #expect(strange.exists)
    }

    @Test func `what its children use counts, from the start of each run`() throws {
        let daemon = try RunningDaemon(["web": shell("while :; do :; done & wait")])
        _ = try eventually("half a second's work of a child") {
            try daemon.status(of: "web").processorTime.flatMap { $0.rawValue > 0.5 ? $0 : nil }
        }
        try daemon.restart("web")
        let program = try daemon.status(of: "web")
        let (used, uptime) = try (#require(program.processorTime), #require(program.uptime))
        #expect(used.rawValue <= uptime.rawValue + 0.2)
    }

    @Test(arguments: [
        ("memory", "\"64MiB\""), ("cpu", "0.5"), ("tasks", "10"), ("ioWeight", "50"),
    ])
    func `a limit without its controller is a failure that says so`(
        key: String,
        value: String
    ) throws {
        let controllers: [String: Cgroup.Controller] = [
            "memory": .memory, "cpu": .cpu, "tasks": .pids, "ioWeight": .io,
        ]
        let own = try #require(Cgroup.own)
        let controller = try #require(controllers[key])
        guard try !own.controllers.contains(controller) else { return }
        let daemon = try RunningDaemon([
            "web": misbehave(settings: "\"restart\": \"never\", \"limits\": {\"\(key)\": \(value)}")
        ])
        try daemon.waitForLog(
            "cannot set limits.\(key): there is no \(controller.rawValue) controller in "
                + own.directory
        )
    }
}
