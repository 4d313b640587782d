import OrderedCollections
import Supervision
import SystemTypes
import Testing

@testable import Daemon

@Suite struct ServiceStatusTests {
    private func supervisor(_ programs: ProgramConfiguration...) -> Supervisor {
        var supervisor = Supervisor(Configuration(programs: programs), seed: 1, at: .zero)
        _ = supervisor.handle(.begin, at: .zero)
        return supervisor
    }

    private func program(_ name: String, needs: String...) -> ProgramConfiguration {
        var program = ProgramConfiguration(name: name, command: ["true"])
        program.dependsOn = needs.map { Dependency(program: $0, condition: .ready) }
        return program
    }

    private func run(_ name: String) -> Incarnation {
        Incarnation(instance: InstanceID(program: name, number: 0), serial: 1)
    }

    @Test func `it says how many run, which start, and what the others wait for`() {
        var supervisor = supervisor(program("db"), program("web", needs: "db"), program("x"))
        _ = supervisor.handle(.spawned(run("x"), ProcessID(rawValue: 7)), at: .zero)
        _ = supervisor.handle(.deadlineReached, at: .zero + .seconds(60))
        #expect(
            supervisor.serviceStatus
                == "1 of 3 running; starting: db; waiting: web (for db)"
        )
    }

    @Test func `a program that nobody wants does not count`() {
        var supervisor = supervisor(program("db"))
        let id = InstanceID(program: "db", number: 0)
        _ = supervisor.handle(.spawned(run("db"), ProcessID(rawValue: 7)), at: .zero)
        _ = supervisor.handle(.order(.stop, id, by: .keepd), at: .zero)
        #expect(supervisor.serviceStatus == "0 of 0 running")
        _ = supervisor.handle(.exited(run("db"), .exited(0), survivors: 0), at: .zero)
        #expect(supervisor.serviceStatus == "0 of 0 running")
    }

    @Test func `three are named, and the rest are counted`() {
        let supervisor = supervisor(
            program("a"),
            program("b"),
            program("c"),
            program("d"),
            program("e")
        )
        #expect(supervisor.serviceStatus == "0 of 5 running; starting: a, b, c and 2 more")
    }

    @Test func `at the end it says who is left`() {
        var supervisor = supervisor(program("a"), program("b"))
        for name in ["a", "b"] {
            _ = supervisor.handle(.spawned(run(name), ProcessID(rawValue: 7)), at: .zero)
        }
        _ = supervisor.handle(.shutDown(by: .keepd), at: .zero)
        #expect(supervisor.serviceStatus == "stopping: a, b")
        #expect(supervisor.killAt == .zero + .seconds(90))
        _ = supervisor.handle(.exited(run("a"), .exited(0), survivors: 0), at: .zero)
        #expect(supervisor.serviceStatus == "stopping: b")
        _ = supervisor.handle(.exited(run("b"), .exited(0), survivors: 0), at: .zero)
        #expect(supervisor.serviceStatus == "stopping")
        #expect(supervisor.killAt == nil)
    }
}
