import Glibc

/// What a long run has come to.
struct Tally: Sendable {
    private(set) var worlds = 0
    private(set) var steps = 0
    private(set) var failures: [String] = []
    let meetings: Meetings

    /// Goes through the seeds on all processors, one after the other on each.
    static func run(seeds: UInt64) async -> Tally {
        let meetings = Meetings()
        let workers = UInt64(max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))))
        return await withTaskGroup(of: Tally.self) { group in
            for worker in 0..<workers {
                group.addTask {
                    var tally = Tally(meetings: meetings)
                    for seed in stride(from: worker, to: seeds, by: Int(workers)) {
                        guard tally.add(seed) else { break }
                    }
                    return tally
                }
            }
            return await group.reduce(into: Tally(meetings: meetings)) { $0.merge($1) }
        }
    }

    /// How many seeds are lived through once more to see what has met.
    private static let replaysMax = 100

    private mutating func add(_ seed: UInt64) -> Bool {
        let simulation = Simulation(seed: seed, steps: SimulationSettings.steps)
        worlds += simulation.worlds.count
        steps += simulation.steps
        if let failure = simulation.failure { failures.append(failure) }
        if seed % 10 == 0 { upset(seed) }
        if seed < Tally.replaysMax {
            for world in simulation.worlds { _ = Replay(of: world, meetings: meetings) }
        }
        return failures.isEmpty
    }

    private mutating func upset(_ seed: UInt64) {
        let upheaval = Upheaval(seed: seed)
        upheaval.run(steps: 500)
        (worlds, steps) = (worlds + 1, steps + 500)
        if let broken = upheaval.broken { failures.append("upheaval \(seed): \(broken)") }
    }

    private mutating func merge(_ other: Tally) {
        worlds += other.worlds
        steps += other.steps
        failures += other.failures
    }
}
