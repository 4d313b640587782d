public import SystemTypes

/// The life of one supervised program: an event goes in, effects come out.
///
/// The machine is a value and touches nothing. It does not spawn, signal, wait or read a clock;
/// whoever owns it carries out the effects, in order, and reports back with further events.
///
///     stopped ─start─▸ spawning ─spawned─▸ starting ─settled─▸ running
///                       ▴     │ failed         │ exited           │ exited
///               deadline│     ▾                ▾                  ▾
///                      backoff ◂──────── the policy decides ────────▸ exited, fatal, spawning
///
///     starting, running ─stop─▸ stopping ─deadline─▸ killing
///                                  │ exited             │ exited
///                                  ▾                    ▾
///                               stopped, or spawning if the operator wants it up again
///
/// An exit may leave survivors: processes that the program started and that outlived it. No next
/// step is taken before they are gone. After a stop they have the rest of the patience
/// (`outlived`), after an exit nobody asked for they have none (`clearing`).
public struct ProcessMachine: Equatable, Sendable {
    public enum State: Equatable, Sendable {
        case stopped
        /// A spawn was asked for and has not been answered.
        case spawning
        /// Up, but not yet for as long as `settle`.
        case starting(ProcessID, since: Instant)
        case running(ProcessID, since: Instant)
        /// The stop signal was sent; at `killAt` patience ends.
        case stopping(ProcessID, killAt: Instant)
        /// SIGKILL was sent to everything, and the process has not ended yet.
        case killing(ProcessID)
        /// The process ended as it was told to, others that it started have not.
        case outlived(killAt: Instant)
        /// The process ended, and SIGKILL was sent to what it left behind.
        case clearing(Ending)
        case backoff(until: Instant)
        /// Ended, and the policy leaves it at that.
        case exited
        /// The policy gave up; only an operator's order leaves this state.
        case fatal
    }

    /// How a run came to its end.
    public enum Ending: Equatable, Sendable {
        case ordered
        case unasked(ExitStatus, wasSteady: Bool)
    }

    /// What the operator wants, whatever is the case now.
    public enum Goal: Sendable {
        case up, down
        /// As `down`, without patience.
        case gone
    }

    public enum Event: Equatable, Sendable {
        case start
        case stop
        /// As `stop`, without patience.
        case kill
        case spawned(ProcessID)
        case spawnFailed
        /// `survivors`: how many processes that the program started are still there.
        case exited(ExitStatus, survivors: Int)
        /// The last survivor is gone.
        case treeGone
        /// The clock has reached ``ProcessMachine/deadline``.
        case deadlineReached
    }

    public enum Effect: Equatable, Sendable {
        case spawn
        case signal(Signal, SignalScope)
        /// To those survivors that ``signal(_:_:)`` has not reached.
        case signalSurvivors(Signal)
        /// SIGKILL to everything the program ever started, again until nothing is left.
        case killTree
    }

    public private(set) var state = State.stopped
    public private(set) var goal = Goal.down
    /// Ends in a row without a steady run, or an order to start, between them.
    public private(set) var failures = 0
    public let policy: Policy

    public init(policy: Policy) {
        self.policy = policy
    }

    /// When the machine wants ``Event/deadlineReached``; `nil` for never.
    ///
    /// Read it after each ``handle(_:at:chance:)`` and set the one timer to it. Timers are never
    /// started or cancelled, so none can fire late.
    public var deadline: Instant? {
        switch state {
        case .starting(_, let since): since + policy.start.settle
        case .stopping(_, let killAt), .outlived(let killAt): killAt
        case .backoff(let until): until
        case .stopped, .spawning, .running, .killing, .clearing, .exited, .fatal: nil
        }
    }

    /// Moves to the next state, and says what has to be done about it.
    ///
    /// - Parameter chance: -1...1; decides the jitter of a pause, where there is one.
    /// - Returns: Effects, to be carried out in this order before the next event.
    /// - Precondition: ``canHappen(_:)``. An exit of a process that was never spawned is a bug in
    ///   the caller, not a condition to handle.
    public mutating func handle(
        _ event: Event,
        at now: Instant,
        chance: Double = 0
    ) -> [Effect] {
        guard let effects = move(on: event, at: now, chance: chance) else {
            preconditionFailure("\(event) while \(state)")
        }
        return effects
    }

    /// Whether `event` is possible in ``state``; an order always is.
    public func canHappen(_ event: Event) -> Bool {
        var trial = self
        return trial.move(on: event, at: .distantFuture, chance: 0) != nil
    }

