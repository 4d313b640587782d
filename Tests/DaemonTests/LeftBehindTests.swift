import ControlProtocol
import LinuxSystem
import SystemTypes
import Testing

/// What the main process of a program had started and did not take with it.
@Suite(.wholeProgram, .timeLimit(.minutes(10))) struct LeftBehindTests {
    /// The processes that wrote their numbers into a file of the test; the main one first.
    private func processes(in daemon: RunningDaemon, count: Int) throws -> [ProcessID] {
        try eventually("\(count) processes") {
            let lines = daemon.scratch.lines(of: "pids")
            return lines.count >= count
                ? lines.compactMap { Int32($0) }.map(ProcessID.init(rawValue:)) : nil
        }
    }

    /// Each is named with its number and its command line, by the log and by the run's history.
    private func expectNamed(
        _ processes: some Collection<ProcessID>,
        _ command: String,
        in daemon: RunningDaemon,
        at location: SourceLocation = #_sourceLocation
    ) throws {
        let run = try #require(
            try daemon.call(Control.History(names: ["web"])).runs.first,
            sourceLocation: location
        )
        let named = run.leftBehind
        #expect(
            named.map(\.pid).sorted() == processes.map { Int($0.rawValue) }.sorted(),
            sourceLocation: location
        )
        #expect(named.allSatisfy { $0.command == command }, "\(named)", sourceLocation: location)
        let printed = try daemon.order("history", "web", at: location)
        for process in processes {
            let words = "left behind process \(process): \(command)"
            try daemon.waitForLog("web: \(words)")
            #expect(printed.contains { $0.hasSuffix(words) }, sourceLocation: location)
        }
    }

    /// A program that leaves a family of three: two children, and one in a session of its own.
    private func start(
        _ kind: TreeKind,
        settings: String
    ) throws -> (daemon: RunningDaemon, command: String) {
        let command =
            [Places.product("misbehave"), "--pid-file", "pids", "--fork", "2", "--daemonize"]
        let daemon = try RunningDaemon(
            ["web": program(command, settings: settings + inScratch)],
            daemon: kind.setting
        )
        return (daemon, command.joined(separator: " "))
    }

    @Test(arguments: TreeKind.available)
    func `who outlives a crash is named, and gone before the next start`(kind: TreeKind) throws {
        let (daemon, command) = try start(kind, settings: "")
        let first = try processes(in: daemon, count: 4)
        try PidFD(opening: first[0]).send(.kill)
        _ = try processes(in: daemon, count: 8)
        #expect(first.filter(Survivors.isAlive).isEmpty)
        try expectNamed(first[1...], command, in: daemon)
        #expect(try daemon.end() == .exited(0))
        #expect(daemon.survivors.isEmpty)
    }

    @Test(arguments: TreeKind.available)
    func `who outlives a stop is named, and gone when it is done`(kind: TreeKind) throws {
        // The main process and its children end by the signal, the stray does not hear it.
        let (daemon, command) = try start(kind, settings: #""stop": {"timeout": "100ms"}, "#)
        let all = try processes(in: daemon, count: 4)
        try daemon.order("stop", "web")
        #expect(all.filter(Survivors.isAlive).isEmpty)
        let runs = try daemon.call(Control.History(names: ["web"])).runs
        let stray = try #require(
            all.first { pid in
                runs[0].leftBehind.contains { $0.pid == Int(pid.rawValue) && $0.command == command }
            }
        )
        try daemon.waitForLog("left behind process \(stray): \(command)")
        #expect(runs.map(\.exit?.cause) == ["stopped"])
        #expect(try daemon.end() == .exited(0))
    }

    /// Each of a row starts the next in a session of its own, without father or mother, and ends.
    private static let row = """
        [ "$1" = 0 ] && exec sleep 1000
        echo $$ >>pids
        setsid "$0" $(($1 - 1)) &
        """

    @Test(arguments: TreeKind.available)
    func `a row of processes that run away does not get away`(kind: TreeKind) throws {
        let scratch = try Scratch()
        try scratch.write("#!/bin/sh\n" + Self.row, to: "row")
        let daemon = try RunningDaemon(
            [
                "web": shell(
                    "chmod +x row; ./row 100000; exec sleep 1000",
                    settings: #""stop": {"timeout": "100ms"}, "# + inScratch
                )
            ],
            daemon: kind.setting,
            scratch: scratch
        )
        _ = try processes(in: daemon, count: 200)
        try daemon.order("stop", "web")
        let count = scratch.lines(of: "pids").count
        #expect(daemon.survivors.isEmpty)
        #expect(try daemon.end() == .exited(0))
        #expect(scratch.lines(of: "pids").count == count)
    }
}
