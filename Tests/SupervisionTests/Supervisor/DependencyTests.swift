import Supervision
import SystemTypes
import Testing

/// Who starts after whom, who stops before whom, and what becomes of those who wait.
@Suite struct DependencyTests {
    /// `web` needs `db`.
    private func office(
        _ condition: Dependency.Condition = .ready,
        db: Policy = .test,
        webStartsByItself: Bool = true
    ) -> Office {
        var web = ProgramConfiguration.named("web", autostart: webStartsByItself)
        web.dependsOn = [Dependency(program: "db", condition: condition)]
        return Office([web, .named("db", autostart: webStartsByItself, policy: db)])
    }

    private func bothRunning() -> Office {
        var office = office()
        office.handle(.begin)
        office.handle(.spawned(.run(1, of: "db"), .eight))
        office.wait()
        office.handle(.spawned(.web(1), .seven))
        office.wait()
        return office
    }

    private func exit(_ name: String, _ serial: Int = 1, code: Int32 = 0) -> Supervisor.Event {
        .exited(.run(serial, of: name), .exited(code), survivors: 0)
    }

    // MARK: - Starting

    @Test func `what is needed starts first, and who needs it waits until it is ready`() {
        var office = office()
        let begin = office.handle(.begin)
        #expect(begin.demands == [.spawn(.run(1, of: "db"))])
        #expect(begin.story == ["db: stopped → starting", "web: stopped → waiting"])
        let web = InstanceID(program: "web", number: 0)
        #expect(office.supervisor.waitingFor(web) == ["db"])
        #expect(office.handle(.spawned(.run(1, of: "db"), .eight)).demands == [])
        #expect(office.wait().demands == [.spawn(.web(1))])
        #expect(office.supervisor.waitingFor(web) == [])
    }

    @Test func `started is met as soon as the process is there`() {
        var office = office(.started)
        office.handle(.begin)
        #expect(office.handle(.spawned(.run(1, of: "db"), .eight)).demands == [.spawn(.web(1))])
    }

    @Test func `completed is met by the success of a oneshot, and not by its being up`() {
        var office = office(.completed, db: .test { $0.kind = .oneshot })
        office.handle(.begin)
        office.handle(.spawned(.run(1, of: "db"), .eight))
        #expect(office.wait().demands == [])
        #expect(office.handle(exit("db")).demands == [.spawn(.web(1))])
    }

    @Test func `what is completed is not done again for the next who needs it`() {
        var office = office(
            .completed,
            db: .test { $0.kind = .oneshot },
            webStartsByItself: false
        )
        office.order(.start, "db")
        office.handle(.spawned(.run(1, of: "db"), .eight))
        office.handle(exit("db"))
        #expect(office.order(.start).demands == [.spawn(.web(1))])
    }

    @Test func `an order to start is one for what is needed as well`() {
        var office = office(webStartsByItself: false)
        #expect(office.order(.start, by: .ann).demands == [.spawn(.run(1, of: "db"))])
        #expect(office["db"]?.history.records.last?.startedBy == .ann)
        #expect(office["web"]?.machine.phase == .waiting)
    }

