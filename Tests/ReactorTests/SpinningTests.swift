import LinuxSystem
import SystemTypes
import Testing

@testable import Reactor

/// When it is worthwhile to wait awake, which with one processor it never is.
@Suite(.enabled(if: ProcessEnvironment.processorCount > 1, "one processor")) struct SpinningTests {
    /// How many short sleeps it takes until a wait awake is worthwhile.
    private func sleepsNeeded(_ patience: inout Patience) -> Int {
        var count = 0
        while !patience.isWorthwhile {
            patience.noteSleep(nanoseconds: 10_000)
            count += 1
            // One that never waits awake would count for ever.
            if count > 1_000_000 { return count }
        }
        return count
    }

    @Test func `a few short sleeps in a row make it worthwhile, and a long one does not`() {
        var patience = Patience()
        #expect(!patience.isWorthwhile)
        #expect(sleepsNeeded(&patience) == 3)
        patience.noteSleep(nanoseconds: 1_000_000)
        #expect(!patience.isWorthwhile)
        #expect(sleepsNeeded(&patience) == 3)
        patience.noteOther()
        #expect(sleepsNeeded(&patience) == 3)
    }

    @Test func `each wait in vain has to be preceded by twice as many short sleeps, up to a bound`()
    {
        var patience = Patience()
        var needed: [Int] = []
        for _ in 0..<13 {
            needed.append(sleepsNeeded(&patience))
            #expect(!patience.wait { false })
            #expect(!patience.isWorthwhile)
        }
        #expect(needed.prefix(11) == (0...10).map { 3 << $0 }[...])
        #expect(needed.suffix(2) == [3 << 10, 3 << 10])
    }

    @Test func `a wait that is answered makes up for all that were in vain`() {
        var patience = Patience()
        for _ in 0..<5 {
            _ = sleepsNeeded(&patience)
            #expect(!patience.wait { false })
        }
        _ = sleepsNeeded(&patience)
        #expect(patience.wait { true })
        #expect(patience.isWorthwhile, "the answer came while awake")
        patience.noteOther()
        #expect(sleepsNeeded(&patience) == 3)
    }

    @Test func `nobody waits awake beyond a deadline, nor for long`() {
        var patience = Patience()
        var looks = 0
        let begin = Instant.now
        #expect(
            !patience.wait(until: begin) {
                looks += 1
                return false
            }
        )
        #expect(looks == 1)
        #expect(!patience.wait { Instant.now - begin > .seconds(60) })
    }
}
