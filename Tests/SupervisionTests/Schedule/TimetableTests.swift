import Supervision
import SystemTypes
import Testing

@Suite struct TimetableTests {
    /// The clock on the wall showed this when the machine's own clock was at zero.
    private static let noon = "2026-11-24 12:00"

    private var offset: Duration {
        get throws { .nanoseconds(try Calendar.utc(Self.noon).nanoseconds) }
    }

    private func timetable(_ text: String) throws -> Timetable {
        Timetable(try CronExpression(text), in: .utc, at: .zero, offset: try offset)
    }

    private func minutes(_ count: Double) -> Instant { .seconds(count * 60) }

    @Test func `a program is due when the clock on the wall says so, and not before`() throws {
        var timetable = try timetable("30 * * * *")
        #expect(timetable.deadline == minutes(30))
        #expect(timetable.takeDue(at: .seconds(1_799.9), isRunning: false) == nil)
        #expect(timetable.takeDue(at: minutes(30), isRunning: false) == .run)
        #expect(timetable.takeDue(at: minutes(30), isRunning: false) == nil)
        #expect(timetable.deadline == minutes(90))
    }

    @Test func `a run that is due while the last one goes on is left out and counted`() throws {
        var timetable = try timetable("*/10 * * * *")
        #expect(timetable.takeDue(at: minutes(10), isRunning: false) == .run)
        #expect(timetable.takeDue(at: minutes(20), isRunning: true) == .skipped)
        #expect(timetable.takeDue(at: minutes(30), isRunning: true) == .skipped)
        #expect(timetable.skips == 2)
        #expect(timetable.takeDue(at: minutes(40), isRunning: false) == .run)
    }

    @Test func `runs that were slept through are made up for by one, at once`() throws {
        var timetable = try timetable("*/10 * * * *")
        #expect(timetable.takeDue(at: minutes(605), isRunning: false) == .run)
        #expect(timetable.takeDue(at: minutes(605), isRunning: false) == nil)
        #expect(timetable.deadline == minutes(610))
    }

    @Test func `a clock that is set forward makes what it skips due at once, and once`() throws {
        var timetable = try timetable("*/10 * * * *")
        timetable.clockSet(offset: try offset + .seconds(86_400), at: minutes(1))
        let deadline = try #require(timetable.deadline)
        #expect(deadline <= minutes(1))
        #expect(timetable.takeDue(at: minutes(1), isRunning: false) == .run)
        #expect(timetable.deadline == minutes(10))
    }

    @Test func `a clock that is set forward a little brings the next run nearer`() throws {
        var timetable = try timetable("30 * * * *")
        timetable.clockSet(offset: try offset + .seconds(600), at: minutes(1))
        #expect(timetable.deadline == minutes(20))
    }

    @Test(arguments: [1.0, 3_600, 10_800])
    func `a clock that is set back by up to three hours repeats nothing`(seconds: Double) throws {
        var timetable = try timetable("30 * * * *")
        _ = timetable.takeDue(at: minutes(30), isRunning: false)
        timetable.clockSet(offset: try offset - .seconds(seconds), at: minutes(31))
        #expect(timetable.next == (try Calendar.utc("2026-11-24 13:30")))
        #expect(timetable.deadline == minutes(90 + seconds / 60))
    }

    @Test func `a clock that was set back by more was wrong, and the next run is another`() throws {
        var timetable = try timetable("30 * * * *")
        _ = timetable.takeDue(at: minutes(30), isRunning: false)
        timetable.clockSet(offset: try offset - .seconds(10_801), at: minutes(31))
        #expect(timetable.next == (try Calendar.utc("2026-11-24 10:30")))
        #expect(timetable.takeDue(at: minutes(31 + 60), isRunning: false) == .run)
    }

    @Test func `a clock that is set back bit by bit is set back by the sum`() throws {
        var timetable = try timetable("30 * * * *")
        timetable.clockSet(offset: try offset - .seconds(2 * 3_600), at: .zero)
        #expect(timetable.next == (try Calendar.utc("2026-11-24 12:30")))
        timetable.clockSet(offset: try offset - .seconds(4 * 3_600), at: .zero)
        #expect(timetable.next == (try Calendar.utc("2026-11-24 08:30")))
    }

    @Test func `a clock that is set forward by mistake and back again costs one run`() throws {
        var timetable = try timetable("0 0 * * *")
        timetable.clockSet(offset: try offset + .seconds(30 * 86_400), at: minutes(1))
        #expect(timetable.takeDue(at: minutes(1), isRunning: false) == .run)
        timetable.clockSet(offset: try offset, at: minutes(2))
        #expect(timetable.next == (try Calendar.utc("2026-11-25")))
    }
}
