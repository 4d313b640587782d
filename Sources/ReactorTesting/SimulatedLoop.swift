internal import LinuxSystem
public import Reactor
public import SystemPackage
public import SystemTypes

/// An event loop in virtual time, for tests: an hour of sleeps passes at once, and what chance
/// decides elsewhere follows from a seed.
///
/// Time stands still while anybody has anything to do, and then jumps to the next deadline: in
/// ``EventLoop/run()`` and its like as far as it has to, in ``advance(to:)`` as far as it is told.
/// It begins at ``Instant/zero``. Code under test must take the time from ``EventLoop/now``.
///
/// Everything else is real: descriptors, children, threads. Virtual time waits for the calls that
/// ``EventLoop/runInExecutor(_:_:)`` makes. While descriptors are watched or children live, it
/// waits for them before each jump, though no longer than a patience in real time; how far a child
/// has come by a virtual moment is up to the machine.
///
/// To be used on one thread, as the loop itself.
///
///     let simulated = try SimulatedLoop(seed: 7)
///     simulated.loop.callLater(.seconds(3_600)) { … }
///     simulated.advance(by: .seconds(3_600))
public final class SimulatedLoop {
    /// The loop itself, for the code under test.
    public let loop: EventLoop
    /// What to give ``init(seed:faults:patience:)`` to see the same again.
    public let seed: UInt64
    private let world: SimulatedWorld

    /// - Parameters:
    ///   - seed: Decides in which order descriptors that are ready in the same iteration are
    ///     reported, and which reads, writes and spawns `faults` hit.
    ///   - patience: How long, in real time, something real may take before time jumps.
    /// - Throws: `.tooManyOpenFiles`, as every loop that cannot be made.
    public init(
        seed: UInt64 = 0,
        faults: Faults = .none,
        patience: Duration = .milliseconds(20)
    ) throws(Errno) {
        world = SimulatedWorld(seed: seed, faults: faults, patience: patience)
        loop = try EventLoop(simulation: world)
        self.seed = seed
    }

    /// What goes wrong from now on.
    public var faults: Faults {
        get { world.faults }
        set { world.faults = newValue }
    }

    /// Runs the loop for `duration` of virtual time; see ``advance(to:)``.
    public func advance(by duration: Duration) {
        advance(to: loop.now + duration)
    }

    /// Runs the loop until nothing is to be done before or at `instant`, and leaves it at that
    /// moment; earlier, if the loop is stopped.
    ///
    /// - Precondition: `instant` is not over yet, and the loop does not run.
    public func advance(to instant: Instant) {
        precondition(instant >= loop.now, "time does not go back")
        world.horizon = .at(instant)
        defer { world.horizon = .none }
        loop.run()
    }

    /// Does all that can be done without the passing of time.
    ///
    /// A timer that is not due stays where it is: there may be one that repeats for ever.
    public func runUntilIdle() {
        advance(to: loop.now)
    }
}
