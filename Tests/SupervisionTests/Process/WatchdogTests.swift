import Supervision
import SystemTypes
import Testing

@Suite struct WatchdogTests {
    @Test func `a program that is watched has the whole time until its first sign of life`() {
        let watchdog = Watchdog(timeout: .seconds(30), at: .seconds(5))
        #expect(watchdog.deadline == .seconds(35))
        #expect(!watchdog.hasExpired(at: .seconds(34.999)))
        #expect(watchdog.hasExpired(at: .seconds(35)))
    }

    @Test func `each sign of life gives the whole time again`() {
        var watchdog = Watchdog(timeout: .seconds(30), at: .zero)
        watchdog.ping(at: .seconds(29))
        #expect(watchdog.deadline == .seconds(59))
        watchdog.ping(at: .seconds(30))
        #expect(watchdog.deadline == .seconds(60))
    }
}
