import Supervision
import SystemTypes
import Testing

/// A restart is a stop and a start, and needs no state of its own.
@Suite struct RestartOrderTests {
    @Test(arguments: Situation.typical)
    func `a restart from any state ends in a process that was spawned after it`(
        situation: Situation
    ) {
        var bench = Bench(policy: situation.machine.policy)
        bench.machine = situation.machine
        bench.now = situation.now
        let wasSpawning = bench.machine.state == .spawning

        var effects = bench.send(.stop) + bench.send(.start)
        if !wasSpawning, let process = bench.machine.process {
            #expect(process == .seven)
            effects += bench.send(.exited(code: 0))
        } else if bench.machine.canHappen(.treeGone) {
            effects += bench.send(.treeGone)
        }
        #expect(bench.machine.state == .spawning)
        #expect(effects.contains(.spawn) != wasSpawning)
        #expect(bench.machine.failures == 0)
        bench.send(.spawned(.eight))
        #expect(bench.machine.process == .eight)
        #expect(bench.machine.phase == .starting)
    }

    @Test func `a restart waits for the survivors of the old run`() {
        var bench = Bench(after: .stopping)
        bench.send(.start)
        #expect(bench.send(.exited(code: 0, survivors: 1)) == [.signalSurvivors(.terminate)])
        #expect(bench.send(.treeGone) == [.spawn])
    }

    @Test func `a restart is kept when the old process has to be killed`() {
        var bench = Bench(after: .stopping)
        bench.send(.start)
        #expect(bench.send(.deadlineReached) == [.killTree])
        #expect(bench.send(.killed) == [.spawn])
    }

    @Test func `the last order counts`() {
        var bench = Bench(after: .stopping)
        bench.send(.start)
        bench.send(.stop)
        #expect(bench.send(.exited(code: 0)) == [])
        #expect(bench.machine.state == .stopped)
    }

    @Test func `a program that its policy would leave starts again all the same`() {
        var bench = Bench(policy: .test { $0.restart.when = .never }, after: .running)
        #expect(bench.send(.exited(code: 0, survivors: 1)) == [.killTree])
        bench.send(.stop)
        bench.send(.start)
        #expect(bench.send(.treeGone) == [.spawn])
    }
}
