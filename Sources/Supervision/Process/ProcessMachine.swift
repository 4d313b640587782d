public import SystemTypes

/// The life of one supervised program: an event goes in, effects come out.
///
/// The machine is a value and touches nothing. It does not spawn, signal, wait or read a clock;
/// whoever owns it carries out the effects, in order, and reports back with further events.
///
///     stopped ─start─▸ waiting ─free─▸ spawning ─spawned─▸ starting ─ready─▸ running
///                                       ▴     │ failed         │ exited          │ exited
///                               deadline│     ▾                ▾                 ▾
///                                      backoff ◂──────── the policy decides ────────▸ exited, fatal
///
///     starting, running ─stop─▸ preparing ─its command ended─▸ stopping ─deadline─▸ killing
///                                   │ exited                      │ exited             │ exited
///                                   ▾                             ▾                    ▾
///                                stopped, or what the goal and the reason for the stop make of it
///
/// An exit may leave survivors: processes that the program started and that outlived it. No next
/// step is taken before they are gone. After a stop they have the rest of the patience
/// (`outlived`), after an exit nobody asked for they have none (`clearing`).
///
/// A stop that keepd orders itself, for a start took too long or a check failed, goes the same way
/// as an operator's, and has its ``Reason`` with it, so that what follows is judged right.
public struct ProcessMachine: Equatable, Sendable, Codable {
    public enum State: Equatable, Sendable, Codable {
        case stopped
        /// Wanted, and not yet allowed to start.
        case waiting
        /// A spawn was asked for and has not been answered.
        case spawning
        /// Up, but not ready. At `until` it is ready, or too late; the policy says which.
        case starting(ProcessID, since: Instant, until: Instant)
        case running(ProcessID)
        /// The command that comes before the stop signal runs; the signal is sent at `until`.
        case preparing(ProcessID, Reason, until: Instant)
        /// The stop signal was sent; at `killAt` patience ends.
        case stopping(ProcessID, Reason, killAt: Instant)
        /// SIGKILL was sent to everything, and the process has not ended yet.
        case killing(ProcessID, Reason)
        /// The process ended as it was told to, others that it started have not.
        case outlived(Reason, killAt: Instant)
        /// The process ended, and SIGKILL was sent to what it left behind.
        case clearing(Ending)
        case backoff(until: Instant)
        /// Ended, and the policy leaves it at that.
        case exited
        /// The policy gave up; only an operator's order leaves this state.
        case fatal
    }

    /// Why a run is stopped.
    public enum Reason: Equatable, Sendable, Codable {
        /// An order, or a dependency; the goal says what is next.
        case ordered
        case startTimeout
        case unhealthy
    }

    /// How a run came to its end.
    public enum Ending: Equatable, Sendable, Codable {
        case stopped(Reason)
        case unasked(ExitStatus?, wasSteady: Bool)
    }

    /// What is wanted, whatever is the case now.
    public enum Goal: String, Sendable, Codable {
        case up
        /// `up`, but what it depends on is about to stop, and it has to make way.
        case held
        /// `down`, once what depends on it has made way.
        case leaving
        case down
        /// As `down`, without patience.
        case gone
    }

    public enum Event: Equatable, Sendable {
        case start
        /// Begins the stop.
        case stop
        /// As `stop`, without patience.
        case kill
        /// Announces a `stop`; meanwhile it runs on, and is not started again.
        case leave
        /// Announces a `makeWay`; meanwhile it runs on, and is not started again.
        case hold
        /// Takes `hold` back.
        case release
        /// Begins a stop after which it waits.
        case makeWay
        /// Nothing stands in the way of a start.
        case free
        /// What it waits for has failed for good.
        case dependencyFailed
        /// The spawn was not made, and will not be.
        case withdrawn

