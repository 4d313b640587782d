import Supervision
import SystemTypes
import Testing

/// What is remembered of the runs of an instance.
@Suite struct RecordTests {
    private func end(_ run: Incarnation, code: Int32 = 0, survivors: Int = 0) -> Supervisor.Event {
        .exited(run, .exited(code), survivors: survivors)
    }

    // MARK: - Causes

    @Test func `an exit that nobody asked for is its own cause`() {
        var office = Office.withRunningWeb()
        office.handle(end(.web(1), code: 3), after: .seconds(5))
        #expect(office["web"]?.lastEnd?.cause == .exit(code: 3))
        #expect(office["web"]?.lastEnd?.status == .exited(3))
        #expect(office["web"]?.lastEnd?.at == .seconds(6))
    }

    @Test func `a stop is the doing of who asked for it`() {
        var office = Office.withRunningWeb()
        office.order(.stop, by: .ann)
        office.handle(end(.web(1), code: 143))
        #expect(office["web"]?.lastEnd?.cause == .stopped(by: .ann))
        #expect(office["web"]?.lastEnd?.status == .exited(143))
    }

    @Test(arguments: [Supervisor.Order.stop, .start, .restart])
    func `who comes after the first stop has not stopped it`(second: Supervisor.Order) {
        var office = Office.withRunningWeb()
        office.order(.stop, by: .ann)
        office.order(second, by: .bob)
        office.handle(end(.web(1)))
        #expect(office["web"]?.lastEnd?.cause == .stopped(by: .ann))
    }

    @Test func `a stop that a start has called back is not put down to the next who stops`() {
        var office = Office.withRunningWeb()
        office.order(.stop, by: .ann)
        office.order(.start, by: .bob)
        office.order(.stop, by: .bob)
        office.handle(end(.web(1)))
        #expect(office["web"]?.lastEnd?.cause == .stopped(by: .ann))
    }

    @Test func `the end of the daemon does not take over a stop that is under way`() {
        var office = Office.withRunningWeb()
        office.order(.stop, by: .ann)
        office.handle(.shutDown(by: .keepd))
        office.handle(.killAll)
        office.handle(end(.web(1)))
        #expect(office["web"]?.lastEnd?.cause == .stopped(by: .ann))
    }

    @Test func `a stop that a start took back before there was a process stops nothing`() {
        var office = Office([.named("web")])
        office.handle(.begin)
        office.order(.stop, by: .ann)
        office.order(.start, by: .ann)
        office.handle(.spawned(.web(1), .seven))
        office.order(.stop, by: .bob)
        office.handle(end(.web(1)))
        #expect(office["web"]?.lastEnd?.cause == .stopped(by: .bob))
    }

    @Test func `at its end keepd itself has stopped everything`() {
        var office = Office.withRunningWeb()
        office.handle(.shutDown(by: .keepd))
        office.handle(end(.web(1)))
        #expect(office["web"]?.lastEnd?.cause == .stopped(by: .keepd))
    }

    @Test func `a failed spawn is an end without a status`() {
        var office = Office([.named("web")])
        office.handle(.begin)
        let failure = SpawnFailure(step: "chdir", errno: 2, message: "cannot chdir to /srv")
        office.handle(.spawnFailed(.web(1), failure))
        #expect(office["web"]?.lastEnd?.cause == .spawnFailed(failure))
        #expect(office["web"]?.lastEnd?.status == nil)
    }

    // MARK: - Times

    @Test func `a process has a start only while it lives`() {
        var office = Office([.named("web")])
        office.handle(.begin)
        #expect(office["web"]?.startedAt == nil)
        office.handle(.spawned(.web(1), .seven), after: .seconds(2))
        #expect(office["web"]?.startedAt == .seconds(2))
        office.wait()
        #expect(office["web"]?.startedAt == .seconds(2))
        #expect(office["web"]?.changedAt == .seconds(3))
        office.handle(end(.web(1)), after: .seconds(1))
        #expect(office["web"]?.startedAt == nil)
        #expect(office["web"]?.changedAt == .seconds(4))
    }

    // MARK: - Restarts

    @Test func `only what the policy starts again counts as a restart`() {
        var office = Office.withRunningWeb()
        #expect(office["web"]?.restarts == 0)
        office.handle(end(.web(1)))
        #expect(office["web"]?.restarts == 1)
        office.handle(.spawned(.web(2), .eight))
        office.order(.restart)
        office.handle(end(.web(2)))
        #expect(office["web"]?.incarnation == .web(3))
        #expect(office["web"]?.restarts == 1)
    }

    @Test func `an attempt after a pause counts, unless an order made it`() {
        var office = Office([.named("web")])
        office.handle(.begin)
        office.handle(.spawned(.web(1), .seven))
        office.handle(end(.web(1), code: 1))
        office.wait()
        #expect(office["web"]?.restarts == 1)
        office.handle(.spawned(.web(2), .eight))
        office.handle(end(.web(2), code: 1))
        office.order(.start)
        #expect(office["web"]?.incarnation == .web(3))
        #expect(office["web"]?.restarts == 1)
    }

    @Test(arguments: [(Supervisor.Order.signal(.hangUp), 1), (.start, 0), (.restart, 0)])
    func `a restart after survivors counts, unless an order made it`(
        order: Supervisor.Order,
        restarts: Int
    ) {
        var office = Office.withRunningWeb()
        office.handle(end(.web(1), survivors: 1))
        office.order(order)
        #expect(office.handle(.treeGone(.web(1))).demands == [.spawn(.web(2))])
        #expect(office["web"]?.restarts == restarts)
    }
}
