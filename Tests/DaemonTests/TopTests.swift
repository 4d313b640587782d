import ControlProtocol
import LinuxSystem
import SystemTypes
import Testing

/// The table that stays, on a real terminal.
@Suite(.wholeProgram, .timeLimit(.minutes(10))) struct TopTests {
    private func daemon() throws -> RunningDaemon {
        let daemon = try RunningDaemon([
            "db": misbehave("--pause"),
            "job": misbehave(
                "--exit-code",
                "3",
                settings: #""autostart": false, "restart": "never", "start": {"settle": "30s"}"#
            ),
            "web": misbehave("--pause", settings: #""instances": 30"#),
        ])
        try daemon.start("db", "web")
        _ = try? daemon.start("job")
        return daemon
    }

    @Test func `programs are sorted, filtered and chosen, on 80 columns and 24 lines`() throws {
        let daemon = try daemon()
        let terminal = try Tmux(in: daemon.scratch)
        try terminal.type("keepctl -s \(daemon.socketPath) top", "Enter")
        let first = try terminal.wait(for: "db ")
        #expect(first[0].hasPrefix("32 programs: 31 running, 1 exited  order: name"))
        #expect(first[1].hasPrefix("NAME ") && first[1].contains(" STATE "))
        #expect(first[2].contains(" RUNNING ") && first[3].hasPrefix("job "))
        #expect(first[4].hasPrefix("web:0 ") && first[20].hasPrefix("web:16 "))
        #expect(first[22].hasPrefix("db: running, pid "))
        #expect(first.allSatisfy { $0.count <= 80 })

        try terminal.type("", "Down")
        try terminal.wait(for: "job: exited, exit code 3")
        try terminal.type("", "End")
        try terminal.wait(for: "web:29 ")
        try terminal.type("/exited", "Enter")
        let filtered = try terminal.wait(for: "1 programs: 1 exited  order: name  filter: exited")
        #expect(filtered[2].hasPrefix("job ") && filtered[3].isEmpty)
        try terminal.type("", "Escape")
        try terminal.wait(for: "32 programs")
        try terminal.type("o")
        try terminal.wait("another order") { $0[0].hasSuffix("order: state") }
        try terminal.resize(rows: 10, columns: 60)
        let small = try terminal.wait("a smaller table") { $0.count <= 11 && $0[0].count > 10 }
        #expect(small.allSatisfy { $0.count <= 60 })
    }

    @Test func `keys stop and start what is chosen`() throws {
        let daemon = try daemon()
        let terminal = try Tmux(in: daemon.scratch)
        try terminal.type("keepctl -s \(daemon.socketPath) top -d 50ms", "Enter")
        try terminal.wait(for: "db ")
        try terminal.type("x")
        try terminal.wait(for: "db: stopped, stopped by root")
        try terminal.type("s")
        try terminal.wait(for: "db: running")
        #expect(try daemon.status(of: "db").state == .running)
    }

    @Test(arguments: ["q", "TERM", "TRAP"])
    func `the screen and the terminal are as they were`(end: String) throws {
        let daemon = try daemon()
        let terminal = try Tmux(in: daemon.scratch)
        try terminal.type("cd \(daemon.scratch.path); stty -g > before; echo above", "Enter")
        try terminal.wait(for: "above")
        try terminal.type(
            "keepctl -s \(daemon.socketPath) top; stty -g > after; cmp before after && echo the same",
            "Enter"
        )
        try terminal.wait(for: "db ")
        if end == "q" {
            try terminal.type("q")
        } else {
            let process = try Run(["pgrep", "-f", "keepctl -s \(daemon.socketPath) top"]).output
                .split(separator: "\n").first.flatMap { Int32($0) }
            try PidFD(opening: ProcessID(rawValue: #require(process)))
                .send(#require(Signal(name: end)))
        }
        let screen = try terminal.wait(for: "the same")
        #expect(screen.contains("above"))
        #expect(!screen.contains { $0.hasPrefix("db ") })
    }

    @Test func `without a terminal there is no table`() throws {
        let daemon = try RunningDaemon(["web": misbehave("--pause")])
        let run = try Run([Places.product("keepctl"), "-s", daemon.socketPath, "top"])
        #expect(run.status == .exited(1) && run.output.isEmpty)
        #expect(run.error == "keepctl: cannot show top: not a terminal (see keepctl status)\n")
    }
}