        case spawned(ProcessID)
        case spawnFailed
        case ready
        /// Another process of the program is its main process from now on.
        case mainProcess(ProcessID)
        /// A check of the running program failed, and the policy wants it stopped.
        case unhealthy
        /// The program asks for that much time from now on.
        case extended(Duration)
        case stopCommandEnded
        /// `survivors`: how many processes that the program started are still there. The status is
        /// `nil` where nobody can say it.
        case exited(ExitStatus?, survivors: Int)
        /// The last survivor is gone.
        case treeGone
        /// The clock has reached ``ProcessMachine/deadline``.
        case deadlineReached
    }

    public enum Effect: Equatable, Sendable {
        case spawn
        case runStopCommand
        /// It may still run; its end is of no interest any more.
        case endStopCommand
        case signal(Signal, SignalScope)
        /// To those survivors that ``signal(_:_:)`` has not reached.
        case signalSurvivors(Signal)
        /// SIGKILL to everything the program ever started, again until nothing is left.
        case killTree
    }

    public internal(set) var state = State.stopped
    public internal(set) var goal = Goal.down
    /// Ends in a row without a steady run, or an order to start, between them.
    public internal(set) var failures = 0
    public private(set) var policy = Policy()

    /// Of a state: without the policy, which is that of the program.
    private enum CodingKeys: CodingKey {
        case state, goal, failures
    }

    public init(policy: Policy) {
        self.policy = policy
    }

    /// Of a state that has been read.
    mutating func restore(_ policy: Policy) {
        self.policy = policy
    }

    /// Goes by other rules from now on; patience that is granted stays as it is.
    public mutating func adopt(_ policy: Policy) {
        let old = self.policy
        self.policy = policy
        guard case .starting(let pid, let since, _) = state,
            old.readiness != policy.readiness || old.start != policy.start
        else { return }
        let time = policy.readiness == .settled ? policy.start.settle : policy.start.timeout
        state = .starting(pid, since: since, until: since + time)
    }

    /// The process has ended, which is told later: it gets neither ready nor too late any more.
    mutating func processEnded() {
        guard case .starting(let pid, let since, _) = state else { return }
        state = .starting(pid, since: since, until: .distantFuture)
    }

    /// When the machine wants ``Event/deadlineReached``; `nil` for never.
    ///
    /// Read it after each ``handle(_:at:chance:)`` and set the one timer to it. Timers are never
    /// started or cancelled, so none can fire late.
    public var deadline: Instant? {
        switch state {
        case .starting(_, _, let until), .preparing(_, _, let until), .backoff(let until): until
        case .stopping(_, _, let killAt), .outlived(_, let killAt): killAt
        case .stopped, .waiting, .spawning, .running, .killing, .clearing, .exited, .fatal: nil
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

    /// Whether `event` is possible in ``state``.
    public func canHappen(_ event: Event) -> Bool {
        var trial = self
        return trial.move(on: event, at: .distantFuture, chance: 0) != nil
    }

    /// The table of transitions; `nil` for what cannot happen.
    private mutating func move(
        on event: Event,
        at now: Instant,
        chance: Double
    ) -> [Effect]? {
        heed(event)
        return switch event {
        case .start: start()
        case .stop: stop(at: now)
        case .kill: kill()
        case .leave: leave()
        case .hold: hold()
        case .release: release()
        case .makeWay: makeWay(at: now)
        case .free: free()
        case .dependencyFailed: dependencyFailed()
        case .withdrawn: withdrawn(at: now)
        case .spawned(let pid): spawned(pid, at: now)
        case .spawnFailed: spawnFailed(at: now, chance: chance)
        case .ready: ready()
        case .mainProcess(let pid): mainProcess(is: pid)
        case .unhealthy: unhealthy(at: now)
        case .extended(let time): extended(by: time, at: now)
        case .stopCommandEnded: stopCommandEnded(at: now)
        case .exited(let status, let survivors):
            exited(status, survivors: survivors, at: now, chance: chance)
        case .treeGone: treeGone(at: now, chance: chance)
        case .deadlineReached: expire(at: now)
        }
    }
}
