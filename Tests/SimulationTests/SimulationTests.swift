import SystemTypes
import Testing

@Suite struct SimulationTests {
    @Test(arguments: SimulationSettings.seeds)
    func `supervision keeps its promises in any world`(seed: UInt64) throws {
        let simulation = Simulation(seed: seed, steps: SimulationSettings.steps)
        try #require(simulation.failure == nil, "\(simulation.failure ?? "")")
        #expect(simulation.steps >= SimulationSettings.steps)
    }

    @Test func `what happened once happens again when the history is told again`() {
        for seed in UInt64(0)..<16 {
            for world in Simulation(seed: seed, steps: 500).worlds {
                #expect(Replay(of: world).effects == world.asked, "seed \(seed)")
            }
        }
    }

    @Test func `every possible meeting of a state and an event has been simulated`() {
        let meetings = Meetings()
        for seed in UInt64(0)..<64 {
            for world in Simulation(seed: seed, steps: 1_000).worlds {
                _ = Replay(of: world, meetings: meetings)
            }
        }
        let missed = meetings.possible.subtracting(meetings.met).map(\.description).sorted()
        #expect(missed == [])
    }

    @Test(.enabled(if: SimulationSettings.long != nil))
    func `supervision keeps its promises for long`() {
        var (worlds, steps) = (0, 0)
        let clock = ContinuousClock()
        let start = clock.now
        for seed in 0..<UInt64(SimulationSettings.long ?? 0) {
            let simulation = Simulation(seed: seed, steps: SimulationSettings.steps)
            worlds += simulation.worlds.count
            steps += simulation.steps
            guard simulation.failure == nil else {
                Issue.record("\(simulation.failure ?? "")")
                break
            }
        }
        let seconds = (clock.now - start).inSeconds
        print("\(worlds) worlds, \(steps) steps, \(Int(Double(steps) / seconds)) steps per second")
    }
}
