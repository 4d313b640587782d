import ControlProtocol
import Foundation
import LinuxSystem
import SystemTypes
import Testing

/// PostgreSQL: many processes of a user of its own, and data that must outlive them.
@Suite(.wholeProgram, .timeLimit(.minutes(10))) struct PostgresTests {
    private let scratch: Scratch
    private let port: String

    init() throws {
        scratch = try Scratch()
        port = try FreePorts(1)[0]
    }

    /// PostgreSQL refuses to run as root.
    private static let user = Accounts.effectiveUser == 0 ? #""user": "postgres", "# : ""

    /// A database and, before it, the job that makes its directory.
    ///
    /// It accepts connections before it answers statements, so that `tcp` would say ready too soon.
    private func start(_ kind: TreeKind) throws -> RunningDaemon {
        let data = try scratch.makePublicDirectory("home") + "/data"
        let isReady = [try Installed.postgres("pg_isready"), "-h", "127.0.0.1", "-p", port]
        return try RunningDaemon(
            [
                "initdb": program(
                    [
                        try Installed.postgres("initdb"), "-D", data, "-U", "postgres", "-A",
                        "trust", "--no-sync",
                    ],
                    settings: Self.user + #""type": "oneshot""#
                ),
                "db": program(
                    [
                        try Installed.postgres("postgres"), "-D", data, "-p", port, "-h",
                        "127.0.0.1", "-k", "",
                    ],
                    settings: Self.user + """
                        "dependsOn": {"initdb": "completed"}, "ready": {"exec": \(json(isReady))},
                        "stop": {"signal": "INT", "scope": "process", "timeout": "1h"}
                        """
                ),
            ],
            daemon: kind.setting,
            scratch: scratch
        )
    }

    /// What the database answers to a statement, one line a row.
    private func answer(_ statement: String) throws -> String {
        let run = try Run([
            try Installed.postgres("psql"), "-h", "127.0.0.1", "-p", port, "-U", "postgres", "-qAt",
            "-c", statement,
        ])
        #expect(run.status == .exited(0), "\(run.error)")
        return run.output
    }

    private func postmaster(_ daemon: RunningDaemon) throws -> ProcessID {
        ProcessID(rawValue: Int32(try #require(try daemon.status(of: "db").pid)))
    }

    @Test(arguments: TreeKind.available)
    func `it is stopped kindly, and has its data when it is started again`(kind: TreeKind) throws {
        let daemon = try start(kind)
        try daemon.order("start", "db")
        _ = try answer("CREATE TABLE kept (word text); INSERT INTO kept VALUES ('here')")
        let first = try postmaster(daemon)
        let family = ProcessTable.children(of: first)
        #expect(family.count >= 4)
        if Self.user != "" {
            let owner = try #require(Accounts.user("postgres")).id
            let status = try String(contentsOfFile: "/proc/\(first)/status", encoding: .utf8)
            #expect(status.contains("\nUid:\t\(owner)\t\(owner)\t\(owner)\t\(owner)\n"))
        }

        #expect(try daemon.order("stop", "db") == ["db: stopped"])
        #expect(([first] + family).filter(Survivors.isAlive).isEmpty)
        let end = try #require(try daemon.call(Control.History(names: ["db"])).runs.last)
        // Its own word that it has written everything down, and that nobody had to be killed.
        #expect(end.exit?.code == 0 && end.leftBehind.isEmpty)
        for words in ["received fast shutdown request", "database system is shut down"] {
            try daemon.process.output.waitForLine("of the shutdown") { $0.hasSuffix(words) }
        }

        try daemon.order("start", "db")
        #expect(try answer("SELECT word FROM kept") == "here\n")
        #expect(try daemon.end() == .exited(0))
        #expect(daemon.survivors.isEmpty)
    }

    @Test(arguments: TreeKind.available)
    func `after a crash it is not started before all of it is gone`(kind: TreeKind) throws {
        let daemon = try start(kind)
        try daemon.order("start", "db")
        _ = try answer("CREATE TABLE kept (word text); INSERT INTO kept VALUES ('here')")
        let first = try postmaster(daemon)
        let family = ProcessTable.children(of: first)
        // This one cannot notice that it is alone, and keeps the shared memory, beside which
        // PostgreSQL refuses to start.
        let halted = try #require(family.first)
        let haltedProcess = try PidFD(opening: halted)
        // Nobody else would find it, should this test fail.
        defer { try? haltedProcess.send(.kill) }
        try haltedProcess.send(.stop)
        try PidFD(opening: first).send(.kill)

        _ = try eventually("another database") {
            let db = try daemon.status(of: "db")
            return db.state == .running && db.pid.map { $0 != Int(first.rawValue) } == true
                ? true : nil
        }
        #expect(family.filter(Survivors.isAlive).isEmpty)
        #expect(try answer("SELECT word FROM kept") == "here\n")
        let runs = try daemon.call(Control.History(names: ["db"])).runs
        #expect(runs.map(\.exit?.signal) == ["KILL", nil])
        #expect(runs[0].leftBehind.contains { $0.pid == Int(halted.rawValue) })
        #expect(daemon.log.contains { $0.contains("left behind process \(halted): postgres: ") })
        #expect(try daemon.end() == .exited(0))
    }
}
