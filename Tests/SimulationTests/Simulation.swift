import Glibc
import Supervision
import SystemTypes

/// A number of steps in worlds that follow from one seed, one world after the other.
struct Simulation {
    let seed: UInt64
    private(set) var steps = 0
    private(set) var worlds: [World] = []
    /// The promise that was broken, how it came to that, and how to see it again.
    private(set) var failure: String?

    init(seed: UInt64, steps stepsMax: Int) {
        self.seed = seed
        var chance = Chance(seed: seed)
        while steps < stepsMax, failure == nil {
            let world = World(chance: Chance(seed: chance.seed()))
            world.run(steps: stepsMax - steps)
            steps += world.steps
            worlds.append(world)
            failure = world.broken.map { account(of: $0, in: world, stepsMax) }
        }
    }

    private func account(of broken: String, in world: World, _ stepsMax: Int) -> String {
        let last = world.told.suffix(15).map { at, event in
            "  \((at - .zero).inSeconds) s: \(event)"
        }
        return "\(broken), at \((world.now - .zero).inSeconds) s of world \(worlds.count)\n"
            + last.joined(separator: "\n") + "\nagain with: make sim SEED=\(seed) STEPS=\(stepsMax)"
    }
}

/// What the environment asks for; without it, what `swift test` does.
enum SimulationSettings {
    static let steps = number("KEEPD_SIM_STEPS") ?? 2_000
    /// How many seeds a long run goes through.
    static let long = number("KEEPD_SIM_SEEDS")
    static let seeds: [UInt64] = number("KEEPD_SIM_SEED").map { [UInt64($0)] } ?? Array(0..<200)

    private static func number(_ name: String) -> Int? {
        getenv(name).flatMap { Int(String(cString: $0)) }
    }
}
