import Supervision
import SystemTypes
import Testing

@Suite struct ConductorTests {
    @Test func `an answer from within an effect waits until the event is done`() {
        let host = HastyHost([.named("db"), .named("web")])
        host.conductor.handle(.begin)
        #expect(
            host.log == [
                "deadline nil",
                "spawn db 1", "db: stopped → starting", "spawn web 1", "web: stopped → starting",
                "deadline 1.0 s", "db: starting → starting",
                "deadline 1.0 s", "web: starting → starting",
            ]
        )
    }

    @Test func `a whole life may pass within one event`() {
        let host = HastyHost([.named("web")])
        host.conductor.handle(.begin)
        host.log = []
        host.conductor.handle(.shutDown(by: .keepd))
        #expect(
            host.log == [
                "deadline 10.0 s", "signal TERM", "web: starting → stopping",
                "deadline nil", "web: stopping → stopped", "finish",
            ]
        )
    }

    @Test func `after a timer that went off too early a new one is asked for`() {
        let host = HastyHost([.named("web")])
        host.conductor.handle(.begin)
        host.log = []
        host.conductor.handle(.deadlineReached)
        #expect(host.log == ["deadline 1.0 s"])
    }
}

/// Answers each request before the call returns.
private final class HastyHost: Host {
    var log: [String] = []
    let now = Instant.zero
    private let configuration: Configuration
    private(set) lazy var conductor = Conductor(
        Supervisor(configuration, seed: 1, at: .zero),
        host: self
    )

    init(_ programs: [ProgramConfiguration]) {
        configuration = Configuration(programs: programs)
    }

    func spawn(_ run: Incarnation) {
        log.append("spawn \(run.instance.program) \(run.serial)")
        conductor.handle(.spawned(run, .seven))
    }

    func signal(_ run: Incarnation, _ signal: Signal, scope: SignalScope) {
        log.append("signal \(signal)")
        conductor.handle(.exited(run, .signaled(signal, coreDumped: false), survivors: 0))
    }

    func runStopCommand(_ run: Incarnation) {
        log.append("stop command")
        conductor.handle(.stopCommandEnded(run))
    }

    func probe(_ run: Incarnation, _ role: ProbeRole, attempt: Int) {
        log.append("probe \(role.rawValue) \(attempt)")
        conductor.handle(.probeAnswered(run, role, attempt: attempt, failure: nil))
    }

    func endProbe(_ run: Incarnation) {}

    func endStopCommand(_ run: Incarnation) {}

    func signalSurvivors(of run: Incarnation, _ signal: Signal) {}

    func killTree(_ run: Incarnation) {}

    func adopt(_ run: Incarnation) {}

    func setDeadline(_ deadline: Instant?) {
        log.append("deadline " + (deadline.map { "\(($0 - .zero).inSeconds) s" } ?? "nil"))
    }

    func announce(_ change: Change) {
        log.append("\(change.name): \(change.from) → \(change.to)")
    }

    func skip(_ program: String) {}

    func forget(_ instance: InstanceID) {}

    func finish(status: Int32) { log.append("finish") }
}
