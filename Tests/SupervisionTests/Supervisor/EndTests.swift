import Supervision
import SystemTypes
import Testing

/// How keepd ends with its programs.
@Suite struct EndTests {
    private func office(
        _ exitWhen: DaemonConfiguration.ExitWhen,
        _ programs: ProgramConfiguration...
    ) -> Office {
        var configuration = Configuration(programs: programs)
        configuration.daemon.exitWhen = exitWhen
        var office = Office(configuration)
        office.handle(.begin)
        return office
    }

    private static let once = Policy.test { $0.restart.when = .never }

    private func exit(_ name: String, _ code: Int32) -> Supervisor.Event {
        .exited(.run(1, of: name), .exited(code), survivors: 0)
    }

    @Test func `all exited is when nothing is up any more`() {
        var office = office(
            .allExited,
            .named("a", policy: Self.once),
            .named("b", policy: Self.once)
        )
        for name in ["a", "b"] { office.handle(.spawned(.run(1, of: name), .seven)) }
        #expect(office.handle(exit("a", 0)).demands == [])
        #expect(office.handle(exit("b", 0)).demands == [.finish(status: 0)])
    }

    @Test func `what waits for its next attempt has not ended`() {
        var office = office(.allExited, .named("a"))
        office.handle(.spawned(.run(1, of: "a"), .seven))
        #expect(office.handle(exit("a", 1)).demands == [])
        #expect(office["a"]?.machine.phase == .backoff)
    }

    @Test(arguments: [
        (SystemTypes.ExitStatus.exited(3), Int32(3)),
        (.signaled(.kill, coreDumped: false), 137),
    ])
    func `the status is that of the first that failed`(
        status: SystemTypes.ExitStatus,
        expected: Int32
    ) {
        var office = office(
            .allExited,
            .named("a", policy: Self.once),
            .named("b", policy: Self.once)
        )
        for name in ["a", "b"] { office.handle(.spawned(.run(1, of: name), .seven)) }
        office.handle(.exited(.run(1, of: "a"), status, survivors: 0))
        #expect(office.handle(exit("b", 9)).demands == [.finish(status: expected)])
    }

    @Test func `a program that cannot be started makes the status one`() {
        var office = office(.allExited, .named("a", policy: Self.once))
        let failure = SpawnFailure(step: "execve", errno: 2, message: "cannot execute a")
        let end = office.handle(.spawnFailed(.run(1, of: "a"), failure))
        #expect(end.last == .finish(status: 1))
    }

    @Test func `the first that is given up stops all others`() {
        let policy = Policy.test { $0.restart.retries = 1 }
        var office = office(.anyFatal, .named("a", policy: policy), .named("b"))
        for name in ["a", "b"] { office.handle(.spawned(.run(1, of: name), .seven)) }
        #expect(
            office.handle(exit("a", 4)).demands == [.signal(.run(1, of: "b"), .terminate, .group)]
        )
        #expect(office.handle(exit("b", 0)).last == .finish(status: 4))
    }

    @Test func `an end by order is no failure, whatever has failed before`() {
        var office = office(.never, .named("a", policy: Self.once))
        office.handle(.spawned(.run(1, of: "a"), .seven))
        #expect(office.handle(exit("a", 4)).demands == [])
        #expect(office.handle(.shutDown(by: .keepd)).last == .finish(status: 0))
    }
}
