import Supervision
import SystemTypes

/// What an observer with pencil and paper knows of one instance, and expects of it.
///
/// It is told of each order and of each report, and knows the policy, but nothing of the machine:
/// the rules are written down here a second time, in another form, so that the two can disagree.
struct Ledger {
    enum Run: Equatable {
        case none
        case requested
        case up(ProcessID, since: Instant)
        /// The process has ended, others of its tree have not.
        case left(SystemTypes.ExitStatus, wasSteady: Bool)
    }

    /// What comes next while no run is there.
    enum Outlook: Equatable {
        case rest(Phase)
        case spawn(from: Instant, to: Instant)
    }

    let policy: Policy
    private(set) var run = Run.none
    private(set) var outlook = Outlook.rest(.stopped)
    private(set) var isWanted = false
    private(set) var unwantedSince: Instant?
    /// Who has stopped the present run, once somebody has.
    private(set) var stopper: Requester?
    /// When the process ended that has left survivors.
    private(set) var leftAt: Instant?
    private(set) var failures = 0
    private(set) var restarts = 0
    private(set) var serial = 0
    private(set) var lastCause: Cause?
    /// An operator waits for a spawn.
    private var isOrdered = false

    init(policy: Policy) {
        self.policy = policy
    }

    // MARK: - Orders

    mutating func start(at now: Instant) {
        isWanted = true
        unwantedSince = nil
        failures = 0
        switch run {
        case .none:
            isOrdered = true
            outlook = .spawn(from: now, to: now)
        case .requested: stopper = nil
        case .up: isOrdered = stopper != nil
        case .left: isOrdered = true
        }
    }

    mutating func stop(by requester: Requester, at now: Instant) {
        if unwantedSince == nil { unwantedSince = now }
        switch run {
        case .none: outlook = .rest(.stopped)
        case .requested, .up: stopper = stopper ?? requester
        case .left: break
        }
        isWanted = false
        isOrdered = false
    }

    // MARK: - Requests and reports

    /// Says what is wrong with a request to spawn, if something is.
    mutating func spawn(_ serial: Int, at now: Instant) -> String? {
        defer {
            if !isOrdered { restarts += 1 }
            (run, stopper, isOrdered, self.serial) = (.requested, nil, false, serial)
        }
        guard run == .none else { return "a second incarnation" }
        guard isWanted else { return "a spawn that nobody wants" }
        guard serial == self.serial + 1 else { return "a serial number out of order" }
        guard case .spawn(let from, _) = outlook else { return "a spawn after \(outlook)" }
        guard now >= from else { return "a spawn before the pause is over" }
        return nil
    }

    mutating func spawned(_ process: ProcessID, at now: Instant) {
        run = .up(process, since: now)
    }

    mutating func spawnFailed(_ failure: SpawnFailure, at now: Instant) {
        lastCause = .spawnFailed(failure)
        run = .none
        guard isWanted else { return outlook = .rest(.stopped) }
        fail(at: now, isFinal: policy.restart.when == .never)
    }

    mutating func exited(_ status: SystemTypes.ExitStatus, survivors: Int, at now: Instant) {
        guard case .up(_, let since) = run else { return }
        lastCause = stopper.map { .stopped(by: $0) } ?? Cause(status)
        run = .left(status, wasSteady: now >= since + policy.start.settle)
        leftAt = now
        if survivors == 0 { treeGone(at: now) }
    }

    mutating func treeGone(at now: Instant) {
        guard case .left(let status, let wasSteady) = run else { return }
        run = .none
        leftAt = nil
        if !isWanted {
            outlook = .rest(.stopped)
        } else if isOrdered {
            outlook = .spawn(from: now, to: now)
        } else if !policy.restart.restarts(after: status) {
            outlook = .rest(.exited)
        } else if wasSteady {
            failures = 0
            outlook = .spawn(from: now, to: now)
        } else {
            fail(at: now, isFinal: false)
        }
    }

    private mutating func fail(at now: Instant, isFinal: Bool) {
        failures += 1
        let isLast = policy.restart.retries.map { failures >= max(1, $0) } ?? false
        guard !isLast && !isFinal else { return outlook = .rest(.fatal) }
        let backoff = policy.restart.backoff
        var pause = backoff.initial.inSeconds
        for _ in 0..<min(failures - 1, 100) {
            pause = min(pause * backoff.factor, backoff.max.inSeconds)
        }
        // The arithmetic is in binary fractions, and may be off by a nanosecond or two.
        outlook = .spawn(
            from: now + .seconds(pause * (1 - backoff.jitter)) + .nanoseconds(-2),
            to: now + .seconds(pause * (1 + backoff.jitter)) + .nanoseconds(2)
        )
    }
}
