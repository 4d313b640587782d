import OrderedCollections
import Supervision
import SystemTypes
import Testing

/// From one configuration to another while programs run.
@Suite struct PlanningTests {
    private let old = Configuration(programs: [.named("db"), .named("web")])

    private func running(_ configuration: Configuration) -> Office {
        var office = Office(configuration)
        office.handle(.begin)
        for id in office.supervisor.instances.keys {
            office.handle(.spawned(Incarnation(instance: id, serial: 1), .seven))
        }
        office.wait()
        return office
    }

    private func change(_ office: inout Office, _ change: (inout Configuration) -> Void)
        -> [Supervisor.Effect]
    {
        var new = old
        change(&new)
        return office.handle(.configure(Plan(from: old, to: new), by: .ann))
    }

    private func exit(_ name: String, number: Int = 0) -> Supervisor.Event {
        .exited(.run(1, of: name, number: number), .exited(0), survivors: 0)
    }

    @Test func `a program that stays the same is not touched`() {
        var office = running(old)
        #expect(
            change(&office) { $0.programs[0].command = ["other"] }.demands
                == [.signal(.run(1, of: "db"), .terminate, .group)]
        )
        #expect(office["web"]?.incarnation == .web(1))
    }

    @Test func `what a process cannot take over is started anew`() {
        var office = running(old)
        _ = change(&office) { $0.programs[1].command = ["other"] }
        #expect(office.handle(exit("web")).demands == [.spawn(.web(2))])
        #expect(office["web"]?.lastEnd?.cause == .stopped(by: .ann))
    }

    @Test func `one that has given up is begun anew with what may have mended it`() {
        var one = old
        one.programs[1].policy.restart.retries = 1
        var office = running(one)
        office.handle(exit("web"))
        office.handle(.spawnFailed(.web(2), SpawnFailure(step: "exec", errno: 2, message: "")))
        #expect(office["web"]?.machine.state == .fatal)
        var new = one
        new.programs[1].command = ["other"]
        let effects = office.handle(.configure(Plan(from: one, to: new), by: .ann))
        #expect(effects.demands == [.spawn(.web(3))])
        #expect(office["web"]?.history.records.last?.startedBy == .ann)
    }

    @Test func `rules change under a running program`() {
        var office = running(old)
        let effects = change(&office) { $0.programs[1].policy.stop.timeout = .seconds(3) }
        #expect(effects == [])
        office.order(.stop)
        #expect(office.supervisor.deadline == office.now + .seconds(3))
    }

    @Test func `limits of all processes together change under them, and one may be refused`() {
        var office = running(old)
        #expect(change(&office) { $0.programs[1].limits.tasks = 9 } == [.adopt(.web(1))])
        let refusal = SpawnFailure(step: "cgroup", errno: 0, message: "no controller")
        office.handle(.limitsRefused(.web(1), refusal))
        #expect(office["web"]?.limitsRefusal == refusal)
        office.handle(exit("web"))
        #expect(office["web"]?.limitsRefusal == nil)
    }

    @Test func `other limits are for those that run, and not before a restart`() {
        var office = running(old)
        office.order(.stop)
        office.handle(exit("web"))
        #expect(change(&office) { $0.programs[1].limits.tasks = 9 } == [])
        let restart = change(&office) {
            $0.programs[0].limits.tasks = 9
            $0.programs[0].limits.nice = 1
        }
        #expect(restart.demands == [.signal(.run(1, of: "db"), .terminate, .group)])
    }

    @Test func `what else there is of a program is handed on under it`() {
        var office = running(old)
        #expect(change(&office) { $0.programs[1].watch = ["/etc"] } == [.adopt(.web(1))])
        #expect(change(&office) { $0.programs[0].policy.kind = .service } == [])
    }

    @Test func `a pace that is new counts at once`() {
        var slow = old
        (slow.daemon.starts.burst, slow.daemon.starts.perSecond) = (1, 1)
        var office = Office(slow)
        office.handle(.begin)
        #expect(office.supervisor.deadline == .seconds(1))
        office.handle(.configure(Plan(from: slow, to: old), by: .ann))
        #expect(office.wait().demands == [.spawn(.web(1))])
        #expect(office.now == .zero)
    }

    @Test func `a check that is new begins at once`() {
        var office = running(old)
        _ = change(&office) {
            $0.programs[1].policy.health = HealthPolicy(check: .probe(ProbePolicy()))
        }
        #expect(office.wait().demands == [.probe(.web(1), .health, attempt: 1)])
    }

    @Test func `an added program starts, if it starts with the daemon`() {
        var office = running(old)
        let effects = change(&office) {
            $0.programs += [.named("cache"), .named("cron", autostart: false)]
        }
        #expect(effects.demands == [.spawn(.run(1, of: "cache"))])
        #expect(office["cron"]?.machine.phase == .stopped)
    }

    @Test func `a removed program is stopped and then forgotten`() {
        var office = running(old)
        let effects = change(&office) { $0.programs.removeLast() }
        #expect(effects.demands == [.signal(.web(1), .terminate, .group)])
        let web = InstanceID(program: "web", number: 0)
        #expect(office.order(.start) == [])
        #expect(office.handle(exit("web")).demands == [.forget(web)])
        #expect(office.supervisor.instances.keys.map(\.program) == ["db"])
        #expect(office.handle(exit("web")) == [])
    }

    @Test func `what is replaced is begun anew when the old has gone`() {
        var office = running(old)
        let effects = change(&office) { $0.programs[1].policy.kind = .oneshot }
        #expect(effects.demands == [.signal(.web(1), .terminate, .group)])
        let end = office.handle(exit("web"))
        #expect(
            end.demands == [
                .forget(InstanceID(program: "web", number: 0)), .spawn(.web(2)),
            ]
        )
        #expect(office["web"]?.machine.policy.kind == .oneshot)
    }

    @Test func `dependencies change with the plan`() {
        var office = running(old)
        _ = change(&office) {
            $0.programs[1].dependsOn = [Dependency(program: "db", condition: .ready)]
        }
        #expect(office.order(.stop, "db").demands == [.signal(.web(1), .terminate, .group)])
    }

    // MARK: - How many

    @Test func `those that stay are not touched when there are to be more`() {
        var office = running(old)
        #expect(
            office.handle(.scale("web", to: 3, by: .ann)).demands
                == [.spawn(.run(1, of: "web", number: 1)), .spawn(.run(1, of: "web", number: 2))]
        )
        #expect(office["web"]?.name == "web:0")
        #expect(office["web"]?.incarnation == .web(1))
    }

    @Test func `the highest go when there are to be fewer`() {
        let three = Configuration(programs: [.named("db"), .named("web", instances: 3)])
        var office = running(three)
        let effects = office.handle(.scale("web", to: 1, by: .ann))
        #expect(
            Set(effects.demands.map(\.description))
                == Set(
                    [1, 2].map {
                        Supervisor.Effect.signal(.run(1, of: "web", number: $0), .terminate, .group)
                            .description
                    }
                )
        )
        #expect(office["web"]?.name == "web")
        let gone = office.handle(exit("web", number: 2))
        #expect(gone.demands == [.forget(InstanceID(program: "web", number: 2))])
    }

    @Test func `new ones of a program that is stopped stay so`() {
        var office = running(old)
        office.order(.stop)
        office.handle(exit("web"))
        #expect(office.handle(.scale("web", to: 2, by: .ann)).demands == [])
    }

    @Test func `one that is wanted again before it has gone comes back`() {
        let two = Configuration(programs: [.named("db"), .named("web", instances: 2)])
        var office = running(two)
        office.handle(.scale("web", to: 1, by: .ann))
        office.handle(.scale("web", to: 2, by: .ann))
        #expect(
            office.handle(exit("web", number: 1)).demands
                == [.spawn(.run(2, of: "web", number: 1))]
        )
    }

    @Test func `it comes back under the rules that were made meanwhile`() {
        let two = Configuration(programs: [.named("db"), .named("web", instances: 2)])
        var office = running(two)
        var one = two
        one.programs[1].instances = 1
        var new = two
        new.programs[1].policy.stop.timeout = .seconds(3)
        office.handle(.scale("web", to: 1, by: .ann))
        office.handle(.configure(Plan(from: one, to: new), by: .ann))
        let second = InstanceID(program: "web", number: 1)
        #expect(office.supervisor.instances[second]?.machine.policy == new.programs[1].policy)
    }

    @Test func `a change of files restarts what runs`() {
        var office = running(old)
        office.order(.stop, "db")
        office.handle(exit("db"))
        #expect(office.handle(.filesChanged("db")) == [])
        #expect(
            office.handle(.filesChanged("web")).demands
                == [.signal(.web(1), .terminate, .group)]
        )
    }
}

extension Supervisor.Effect {
    fileprivate var description: String { "\(self)" }
}
