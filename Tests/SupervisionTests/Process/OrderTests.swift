import Supervision
import SystemTypes
import Testing

@Suite struct OrderTests {
    // MARK: - Start

    @Test(arguments: Situation.typical.filter { $0.machine.isAtRest })
    func `a start of what is at rest waits until it may, and forgives`(situation: Situation) {
        var machine = situation.machine
        #expect(machine.handle(.start, at: situation.now) == [])
        #expect(machine.state == .waiting)
        #expect(machine.goal == .up)
        #expect(machine.failures == 0)
    }

    @Test(arguments: Situation.typical.filter { !$0.machine.isAtRest })
    func `a start of what is not at rest waits for a report`(situation: Situation) {
        var machine = situation.machine
        #expect(machine.handle(.start, at: situation.now) == [])
        #expect(machine.goal == .up)
        #expect(machine.failures == 0)
        #expect(machine.phase == situation.machine.phase)
        #expect(machine.deadline == situation.machine.deadline)
    }

    @Test func `a spawned process is starting until it has been up for settle`() {
        var bench = Bench()
        #expect(bench.send(.start) == [.spawn])
        #expect(bench.machine.phase == .starting)
        #expect(bench.machine.process == nil)
        #expect(bench.send(.spawned(.seven), after: .seconds(5)) == [])
        #expect(bench.machine.state == .starting(.seven, since: .seconds(5), until: .seconds(6)))
        #expect(bench.machine.deadline == .seconds(6))
        #expect(bench.send(.deadlineReached) == [])
        #expect(bench.machine.state == .running(.seven))
        #expect(bench.machine.deadline == nil)
    }

    @Test func `without settle a spawned process runs at once`() {
        let policy = Policy.test { $0.start.settle = .zero }
        let bench = Bench(policy: policy, after: .starting)
        #expect(bench.machine.state == .running(.seven))
        #expect(bench.machine.deadline == nil)
    }

    // MARK: - Stop

    @Test(arguments: [[ProcessMachine.Event].starting, .running])
    func `a stop sends the stop signal and sets the limit of patience`(
        events: [ProcessMachine.Event]
    ) {
        let policy = Policy.test {
            $0.stop.signal = .interrupt
            $0.stop.scope = .process
            $0.stop.timeout = .seconds(3)
        }
        var bench = Bench(policy: policy, after: events)
        let killAt = bench.now + .seconds(3)
        #expect(bench.send(.stop) == [.signal(.interrupt, .process)])
        #expect(bench.machine.state == .stopping(.seven, .ordered, killAt: killAt))
        #expect(bench.machine.deadline == killAt)
    }

    @Test func `a process that obeys leaves the program stopped`() {
        var bench = Bench(after: .stopping)
        #expect(bench.send(.exited(code: 143), after: .seconds(2)) == [])
        #expect(bench.machine.state == .stopped)
    }

    @Test func `a program that ignores the stop signal is killed when patience ends`() {
        var bench = Bench(after: .stopping)
        #expect(bench.send(.deadlineReached) == [.killTree])
        #expect(bench.machine.state == .killing(.seven, .ordered))
        #expect(bench.machine.deadline == nil)
        #expect(bench.send(.killed) == [])
        #expect(bench.machine.state == .stopped)
    }

    @Test func `an exit at the very end of patience is in time`() {
        var bench = Bench(after: .stopping)
        #expect(bench.send(.exited(code: 0), after: .seconds(10)) == [])
        #expect(bench.machine.state == .stopped)
    }

    @Test func `a second stop does not prolong patience`() {
        var bench = Bench(after: .stopping)
        let deadline = bench.machine.deadline
        #expect(bench.send(.stop, after: .seconds(5)) == [])
        #expect(bench.machine.deadline == deadline)
    }

    @Test func `a stop while spawning waits for the process and then stops it`() {
        var bench = Bench(after: [.start])
        #expect(bench.send(.stop) == [])
        #expect(bench.send(.spawned(.seven)) == [.signal(.terminate, .group)])
        #expect(bench.machine.state == .stopping(.seven, .ordered, killAt: .seconds(10)))
    }

    @Test func `a stop while spawning takes a failure for a success`() {
        var bench = Bench(after: [.start, .stop])
        #expect(bench.send(.spawnFailed) == [])
        #expect(bench.machine.state == .stopped)
        #expect(bench.machine.failures == 0)
    }

    @Test(arguments: Situation.typical.filter { $0.machine.isAtRest })
    func `a stop or kill of what is at rest only says stopped`(situation: Situation) {
        for (order, goal) in [
            (ProcessMachine.Event.stop, ProcessMachine.Goal.down), (.kill, .gone),
        ] {
            var machine = situation.machine
            #expect(machine.handle(order, at: situation.now) == [])
            #expect(machine.state == .stopped)
            #expect(machine.goal == goal)
            #expect(machine.deadline == nil)
        }
    }

    // MARK: - Kill

    @Test(arguments: [[ProcessMachine.Event].starting, .running, .stopping])
    func `a kill has no patience with a process`(events: [ProcessMachine.Event]) {
        var bench = Bench(after: events)
        #expect(bench.send(.kill) == [.killTree])
        #expect(bench.machine.state == .killing(.seven, .ordered))
        #expect(bench.machine.goal == .gone)
    }

    @Test func `a kill while spawning kills the process as soon as it is there`() {
        var bench = Bench(after: [.start, .kill])
        #expect(bench.send(.spawned(.seven)) == [.killTree])
        #expect(bench.machine.state == .killing(.seven, .ordered))
    }

    @Test func `a kill has no patience with survivors`() {
        var bench = Bench(after: .outlived)
        #expect(bench.send(.kill) == [.killTree])
        #expect(bench.machine.state == .clearing(.stopped(.ordered)))
    }

    @Test(arguments: [[ProcessMachine.Event].killing, .clearing])
    func `what is being killed is not killed twice`(events: [ProcessMachine.Event]) {
        var bench = Bench(after: events)
        let state = bench.machine.state
        #expect(bench.send(.kill) == [])
        #expect(bench.machine.state == state)
    }
}
