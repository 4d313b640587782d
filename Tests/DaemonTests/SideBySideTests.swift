import ControlProtocol
import LinuxSystem
import SystemTypes
import Testing

/// Stops take place at the same time.
@Suite(.wholeProgram, .timeLimit(.minutes(10))) struct SideBySideTests {
    @Test(arguments: TreeKind.available)
    func `all that take their time to stop are told to before the first has ended`(
        kind: TreeKind
    ) throws {
        let slow = misbehave("--on-term", "1s")
        let daemon = try RunningDaemon(
            [
                "a": slow, "b": slow, "c": slow, "d": slow, "e": slow, "f": slow, "g": slow,
                "h": slow,
            ],
            daemon: kind.setting
        )
        try daemon.start("all")
        #expect(try daemon.stop("all").count == 8)
        // The log comes by another way than the answer, and later.
        let states = try eventually("that the log tells of all") {
            let states = daemon.log.compactMap { line -> String? in
                ["stopping", "stopped"].first { line.contains(": \($0)") }
            }
            return states.count == 16 ? states : nil
        }
        #expect(
            states == Array(repeating: "stopping", count: 8) + Array(repeating: "stopped", count: 8)
        )
    }
}
