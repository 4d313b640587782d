import Supervision
import SystemTypes
import Testing

/// Processes that a program started and that outlive it.
@Suite struct SurvivorTests {
    @Test func `after a stop survivors have the rest of the patience`() {
        var bench = Bench(after: .stopping)
        let deadline = bench.machine.deadline
        #expect(
            bench.send(.exited(code: 0, survivors: 2), after: .seconds(4))
                == [.signalSurvivors(.terminate)]
        )
        #expect(bench.machine.deadline == deadline)
        #expect(bench.machine.process == nil)
        #expect(bench.machine.phase == .stopping)
        #expect(bench.send(.treeGone, after: .seconds(1)) == [])
        #expect(bench.machine.state == .stopped)
    }

    @Test func `survivors are asked with the program's own stop signal`() {
        var bench = Bench(policy: .test { $0.stop.signal = .quit }, after: .stopping)
        #expect(bench.send(.exited(code: 0, survivors: 1)) == [.signalSurvivors(.quit)])
    }

    @Test func `survivors that stay are killed when patience ends`() {
        var bench = Bench(after: .outlived)
        #expect(bench.send(.deadlineReached) == [.killTree])
        #expect(bench.machine.state == .clearing(.stopped(.ordered)))
        #expect(bench.machine.deadline == nil)
        #expect(bench.send(.treeGone) == [])
        #expect(bench.machine.state == .stopped)
    }

    @Test func `a killed process may leave survivors, and they are killed too`() {
        var bench = Bench(after: .killing)
        #expect(bench.send(.exited(code: 0, survivors: 1)) == [.killTree])
        #expect(bench.machine.state == .clearing(.stopped(.ordered)))
    }

    @Test(arguments: [[ProcessMachine.Event].starting, .running])
    func `after an exit that nobody asked for survivors have no patience`(
        events: [ProcessMachine.Event]
    ) {
        var bench = Bench(after: events)
        #expect(bench.send(.exited(code: 1, survivors: 3)) == [.killTree])
        #expect(bench.machine.phase == .stopping)
        #expect(bench.machine.process == nil)
    }

    @Test func `a failure is counted, and its pause begins, when the survivors are gone`() {
        var bench = Bench(after: .starting)
        bench.send(.exited(code: 1, survivors: 1))
        #expect(bench.machine.failures == 0)
        bench.send(.treeGone, after: .seconds(60))
        #expect(bench.machine.failures == 1)
        #expect(bench.machine.state == .backoff(until: .seconds(60.1)))
    }

    @Test func `a steady run is restarted at once when the survivors are gone`() {
        var bench = Bench(after: .running)
        bench.send(.exited(code: 1, survivors: 1))
        #expect(bench.send(.treeGone) == [.spawn])
    }

    @Test func `what the policy leaves is exited when the survivors are gone`() {
        var bench = Bench(policy: .test { $0.restart.when = .never }, after: .running)
        bench.send(.exited(code: 1, survivors: 1))
        #expect(bench.send(.treeGone) == [])
        #expect(bench.machine.state == .exited)
    }

    @Test func `a stop while survivors are cleared away prevents the restart`() {
        var bench = Bench(after: .running)
        bench.send(.exited(code: 1, survivors: 1))
        #expect(bench.send(.stop) == [])
        #expect(bench.send(.treeGone) == [])
        #expect(bench.machine.state == .stopped)
    }

    @Test func `a start while survivors are cleared away needs no pause`() {
        var bench = Bench(after: .starting)
        bench.send(.exited(code: 1, survivors: 1))
        #expect(bench.send(.start) == [])
        #expect(bench.send(.treeGone) == [.spawn])
        #expect(bench.machine.failures == 0)
    }
}
