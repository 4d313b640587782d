/// Which program needs which others.
///
/// Everything comes in the order of the configuration, so that one configuration is always started
/// the same way. A need for a program that is not there is left out; whoever reads the
/// configuration has refused it.
public struct DependencyGraph: Equatable, Sendable {
    private let names: [String]
    private let indices: [String: Int]
    private let needs: [[Int]]
    private let needers: [[Int]]

    /// - Precondition: No program comes twice.
    public init(_ programs: some Sequence<(program: String, needs: [String])>) {
        let programs = Array(programs)
        let names = programs.map(\.program)
        let indices = Dictionary(uniqueKeysWithValues: zip(names, names.indices))
        let needs = programs.map { $0.needs.compactMap { indices[$0] } }
        var needers = [[Int]](repeating: [], count: names.count)
        for (program, others) in needs.enumerated() {
            for other in Set(others) { needers[other].append(program) }
        }
        self.names = names
        self.indices = indices
        self.needs = needs
        self.needers = needers
    }

    /// What `program` itself names, in the order in which it names them.
    public func dependencies(of program: String) -> [String] {
        neighbours(of: program, in: needs)
    }

    /// Who names `program`.
    public func dependents(of program: String) -> [String] {
        neighbours(of: program, in: needers)
    }

    /// All that has to be there for `program`, what is needed first coming first; without itself.
    ///
    /// - Precondition: There is no cycle.
    public func allDependencies(of program: String) -> [String] {
        closure(of: program, in: needs)
    }

    /// All that cannot be without `program`, what nobody else needs coming first; without itself.
    ///
    /// - Precondition: There is no cycle.
    public func allDependents(of program: String) -> [String] {
        closure(of: program, in: needers)
    }

    /// Every program after all that it needs; its reverse is an order for stopping.
    ///
    /// - Precondition: There is no cycle.
    public var order: [String] {
        walk(from: names.indices, along: needs).finished.map { names[$0] }
    }

    /// The first cycle there is: `["web", "db", "web"]`, to be read as "web needs db needs web".
    public func findCycle() -> [String]? {
        walk(from: names.indices, along: needs).cycle?.map { names[$0] }
    }

    private func neighbours(of program: String, in edges: [[Int]]) -> [String] {
        indices[program].map { edges[$0].map { names[$0] } } ?? []
    }

    private func closure(of program: String, in edges: [[Int]]) -> [String] {
        guard let start = indices[program] else { return [] }
        return walk(from: CollectionOfOne(start), along: edges).finished.dropLast().map {
            names[$0]
        }
    }

    private enum Mark { case fresh, open, finished }

    private struct Walk {
        /// A program comes after all that its edges lead to.
        var finished: [Int] = []
        var cycle: [Int]?
    }

    /// Depth first, and without recursion: a chain may be as long as the configuration.
    private func walk(from starts: some Collection<Int>, along edges: [[Int]]) -> Walk {
        var walk = Walk()
        var marks = [Mark](repeating: .fresh, count: names.count)
        for start in starts where marks[start] == .fresh {
            var path = [(program: start, next: 0)]
            marks[start] = .open
            while let (program, next) = path.last {
                guard next < edges[program].count else {
                    marks[program] = .finished
                    walk.finished.append(program)
                    path.removeLast()
                    continue
                }
                path[path.count - 1].next += 1
                let neighbour = edges[program][next]
                switch marks[neighbour] {
                case .fresh:
                    marks[neighbour] = .open
                    path.append((neighbour, 0))
                case .open:
                    let loop = path.map(\.program).drop { $0 != neighbour }
                    walk.cycle = loop + [neighbour]
                    return walk
                case .finished:
                    break
                }
            }
        }
        return walk
    }
}
