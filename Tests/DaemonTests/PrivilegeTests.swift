import ControlProtocol
import Glibc
import LinuxSystem
import SystemTypes
import Testing

/// Who a program is, what it may do and how much, as the kernel sees it.
@Suite(.wholeProgram, .timeLimit(.minutes(10))) struct PrivilegeTests {
    private static let isRoot = Accounts.effectiveUser == 0

    /// What a shell script prints as a program of this configuration.
    private func lines(
        _ script: String,
        _ settings: String,
        scratch: Scratch? = nil
    ) throws -> [String] {
        let daemon = try RunningDaemon(
            ["web": shell(script, settings: settings + #", "restart": "never""#)],
            scratch: scratch
        )
        try daemon.waitForLog("web: exited: exit code 0")
        #expect(try daemon.end() == .exited(0))
        return daemon.process.output.lines.map { String($0.dropFirst("web | ".count)) }
    }

    /// Why it does not come to run.
    private func failure(_ settings: String, _ ending: String) throws {
        let daemon = try RunningDaemon([
            "web": shell("exit 0", settings: settings + #", "restart": "never""#)
        ])
        try daemon.waitForLog(ending)
        #expect(!daemon.log.contains { $0.hasSuffix("exit code 0") })
    }

    @Test(arguments: [
        ("\"openFiles\": 99", "Max open files", ["99", "99"]),
        ("\"openFiles\": {\"soft\": 50, \"hard\": 70}", "Max open files", ["50", "70"]),
        ("\"core\": 0", "Max core file size", ["0", "0"]),
        ("\"stack\": \"1MiB\"", "Max stack size", ["1048576", "1048576"]),
        ("\"cpuTime\": \"100s\"", "Max cpu time", ["100", "100"]),
        ("\"fileSize\": 5000", "Max file size", ["5000", "5000"]),
        ("\"lockedMemory\": 4096", "Max locked memory", ["4096", "4096"]),
        ("\"dataSize\": \"1GiB\"", "Max data size", ["1073741824", "1073741824"]),
        ("\"addressSpace\": \"8GiB\"", "Max address space", ["8589934592", "8589934592"]),
        ("\"processes\": 5000", "Max processes", ["5000", "5000"]),
    ])
    func `a limit is that of the process`(limit: String, name: String, values: [String]) throws {
        let lines = try lines("cat /proc/$$/limits", "\"limits\": {\(limit)}")
        let line = try #require(lines.first { $0.hasPrefix(name) })
        #expect(
            line.dropFirst(name.count).split(separator: " ").prefix(2).map(String.init) == values
        )
    }

    @Test func `a program is as nice, as dear and as bound as it is told`() throws {
        let lines = try lines(
            "cut -d' ' -f19 /proc/$$/stat; cat /proc/$$/oom_score_adj; grep ^Cpus_allowed: /proc/$$/status",
            #""limits": {"nice": 7, "oomScoreAdjust": 300, "cpuAffinity": [0]}"#
        )
        #expect(lines.prefix(2) == ["7", "300"])
        #expect(lines.last?.split(separator: "\t").last.flatMap { Int($0, radix: 16) } == 1)
    }

    @Test(.enabled(if: isRoot, "only root can give privileges"))
    func `a program of another user keeps the capabilities that it is given, and no others`() throws
    {
        let lines = try lines(
            "grep -E '^(Cap|NoNewPrivs)' /proc/$$/status",
            #""user": "nobody", "security": {"noNewPrivileges": true, "capabilities": ["NET_BIND_SERVICE", "CAP_KILL"]}"#
        )
        let pairs = lines.map { $0.split(separator: "\t") }
        let status = Dictionary(uniqueKeysWithValues: pairs.map { ($0[0], $0[1]) })
        let both = UInt64(1 << 10 | 1 << 5)
        for set in ["CapInh:", "CapPrm:", "CapEff:", "CapBnd:", "CapAmb:"] {
            #expect(status[set[...]].flatMap { UInt64($0, radix: 16) } == both, "\(set)")
        }
        #expect(status["NoNewPrivs:"] == "1")
    }

    @Test(.enabled(if: isRoot, "only root can change the root"))
    func `a program sees its root, and nothing else`() throws {
        let scratch = try Scratch()
        // Nothing is in there that it could execute.
        let daemon = try RunningDaemon(
            [
                "web": program(
                    ["/bin/sh"],
                    settings: #""restart": "never", "security": {"chroot": "."}"#
                )
            ],
            scratch: scratch
        )
        try daemon.waitForLog("cannot execute /bin/sh: no such file or directory")
    }

    @Test(.enabled(if: isRoot, "only root can become somebody else"))
    func `a program has the home, the shell and the name of its user`() throws {
        let nobody = try #require(Accounts.user("nobody"))
        let script = "echo $HOME; echo $SHELL; echo $USER; echo $LOGNAME"
        let own = try lines(script, #""user": "nobody""#)
        #expect(own == [nobody.home, nobody.shell, "nobody", "nobody"])
        let told = try lines(script, #""user": "nobody", "environment": {"HOME": "/srv"}"#)
        #expect(told == ["/srv", nobody.shell, "nobody", "nobody"])
    }

    /// Started by root, but run by nobody.
    private func nobodys(_ settings: String) throws -> RunningDaemon {
        let (nobody, scratch) = (try #require(Accounts.user("nobody")), try Scratch())
        try Files.setOwner(scratch.path, user: nobody.id, group: nobody.group)
        return try RunningDaemon(
            ["web": shell("id -u; id -g", settings: settings + #", "restart": "never""#)],
            scratch: scratch,
            wrapper: [
                "setpriv", "--reuid", "\(nobody.id)", "--regid", "\(nobody.group)",
                "--clear-groups", "--",
            ]
        )
    }

    @Test(
        .enabled(if: isRoot, "only root can become somebody else"),
        arguments: [#""user": "nobody""#, #""group": "nogroup", "user": "nobody""#]
    )
    func `who is that user already has nothing to change`(settings: String) throws {
        let nobody = try #require(Accounts.user("nobody"))
        let daemon = try nobodys(settings)
        try daemon.waitForLog("web: exited: exit code 0")
        #expect(try daemon.end() == .exited(0))
        #expect(daemon.process.output.lines == ["web | \(nobody.id)", "web | \(nobody.group)"])
    }

    @Test(
        .enabled(if: isRoot, "only root can become somebody else"),
        arguments: [#""user": "daemon""#, #""group": "daemon""#]
    )
    func `who is not root cannot be somebody else, and is told why`(settings: String) throws {
        try nobodys(settings).waitForLog("keepd does not run as root")
    }

    @Test func `variables of a file come before those of the configuration`() throws {
        let scratch = try Scratch()
        try scratch.write("# colours\nONE='1 $x'\nTWO=\"2\\\"\"\nTHREE=file\n", to: "web.env")
        let lines = try lines(
            #"printf '%s\n' "$ONE" "$TWO" "$THREE""#,
            #""environmentFile": "web.env", "environment": {"THREE": "configuration"}"#,
            scratch: scratch
        )
        #expect(lines == ["1 $x", "2\"", "configuration"])
    }

    @Test func `a line of such a file that is no variable is told once for each start`() throws {
        let scratch = try Scratch()
        try scratch.write("ONE=1\nexport TWO=2\n", to: "web.env")
        let probe = #""ready": {"exec": ["true"]}"#
        let daemon = try RunningDaemon(
            [
                "web": misbehave(
                    "--pause",
                    settings: #""environmentFile": "web.env", "# + probe
                )
            ],
            scratch: scratch
        )
        try daemon.waitForLog("web: running")
        let warning = "\(scratch.path("web.env")):2: left out, for it is not NAME=value"
        #expect(daemon.log.count { $0.hasSuffix("web: \(warning)") } == 1)
    }

    @Test func `a file of variables that is missing is a failure, unless it may be`() throws {
        try failure(
            #""environmentFile": "/nowhere/web.env""#,
            "cannot read the environment file /nowhere/web.env: no such file or directory"
        )
        #expect(try lines("echo here", #""environmentFile": "-/nowhere/web.env""#) == ["here"])
    }

    @Test func `a file of variables that is no regular file is a failure, and nobody waits for it`()
        throws
    {
        let scratch = try Scratch()
        #expect(mkfifo(scratch.path("web.env"), 0o600) == 0)
        let daemon = try RunningDaemon(
            ["web": shell("true", settings: #""restart": "never", "environmentFile": "web.env""#)],
            scratch: scratch
        )
        let path = scratch.path("web.env")
        try daemon.waitForLog("cannot read the environment file \(path): it is no regular file")
        #expect(try daemon.status(of: "web").lastExit?.cause == "spawn-failed")
    }

    @Test func `a processor that is not there is named`() throws {
        try failure(
            #""limits": {"cpuAffinity": [0, 700]}"#,
            "cannot bind it to processor 700: no such device"
        )
    }

    @Test func `a limit for all processes together needs a cgroup`() throws {
        let daemon = try RunningDaemon(
            ["web": misbehave(settings: #""restart": "never", "limits": {"memory": "64MiB"}"#)],
            daemon: TreeKind.descendants.setting
        )
        try daemon.waitForLog(
            "cannot set limits.memory: cgroups are switched off in the configuration"
        )
    }
}
