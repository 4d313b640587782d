import Supervision
import SystemTypes
import Testing

/// Readiness, health and the watchdog.
@Suite struct CheckTests {
    private static let asked: ProbePolicy = {
        var policy = ProbePolicy()
        (policy.interval, policy.failures) = (.seconds(5), 2)
        return policy
    }()

    private func office(_ change: (inout Policy) -> Void) -> Office {
        var office = Office([.named("web", policy: .test(change))])
        office.handle(.begin)
        office.handle(.spawned(.web(1), .seven))
        return office
    }

    private func answer(
        _ attempt: Int,
        _ role: ProbeRole = .health,
        _ failure: String? = nil
    ) -> Supervisor.Event {
        .probeAnswered(.web(1), role, attempt: attempt, failure: failure)
    }

    // MARK: - An end that is told late

    @Test func `one that has ended is neither ready nor asked, however late it is told how`() {
        var office = office { policy in
            policy.start.settle = .seconds(1)
            policy.health = HealthPolicy(check: .probe(Self.asked))
        }
        #expect(office.handle(.ended(.web(1)), after: .milliseconds(10)) == [])
        #expect(office.supervisor.deadline == nil)
        let end = office.handle(
            .exited(.web(1), .exited(3), survivors: 0),
            after: .seconds(2)
        )
        #expect(end.story == ["web: starting → backoff, exit code 3"])
        #expect(office["web"]?.machine.failures == 1)
    }

