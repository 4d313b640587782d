internal import LinuxSystem
internal import SystemTypes

/// Whether it is worthwhile to look out for work for a moment before going to sleep.
///
/// To sleep and to be woken takes tens of microseconds. Where the last sleeps were that short, the
/// next one is waited for awake; one such wait that was in vain ends it, until short sleeps are
/// seen again. So nothing that is idle burns time, and two threads that answer each other do not
/// sleep at all. Where they have to share a processor, which others keep busy, to wait awake keeps
/// the very thread from working that is waited for: so each wait in vain is to be preceded by twice
/// as many short sleeps as the last, until one is not.
struct Patience: Sendable {
    private static let sleepMax: Int64 = 100_000
    private static let waitMax: Int64 = 50_000
    private static let shortSleepsMin = 3
    private static let shortSleepsMax = 3 << 10
    /// With one processor whoever looks out keeps the others from working.
    private static let isPossible = ProcessEnvironment.processorCount > 1

    private var shortSleeps = 0
    private var shortSleepsNeeded = Patience.shortSleepsMin

    var isWorthwhile: Bool { shortSleeps >= shortSleepsNeeded }

    mutating func noteSleep(nanoseconds: Int64) {
        if nanoseconds > Patience.sleepMax {
            shortSleeps = 0
        } else if Patience.isPossible {
            shortSleeps = min(shortSleeps + 1, shortSleepsNeeded)
        }
    }

    /// The sleep was ended by something that cannot be waited for awake.
    mutating func noteOther() {
        shortSleeps = 0
    }

    /// Waits until `condition` holds, for a moment, and not beyond `deadline`.
    ///
    /// - Returns: Whether it does.
    mutating func wait(until deadline: Instant = .distantFuture, for condition: () -> Bool) -> Bool
    {
        let begin = Instant.now.nanoseconds
        let end = min(deadline.nanoseconds, begin + Patience.waitMax)
        repeat {
            if condition() {
                shortSleepsNeeded = Patience.shortSleepsMin
                return true
            }
        } while Instant.now.nanoseconds < end
        shortSleeps = 0
        shortSleepsNeeded = min(2 * shortSleepsNeeded, Patience.shortSleepsMax)
        return false
    }
}
