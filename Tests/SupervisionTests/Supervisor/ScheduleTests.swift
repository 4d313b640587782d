import Supervision
import SystemTypes
import Testing

/// Programs that are started at certain times, here each minute.
@Suite struct ScheduleTests {
    private func office(autostart: Bool = true) throws -> Office {
        var job = ProgramConfiguration.named("job", autostart: autostart)
        job.policy.kind = .scheduled
        job.policy.restart.when = .never
        job.schedule = Schedule(try CronExpression("* * * * *"))
        var office = Office([job])
        office.handle(.begin)
        return office
    }

    @Test func `it does not start with the daemon, but when it is time`() throws {
        var office = try office()
        #expect(office["job"]?.machine.phase == .stopped)
        #expect(office.supervisor.deadline == .seconds(60))
        #expect(office.wait().demands == [.spawn(.run(1, of: "job"))])
        office.handle(.spawned(.run(1, of: "job"), .seven))
        office.handle(.exited(.run(1, of: "job"), .exited(0), survivors: 0))
        #expect(office["job"]?.machine.phase == .exited)
        #expect(office.supervisor.deadline == .seconds(120))
        #expect(office.wait().demands == [.spawn(.run(2, of: "job"))])
    }

    @Test func `a run that is due while the last has not ended is left out`() throws {
        var office = try office()
        office.wait()
        office.handle(.spawned(.run(1, of: "job"), .seven))
        office.wait()
        #expect(office.wait().demands == [.skip("job")])
    }

    @Test func `a clock that is set forward makes up for what was missed, once`() throws {
        var office = try office()
        office.handle(.clockSet(offset: .seconds(3_600)))
        #expect(office.wait().demands == [.spawn(.run(1, of: "job"))])
        #expect(office.now == .zero)
        #expect(office.supervisor.deadline == .seconds(60))
    }

    @Test func `one that is not to start with the daemon is not started at all`() throws {
        var office = try office(autostart: false)
        #expect(office.supervisor.deadline == nil)
        office.handle(.enable("job", true))
        #expect(office.supervisor.deadline == .seconds(60))
    }

    @Test func `the end of the daemon is the end of the schedule`() throws {
        var office = try office()
        #expect(office.handle(.shutDown(by: .keepd)) == [.finish(status: 0)])
        #expect(office.supervisor.deadline == nil)
    }
}
