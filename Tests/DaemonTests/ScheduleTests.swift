import ControlProtocol
import LinuxSystem
import SystemTypes
import Testing

/// A program that is started when its time has come.
@Suite(.wholeProgram, .timeLimit(.minutes(10))) struct ScheduleTests {
    /// A time zone in which a minute begins that many seconds from now.
    ///
    /// Source: RFC 8536, version 1: one kind of time, that many seconds ahead of UTC.
    private static func zone(inWhichAMinuteBeginsIn seconds: Int) -> String {
        let second = Int(WallTime.now.nanoseconds / 1_000_000_000 % 60)
        let ahead = (120 - seconds - second) % 60
        func word(_ number: Int) -> String { "\0\0\0" + String(UnicodeScalar(UInt8(number))) }
        let counts = [0, 0, 0, 0, 1, 4].map(word).joined()
        let none = String(repeating: "\0", count: 16)
        return "TZif" + none + counts + word(ahead) + "\0\0" + "XXX\0"
    }

    @Test func `it starts by itself then, and not with the daemon`() throws {
        let scratch = try Scratch()
        try scratch.write(Self.zone(inWhichAMinuteBeginsIn: 15), to: "zone")
        let job = shell(
            "echo $KEEPD_PROGRAM >> ran",
            settings: #""type": "scheduled", "schedule": "* * * * *", "# + inScratch
        )
        let daemon = try RunningDaemon(
            ["job": job],
            scratch: scratch,
            environment: ["TZ": scratch.path("zone")]
        )
        let before = try daemon.status(of: "job")
        #expect(before.state == .stopped)
        let after = try eventually("its run") {
            let job = try daemon.status(of: "job")
            return job.state == .exited ? job : nil
        }
        #expect(scratch.lines(of: "ran") == ["job"])
        #expect(after.lastExit?.code == 0)
        // Once in a minute: the next time is another.
        #expect(after.nextAttempt != nil && after.nextAttempt != before.nextAttempt)
        #expect(try daemon.end() == .exited(0))
    }
}