    /// The table of transitions; `nil` for what cannot happen.
    private mutating func move(
        on event: Event,
        at now: Instant,
        chance: Double
    ) -> [Effect]? {  // tidy: long (the table of transitions is read as one)
        heed(event)
        switch (state, event) {

        // What the operator wants.
        case (.stopped, .start), (.exited, .start), (.fatal, .start), (.backoff, .start):
            return spawn()
        case (.clearing, .start):
            // What comes next is the operator's decision now, and no longer the policy's.
            state = .clearing(.ordered)
            return []
        case (.starting(let pid, _), .stop), (.running(let pid, _), .stop):
            return terminate(pid, at: now)
        case (.starting(let pid, _), .kill), (.running(let pid, _), .kill),
            (.stopping(let pid, _), .kill):
            return kill(pid)
        case (.outlived, .kill):
            return clear(after: .ordered)
        case (.stopped, .stop), (.exited, .stop), (.fatal, .stop), (.backoff, .stop),
            (.stopped, .kill), (.exited, .kill), (.fatal, .kill), (.backoff, .kill):
            return rest(in: .stopped)
        case (.spawning, .start), (.starting, .start), (.running, .start), (.stopping, .start),
            (.killing, .start), (.outlived, .start),
            (.spawning, .stop), (.stopping, .stop), (.killing, .stop), (.outlived, .stop),
            (.clearing, .stop),
            (.spawning, .kill), (.killing, .kill), (.clearing, .kill):
            return []  // The goal has changed, and the next report is judged by it.

        // What the kernel reports.
        case (.spawning, .spawned(let pid)):
            switch goal {
            case .up: return settle(pid, at: now)
            case .down: return terminate(pid, at: now)
            case .gone: return kill(pid)
            }
        case (.spawning, .spawnFailed):
            guard goal == .up else { return rest(in: .stopped) }
            return policy.restart.when == .never
                ? rest(in: .fatal) : retry(at: now, chance: chance)
        case (.starting(_, let since), .exited(let status, let survivors)),
            (.running(_, let since), .exited(let status, let survivors)):
            let ending = Ending.unasked(status, wasSteady: now >= since + policy.start.settle)
            guard survivors == 0 else { return clear(after: ending) }
            return conclude(ending, at: now, chance: chance)
        case (.stopping(_, let killAt), .exited(_, let survivors)) where survivors > 0:
            state = .outlived(killAt: killAt)
            return [.signalSurvivors(policy.stop.signal)]
        case (.killing, .exited(_, let survivors)) where survivors > 0:
            return clear(after: .ordered)
        case (.stopping, .exited), (.killing, .exited), (.outlived, .treeGone):
            return conclude(.ordered, at: now, chance: chance)
        case (.clearing(let ending), .treeGone):
            return conclude(ending, at: now, chance: chance)

        // What the clock reports.
        case (.starting(let pid, let since), .deadlineReached):
            precondition(now >= since + policy.start.settle)
            return run(pid, since: since)
        case (.stopping(let pid, let killAt), .deadlineReached):
            precondition(now >= killAt)
            return kill(pid)
        case (.outlived(let killAt), .deadlineReached):
            precondition(now >= killAt)
            return clear(after: .ordered)
        case (.backoff(let until), .deadlineReached):
            precondition(now >= until)
            return spawn()

        // What cannot happen.
        case (_, .spawned), (_, .spawnFailed), (_, .exited), (_, .treeGone), (_, .deadlineReached):
            return nil
        }
    }

    // MARK: - Moves

    /// An order changes what is wanted, whatever is the case now.
    private mutating func heed(_ event: Event) {
        switch event {
        case .start:
            goal = .up
            failures = 0  // Those before it are forgiven.
        case .stop: goal = .down
        case .kill: goal = .gone
        case .spawned, .spawnFailed, .exited, .treeGone, .deadlineReached: break
        }
    }

    private mutating func spawn() -> [Effect] {
        state = .spawning
        return [.spawn]
    }

    private mutating func settle(_ pid: ProcessID, at now: Instant) -> [Effect] {
        guard policy.start.settle > .zero else { return run(pid, since: now) }
        state = .starting(pid, since: now)
        return []
    }

    private mutating func run(_ pid: ProcessID, since: Instant) -> [Effect] {
        state = .running(pid, since: since)
        failures = 0
        return []
    }

    private mutating func terminate(_ pid: ProcessID, at now: Instant) -> [Effect] {
        state = .stopping(pid, killAt: now + policy.stop.timeout)
        return [.signal(policy.stop.signal, policy.stop.scope)]
    }

    private mutating func kill(_ pid: ProcessID) -> [Effect] {
        state = .killing(pid)
        return [.killTree]
    }

    private mutating func clear(after ending: Ending) -> [Effect] {
        state = .clearing(ending)
        return [.killTree]
    }

    private mutating func rest(in state: State) -> [Effect] {
        self.state = state
        return []
    }

    /// Decides what is next, now that the whole tree is gone.
    private mutating func conclude(
        _ ending: Ending,
        at now: Instant,
        chance: Double
    ) -> [Effect] {
        guard goal == .up else { return rest(in: .stopped) }
        switch ending {
        case .ordered:
            return spawn()
        case .unasked(let status, _) where !policy.restart.restarts(after: status):
            return rest(in: .exited)
        case .unasked(_, wasSteady: true):
            failures = 0
            return spawn()
        case .unasked(_, wasSteady: false):
            return retry(at: now, chance: chance)
        }
    }

    private mutating func retry(at now: Instant, chance: Double) -> [Effect] {
        failures += 1
        guard !policy.restart.givesUp(after: failures) else { return rest(in: .fatal) }
        let delay = policy.restart.backoff.delay(afterFailures: failures, chance: chance)
        state = .backoff(until: now + delay)
        return []
    }
}
