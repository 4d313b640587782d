import SystemTypes
import Testing

@Suite struct SimulationTests {
    @Test(arguments: SimulationSettings.seeds)
    func `supervision keeps its promises in any world`(seed: UInt64) throws {
        let simulation = Simulation(seed: seed, steps: SimulationSettings.steps)
        try #require(simulation.failure == nil, "\(simulation.failure ?? "")")
        #expect(simulation.steps >= SimulationSettings.steps)
    }

    /// Seeds that once broke a promise, the observer's own too.
    @Test(arguments: [UInt64(238), 615, 737, 19_348, 29_633, 34_324, 42_931])
    func `what once went wrong stays right`(seed: UInt64) {
        let failure = Simulation(seed: seed, steps: 2_000).failure
        #expect(failure == nil, "\(failure ?? "")")
    }

    @Test(arguments: UInt64(0)..<40)
    func `changes of the configuration break no promise and come to rest`(seed: UInt64) {
        let upheaval = Upheaval(seed: seed)
        upheaval.run(steps: 500)
        #expect(upheaval.broken == nil, "seed \(seed): \(upheaval.broken ?? "")")
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
        for seed in UInt64(0)..<400 {
            for world in Simulation(seed: seed, steps: 500).worlds {
                _ = Replay(of: world, meetings: meetings)
            }
            // The rest would only repeat what has been seen.
            if seed >= 16, meetings.missed.isEmpty { break }
        }
        #expect(meetings.missed == [])
    }

    @Test(.enabled(if: SimulationSettings.long != nil))
    func `supervision keeps its promises for long`() async {
        let clock = ContinuousClock()
        let start = clock.now
        let tally = await Tally.run(seeds: UInt64(SimulationSettings.long ?? 0))
        let seconds = (clock.now - start).inSeconds
        for failure in tally.failures { Issue.record("\(failure)") }
        let pairs = "\(tally.meetings.met.count) of \(tally.meetings.possible.count) pairs met"
        let pace = "\(Int(Double(tally.steps) / seconds)) steps per second"
        print("\(tally.worlds) worlds, \(tally.steps) steps, \(pace), \(pairs)")
    }
}
