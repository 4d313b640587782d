internal import OrderedCollections
internal import Supervision

extension Supervisor {
    /// How many are named in one list.
    private static let namesMax = 3

    /// How all programs are, in a line: `10 of 12 running; waiting: web (for db); failed: job`.
    ///
    /// Those that are at rest, for they have done their work or nobody wants them, do not count.
    var serviceStatus: String {
        let meant = instances.values.filter(\.isMeantToRun)
        let running = meant.count { $0.machine.phase == .running }
        if isShuttingDown {
            let left = instances.values.filter { $0.machine.process != nil }
            return left.isEmpty ? "stopping" : "stopping: \(Supervisor.list(left.map(\.name)))"
        }
        let groups: [(String, Phase)] = [
            ("starting", .starting), ("waiting", .waiting), ("backing off", .backoff),
            ("stopping", .stopping), ("failed", .fatal),
        ]
        let lists = groups.compactMap { word, phase -> String? in
            let names = meant.filter { $0.machine.phase == phase }.map { name(of: $0) }
            return names.isEmpty ? nil : "\(word): \(Supervisor.list(names))"
        }
        return (["\(running) of \(meant.count) running"] + lists).joined(separator: "; ")
    }

    /// Together with what it waits for.
    private func name(of instance: Instance) -> String {
        let awaited = instance.machine.phase == .waiting ? waitingFor(instance.id) : []
        return awaited.isEmpty
            ? instance.name : "\(instance.name) (for \(Supervisor.list(awaited)))"
    }

    private static func list(_ names: [String]) -> String {
        let rest = names.count - namesMax
        return names.prefix(namesMax).joined(separator: ", ")
            + (rest > 0 ? " and \(rest) more" : "")
    }
}

extension Instance {
    fileprivate var isMeantToRun: Bool {
        switch machine.phase {
        case .waiting, .starting, .running, .backoff, .fatal: true
        case .stopping: machine.goal == .up
        case .stopped, .exited: false
        }
    }
}
