import Supervision
import SystemTypes
import Testing

@Suite struct ShutdownTests {
    /// `db`, `app` and `web`, all up.
    private func running(shutdownTimeout: Duration = .seconds(90)) -> Office {
        let names = ["db", "app", "web"]
        var office = Office(names.map { .named($0) }, shutdownTimeout: shutdownTimeout)
        office.handle(.begin)
        for (index, name) in names.enumerated() {
            office.handle(.spawned(.run(1, of: name), ProcessID(rawValue: Int32(index + 1))))
        }
        office.wait()
        return office
    }

    private func exit(_ name: String, survivors: Int = 0) -> Supervisor.Event {
        .exited(.run(1, of: name), .exited(0), survivors: survivors)
    }

    @Test func `everything is stopped in the reverse of the order of starting`() {
        var office = running()
        #expect(
            office.handle(.shutDown(by: .keepd)).demands
                == ["web", "app", "db"].map {
                    .signal(.run(1, of: $0), .terminate, .group)
                }
        )
        #expect(office.supervisor.isShuttingDown)
    }

    @Test func `it is finished once, when the last tree is gone`() {
        var office = running()
        office.handle(.shutDown(by: .keepd))
        #expect(office.handle(exit("db")).demands == [])
        #expect(office.handle(exit("web")).demands == [])
        #expect(
            office.handle(exit("app", survivors: 1)).demands
                == [.signalSurvivors(.run(1, of: "app"), .terminate)]
        )
        #expect(office.handle(.treeGone(.run(1, of: "app"))).last == .finish(status: 0))
        for event in [Supervisor.Event.shutDown(by: .keepd), .killAll, .begin, .deadlineReached] {
            #expect(office.handle(event) == [])
        }
        #expect(office.order(.start) == [])
        #expect(office.order(.stop) == [])
    }

    @Test func `where nothing runs it is finished at once`() {
        var office = Office([.named("web")])
        #expect(office.handle(.shutDown(by: .keepd)) == [.finish(status: 0)])
        var empty = Office([])
        #expect(empty.handle(.killAll) == [.finish(status: 0)])
    }

    @Test func `what starts by itself does not start after the end`() {
        var office = Office([.named("web")])
        office.handle(.shutDown(by: .keepd))
        #expect(office.handle(.begin) == [])
    }

    @Test func `a pause ends without an attempt`() {
        var office = Office([.named("web")])
        office.handle(.begin)
        office.handle(.spawned(.web(1), .seven))
        office.handle(.exited(.web(1), .exited(1), survivors: 0))
        let effects = office.handle(.shutDown(by: .keepd))
        #expect(effects.story == ["web: backoff → stopped"])
        #expect(effects.last == .finish(status: 0))
        #expect(office.supervisor.deadline == nil)
    }

    @Test(arguments: [Supervisor.Order.start, .restart, .signal(.hangUp), .stop])
    func `no order is carried out any more`(order: Supervisor.Order) {
        var office = running()
        office.handle(.shutDown(by: .keepd))
        #expect(office.order(order, by: .ann) == [])
        #expect(office.handle(exit("web")).demands == [])
        #expect(office["web"]?.machine.state == .stopped)
    }

    @Test func `a second shutdown does not prolong the first`() {
        var office = running(shutdownTimeout: .seconds(5))
        office.handle(.shutDown(by: .keepd))
        let deadline = office.supervisor.deadline
        #expect(office.handle(.shutDown(by: .keepd), after: .seconds(3)) == [])
        #expect(office.supervisor.deadline == deadline)
    }

    // MARK: - Killing

    @Test func `when the time is over everything that is left is killed`() {
        var office = running(shutdownTimeout: .seconds(5))
        office.handle(.shutDown(by: .keepd))
        office.handle(exit("app"))
        #expect(office.supervisor.deadline == office.now + .seconds(5))
        #expect(
            office.wait().demands == [.killTree(.run(1, of: "web")), .killTree(.run(1, of: "db"))]
        )
        #expect(office.supervisor.deadline == nil)
        office.handle(exit("db"))
        #expect(office.handle(exit("web")).last == .finish(status: 0))
    }

    @Test func `a program's own patience ends before that of the daemon`() {
        var office = running(shutdownTimeout: .seconds(90))
        office.handle(.shutDown(by: .keepd))
        #expect(office.supervisor.deadline == office.now + .seconds(10))
        #expect(office.wait().demands.count == 3)
        #expect(office.supervisor.deadline == .seconds(91))
    }

    @Test func `both patiences may end at one instant`() {
        var office = running(shutdownTimeout: .seconds(10))
        office.handle(.shutDown(by: .keepd))
        #expect(
            office.wait().demands == ["web", "app", "db"].map { .killTree(.run(1, of: $0)) }
        )
    }

    @Test func `a process that comes after all were killed is killed at once`() {
        var office = Office([.named("web")])
        office.handle(.begin)
        #expect(office.handle(.killAll) == [])
        #expect(office.handle(.spawned(.web(1), .seven)).demands == [.killTree(.web(1))])
        #expect(
            office.handle(.exited(.web(1), .exited(0), survivors: 0)).last == .finish(status: 0)
        )
    }

    @Test func `a process that comes after the shutdown is asked to stop`() {
        var office = Office([.named("web")])
        office.handle(.begin)
        #expect(office.handle(.shutDown(by: .keepd)) == [])
        #expect(
            office.handle(.spawned(.web(1), .seven)).demands
                == [.signal(.web(1), .terminate, .group)]
        )
    }

    @Test func `a spawn that fails after all were killed was the last thing to wait for`() {
        var office = Office([.named("web")])
        office.handle(.begin)
        office.handle(.killAll)
        let failure = SpawnFailure(step: "execve", errno: 2, message: "cannot execute web")
        #expect(office.handle(.spawnFailed(.web(1), failure)).last == .finish(status: 0))
    }

    @Test func `nothing is killed twice`() {
        var office = running()
        #expect(office.handle(.killAll).demands.count == 3)
        #expect(office.handle(.killAll) == [])
        #expect(office.handle(.shutDown(by: .keepd)) == [])
    }
}
