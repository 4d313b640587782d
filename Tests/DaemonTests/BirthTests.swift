import ControlProtocol
import LinuxSystem
import SystemTypes
import Testing

/// What a program is given when it starts, and what not.
@Suite(.wholeProgram, .timeLimit(.minutes(10))) struct BirthTests {
    private static let once = #""restart": "never""#
    private static let isRoot = Accounts.effectiveUser == 0

    /// What a program prints, line by line, from its start to its end.
    private func output(_ daemon: RunningDaemon) throws -> [String] {
        try daemon.waitForLog("web: exited: exit code 0")
        // Its last words come first, but to another pipe.
        #expect(try daemon.end() == .exited(0))
        return daemon.process.output.lines.map { String($0.dropFirst("web | ".count)) }
    }

    /// The lines of `misbehave --status`, by their first word.
    private func statusLines(
        settings: String = once,
        wrapper: [String] = []
    ) throws -> [String: String] {
        let scratch = try Scratch()
        let command = [try scratch.copy(product: "misbehave"), "--status", "--exit-code", "0"]
        let daemon = try RunningDaemon(
            ["web": program(command, settings: settings)],
            scratch: scratch,
            wrapper: wrapper
        )
        let pairs = try output(daemon).map { line in
            let words = line.split(separator: " ", maxSplits: 1)
            return (String(words[0]), words.count > 1 ? String(words[1]) : "")
        }
        return Dictionary(uniqueKeysWithValues: pairs)
    }

    private func shellOutput(_ script: String, settings: String) throws -> [String] {
        try output(try RunningDaemon(["web": shell(script, settings: settings + "," + Self.once)]))
    }

    @Test func `a program leads a session and a group of its own`() throws {
        let status = try statusLines()
        #expect(status["pgid"] == status["pid"] && status["sid"] == status["pid"])
    }

    @Test func `signals and descriptors of whoever started the daemon do not come through`() throws
    {
        let script = #"trap '' INT HUP PIPE USR1; exec 7</dev/null; exec "$@""#
        let status = try statusLines(wrapper: ["/bin/sh", "-c", script, "sh"])
        #expect(status["ignored"] == "" && status["blocked"] == "")
        #expect(status["descriptors"] == "0 1 2")
    }

    @Test func `a program has the umask and the directory that its configuration says`() throws {
        let status = try statusLines(settings: #""umask": "027", "directory": "/usr","# + Self.once)
        #expect(status["umask"] == "027" && status["cwd"] == "/usr")
    }

    @Test func `a program knows which one it is, and where the daemon listens`() throws {
        let daemon = try RunningDaemon(
            [
                "web": misbehave(
                    "--env",
                    "KEEPD_PROGRAM",
                    "--env",
                    "KEEPD_INSTANCE",
                    "--env",
                    "KEEPD_SOCKET",
                    "--env",
                    "COLOUR",
                    "--env",
                    "FROM_THE_DAEMON",
                    "--exit-code",
                    "0",
                    settings: #""environment": {"COLOUR": "red ${program}"},"# + Self.once
                )
            ],
            environment: ["FROM_THE_DAEMON": "yes"]
        )
        #expect(
            try output(daemon) == [
                "KEEPD_PROGRAM=web", "KEEPD_INSTANCE=0", "KEEPD_SOCKET=\(daemon.socketPath)",
                "COLOUR=red web", "FROM_THE_DAEMON=yes",
            ]
        )
    }

    @Test func `a clear environment has what the configuration says, and what keepd adds`() throws {
        let lines = try shellOutput(
            "cat /proc/$$/environ | tr '\\0' '\\n' | cut -d= -f1 | sort",
            settings: #""clearEnvironment": true, "environment": {"PATH": "/usr/bin:/bin"}"#
        )
        #expect(lines == ["KEEPD_INSTANCE", "KEEPD_PROGRAM", "KEEPD_SOCKET", "PATH"])
    }

    @Test func `each instance knows its number`() throws {
        let daemon = try RunningDaemon([
            "web": misbehave("--env", "KEEPD_INSTANCE", settings: #""instances": 3"#)
        ])
        for number in 0..<3 {
            try daemon.process.output.waitForLine("of instance \(number)") {
                $0 == "web:\(number) | KEEPD_INSTANCE=\(number)"
            }
        }
        #expect(try daemon.status("web").map(\.instance) == [0, 1, 2])
    }

    @Test func `the daemon's own limit of open files is not the programs'`() throws {
        let script = #"ulimit -Sn 321; exec "$@""#
        let daemon = try RunningDaemon(
            [
                "web": shell(
                    "ulimit -Sn; sed -n 's/^Max open files *//p' /proc/$PPID/limits",
                    settings: Self.once
                )
            ],
            wrapper: ["/bin/sh", "-c", script, "sh"]
        )
        let lines = try output(daemon)
        #expect(lines[0] == "321")
        let ofDaemon = lines[1].split(separator: " ")
        #expect(ofDaemon[0] == ofDaemon[1] && ofDaemon[0] != "321")
    }

    @Test(.enabled(if: isRoot, "only root can become somebody else"))
    func `a program runs as the user and the groups that its configuration says`() throws {
        let status = try statusLines(settings: #""user": "nobody","# + Self.once)
        let nobody = try #require(Accounts.user("nobody"))
        #expect(status["uid"] == "\(nobody.id)" && status["gid"] == "\(nobody.group)")
        let groups = Accounts.groups(of: nobody, with: nobody.group)
        #expect(status["groups"]?.split(separator: " ").compactMap { UInt32($0) } == groups)
        let other = try statusLines(settings: #""user": "nobody", "group": "daemon","# + Self.once)
        #expect(other["gid"] == Accounts.group("daemon").map(String.init))
        #expect(other["groups"]?.contains("\(nobody.group)") == false)
    }

    @Test(.enabled(if: isRoot, "only root can become somebody else"))
    func `a program of another user can open its outputs by their names`() throws {
        let lines = try shellOutput(
            "echo one >/dev/stdout && echo two >/dev/stderr && echo three >/proc/self/fd/1",
            settings: #""user": "nobody", "stderr": "stdout""#
        )
        #expect(lines == ["one", "two", "three"])
    }

    @Test func `a program that is told so inherits the daemon's own outputs`() throws {
        let daemon = try RunningDaemon([
            "web": misbehave("--line", "bare", settings: #""stdout": "inherit""#)
        ])
        try daemon.process.output.waitForLine("bare") { $0 == "bare" }
    }
}
