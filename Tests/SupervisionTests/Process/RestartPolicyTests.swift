import Supervision
import SystemTypes
import Testing

@Suite struct RestartPolicyTests {
    private static let killed = SystemTypes.ExitStatus.signaled(.kill, coreDumped: false)

    @Test(arguments: [
        (RestartPolicy.When.always, SystemTypes.ExitStatus?.some(.exited(0)), true),
        (.always, .exited(1), true),
        (.always, killed, true),
        (.always, nil, true),
        (.onFailure, .exited(0), false),
        (.onFailure, .exited(3), false),
        (.onFailure, .exited(1), true),
        (.onFailure, killed, true),
        // Nobody can say how it ended.
        (.onFailure, nil, true),
        (.never, .exited(0), false),
        (.never, .exited(1), false),
        (.never, killed, false),
        (.never, nil, false),
    ])
    func `the policy decides after a steady run`(
        when: RestartPolicy.When,
        status: SystemTypes.ExitStatus?,
        restarts: Bool
    ) {
        let policy = Policy.test {
            $0.restart.when = when
            $0.restart.successExitCodes = [0, 3]
        }
        var bench = Bench(policy: policy, after: .running)
        #expect(bench.send(.exited(status, survivors: 0)) == (restarts ? [.spawn] : []))
        #expect(bench.machine.state == (restarts ? .spawning : .exited))
        #expect(bench.machine.failures == 0)
    }

    @Test func `a success before the run was steady is left alone on failure only`() {
        var bench = Bench(policy: .test { $0.restart.when = .onFailure }, after: .starting)
        bench.send(.exited(code: 0))
        #expect(bench.machine.state == .exited)
    }

    @Test func `a success before the run was steady is a failure to stay`() {
        var bench = Bench(after: .starting)
        bench.send(.exited(code: 0))
        #expect(bench.machine.state == .backoff(until: .seconds(0.1)))
        #expect(bench.machine.failures == 1)
    }

    @Test func `failures in a row wait longer each time and end in fatal`() {
        var bench = Bench(after: .starting)
        for pause in [0.1, 0.2] {
            bench.send(.exited(code: 1), after: .milliseconds(10))
            #expect(bench.machine.deadline == bench.now + .seconds(pause))
            #expect(bench.send(.deadlineReached) == [.spawn])
            bench.send(.spawned(.seven))
        }
        #expect(bench.send(.exited(code: 1)) == [])
        #expect(bench.machine.state == .fatal)
        #expect(bench.machine.failures == 3)
        #expect(bench.machine.deadline == nil)
    }

    @Test func `failed spawns count like failed runs`() {
        var bench = Bench(after: [.start, .spawnFailed])
        #expect(bench.machine.state == .backoff(until: .seconds(0.1)))
        bench.send(.deadlineReached)
        bench.send(.spawned(.seven))
        bench.send(.exited(code: 1))
        bench.send(.deadlineReached)
        bench.send(.spawnFailed)
        #expect(bench.machine.state == .fatal)
    }

    @Test(arguments: [(0, 1), (1, 1), (2, 2), (5, 5)])
    func `retries are the failures it takes to give up, and one is the least`(
        retries: Int,
        failures: Int
    ) {
        var bench = Bench(policy: .test { $0.restart.retries = retries }, after: [.start])
        for _ in 1..<failures {
            bench.send(.spawnFailed)
            #expect(bench.machine.phase == .backoff)
            bench.send(.deadlineReached)
        }
        bench.send(.spawnFailed)
        #expect(bench.machine.state == .fatal)
    }

    @Test func `without a limit it never gives up`() {
        var bench = Bench(policy: .test { $0.restart.retries = nil }, after: [.start])
        for failures in 1...1_000 {
            bench.send(.spawnFailed)
            #expect(bench.machine.phase == .backoff)
            #expect(bench.machine.failures == failures)
            bench.send(.deadlineReached)
        }
    }

    @Test func `a program that is never restarted gives up at its first failed spawn`() {
        let policy = Policy.test { $0.restart.when = .never }
        let bench = Bench(policy: policy, after: [.start, .spawnFailed])
        #expect(bench.machine.state == .fatal)
    }

    // MARK: - Steady runs

    @Test func `a steady run forgives the failures before it`() {
        var bench = Bench(after: .backoff)
        bench.send(.deadlineReached)
        bench.send(.spawned(.seven))
        #expect(bench.machine.failures == 1)
        bench.send(.deadlineReached)
        #expect(bench.machine.failures == 0)
    }

    @Test func `without settle every run is steady`() {
        let policy = Policy.test { $0.start.settle = .zero }
        var bench = Bench(policy: policy, after: [.start, .spawnFailed, .deadlineReached])
        #expect(bench.machine.failures == 1)
        bench.send(.spawned(.seven))
        #expect(bench.machine.failures == 0)
        #expect(bench.send(.exited(code: 1)) == [.spawn])
    }

    @Test func `an exit at the very instant of settling ends a steady run`() {
        var bench = Bench(after: .backoff)
        bench.send(.deadlineReached)
        bench.send(.spawned(.seven))
        #expect(bench.send(.exited(code: 1), after: .seconds(1)) == [.spawn])
        #expect(bench.machine.failures == 0)
    }

    @Test func `an exit just before settling is a failure`() {
        var bench = Bench(after: .starting)
        #expect(bench.send(.exited(code: 1), after: .seconds(1) - .nanoseconds(1)) == [])
        #expect(bench.machine.phase == .backoff)
    }
}
