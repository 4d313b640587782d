import Supervision
import SystemTypes
import Testing

@Suite struct ImpossibleTests {
    @Test func `an exit of what was never spawned is a bug, not a state`() async {
        await #expect(processExitsWith: .failure) {
            var machine = ProcessMachine(policy: Policy())
            _ = machine.handle(.exited(.exited(0), survivors: 0), at: .zero)
        }
    }

    @Test func `a second process in one run is a bug`() async {
        await #expect(processExitsWith: .failure) {
            var machine = ProcessMachine(policy: Policy())
            _ = machine.handle(.start, at: .zero)
            _ = machine.handle(.spawned(ProcessID(rawValue: 7)), at: .zero)
            _ = machine.handle(.spawned(ProcessID(rawValue: 8)), at: .zero)
        }
    }

    @Test func `a tree that is gone before its process is a bug`() async {
        await #expect(processExitsWith: .failure) {
            var machine = ProcessMachine(policy: Policy())
            _ = machine.handle(.start, at: .zero)
            _ = machine.handle(.spawned(ProcessID(rawValue: 7)), at: .zero)
            _ = machine.handle(.treeGone, at: .zero)
        }
    }

    @Test func `a deadline that comes too early is a bug`() async {
        await #expect(processExitsWith: .failure) {
            var machine = ProcessMachine(policy: Policy())
            _ = machine.handle(.start, at: .zero)
            _ = machine.handle(.spawned(ProcessID(rawValue: 7)), at: .zero)
            _ = machine.handle(.deadlineReached, at: .zero)
        }
    }

    @Test(arguments: Situation.typical)
    func `an order can be given in any state, a deadline comes where there is one`(
        situation: Situation
    ) {
        let machine = situation.machine
        #expect(machine.canHappen(.start) && machine.canHappen(.stop) && machine.canHappen(.kill))
        #expect(machine.canHappen(.deadlineReached) == (machine.deadline != nil))
        #expect(machine.canHappen(.killed) == (machine.process != nil))
        #expect(machine.canHappen(.spawnFailed) == machine.canHappen(.spawned(.seven)))
    }

    @Test(arguments: Situation.typical)
    func `asking what can happen changes nothing`(situation: Situation) {
        let machine = situation.machine
        _ = machine.canHappen(.kill)
        #expect(machine == situation.machine)
    }
}