    @Test func `a run is as steady as it was when it ended`() {
        var office = office { $0.start.settle = .seconds(1) }
        #expect(
            office.handle(.ended(.web(1)), after: .seconds(1)).story
                == ["web: starting → running 7"]
        )
        office.handle(.exited(.web(1), .exited(3), survivors: 0), after: .seconds(1))
        #expect(office["web"]?.machine.failures == 0)
        #expect(office["web"]?.restarts == 1)
    }

    @Test func `a question to one that has ended is given up, and no other comes`() {
        var office = office { policy in
            policy.start.settle = .zero
            policy.health = HealthPolicy(check: .probe(Self.asked))
        }
        office.handle(.deadlineReached)
        #expect(office.handle(.ended(.web(1))).demands == [.endProbe(.web(1))])
        #expect(office.handle(.watchdogTriggered(.web(1))) == [])
        #expect(office.supervisor.deadline == nil)
        // A stop has patience all the same.
        office.order(.stop)
        #expect(office.supervisor.deadline != nil)
    }

    // MARK: - Readiness

    @Test func `a program that says so is ready when it says so, and not by being up`() {
        var office = office { $0.readiness = .reported }
        #expect(office.supervisor.deadline == .seconds(60))
        #expect(
            office.handle(.ready(.web(1)), after: .seconds(20)).story
                == ["web: starting → running 7"]
        )
        #expect(office.supervisor.deadline == nil)
        #expect(office["web"]?.history.records.last?.readyAt == .seconds(20))
    }

    @Test func `the word of a program that is asked, or has to settle, does not count`() {
        var asked = office { $0.readiness = .probed(Self.asked) }
        #expect(asked.handle(.ready(.web(1))) == [])
        var settling = office { _ in }
        #expect(settling.handle(.ready(.web(1))) == [])
    }

    @Test func `a program that is asked is ready when its answer is good`() {
        var office = office { $0.readiness = .probed(Self.asked) }
        #expect(office.wait().demands == [.probe(.web(1), .ready, attempt: 1)])
        #expect(office.handle(answer(1, .ready, "refused")) == [])
        #expect(office["web"]?.checks.failure == "refused")
        #expect(office.wait().demands == [.probe(.web(1), .ready, attempt: 2)])
        #expect(office.handle(answer(2, .ready)).story == ["web: starting → running 7"])
    }

    @Test func `one that is not ready in time is stopped, and that is a failure`() {
        var office = office { $0.readiness = .reported }
        #expect(office.wait().demands == [.signal(.web(1), .terminate, .group)])
        let end = office.handle(.exited(.web(1), .exited(0), survivors: 0))
        #expect(end.story == ["web: stopping → backoff, not ready in time"])
        #expect(office["web"]?.machine.failures == 1)
    }

    @Test func `whoever asks for more time gets it, and never less than was granted`() {
        var office = office { $0.readiness = .reported }
        office.handle(.extended(.web(1), .seconds(1)))
        #expect(office.supervisor.deadline == .seconds(60))
        office.handle(.extended(.web(1), .seconds(90)))
        #expect(office.supervisor.deadline == .seconds(90))
    }

    @Test func `the open question ends with the run`() {
        var office = office { $0.readiness = .probed(Self.asked) }
        office.wait()
        let exit = office.handle(.exited(.web(1), .exited(1), survivors: 0))
        #expect(exit.demands == [.endProbe(.web(1))])
        #expect(office.handle(answer(1, .ready)) == [])
    }

    // MARK: - Health

    private func healthy(_ onFailure: HealthPolicy.OnFailure) -> Office {
        var office = office {
            $0.health = HealthPolicy(check: .probe(Self.asked))
            $0.health?.onFailure = onFailure
        }
        office.wait()
        office.wait()
        office.handle(answer(1))
        return office
    }

    @Test func `a running program is well when it has answered, and not before`() {
        var office = office { $0.health = HealthPolicy(check: .probe(Self.asked)) }
        office.wait()
        #expect(office["web"]?.isReady == true && office["web"]?.isHealthy == false)
        #expect(office.wait().demands == [.probe(.web(1), .health, attempt: 1)])
        office.handle(answer(1))
        #expect(office["web"]?.isHealthy == true)
    }

    @Test func `bad answers in a row get it restarted at once`() {
        var office = healthy(.restart)
        office.wait()
        #expect(office.handle(answer(2, .health, "503")) == [])
        office.wait()
        let bad = office.handle(answer(3, .health, "503"))
        #expect(bad.demands == [.signal(.web(1), .terminate, .group)])
        let end = office.handle(.exited(.web(1), .exited(0), survivors: 0))
        #expect(end.demands == [.spawn(.web(2))])
        #expect(office["web"]?.lastEnd?.cause == .probe(.health, message: "503"))
    }

    @Test func `or are only shown, until it is well again`() {
        var office = healthy(.mark)
        for attempt in 2...3 {
            office.wait()
            office.handle(answer(attempt, .health, "503"))
        }
        #expect(office["web"]?.machine.phase == .running)
        #expect(office["web"]?.isHealthy == false)
        office.wait()
        let good = office.handle(answer(4))
        #expect(good.changes.map(\.description) == ["healthy"])
    }

    @Test func `what is not answered in time is answered badly, and asked no further`() {
        var office = healthy(.restart)
        office.wait()
        #expect(office.wait().demands == [.endProbe(.web(1))])
        #expect(office.handle(answer(2)) == [])
        office.wait()
        #expect(
            office.wait().demands
                == [.endProbe(.web(1)), .signal(.web(1), .terminate, .group)]
        )
    }

    // MARK: - The watchdog

    @Test func `a sign of life buys time, and silence is the end`() {
        var office = office { $0.health = HealthPolicy(check: .watchdog(.seconds(30))) }
        office.wait()
        #expect(office["web"]?.isHealthy == true)
        #expect(office.supervisor.deadline == .seconds(31))
        office.handle(.pinged(.web(1)), after: .seconds(10))
        #expect(office.supervisor.deadline == .seconds(41))
        #expect(office.wait().demands == [.signal(.web(1), .terminate, .group)])
        office.handle(.exited(.web(1), .signaled(.terminate, coreDumped: false), survivors: 0))
        #expect(office["web"]?.lastEnd?.cause == .watchdog)
    }

    @Test func `a program that triggers its watchdog has no time left`() {
        var office = office { $0.health = HealthPolicy(check: .watchdog(.seconds(30))) }
        office.wait()
        let trigger = office.handle(.watchdogTriggered(.web(1)), after: .seconds(1))
        #expect(trigger.demands == [.signal(.web(1), .terminate, .group)])
        let end = office.handle(.exited(.web(1), .exited(0), survivors: 0))
        #expect(end.demands == [.spawn(.web(2))])
        #expect(office["web"]?.lastEnd?.cause == .watchdog)
    }

    @Test func `where silence is only shown, so is the trigger, until the next sign of life`() {
        var office = office {
            $0.health = HealthPolicy(check: .watchdog(.seconds(30)))
            $0.health?.onFailure = .mark
        }
        office.wait()
        let trigger = office.handle(.watchdogTriggered(.web(1)), after: .seconds(1))
        #expect(trigger.demands == [])
        #expect(office["web"]?.isHealthy == false)
        office.handle(.pinged(.web(1)))
        #expect(office["web"]?.isHealthy == true)
    }

    @Test func `a trigger counts where no sign of life is waited for, once it is ready`() {
        var office = office { _ in }
        #expect(office.handle(.watchdogTriggered(.web(1))) == [])
        office.wait()
        let trigger = office.handle(.watchdogTriggered(.web(1)))
        #expect(trigger.demands == [.signal(.web(1), .terminate, .group)])
        office.handle(.exited(.web(1), .exited(0), survivors: 0))
        #expect(office["web"]?.lastEnd?.cause == .watchdog)
    }

    // MARK: - Before the signal

    @Test func `the command comes before the signal, and each has its time`() {
        var office = office { $0.stop.hasCommand = true }
        #expect(office.order(.stop).demands == [.runStopCommand(.web(1))])
        #expect(office.supervisor.deadline == .seconds(10))
        #expect(
            office.wait().demands
                == [.endStopCommand(.web(1)), .signal(.web(1), .terminate, .group)]
        )
        #expect(office.supervisor.deadline == .seconds(20))
    }

    @Test func `the signal follows at once when the command has ended`() {
        var office = office { $0.stop.hasCommand = true }
        office.order(.stop)
        #expect(
            office.handle(.stopCommandEnded(.web(1))).demands
                == [.signal(.web(1), .terminate, .group)]
        )
    }

    @Test func `a program that the command has ended gets no signal`() {
        var office = office { $0.stop.hasCommand = true }
        office.order(.stop)
        let exit = office.handle(.exited(.web(1), .exited(0), survivors: 0))
        #expect(exit.demands == [.endStopCommand(.web(1))])
        #expect(office["web"]?.machine.phase == .stopped)
    }

    // MARK: - What the kernel tells

    @Test func `a kill for want of memory is told apart`() {
        var office = office { _ in }
        office.handle(.oomKilled(.web(1), limit: 100, peak: 101))
        office.handle(.exited(.web(1), .signaled(.kill, coreDumped: false), survivors: 0))
        #expect(office["web"]?.lastEnd?.cause == .outOfMemory(limit: 100, peak: 101))
    }

    @Test func `what was left behind is remembered with the run`() {
        var office = office { _ in }
        office.handle(.exited(.web(1), .exited(1), survivors: 1))
        let survivor = Survivor(process: .eight, command: "sleep 9")
        office.handle(.leftBehind(.web(1), [survivor]))
        #expect(office["web"]?.history.records.last?.leftBehind == [survivor])
    }

    @Test func `an end that nobody can explain has an unknown cause, and is a failure`() {
        var office = office { $0.restart.when = .onFailure }
        office.wait()
        let exit = office.handle(.exited(.web(1), nil, survivors: 0))
        #expect(exit.demands == [.spawn(.web(2))])
        #expect(office["web"]?.lastEnd?.cause == .unknown)
        #expect(office["web"]?.lastEnd?.status == nil)
    }

    @Test func `another main process takes the place of the first`() {
        var office = office { _ in }
        office.handle(.mainProcess(.web(1), .eight))
        #expect(office["web"]?.machine.process == .eight)
    }
}
