import ControlProtocol
import SystemTypes
import Testing

/// A daemon that ends with its programs, as in a container.
@Suite(.wholeProgram, .timeLimit(.minutes(10))) struct ExitWhenTests {
    private static func job(_ code: Int) -> String {
        misbehave(
            "--exit-code",
            "\(code)",
            settings: #""type": "oneshot", "restart": "never""#
        )
    }

    /// Runs keepd until it ends by itself.
    private func run(
        _ programs: KeyValuePairs<String, String>,
        _ when: String
    ) throws -> (status: SystemTypes.ExitStatus, scratch: Scratch) {
        let scratch = try Scratch()
        try RunningDaemon.write(programs, "\"exitWhen\": \"\(when)\"", "30s", to: scratch)
        Stage.current?.add(socketPath: scratch.path("keepd.sock"))
        return (try runKeepd("--config", scratch.path("keepd.json")).status, scratch)
    }

    @Test(arguments: [0, 3])
    func `when all have ended, so does keepd, with the status of the first that failed`(
        code: Int
    ) throws {
        let (status, scratch) = try run(["one": Self.job(0), "two": Self.job(code)], "all-exited")
        #expect(status == .exited(Int32(code)))
        #expect(!scratch.has("keepd.sock"))
    }

    @Test func `when one is given up, all others are stopped`() throws {
        let bad = misbehave("--exit-code", "7", settings: #""restart": {"retries": 1}"#)
        let (status, scratch) = try run(["web": misbehave("--pause"), "bad": bad], "any-fatal")
        #expect(status == .exited(7))
        #expect(Survivors.find(startedBy: scratch.path("keepd.sock")).isEmpty)
    }
}
