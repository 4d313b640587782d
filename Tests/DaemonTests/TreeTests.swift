import ControlProtocol
import Glibc
import LinuxSystem
import SystemTypes
import Testing

/// A stop ends everything that a program ever started, and nothing lives twice.
@Suite(.wholeProgram, .timeLimit(.minutes(10))) struct TreeTests {
    private static let impatient = #""stop": {"timeout": "100ms"}"#

    /// The processes that wrote their numbers into a file of the test.
    private func processes(in daemon: RunningDaemon, count: Int) throws -> [ProcessID] {
        try eventually("\(count) processes") {
            let lines = daemon.scratch.lines(of: "pids")
            return lines.count >= count
                ? lines.compactMap { Int32($0) }.map(ProcessID.init(rawValue:)) : nil
        }
    }

    private func survivors(of processes: [ProcessID]) -> [ProcessID] {
        processes.filter(Survivors.isAlive)
    }

    /// What a program starts before it pauses, and how many processes it is then.
    private static let families: [(orders: [String], count: Int)] = [
        (["--fork", "200"], 201),
        (["--ignore", "TERM", "--fork", "3"], 4),
        (["--daemonize"], 2),
        (["--fork", "2", "--daemonize", "--daemonize", "--ignore", "TERM"], 5),
    ]

    private func start(
        _ orders: [String],
        _ kind: TreeKind,
        settings: String = impatient
    ) throws -> RunningDaemon {
        try RunningDaemon(
            [
                "web": program(
                    [Places.product("misbehave"), "--pid-file", "pids"] + orders,
                    settings: settings + "," + inScratch
                )
            ],
            daemon: kind.setting
        )
    }

    @Test(arguments: families, TreeKind.available)
    func `nothing survives a stop`(family: (orders: [String], count: Int), kind: TreeKind) throws {
        let (orders, count) = family
        let daemon = try start(orders, kind)
        let all = try processes(in: daemon, count: count)
        #expect(survivors(of: all).count == count)
        try daemon.stop("web")
        #expect(survivors(of: all).isEmpty)
        #expect(daemon.survivors.isEmpty)
    }

    @Test(arguments: families, TreeKind.available)
    func `nothing survives the daemon's own end`(
        family: (orders: [String], count: Int),
        kind: TreeKind
    ) throws {
        let (orders, count) = family
        let daemon = try start(orders, kind)
        let all = try processes(in: daemon, count: count)
        #expect(try daemon.end() == .exited(0))
        #expect(survivors(of: all).isEmpty)
        #expect(daemon.survivors.isEmpty)
        #expect(daemon.cgroup?.exists != true)
    }

    @Test(arguments: TreeKind.available)
    func `what a program leaves behind when it ends is told, and cleared away`(
        kind: TreeKind
    ) throws {
        let daemon = try start(
            ["--fork", "2", "--daemonize", "--exit-code", "0"],
            kind,
            settings: #""restart": "never""#
        )
        try daemon.waitForLog("web: exited: exit code 0")
        let all = try processes(in: daemon, count: 4)
        #expect(survivors(of: all).isEmpty)
        for process in all.dropFirst() {
            #expect(daemon.log.contains { $0.contains("left behind process \(process): /") })
        }
    }

    @Test(arguments: TreeKind.available)
    func `survivors of a crash are gone before the next start`(kind: TreeKind) throws {
        // The second run looks for processes of the first, before it starts any. One that has ended
        // and only waits to be reaped (Z) is none.
        let script = #"""
            for pid in $(cat pids 2>/dev/null); do
                grep '^State:' /proc/$pid/status 2>/dev/null | grep -v '[ZX] (' >>twice
            done
            exec "$0" --pid-file pids --fork 5 --daemonize --pause
            """#
        let daemon = try RunningDaemon(
            [
                "web": program(
                    ["/bin/sh", "-c", script, Places.product("misbehave")],
                    settings: inScratch
                )
            ],
            daemon: kind.setting
        )
        let first = try processes(in: daemon, count: 7)
        _ = try daemon.call(Control.Signal(names: ["web"], signal: "KILL"))
        _ = try processes(in: daemon, count: 14)
        #expect(survivors(of: first).isEmpty)
        #expect(daemon.scratch.text(of: "twice") == "")
    }

    /// It takes all numbers that there are for processes, so that others get none.
    @Test(
        .enabled(if: getenv("KEEPD_HUNT") != nil, "set KEEPD_HUNT=1, and run it alone"),
        arguments: TreeKind.available
    )
    func `who lives on in its children does not outrun a stop, nor the end of the daemon`(
        kind: TreeKind
    ) throws {
        let scratch = try Scratch()
        try #require(mkfifo(scratch.path("life"), 0o600) == 0)
        let life = OwnedFD(
            adopting: open(scratch.path("life"), O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        )
        // All that ever comes of it holds the writing end.
        let script = #"exec 7>life; "$0" --live-on 10000000 & exec "$0" --pause"#
        let daemon = try RunningDaemon(
            [
                "web": program(
                    ["/bin/sh", "-c", script, Places.product("misbehave")],
                    settings: #""ready": {"log": "under way"}, "# + Self.impatient + "," + inScratch
                )
            ],
            daemon: kind.setting,
            scratch: scratch
        )
        func isOver() throws -> Bool {
            var byte: UInt8 = 0
            return try withUnsafeMutableBytes(of: &byte) { try life.read(into: $0) } == 0
        }
        #expect(try daemon.start("web").map(\.state) == [.running])
        #expect(try !isOver())
        #expect(try daemon.stop("web").map(\.state) == [.stopped])
        #expect(try isOver())
        #expect(try daemon.start("web").map(\.state) == [.running])
        #expect(try daemon.end() == .exited(0))
        #expect(try isOver())
    }

    @Test(arguments: TreeKind.available)
    func `a program that was halted is stopped all the same`(kind: TreeKind) throws {
        let daemon = try start(["--fork", "2"], kind)
        let all = try processes(in: daemon, count: 3)
        _ = try daemon.call(Control.Signal(names: ["web"], signal: "STOP"))
        _ = try eventually("a halted process") {
            ProcessTable.entry(of: all[0])?.state == "T" ? true : nil
        }
        try daemon.stop("web")
        #expect(survivors(of: all).isEmpty)
    }

    @Test(arguments: TreeKind.available)
    func `a stop of one program leaves the others and their strays alone`(kind: TreeKind) throws {
        let daemon = try RunningDaemon(
            [
                "one": misbehave("--daemonize", settings: Self.impatient),
                "two": misbehave("--pid-file", "pids", "--daemonize", settings: inScratch),
            ],
            daemon: kind.setting
        )
        let two = try processes(in: daemon, count: 2)
        try daemon.stop("one")
        #expect(survivors(of: two).count == 2)
        #expect(daemon.survivors.count == 2)
    }
}
