import Supervision
import SystemTypes

/// A run as the kernel knows it: a process, what it leaves behind, and how they behave.
struct SimulatedRun {
    enum Stage {
        case requested
        case up
        /// Reported as exited, with survivors.
        case left
    }

    /// What a process does when it is asked to stop.
    enum Manner {
        case atOnce
        case after(Duration)
        case never
    }

    enum Command {
        case none, running, ended
    }

    var stage = Stage.requested
    var command = Command.none
    /// The process is gone, and that is all that has been told of it.
    var hasEnded = false
    /// The stop signal was sent.
    var isAsked = false
    var isKilled = false
    /// It has left survivors, and nothing was done about them yet.
    var areLeftAlone = false
    let failsToSpawn: Bool
    /// What it does of its own accord; `nil` if it runs for ever.
    let lifetime: Duration?
    let status: SystemTypes.ExitStatus?
    let manner: Manner
    let commandManner: Manner
    /// Until it says that it is ready; `nil` if it never does.
    let readyAfter: Duration?
    let survivors: Int
    let mannerOfSurvivors: Manner
    /// Until the survivors leave of their own accord; `nil` if they do not.
    let survivorsLinger: Duration?

    init(_ policy: Policy, _ chance: inout Chance) {
        failsToSpawn = chance.happens(12)
        // The moments next to a deadline, and the deadline itself, are the bad ones.
        lifetime = chance.pick(
            nil,
            .zero,
            chance.milliseconds(0...200),
            policy.start.settle,
            policy.start.settle + chance.milliseconds(-5...60),
            nil,
            policy.start.timeout,
            chance.milliseconds(0...20_000)
        ).map { max($0, .zero) }
        status = chance.pick(
            .exited(0),
            .exited(1),
            .exited(3),
            nil,
            .signaled(.abort, coreDumped: true)
        )
        manner = SimulatedRun.manner(policy, &chance)
        commandManner = SimulatedRun.manner(policy, &chance)
        readyAfter = chance.pick(
            nil,
            .zero,
            chance.milliseconds(0...300),
            policy.start.timeout,
            policy.start.timeout + chance.milliseconds(-5...60)
        ).map { max($0, .zero) }
        survivors = chance.happens(60) ? 0 : chance.number(1...3)
        mannerOfSurvivors = SimulatedRun.manner(policy, &chance)
        survivorsLinger = chance.happens(50) ? nil : chance.milliseconds(0...3_000)
    }

    private static func manner(_ policy: Policy, _ chance: inout Chance) -> Manner {
        chance.pick(
            .atOnce,
            .after(chance.milliseconds(0...300)),
            .after(policy.stop.timeout),
            .after(policy.stop.timeout + .milliseconds(20)),
            .never
        )
    }
}
