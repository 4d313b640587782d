import LinuxSystem
import SystemPackage
import SystemTypes
import Testing

@Suite struct CommandTests {
    private func run(_ request: SpawnRequest) throws -> String {
        let null = try Files.openNull()
        let output = try Pipe()
        let spawned = try spawn(request, stdio: (null.raw, output.writing.raw, null.raw))
        #expect(try waitForEnd(of: spawned.pidfd) == .exited(0))
        return String(decoding: try readWaiting(output.reading), as: UTF8.self)
    }

    @Test func `a program is found in PATH, and its arguments are nobody's to interpret`() throws {
        #expect(try run(.exec("echo", "$HOME", "*")) == "$HOME *\n")
        #expect(try run(.exec("/bin/echo", "a b")) == "a b\n")
    }

    @Test func `a shell carries out a line in the environment of the caller`() throws {
        let path = try #require(ProcessEnvironment.variables["PATH"])
        #expect(try run(.shell("echo $PATH | cat")) == "\(path)\n")
    }
}
