import OrderedCollections
import Supervision
import SystemTypes
import Testing

@Suite struct SupervisorOrderTests {
    @Test func `what starts by itself starts in the order of the configuration`() {
        var office = Office([
            .named("db"), .named("cron", autostart: false), .named("web", instances: 2),
        ])
        let effects = office.handle(.begin)
        #expect(
            effects.demands == [
                .spawn(.run(1, of: "db")),
                .spawn(.run(1, of: "web")),
                .spawn(.run(1, of: "web", number: 1)),
            ]
        )
        #expect(office.supervisor.instances.values.map(\.name) == ["db", "cron", "web:0", "web:1"])
        #expect(office["cron"]?.machine.state == .stopped)
    }

    @Test func `each run has a number of its own`() {
        var office = Office.withRunningWeb()
        #expect(
            office.handle(.exited(.web(1), .exited(0), survivors: 0)).demands == [.spawn(.web(2))]
        )
        #expect(office["web"]?.incarnation == .web(2))
    }

    @Test func `an order to stop is carried out on the run that is up`() {
        var office = Office.withRunningWeb()
        #expect(office.order(.stop).demands == [.signal(.web(1), .terminate, .group)])
    }

    @Test func `an order to restart stops, and starts when all is gone`() {
        var office = Office.withRunningWeb()
        #expect(office.order(.restart).demands == [.signal(.web(1), .terminate, .group)])
        let exit = office.handle(.exited(.web(1), .exited(0), survivors: 1))
        #expect(exit.demands == [.signalSurvivors(.web(1), .terminate)])
        #expect(office.handle(.treeGone(.web(1))).demands == [.spawn(.web(2))])
    }

    @Test func `an order to restart starts what is stopped`() {
        var office = Office([.named("web", autostart: false)])
        #expect(office.order(.restart).demands == [.spawn(.web(1))])
    }

    @Test func `a signal is for the process alone, and only while it lives`() {
        var office = Office([.named("web")])
        #expect(office.order(.signal(.hangUp)) == [])
        office.handle(.begin)
        #expect(office.order(.signal(.hangUp)) == [])
        office.handle(.spawned(.web(1), .seven))
        #expect(office.order(.signal(.hangUp)) == [.signal(.web(1), .hangUp, .process)])
        office.order(.stop)
        office.handle(.exited(.web(1), .exited(0), survivors: 1))
        #expect(office.order(.signal(.hangUp)) == [])
    }

    @Test func `a report of an earlier run is no report of the present one`() {
        var office = Office.withRunningWeb()
        office.handle(.exited(.web(1), .exited(0), survivors: 0))
        office.handle(.spawned(.web(2), .eight))
        let before = office["web"]
        #expect(office.handle(.exited(.web(1), .exited(1), survivors: 0)) == [])
        #expect(office.handle(.treeGone(.web(1))) == [])
        #expect(office.handle(.spawned(.web(1), .seven)) == [])
        let failure = SpawnFailure(step: "execve", errno: 2, message: "cannot execute web")
        #expect(office.handle(.spawnFailed(.web(1), failure)) == [])
        #expect(office["web"]?.machine == before?.machine)
        #expect(office["web"]?.lastEnd == before?.lastEnd)
    }

    @Test func `an order for an instance that is not there is a bug`() async {
        await #expect(processExitsWith: .failure) {
            var supervisor = Supervisor(Configuration(), seed: 1, at: .zero)
            let nobody = InstanceID(program: "nobody", number: 0)
            _ = supervisor.handle(.order(.start, nobody, by: .keepd), at: .zero)
        }
    }
}