    @Test func `one that is needed in two ways is started for either`() {
        func program(_ name: String, _ needs: Dependency...) -> ProgramConfiguration {
            var program = ProgramConfiguration.named(name, autostart: false)
            program.dependsOn = needs
            return program
        }
        var office = Office([
            .named("db", autostart: false, policy: .test { $0.restart.when = .never }),
            program("report", Dependency(program: "db", condition: .completed)),
            program("cache", Dependency(program: "db", condition: .ready)),
            program(
                "web",
                Dependency(program: "report", condition: .ready),
                Dependency(program: "cache", condition: .ready)
            ),
        ])
        office.order(.start, "db")
        office.handle(.spawned(.run(1, of: "db"), .eight))
        office.handle(exit("db"))
        #expect(
            office.order(.start).demands
                == [.spawn(.run(1, of: "report")), .spawn(.run(2, of: "db"))]
        )
    }

    @Test func `healthy is met when the check has passed`() {
        let checked = Policy.test { $0.health = HealthPolicy(check: .probe(ProbePolicy())) }
        var office = office(.healthy, db: checked)
        office.handle(.begin)
        let run = Incarnation.run(1, of: "db")
        office.handle(.spawned(run, .eight))
        #expect(office.wait().demands == [])
        #expect(office.wait().demands == [.probe(run, .health, attempt: 1)])
        let answer = Supervisor.Event.probeAnswered(run, .health, attempt: 1, failure: nil)
        #expect(office.handle(answer).demands == [.spawn(.web(1))])
    }

    // MARK: - Stopping

    @Test func `who needs it is stopped first, waits, and comes back with it`() {
        var office = bothRunning()
        let stop = office.order(.stop, "db", by: .ann)
        #expect(stop.demands == [.signal(.web(1), .terminate, .group)])
        let db = InstanceID(program: "db", number: 0)
        #expect(office.supervisor.waitingFor(db) == ["web"])
        let gone = office.handle(exit("web"))
        #expect(gone.demands == [.signal(.run(1, of: "db"), .terminate, .group)])
        #expect(office["web"]?.machine.phase == .waiting)
        #expect(office["web"]?.lastEnd?.cause == .dependency("db"))
        office.handle(exit("db"))
        #expect(office["db"]?.lastEnd?.cause == .stopped(by: .ann))

        #expect(office.order(.start, "db").demands == [.spawn(.run(2, of: "db"))])
        office.handle(.spawned(.run(2, of: "db"), .eight))
        #expect(office.wait().demands == [.spawn(.web(2))])
    }

    @Test func `a start calls the stop back before it has begun`() {
        var office = bothRunning()
        office.order(.stop, "db")
        #expect(office.order(.start, "db").demands == [])
        office.handle(exit("web"))
        #expect(office["db"]?.machine.phase == .running)
        #expect(office["web"]?.machine.phase == .starting)
    }

    @Test func `what ends while it waits for others to go is not started again`() {
        var office = bothRunning()
        office.order(.stop, "db")
        #expect(office.handle(exit("db")).demands == [])
        #expect(office["db"]?.machine.phase == .stopped)
    }

    @Test func `a shutdown stops who needs before what is needed`() {
        var office = bothRunning()
        #expect(
            office.handle(.shutDown(by: .keepd)).demands == [.signal(.web(1), .terminate, .group)]
        )
        #expect(
            office.handle(exit("web")).demands
                == [.signal(.run(1, of: "db"), .terminate, .group)]
        )
        #expect(office.handle(exit("db")).last == .finish(status: 0))
    }

    @Test func `a kill of everything asks nobody to wait`() {
        var office = bothRunning()
        #expect(office.handle(.killAll).demands.count == 2)
    }

    @Test(arguments: [Supervisor.Order.restart, .signal(.hangUp)])
    func `a restart of what is needed leaves those alone that need it`(order: Supervisor.Order) {
        var office = bothRunning()
        office.order(order, "db")
        #expect(office.handle(exit("db")).demands == [.spawn(.run(2, of: "db"))])
        #expect(office["web"]?.machine.phase == .running)
    }

    @Test func `a pause is not ended for what is about to go`() {
        var office = bothRunning()
        office.order(.restart)
        office.handle(exit("web"))
        office.handle(.spawned(.web(2), .seven))
        office.handle(exit("web", 2, code: 1))
        #expect(office["web"]?.machine.phase == .backoff)
        office.order(.stop, "db")
        #expect(office["web"]?.machine.phase == .waiting)
    }

    // MARK: - Failing

    @Test func `who waits for what has failed for good gives up, who runs goes on`() {
        var office = office(db: .test { $0.restart.retries = 1 })
        office.handle(.begin)
        office.handle(.spawned(.run(1, of: "db"), .eight))
        let end = office.handle(exit("db", code: 1))
        #expect(
            end.story == [
                "db: starting → fatal, exit code 1",
                "web: waiting → fatal, it needs db, which has failed or was stopped",
            ]
        )
        #expect(office["web"]?.lastEnd?.cause == .dependency("db"))
        #expect(office.order(.start).demands == [.spawn(.run(2, of: "db"))])
    }

    @Test func `who waits for a service that its policy leaves gives up as well`() {
        var office = office(db: .test { $0.restart.when = .never })
        office.handle(.begin)
        office.handle(.spawned(.run(1, of: "db"), .eight))
        let end = office.handle(exit("db"))
        #expect(
            end.story == [
                "db: starting → exited, exit code 0",
                "web: waiting → fatal, it needs db, which has failed or was stopped",
            ]
        )
    }

    @Test func `who waits for what a timetable starts waits until it is due again`() {
        var office = office(.completed, db: .test { $0.kind = .scheduled })
        office.order(.start, "db")
        office.handle(.begin)
        office.handle(.spawned(.run(1, of: "db"), .eight))
        office.handle(exit("db", code: 1))
        #expect(office["web"]?.machine.phase == .waiting)
    }
}
