import OrderedCollections
import Supervision
import SystemTypes

/// A supervisor with a clock, and short words for what happens to it.
struct Office {
    var supervisor: Supervisor
    var now = Instant.zero

    init(
        _ programs: [ProgramConfiguration],
        shutdownTimeout: Duration = .seconds(90)
    ) {
        var configuration = Configuration(programs: programs)
        configuration.daemon.shutdownTimeout = shutdownTimeout
        self.init(configuration)
    }

    init(_ configuration: Configuration) {
        supervisor = Supervisor(configuration, seed: 1, at: .zero)
    }

    /// The first run of `web` is up and steady.
    static func withRunningWeb(policy: Policy = .test) -> Office {
        var office = Office([.named("web", policy: policy)])
        office.handle(.begin)
        office.handle(.spawned(.web(1), .seven))
        office.wait()
        return office
    }

    subscript(name: String) -> Instance? {
        supervisor.instances[InstanceID(program: name, number: 0)]
    }

    @discardableResult
    mutating func handle(
        _ event: Supervisor.Event,
        after pause: Duration = .zero
    ) -> [Supervisor.Effect] {
        now = now + pause
        return supervisor.handle(event, at: now)
    }

    /// Lets the clock go to the next deadline.
    @discardableResult
    mutating func wait() -> [Supervisor.Effect] {
        now = max(now, supervisor.deadline ?? now)
        return supervisor.handle(.deadlineReached, at: now)
    }

    @discardableResult
    mutating func order(
        _ order: Supervisor.Order,
        _ name: String = "web",
        by requester: Requester = .keepd
    ) -> [Supervisor.Effect] {
        handle(.order(order, InstanceID(program: name, number: 0), by: requester))
    }
}

extension ProgramConfiguration {
    static func named(
        _ name: String,
        instances: Int = 1,
        autostart: Bool = true,
        policy: Policy = .test
    ) -> ProgramConfiguration {
        var program = ProgramConfiguration(name: name, command: ["true"])
        program.instances = instances
        program.autostart = autostart
        program.policy = policy
        return program
    }
}

extension Incarnation {
    static func run(_ serial: Int, of name: String, number: Int = 0) -> Incarnation {
        Incarnation(instance: InstanceID(program: name, number: number), serial: serial)
    }

    static func web(_ serial: Int) -> Incarnation { .run(serial, of: "web") }
}

extension Requester {
    static let ann = Requester.peer(user: "ann", uid: 1_000, process: nil, command: "keepctl")
    static let bob = Requester.peer(user: "bob", uid: 1_001, process: nil, command: "keepctl")
}

extension [Supervisor.Effect] {
    /// The effects but for the announcements.
    var demands: [Supervisor.Effect] {
        filter { if case .announce = $0 { false } else { true } }
    }

    var changes: [Change] {
        compactMap { if case .announce(let change) = $0 { change } else { nil } }
    }

    /// The announcements, as `web: starting → running`.
    var story: [String] {
        changes.map { change in
            let process = change.process.map { " \($0)" } ?? ""
            let cause = change.cause.map { ", \($0)" } ?? ""
            return "\(change.name): \(change.from) → \(change.to)\(process)\(cause)"
        }
    }
}
