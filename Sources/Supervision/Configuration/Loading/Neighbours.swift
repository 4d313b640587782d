/// Finds what is wrong with programs only beside each other.
struct Neighbours {
    /// Each with what it was read from; no name twice.
    private let programs: [(program: ProgramConfiguration, reader: ValueReader)]
    private let kinds: [String: Policy.Kind]

    init(_ programs: [(program: ProgramConfiguration, reader: ValueReader)]) {
        var names: Set<String> = []
        self.programs = programs.filter { names.insert($0.program.name).inserted }
        kinds = Dictionary(
            uniqueKeysWithValues: self.programs.map {
                ($0.program.name, $0.program.policy.kind)
            }
        )
    }

    func check() {
        reportCycles()
        reportNeverCompleted()
        reportSharedAddresses()
    }

    /// One for each program at which a cycle begins: a knot would have too many to be read.
    private func reportCycles() {
        var needs = Dictionary(
            uniqueKeysWithValues: programs.map { ($0.program.name, $0.program.dependsOn) }
        )
        while true {
            let graph = DependencyGraph(
                programs.map { entry in
                    let name = entry.program.name
                    return (program: name, needs: needs[name, default: []].map(\.program))
                }
            )
            guard let cycle = graph.findCycle(), let first = cycle.first else { return }
            let entry = programs.first { $0.program.name == first }
            entry?.reader.member("dependsOn")?.report(.cycle(cycle))
            needs[first] = []
        }
    }

    private func reportNeverCompleted() {
        for entry in programs {
            for need in entry.program.dependsOn
            where need.condition == .completed && kinds[need.program] == .service {
                let value = entry.reader.member("dependsOn")?.member(need.program)
                value?.report(.neverCompleted)
            }
        }
    }

    private struct Place: Hashable {
        let address: ListeningSocket.Address
        let kind: ListeningSocket.Kind
    }

    private func reportSharedAddresses() {
        var taken: [Place: (position: SourcePosition, isShared: Bool)] = [:]
        for entry in programs {
            for socket in entry.program.sockets {
                guard let value = entry.reader.member("sockets")?.member(socket.name) else {
                    continue
                }
                let listen = value.member("listen") ?? value
                let place = Place(address: socket.address, kind: socket.kind)
                if let first = taken[place], !(first.isShared && socket.reusePort) {
                    listen.report(.taken(first: first.position))
                } else {
                    taken[place] = (listen.json.position, socket.reusePort)
                }
            }
        }
    }
}
