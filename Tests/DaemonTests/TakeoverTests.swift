import ControlProtocol
import LinuxSystem
import SystemTypes
import Testing

/// keepd is killed below its holder, and the next one goes on with what runs.
@Suite(.wholeProgram, .timeLimit(.minutes(10))) struct TakeoverTests {
    private func start(
        _ programs: KeyValuePairs<String, String>,
        _ kind: TreeKind = .descendants,
        more: String = ""
    ) throws -> RunningDaemon {
        try RunningDaemon(programs, daemon: kind.setting, more: more, arguments: ["--holder"])
    }

    private func expectCleanEnd(_ daemon: RunningDaemon) throws {
        #expect(try daemon.end() == .exited(0))
        #expect(daemon.survivors.isEmpty)
        #expect(daemon.cgroup?.exists != true)
    }

    @Test(arguments: TreeKind.available)
    func `after twenty kills in a row each program is the same process, or the next`(
        kind: TreeKind
    ) throws {
        func orders(_ name: String, _ life: String...) -> [String] {
            let file = name + "${instance}"
            let notes = ["--lock", "\(file).lock", "--append", "\(file).starts", "x"]
            return [Places.product("misbehave")] + notes + life
        }
        let daemon = try start(
            [
                "steady": program(
                    orders("steady", "--pause"),
                    settings: #""instances": 16,"# + inScratch
                ),
                "brief": program(
                    orders("brief", "--exit-after", "150ms"),
                    settings: #""instances": 4,"# + inScratch
                ),
            ],
            kind
        )
        let before = try eventually("all are up") {
            let up = try daemon.status("steady").filter { $0.state == .running }
            guard up.count == 16 else { return Dictionary<String, Int?>?.none }
            return Dictionary(uniqueKeysWithValues: up.map { ($0.name, $0.pid) })
        }
        var place = 0
        for _ in 0..<20 {
            try PidFD(opening: daemon.keepd).send(.kill)
            place = try daemon.waitForLog("going on after a crash", from: place).next
            let status = try daemon.connect().call(Control.Status()).programs
            #expect(status.count == 20)
            for (name, pid) in before {
                let now = status.first { $0.name == name }
                #expect(now?.pid == pid && now?.state == .running && now?.restarts == 0)
            }
        }
        for number in 0..<16 {
            #expect(!daemon.scratch.has("steady\(number).lock.violations"))
            #expect(daemon.scratch.lines(of: "steady\(number).starts").count == 1)
        }
        for number in 0..<4 { #expect(!daemon.scratch.has("brief\(number).lock.violations")) }
        try expectCleanEnd(daemon)
    }

    @Test(arguments: TreeKind.available)
    func `who ends while there is no keepd is seen with code or signal`(kind: TreeKind) throws {
        let daemon = try start(
            [
                "code": shell(
                    "read x < go; exit 7",
                    settings: #""autostart": false, "restart": "never","# + inScratch
                ),
                "killed": misbehave("--pause", settings: #""restart": "never""#),
                "again": misbehave("--append", "starts", "x", "--pause", settings: inScratch),
            ],
            kind
        )
        let fifo = daemon.scratch.path("go")
        #expect(try Run(["mkfifo", fifo]).status == .exited(0))
        try daemon.start("code")
        let pids = try Dictionary(uniqueKeysWithValues: daemon.status().map { ($0.name, $0.pid) })
        try daemon.withoutKeepd {
            #expect(try Run(["sh", "-c", "echo > \(fifo)"]).status == .exited(0))
            for name in ["killed", "again"] {
                let process = ProcessID(rawValue: Int32(try #require(pids[name] ?? nil)))
                try PidFD(opening: process).send(.kill)
            }
        }
        try daemon.waitForLog("code: exited: exit code 7")
        try daemon.waitForLog("killed: exited: signal KILL")
        let again = try eventually("the next run") {
            let again = try daemon.connect().call(Control.Status(names: ["again"])).programs[0]
            return again.state == .running && again.pid != pids["again"] ? again : nil
        }
        #expect(again.restarts == 1)
        _ = try eventually("two starts") {
            daemon.scratch.lines(of: "starts").count == 2 ? true : nil
        }
        try expectCleanEnd(daemon)
    }

    @Test func `what is printed while there is no keepd is in the log`() throws {
        let script =
            "echo first; read x < go; echo second; echo third >&2; echo > done; read x < go"
        let daemon = try start([
            "web": shell(
                script,
                settings: #""autostart": false, "stdout": "web.log", "stderr": "stdout","#
                    + inScratch
            )
        ])
        let (go, done) = (daemon.scratch.path("go"), daemon.scratch.path("done"))
        #expect(try Run(["mkfifo", go, done]).status == .exited(0))
        try daemon.start("web")
        // What has been read and not yet written is lost with keepd.
        _ = try eventually("the first line") {
            daemon.scratch.lines(of: "log/web.log") == ["first"] ? true : nil
        }
        try daemon.withoutKeepd {
            let printing = try Run(["sh", "-c", "echo > \(go); read x < \(done)"])
            #expect(printing.status == .exited(0))
        }
        _ = try eventually("the lines") {
            let lines = daemon.scratch.lines(of: "log/web.log")
            return lines.suffix(3) == ["first", "second", "third"] ? true : nil
        }
        try expectCleanEnd(daemon)
    }

    @Test func `an operator's stop stays a stop, and counts and times are kept`() throws {
        let daemon = try start([
            "down": misbehave("--pause"),
            "counted": misbehave(
                "--exit-after",
                "50ms",
                settings: #""restart": {"retries": 3}, "start": {"settle": "10s"}"#
            ),
            "web": misbehave("--pause"),
        ])
        try daemon.stop("down")
        try daemon.waitForLog("counted: given up: exit code 0")
        let before = try daemon.status()
        try daemon.withoutKeepd {}
        let after = try daemon.connect().call(Control.Status()).programs
        for (old, new) in zip(before, after) {
            #expect(old.name == new.name && old.state == new.state && old.pid == new.pid)
            #expect(old.restarts == new.restarts && old.failures == new.failures)
            #expect(old.since == new.since && old.lastExit?.cause == new.lastExit?.cause)
        }
        try expectCleanEnd(daemon)
    }

    @Test(arguments: TreeKind.available)
    func `a stop that was under way is brought to its end`(kind: TreeKind) throws {
        let settings = #""stop": {"timeout": "2s"},"# + inScratch
        let daemon = try start(
            [
                "deaf": misbehave(
                    "--ignore",
                    "TERM",
                    "--daemonize",
                    "--append",
                    "up",
                    "x",
                    settings: settings
                )
            ],
            kind
        )
        _ = try eventually("it is deaf") { daemon.scratch.has("up") ? true : nil }
        _ = try daemon.call(Control.Stop(names: ["deaf"], wait: false))
        try daemon.withoutKeepd {}
        try daemon.waitForLog("deaf: stopped")
        #expect(daemon.survivors.isEmpty)
        try expectCleanEnd(daemon)
    }

    @Test func `a program that is not in the configuration any more is stopped`() throws {
        let daemon = try start(["web": misbehave("--pause"), "old": misbehave("--pause")])
        try daemon.waitForLog("old: running")
        let process = try daemon.status(of: "web").pid
        try daemon.withoutKeepd {
            try daemon.rewrite(
                ["web": misbehave("--pause"), "new": misbehave("--pause")],
                daemon: TreeKind.descendants.setting
            )
        }
        try daemon.waitForLog("old: stopped")
        try daemon.waitForLog("new: running")
        let client = try daemon.connect()
        #expect(try client.call(Control.Status()).programs.map(\.name) == ["new", "web"])
        #expect(try client.call(Control.Status(names: ["web"])).programs[0].pid == process)
        try expectCleanEnd(daemon)
    }

    @Test func `a configuration that does not load does not disturb what runs`() throws {
        let daemon = try start(["web": misbehave("--pause")])
        let process = try daemon.status(of: "web").pid
        try daemon.withoutKeepd { try daemon.scratch.write("{", to: "keepd.json") }
        try daemon.waitForLog("configuration not changed: it does not load")
        let web = try daemon.connect().call(Control.Status(names: ["web"])).programs[0]
        #expect(web.pid == process && web.state == .running)
        try expectCleanEnd(daemon)
    }

    @Test func `who connects while there is no keepd waits for the next one`() throws {
        let daemon = try start(["web": misbehave("--pause")])
        let process = try daemon.status(of: "web").pid
        var client: Client?
        try daemon.withoutKeepd {
            client = try daemon.connect()
            try client?.send(Call.encode(Control.Status()))
        }
        let answer = try client?.answer(Control.Status.self)
        #expect(answer?.programs.first?.pid == process)
        try expectCleanEnd(daemon)
    }
}

extension RunningDaemon {
    /// Kills keepd below its holder, and has the next one start only when the body has been run.
    func withoutKeepd(_ body: () throws -> Void) throws {
        let keepd = try keepd
        let place = log.count
        try process.send(.stop)
        try PidFD(opening: keepd).send(.kill)
        _ = try eventually("the end of keepd") { Survivors.isAlive(keepd) ? nil : true }
        try body()
        try process.send(.continue)
        try waitForLog("going on after a crash", from: place)
    }
}
