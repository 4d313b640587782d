import Supervision
import SystemTypes
import Testing

@Suite struct BackoffTests {
    private func backoff(
        initial: Duration = .milliseconds(100),
        max: Duration = .seconds(30),
        factor: Double = 2,
        jitter: Double = 0
    ) -> Backoff {
        var backoff = Backoff()
        backoff.initial = initial
        backoff.max = max
        backoff.factor = factor
        backoff.jitter = jitter
        return backoff
    }

    /// Whole milliseconds, for the arithmetic is in binary fractions.
    private func milliseconds(_ duration: Duration) -> Int {
        Int((duration.inSeconds * 1_000).rounded())
    }

    @Test(arguments: [
        (1, 100), (2, 200), (3, 400), (4, 800), (8, 12_800), (9, 25_600), (10, 30_000),
        (11, 30_000), (1_000_000_000, 30_000),
    ])
    func `the pause doubles with each failure up to the maximum`(failures: Int, pause: Int) {
        let delay = backoff().delay(afterFailures: failures, chance: 0)
        #expect(milliseconds(delay) == pause)
    }

    @Test(arguments: [(1, 1_000), (2, 1_500), (3, 2_250), (4, 3_375)])
    func `the factor may be a fraction`(failures: Int, pause: Int) {
        let backoff = backoff(initial: .seconds(1), factor: 1.5)
        #expect(milliseconds(backoff.delay(afterFailures: failures, chance: 0)) == pause)
    }

    @Test(arguments: [1, 2, 1_000, 10_000_000_000])
    func `with factor one the pause stays, however long a program fails`(failures: Int) {
        let backoff = backoff(initial: .seconds(2), factor: 1)
        #expect(backoff.delay(afterFailures: failures, chance: 0) == .seconds(2))
    }

    @Test(arguments: [1, 2, 10_000_000_000])
    func `without an initial pause there is none, ever`(failures: Int) {
        let backoff = backoff(initial: .zero, jitter: 0.1)
        #expect(backoff.delay(afterFailures: failures, chance: 1) == .zero)
    }

    @Test(arguments: [(-1.0, 900), (-0.5, 950), (0, 1_000), (0.5, 1_050), (1, 1_100)])
    func `jitter lengthens or shortens by its share at most`(chance: Double, pause: Int) {
        let backoff = backoff(initial: .seconds(1), jitter: 0.1)
        #expect(milliseconds(backoff.delay(afterFailures: 1, chance: chance)) == pause)
    }

    @Test func `full jitter may leave nothing of a pause, and never less`() {
        let backoff = backoff(jitter: 1)
        #expect(backoff.delay(afterFailures: 1, chance: -1) == .zero)
        #expect(milliseconds(backoff.delay(afterFailures: 1, chance: 1)) == 200)
    }

    @Test func `the machine hands its chance to the pause`() {
        let policy = Policy.test { $0.restart.backoff.jitter = 0.5 }
        var bench = Bench(policy: policy, after: .starting)
        bench.send(.exited(code: 1), chance: 1)
        #expect(bench.machine.deadline == .seconds(0.15))
    }
}
