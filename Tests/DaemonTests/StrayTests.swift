import ControlProtocol
import LinuxSystem
import SystemTypes
import Testing

/// What becomes of programs whose daemon was killed, where nobody held anything for the next one.
@Suite(.wholeProgram, .timeLimit(.minutes(10))) struct StrayTests {
    private func configuration(_ kind: TreeKind) -> (
        programs: KeyValuePairs<String, String>, daemon: String
    ) {
        (["web": misbehave("--lock", "lock", "--fork", "2", settings: inScratch)], kind.setting)
    }

    /// The program and its two children.
    private func expectFamily(of daemon: RunningDaemon) throws {
        _ = try eventually("three processes") { daemon.survivors.count == 3 ? true : nil }
    }

    /// One that runs its program, and is then killed.
    private func killedDaemon(_ kind: TreeKind) throws -> (scratch: Scratch, process: ProcessID) {
        let (programs, settings) = configuration(kind)
        let daemon = try RunningDaemon(programs, daemon: settings)
        try daemon.waitForLog("web: running")
        let process = try #require(try daemon.status(of: "web").pid)
        try expectFamily(of: daemon)
        #expect(try daemon.end(.kill) == .signaled(.kill, coreDumped: false))
        try expectFamily(of: daemon)
        return (daemon.scratch, ProcessID(rawValue: Int32(process)))
    }

    @Test(arguments: TreeKind.available)
    func `the next daemon ends them before it starts any, and says so`(kind: TreeKind) throws {
        let (scratch, process) = try killedDaemon(kind)
        let (programs, settings) = configuration(kind)
        let daemon = try RunningDaemon(programs, daemon: settings, scratch: scratch)
        try daemon.waitForLog("web: running")
        #expect(!Survivors.isAlive(process))
        #expect(
            daemon.log.contains {
                $0.contains("killing process \(process), which keepd left before")
            }
        )
        try expectFamily(of: daemon)
        #expect(!scratch.has("lock.violations"))
        #expect(try daemon.end() == .exited(0))
        #expect(daemon.survivors.isEmpty)
    }

    /// A process that is none of a daemon, with what its programs have in their environment.
    private func stranger(_ variables: [String: String]) throws -> StartedProcess {
        let stranger = try StartedProcess(
            [Places.product("misbehave"), "--line", "here"],
            environment: variables
        )
        try stranger.output.waitForLine("of the stranger") { $0 == "here" }
        return stranger
    }

    @Test func `only what carries the path of the socket and the mark is ended`() throws {
        let scratch = try Scratch()
        let path = scratch.path("keepd.sock")
        let user = try stranger(["KEEPD_SOCKET": path])
        let other = try stranger(["KEEPD_SOCKET": path + "2", "KEEPD_PROGRAM": "web"])
        let stray = try stranger(["KEEPD_SOCKET": path, "KEEPD_PROGRAM": "web"])
        let daemon = try RunningDaemon(["web": misbehave("--pause")], scratch: scratch)
        #expect(try stray.waitForEnd() == .signaled(.kill, coreDumped: false))
        #expect(Survivors.isAlive(user.process) && Survivors.isAlive(other.process))
        #expect(try daemon.end() == .exited(0))
        user.kill()
        other.kill()
    }

    @Test func `a shell of the daemon before may start the next one`() throws {
        let scratch = try Scratch()
        let daemon = try RunningDaemon(
            ["web": misbehave("--pause")],
            scratch: scratch,
            wrapper: ["/bin/sh", "-c", "\"$@\"; exit $?", "sh"],
            environment: ["KEEPD_SOCKET": scratch.path("keepd.sock"), "KEEPD_PROGRAM": "shell"]
        )
        try daemon.waitForLog("web: running")
        #expect(Survivors.isAlive(daemon.process.process))
        try daemon.order("shutdown")
        #expect(try daemon.waitForEnd() == .exited(0))
    }
}
