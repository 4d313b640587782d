import SystemTypes
import Testing

@testable import Supervision

/// When a pipe is read again.
@Suite struct DrainPaceTests {
    private var pace = DrainPace(capacity: 65_536, capacityMax: 1 << 20)

    private func at(_ microseconds: Int64) -> Instant {
        Instant(nanoseconds: 1_000_000_000 + microseconds * 1_000)
    }

    @Test mutating func `a line that comes alone is read at once, each time`() {
        for time in stride(from: Int64(0), to: 100_000, by: 10_000) {
            #expect(pace.step(after: 100, at: at(time)) == .watch)
        }
    }

    @Test mutating func `lines that come close together are read every millisecond`() {
        #expect(pace.step(after: 100, at: at(0)) == .watch)
        #expect(pace.step(after: 100, at: at(5)) == .rest(.milliseconds(1)))
        for time in stride(from: Int64(1_005), to: 50_000, by: 1_000) {
            #expect(pace.step(after: 20_000, at: at(time)) == .rest(.milliseconds(1)))
        }
    }

    @Test mutating func `after the last of them, the next is read at once again`() {
        _ = pace.step(after: 100, at: at(0))
        _ = pace.step(after: 100, at: at(5))
        #expect(pace.step(after: 0, at: at(1_005)) == .watch)
    }

    @Test mutating func `it never rests for longer than it takes to fill half of the pipe`() {
        _ = pace.step(after: 100, at: at(0))
        // 64 KiB a millisecond: half of the pipe in half of one.
        #expect(pace.step(after: 65_536, at: at(1_000)) == .rest(.microseconds(500)))
        #expect(pace.capacityWanted == 262_144)
    }

    @Test mutating func `a pipe that is filled at once is widened, and followed without rest`() {
        _ = pace.step(after: 100, at: at(0))
        #expect(pace.step(after: 60_000, at: at(50)) == .watch)
        #expect(pace.capacityWanted == 262_144)
        pace.widened(to: 262_144)
        #expect(pace.capacityWanted == nil)
        _ = pace.step(after: 250_000, at: at(100))
        pace.widened(to: 1 << 20)
        _ = pace.step(after: 1 << 20, at: at(150))
        #expect(pace.capacityWanted == nil)
    }

    @Test mutating func `a pipe that may not be wider is not asked to be again`() {
        _ = pace.step(after: 100, at: at(0))
        _ = pace.step(after: 60_000, at: at(50))
        pace.widened(to: nil)
        _ = pace.step(after: 60_000, at: at(100))
        #expect(pace.capacityWanted == nil && pace.capacity == 65_536)
    }
}
