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
}
