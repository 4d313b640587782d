import ControlProtocol
import LinuxSystem
import SystemTypes
import Testing

/// Who may talk to the daemon: root, the daemon's own user, and nobody else.
@Suite(
    .wholeProgram,
    .timeLimit(.minutes(10)),
    .enabled(if: Accounts.effectiveUser == 0, "only root can become somebody else")
)
struct AccessTests {
    /// Sends one message over a Unix socket, and prints the answer.
    private static let client = #"""
        use IO::Socket::UNIX;
        my $socket = IO::Socket::UNIX->new(Peer => $ARGV[0]) or die "connect: $!";
        print $socket "$ARGV[1]\0";
        $/ = "\0";
        print scalar <$socket>;
        """#

    /// Calls a method as the user nobody.
    private func callAsNobody(_ daemon: RunningDaemon, _ method: String) throws -> StartedProcess {
        let nobody = try #require(Accounts.user("nobody"))
        let process = try StartedProcess(
            ["/usr/bin/perl", "-e", Self.client, daemon.socketPath, "{\"method\":\"\(method)\"}"],
            identity: SpawnRequest.Identity(
                user: nobody.id,
                group: nobody.group,
                supplementaryGroups: []
            )
        )
        try process.waitForEnd()
        try process.output.waitForEnd()
        try process.error.waitForEnd()
        return process
    }

    @Test(arguments: [
        "org.keepd.Control.Status", "org.keepd.Control.Shutdown", "org.keepd.Control.NoSuchMethod",
        "org.varlink.service.GetInfo", "no.such.interface.At.All",
    ])
    func `a stranger is told nothing but that it is not allowed`(method: String) throws {
        let daemon = try RunningDaemon(
            ["web": misbehave("--pause")],
            socket: #""path": "keepd.sock", "mode": "0666""#
        )
        let answer = try callAsNobody(daemon, method).output.bytes
        let reply = try Reply(decoding: Array(answer.dropLast()))
        #expect(reply.error == .notAllowed(method: method))
        #expect(try daemon.status(of: "web").state == .running)
    }

    @Test func `the socket's mode keeps strangers from asking at all`() throws {
        let daemon = try RunningDaemon(["web": misbehave("--pause")])
        let process = try callAsNobody(daemon, "org.keepd.Control.Status")
        #expect(process.output.bytes.isEmpty)
        #expect(process.error.text.contains("connect: Permission denied"))
    }

    @Test func `the socket can be given to a user and a group`() throws {
        let owner = #""owner": "nobody", "group": "daemon""#
        let daemon = try RunningDaemon([:], socket: #""path": "keepd.sock", "# + owner)
        let process = try callAsNobody(daemon, "org.keepd.Control.Status")
        // May connect now; what it may ask is another matter.
        #expect(process.output.text.contains("NotAllowed"))
    }

    // MARK: - Roles

    /// Runs keepctl as the user nobody, in the group daemon besides.
    private func keepctl(_ daemon: RunningDaemon, _ arguments: [String]) throws -> StartedProcess {
        let nobody = try #require(Accounts.user("nobody"))
        let group = try #require(Accounts.group("daemon"))
        let process = try StartedProcess(
            [Places.product("keepctl"), "-s", daemon.socketPath] + arguments,
            identity: SpawnRequest.Identity(
                user: nobody.id,
                group: nobody.group,
                supplementaryGroups: [group]
            )
        )
        try process.waitForEnd()
        try process.output.waitForEnd()
        try process.error.waitForEnd()
        return process
    }

    private func keepctl(_ daemon: RunningDaemon, _ arguments: String...) throws -> StartedProcess {
        try keepctl(daemon, arguments)
    }

    private static let open = #""path": "keepd.sock", "mode": "0666""#

    private func daemon(_ access: String) throws -> RunningDaemon {
        let daemon = try RunningDaemon(
            ["db": misbehave("--pause"), "web": misbehave("--pause")],
            daemon: "\"access\": [\(access)],",
            socket: Self.open
        )
        try daemon.start("all")
        return daemon
    }

    @Test func `an observer, by one of its groups, sees everything and changes nothing`() throws {
        let daemon = try daemon(#"{"role": "observe", "groups": ["daemon"]}"#)
        let before = try daemon.status().map(\.pid)
        for command in ["status", "version", "metrics", "events", "history web", "explain web"] {
            let run = try keepctl(daemon, command.split(separator: " ").map(String.init))
            #expect(try run.waitForEnd() == .exited(0), "\(command): \(run.error.text)")
        }
        for command in [
            "stop web", "stop nosuch", "start web", "restart all", "signal HUP web", "reload web",
            "send web x", "clear web", "enable web", "scale web=2", "diff", "apply", "reopen",
            "maintail", "shutdown",
        ] {
            let run = try keepctl(daemon, command.split(separator: " ").map(String.init))
            #expect(try run.waitForEnd() == .exited(77), "\(command)")
            #expect(run.error.text.contains("not allowed"), "\(command)")
        }
        #expect(try daemon.status().map(\.pid) == before)
    }

    @Test func `an operator of some programs does not even see the others`() throws {
        let rule = #"{"role": "operate", "users": ["nobody"], "programs": ["web*"]}"#
        let daemon = try daemon(rule)
        let db = try daemon.status(of: "db").pid
        let status = try keepctl(daemon, "status")
        #expect(status.output.text.hasPrefix("web ") && !status.output.text.contains("db"))
        #expect(try keepctl(daemon, "metrics").output.text.contains(#"name="db""#) == false)
        #expect(try keepctl(daemon, "events").output.text.contains("db") == false)
        let names = try callAsNobody(daemon, "org.keepd.Control.ListNames").output.bytes
        let answer = try Reply(decoding: Array(names.dropLast())).answer(as: Names.self)
        #expect(answer.names == ["web", "all"])
        // `all` is all that there is to see.
        #expect(try keepctl(daemon, "restart", "all").output.text == "web: restarted\n")
        for hidden in ["db", "nosuch", "d*"] {
            #expect(try keepctl(daemon, "stop", hidden).waitForEnd() == .exited(77))
            #expect(try keepctl(daemon, "status", hidden).waitForEnd() == .exited(77))
        }
        #expect(try keepctl(daemon, "stop", "webb").waitForEnd() == .exited(4))
        #expect(try keepctl(daemon, "scale", "web=2").waitForEnd() == .exited(77))
        #expect(try daemon.status(of: "db").pid == db)
    }

    @Test func `an order that goes too far is not carried out in part`() throws {
        let daemon = try daemon(
            #"{"role": "observe", "users": ["nobody"]}, "#
                + #"{"role": "operate", "users": ["nobody"], "programs": ["web"]}"#
        )
        let before = try daemon.status().map(\.pid)
        #expect(try keepctl(daemon, "stop", "all").waitForEnd() == .exited(77))
        #expect(try daemon.status().map(\.pid) == before)
        #expect(try keepctl(daemon, "stop", "web").waitForEnd() == .exited(0))
    }

    @Test func `who asked for a change is in the log, in events and in the history`() throws {
        let daemon = try daemon(#"{"role": "operate", "users": ["nobody"]}"#)
        let number = try daemon.call(Control.Events()).number
        let stop = try keepctl(daemon, "stop", "web")
        let nobody = try #require(Accounts.user("nobody"))
        let requester = Control.Requester(
            user: "nobody",
            uid: Int(nobody.id),
            pid: Int(stop.process.rawValue),
            command: "keepctl"
        )
        try daemon.waitForLog("asked for by nobody (keepctl[\(stop.process)])")
        let events = try daemon.call(Control.Events(since: UInt(number))).events
        #expect(events.map(\.state) == [.stopping, .stopped])
        #expect(events.allSatisfy { $0.requester == requester })
        let start = try keepctl(daemon, "start", "web")
        let runs = try daemon.call(Control.History(names: ["web"])).runs
        #expect(runs.map(\.exit?.detail?.requester) == [requester, nil])
        #expect(runs.last?.requester?.pid == Int(start.process.rawValue))
    }

    @Test func `rights that are taken away end the conversation`() throws {
        let rule = #"{"role": "observe", "users": ["nobody"]}"#
        let daemon = try daemon(rule)
        let nobody = try #require(Accounts.user("nobody"))
        let follower = try StartedProcess(
            [Places.product("keepctl"), "-s", daemon.socketPath, "events", "-f"],
            identity: .init(user: nobody.id, group: nobody.group, supplementaryGroups: [])
        )
        try follower.output.waitForLine("of an event") { $0.contains("web") }
        let other = try daemon.connect()
        try RunningDaemon.write(
            ["db": misbehave("--pause"), "web": misbehave("--pause")],
            "",
            "0s",
            Self.open,
            to: daemon.scratch
        )
        _ = try daemon.call(Control.Apply())
        #expect(try follower.waitForEnd() == .exited(69))
        #expect(try keepctl(daemon, "status").waitForEnd() == .exited(77))
        // Who has lost nothing goes on.
        #expect(try other.call(Control.Status()).programs.count == 2)
    }
}
