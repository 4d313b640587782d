import ControlProtocol
import Foundation
import LinuxSystem
import SystemTypes
import Testing

/// Other hosts, by a real sshd that listens on this one.
@Suite(
    .wholeProgram,
    .timeLimit(.minutes(10)),
    .enabled(if: Accounts.effectiveUser == 0, "sshd logs in only who it may become")
)
struct RemoteHostTests {
    /// An sshd with a key of its own, and the arguments with which ssh comes in.
    private final class Server {
        let scratch: Scratch
        private let process: StartedProcess
        /// What `$KEEPD_SSH` has to be.
        let ssh: String

        init(_ scratch: Scratch) throws {
            self.scratch = scratch
            for name in ["host", "user"] {
                let path = scratch.path(name)
                _ = try Run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", path])
            }
            let port = 20_000 + UInt16.random(in: 0..<20_000)
            try scratch.write(scratch.text(of: "user.pub"), to: "authorized")
            // The directories above are anybody's, which sshd would not have in earnest.
            try scratch.write(
                """
                Port \(port)
                ListenAddress 127.0.0.1
                HostKey \(scratch.path("host"))
                AuthorizedKeysFile \(scratch.path("authorized"))
                StrictModes no
                UsePAM no
                PermitRootLogin yes
                PidFile none
                SetEnv PATH=\(Places.products):\(Places.searchPath)
                """,
                to: "sshd_config"
            )
            // Where it goes once it has given up its rights.
            mkdir("/run/sshd", 0o755)
            let sshd = try #require(Places.command("sshd"))
            process = try StartedProcess([sshd, "-D", "-e", "-f", scratch.path("sshd_config")])
            try process.error.waitForLine("that it listens") { $0.contains("listening on") }
            try scratch.write(
                """
                #!/bin/sh
                exec ssh -F none -o BatchMode=yes -o LogLevel=ERROR -p \(port) \\
                    -i \(scratch.path("user")) -o UserKnownHostsFile=/dev/null \\
                    -o StrictHostKeyChecking=no "$@"
                """,
                to: "ssh"
            )
            ssh = scratch.path("ssh")
            chmod(ssh, 0o755)
        }
    }

    private func keepctl(
        _ daemon: RunningDaemon,
        _ server: Server,
        _ arguments: String...
    ) throws -> Run {
        try Run(
            [Places.product("keepctl"), "-s", daemon.socketPath] + arguments,
            environment: ["KEEPD_SSH": server.ssh, "HOME": server.scratch.path]
        )
    }

    @Test func `a command does over ssh what it does here`() throws {
        let daemon = try RunningDaemon([
            "db": misbehave("--pause"), "web": misbehave("--line", "hello", "--pause"),
        ])
        try daemon.start("all")
        let server = try Server(daemon.scratch)
        let status = try keepctl(daemon, server, "-H", "root@127.0.0.1", "status")
        #expect(status.status == .exited(0), "\(status.error)")
        #expect(status.output.hasPrefix("db     RUNNING   pid "))
        let stop = try keepctl(daemon, server, "-H", "127.0.0.1", "stop", "web")
        #expect(stop.output == "web: stopped\n")
        #expect(try daemon.status(of: "web").state == .stopped)
        #expect(try keepctl(daemon, server, "-H", "127.0.0.1", "status").status == .exited(3))
        #expect(try keepctl(daemon, server, "-H", "127.0.0.1", "tail", "web").output == "hello\n")
        let unknown = try keepctl(daemon, server, "-H", "127.0.0.1", "stop", "wbe")
        #expect(unknown.status == .exited(4))
        // Who asked is who came in by ssh.
        let runs = try daemon.call(Control.History(names: ["web"])).runs
        #expect(runs.last?.exit?.detail?.requester?.user == "root")
    }

    @Test func `several hosts stand side by side`() throws {
        let daemon = try RunningDaemon(["db": misbehave("--pause")])
        try daemon.start("all")
        let server = try Server(daemon.scratch)
        let hosts = "127.0.0.1,localhost"
        let status = try keepctl(daemon, server, "-H", hosts, "status")
        #expect(status.status == .exited(0), "\(status.error)")
        let lines = status.output.split(separator: "\n").sorted()
        #expect(lines.count == 2)
        #expect(lines[0].hasPrefix("127.0.0.1  db    RUNNING"))
        #expect(lines[1].hasPrefix("localhost  db    RUNNING"))
        let json = try keepctl(daemon, server, "status", "--json", "-H", hosts)
        for line in json.output.split(separator: "\n") {
            let value = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
            #expect((value?["answer"] as? [Any])?.count == 1 && value?["host"] != nil)
        }
        let bad = try keepctl(daemon, server, "-H", "127.0.0.1,nosuch.invalid", "status")
        #expect(bad.status == .exited(69))
        #expect(bad.output.hasPrefix("127.0.0.1       db "))
        #expect(bad.error.contains("nosuch.invalid  ssh: "))
    }

    @Test func `an ssh that is not there is named`() throws {
        let run = try Run(
            [Places.product("keepctl"), "-H", "db", "status"],
            environment: ["KEEPD_SSH": "/no/ssh"]
        )
        #expect(run.status == .exited(69))
        #expect(run.error.contains("cannot start /no/ssh: no such file or directory"))
    }

    @Test func `no keepd there is not the same as no way there`() throws {
        let daemon = try RunningDaemon([:])
        let server = try Server(daemon.scratch)
        let run = try Run(
            [Places.product("keepctl"), "-s", "/nowhere", "-H", "127.0.0.1", "status"],
            environment: ["KEEPD_SSH": server.ssh]
        )
        #expect(run.status == .exited(69))
        #expect(run.error.contains("cannot reach keepd at /nowhere: no such file or directory"))
    }
}
