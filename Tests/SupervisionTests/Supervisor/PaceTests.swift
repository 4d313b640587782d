import Supervision
import SystemTypes
import Testing

@Suite struct PaceTests {
    private func office(_ count: Int, burst: Int = 2, perSecond: Int = 10) -> Office {
        var configuration = Configuration(programs: (0..<count).map { .named("p\($0)") })
        (configuration.daemon.starts.burst, configuration.daemon.starts.perSecond) = (
            burst, perSecond
        )
        return Office(configuration)
    }

    private func spawn(_ number: Int) -> Supervisor.Effect { .spawn(.run(1, of: "p\(number)")) }

    @Test func `more than the burst has to wait, in order`() {
        var office = office(4)
        #expect(office.handle(.begin).demands == [spawn(0), spawn(1)])
        #expect(office["p2"]?.machine.phase == .starting)
        #expect(office.supervisor.deadline == .seconds(0.1))
        #expect(office.wait().demands == [spawn(2)])
        #expect(office.wait().demands == [spawn(3)])
    }

    @Test func `a stop takes back what waits for its turn`() {
        var office = office(4)
        office.handle(.begin)
        #expect(office.order(.stop, "p2").story == ["p2: starting → stopped"])
        #expect(office["p2"]?.incarnation.serial == 0)
        #expect(office.wait().demands == [spawn(3)])
    }

    /// With `web`, which needs `db`, both up; further starts wait for their turn.
    private func officeOfTwo() -> Office {
        var web = ProgramConfiguration.named("web")
        web.dependsOn = [Dependency(program: "db", condition: .started)]
        var configuration = Configuration(programs: [.named("db"), web])
        (configuration.daemon.starts.burst, configuration.daemon.starts.perSecond) = (2, 1)
        var office = Office(configuration)
        office.handle(.begin)
        office.handle(.spawned(.run(1, of: "db"), .eight))
        office.handle(.spawned(.web(1), .seven))
        return office
    }

    @Test func `nobody makes way for one that only waits for its turn`() {
        var office = officeOfTwo()
        office.wait()
        office.handle(.exited(.run(1, of: "db"), .exited(1), survivors: 0))
        office.handle(.spawned(.run(2, of: "db"), .eight))
        office.handle(.exited(.run(2, of: "db"), .exited(1), survivors: 0))
        #expect(office.wait().story == ["db: backoff → starting"])
        #expect(office.order(.stop, "db").demands == [])
        #expect(office["db"]?.machine.phase == .stopped)
        #expect(office["web"]?.machine.phase == .running)
    }

    @Test func `an order for a restart that waits for its turn has it wait for its needs as well`()
    {
        var office = officeOfTwo()
        office.handle(.exited(.run(1, of: "db"), .exited(1), survivors: 0))
        office.handle(.exited(.web(1), .exited(1), survivors: 0))
        #expect(office.wait().story.last == "web: backoff → starting")
        #expect(office.order(.start).story == ["web: starting → waiting"])
    }

    @Test func `the end of the daemon does not wait for the pace`() {
        var office = office(3)
        office.handle(.begin)
        office.handle(.spawned(.run(1, of: "p0"), .seven))
        office.handle(.spawned(.run(1, of: "p1"), .eight))
        office.handle(.shutDown(by: .keepd))
        #expect(office["p2"]?.machine.phase == .stopped)
    }

    @Test func `a thousand that crash at once come back no faster than the pace`() {
        var office = office(1_000, burst: 10, perSecond: 100)
        office.handle(.begin)
        var times: [Instant] = Array(repeating: .zero, count: 10)
        for _ in 0..<2_000 where times.count < 1_000 {
            for effect in office.wait() {
                guard case .spawn = effect else { continue }
                times.append(office.now)
            }
        }
        #expect(times.count == 1_000)
        for (index, time) in times.enumerated().dropFirst(10) {
            #expect(time >= .seconds(Double(index - 9) / 100 - 0.000_001))
        }
    }
}
