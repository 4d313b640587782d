import OrderedCollections
import Supervision
import SystemTypes
import Testing

/// Instances that are restarted one after the other.
@Suite struct RollingTests {
    private func running(_ count: Int) -> Office {
        var office = Office([.named("web", instances: count)])
        office.handle(.begin)
        for number in 0..<count {
            office.handle(.spawned(.run(1, of: "web", number: number), .seven))
        }
        office.wait()
        return office
    }

    private func roll(_ office: inout Office, _ count: Int) -> [Supervisor.Effect] {
        let ids = (0..<count).map { InstanceID(program: "web", number: $0) }
        return office.handle(.rollingRestart(ids, by: .ann)).demands
    }

    private func run(_ number: Int, _ serial: Int) -> Incarnation {
        .run(serial, of: "web", number: number)
    }

    @Test func `the next has its turn when the one before is ready again`() {
        var office = running(2)
        #expect(roll(&office, 2) == [.signal(run(0, 1), .terminate, .group)])
        let end = office.handle(.exited(run(0, 1), .exited(0), survivors: 0))
        #expect(end.demands == [.spawn(run(0, 2))])
        #expect(office.handle(.spawned(run(0, 2), .eight)).demands == [])
        #expect(office.wait().demands == [.signal(run(1, 1), .terminate, .group)])
        office.handle(.exited(run(1, 1), .exited(0), survivors: 0))
        office.handle(.spawned(run(1, 2), .seven))
        #expect(office.wait().demands == [])
    }

    @Test func `one that fails ends it, and the others stay as they are`() {
        var office = running(2)
        _ = roll(&office, 2)
        office.handle(.exited(run(0, 1), .exited(0), survivors: 0))
        office.handle(.spawned(run(0, 2), .eight))
        let failure = office.handle(.exited(run(0, 2), .exited(1), survivors: 0))
        #expect(failure.demands == [])
        office.wait()
        office.handle(.spawned(run(0, 3), .eight))
        #expect(office.wait().demands == [])
        #expect(office.supervisor.instances.values.last?.incarnation == run(1, 1))
    }

    @Test func `a stop of the one whose turn it is ends it`() {
        var office = running(2)
        _ = roll(&office, 2)
        office.order(.stop)
        #expect(office.handle(.exited(run(0, 1), .exited(0), survivors: 0)).demands == [])
    }

    @Test func `the end of the daemon ends it`() {
        var office = running(2)
        _ = roll(&office, 2)
        office.handle(.shutDown(by: .keepd))
        #expect(office.handle(.exited(run(0, 1), .exited(0), survivors: 0)).demands == [])
    }
}
