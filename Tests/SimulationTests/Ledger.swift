import Supervision
import SystemTypes

/// What an observer with pencil and paper knows of one instance, and expects of it.
///
/// It is told of each order and of each report, and knows the policy, but nothing of the machine:
/// the rules are written down here a second time, in another form, so that the two can disagree.
/// What depends on other programs is for the ``Observer``.
struct Ledger {
    enum Run: Equatable {
        case none
        case requested
        case up(ProcessID, since: Instant)
        /// The process has ended, others of its tree have not.
        case left(SystemTypes.ExitStatus?, wasSteady: Bool)
    }

    /// What comes next while no run is there.
    enum Outlook: Equatable {
        case rest(Phase)
        /// For what it needs.
        case wait
        case spawn(from: Instant, to: Instant)
    }

    /// Why the present run is stopped.
    enum Halt: Equatable {
        case ordered, tooLate, unhealthy
    }

    let policy: Policy
    private(set) var run = Run.none
    private(set) var outlook = Outlook.rest(.stopped)
    private(set) var isWanted = false
    private(set) var halt: Halt?
    private(set) var stopCause: Cause?
    /// Who wanted it down first, while it goes on for those that need it.
    private(set) var stopper: Requester?
    private(set) var isReady = false
    /// What a check of the running program has found.
    private(set) var verdict: Bool?
    /// A check has failed, and the policy wants it stopped.
    private(set) var complaint: Cause?
    /// When the next sign of life is due.
    private(set) var signDue: Instant?
    private var answers = (good: 0, bad: 0)
    private(set) var outOfMemory: Cause?
    /// When the process ended, if that is all that has been told.
    private(set) var endedAt: Instant?
    /// When the process ended that has left survivors.
    private(set) var leftAt: Instant?
    /// The last moment at which it may begin to be ready, or to be killed.
    private(set) var limit: Instant?
    private(set) var failures = 0
    private(set) var restarts = 0
    private(set) var serial = 0
    private(set) var lastCause: Cause?
    private(set) var lastStatus: SystemTypes.ExitStatus?
    /// An operator waits for a spawn.
    private var isOrdered = false

    init(policy: Policy) {
        self.policy = policy
    }

    var isPresent: Bool { run != .none }

    // MARK: - Orders

    mutating func start() {
        isWanted = true
        (failures, stopper) = (0, nil)
        switch run {
        case .none: outlook = .wait
        case .requested: break
        case .up, .left:
            if halt != nil { halt = .ordered } else if leftAt != nil { isOrdered = true }
        }
    }

    mutating func stop(by requester: Requester) {
        if isWanted {
            stopper = requester
            if halt != nil, case .dependency = stopCause { stopCause = .stopped(by: requester) }
        }
        if run == .none { outlook = .rest(.stopped) }
        (isWanted, isOrdered) = (false, false)
    }

    /// What it needs goes, and there is no run.
    mutating func makeWay() {
        if case .spawn = outlook { outlook = .wait }
    }

    mutating func needFailed(_ program: String) {
        outlook = .rest(.fatal)
        (lastCause, lastStatus) = (.dependency(program), nil)
    }

    // MARK: - Requests and reports

    /// Says what is wrong with a request to spawn, if something is.
    mutating func spawn(_ serial: Int, at now: Instant, isFree: Bool) -> String? {
        let (outlook, run, before) = (outlook, run, self.serial)
        (self.run, self.serial, stopper, halt, stopCause) = (.requested, serial, nil, nil, nil)
        (isReady, outOfMemory, isOrdered, limit) = (false, nil, false, nil)
        (verdict, complaint, signDue, answers) = (nil, nil, nil, (0, 0))
        endedAt = nil
        guard run == .none else { return "a second incarnation" }
        guard isWanted else { return "a spawn that nobody wants" }
        guard serial == before + 1 else { return "a serial number out of order" }
        switch outlook {
        case .rest: return "a spawn after \(outlook)"
        case .wait: return isFree ? nil : "a spawn before what it needs"
        case .spawn(let from, _):
            restarts += 1
            return now >= from ? nil : "a spawn before the pause is over"
        }
    }

    /// - Parameter goesOn: It is not told to stop at once.
    mutating func spawned(_ process: ProcessID, at now: Instant, goesOn: Bool) {
        run = .up(process, since: now)
        if policy.readiness != .settled { limit = now + policy.start.timeout }
        if goesOn { noticeTime(now) }
    }

    /// A timer goes off, and whoever has been up for long enough is ready.
    mutating func noticeTime(_ now: Instant) {
        guard case .up(_, let since) = run, policy.readiness == .settled else { return }
        if endedAt == nil, now >= since + policy.start.settle { ready(at: now) }
    }

    /// A timer goes off, and a sign of life may be missing.
    mutating func noticeSilence(_ now: Instant) {
        guard let signDue, halt == nil, isReady, now >= signDue else { return }
        self.signDue = now + watchdog
        find(false, .watchdog)
    }

    mutating func pinged(at now: Instant) {
        guard signDue != nil, isReady, halt == nil else { return }
        signDue = now + watchdog
        find(true, nil)
    }

    /// The program says itself that it is out of order.
    mutating func triggered(at now: Instant) {
        guard isReady, halt == nil else { return }
        guard signDue != nil else { return complaint = .watchdog }
        signDue = now + watchdog
        find(false, .watchdog)
    }

    private var watchdog: Duration {
        if case .watchdog(let timeout)? = policy.health?.check { timeout } else { .zero }
    }

    private mutating func find(_ isWell: Bool, _ cause: Cause?) {
        guard verdict != isWell else { return }
        verdict = isWell
        if policy.health?.onFailure == .restart { complaint = cause }
    }

    /// An answer to the open question, or none in time.
    mutating func answered(_ failure: String?, at now: Instant) {
        guard halt == nil else { return }
        answers = failure == nil ? (answers.good + 1, 0) : (0, answers.bad + 1)
        if case .probed(let asking) = policy.readiness, !isReady {
            if answers.good >= asking.successes { ready(at: now) }
        } else if case .probe(let asking)? = policy.health?.check, isReady {
            if let failure, answers.bad >= asking.failures {
                find(false, .probe(.health, message: failure))
            } else if failure == nil, answers.good >= asking.successes {
                find(true, nil)
            }
        }
    }

    var isHealthy: Bool {
        guard case .up = run, halt == nil, isReady else { return false }
        return policy.health == nil || verdict == true
    }

    mutating func spawnFailed(_ failure: SpawnFailure, at now: Instant, hasToGo: Bool) {
        (lastCause, lastStatus) = (.spawnFailed(failure), nil)
        conclude(.tooLate, nil, wasSteady: false, at: now, hasToGo: hasToGo)
    }

    mutating func ready(at now: Instant) {
        guard halt == nil, !isReady else { return }
        answers = (0, 0)
        if case .watchdog(let timeout)? = policy.health?.check {
            (verdict, signDue) = (true, now + timeout)
        }
        isReady = true
        limit = nil
        if policy.kind == .service { failures = 0 }
    }

    mutating func mainProcess(_ process: ProcessID) {
        if case .up(_, let since) = run { run = .up(process, since: since) }
    }

    mutating func outOfMemory(_ cause: Cause) { outOfMemory = cause }

    /// The stop begins: `isAsked` with the signal, otherwise with the command before it.
    mutating func halt(_ halt: Halt, _ cause: Cause) {
        (self.halt, stopCause, limit) = (self.halt ?? halt, stopCause ?? cause, nil)
    }

    mutating func asked(at now: Instant) { limit = now + policy.stop.timeout }

    /// Never shortens what is granted.
    mutating func extended(by time: Duration, at now: Instant) {
        guard let limit, !isReady || halt != nil else { return }
        self.limit = max(limit, now + time)
    }

    mutating func ended(at now: Instant) {
        noticeTime(now)
        endedAt = now
        (verdict, signDue, answers) = (nil, nil, (0, 0))
        if halt == nil { limit = nil }
    }

    mutating func exited(
        _ status: SystemTypes.ExitStatus?,
        survivors: Int,
        at now: Instant,
        hasToGo: Bool
    ) {
        guard case .up(_, let since) = run else { return }
        lastCause = halt == nil ? outOfMemory ?? status.map(Cause.init) ?? .unknown : stopCause
        lastStatus = status
        let moment = halt == nil ? endedAt ?? now : now
        let isSettled =
            policy.readiness == .settled ? moment >= since + policy.start.settle : isReady
        run = .left(status, wasSteady: isSettled && policy.kind == .service)
        leftAt = now
        if survivors == 0 { treeGone(at: now, hasToGo: hasToGo) }
    }

    mutating func treeGone(at now: Instant, hasToGo: Bool) {
        guard case .left(let status, let wasSteady) = run else { return }
        conclude(halt, status, wasSteady: wasSteady, at: now, hasToGo: hasToGo)
    }

    private mutating func conclude(
        _ halt: Halt?,
        _ status: SystemTypes.ExitStatus?,
        wasSteady: Bool,
        at now: Instant,
        hasToGo: Bool
    ) {
        (run, leftAt, limit) = (.none, nil, nil)
        let isNever = policy.restart.when == .never
        if !isWanted {
            outlook = .rest(.stopped)
        } else if hasToGo || isOrdered || halt == .ordered {
            outlook = .wait
        } else if halt == .tooLate {
            fail(at: now, isFinal: isNever)
        } else if isLeft(after: status, halt) {
            if halt == nil {
                failures = isSuccess(status) ? 0 : wasSteady ? failures : failures + 1
            }
            outlook = .rest(.exited)
        } else if policy.kind == .service, wasSteady || halt == .unhealthy {
            failures = 0
            outlook = .spawn(from: now, to: now)
        } else {
            fail(at: now, isFinal: false)
        }
    }

    private func isLeft(after status: SystemTypes.ExitStatus?, _ halt: Halt?) -> Bool {
        let isGood = halt == nil && isSuccess(status)
        return switch policy.restart.when {
        case .always: isGood && policy.kind != .service
        case .onFailure: isGood
        case .never: true
        }
    }

    private func isSuccess(_ status: SystemTypes.ExitStatus?) -> Bool {
        guard case .exited(let code) = status else { return false }
        return policy.restart.successExitCodes.contains(code)
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

    // MARK: - What others see of it

    var hasCompleted: Bool {
        guard case .exit = lastCause else { return false }
        return isSuccess(lastStatus) && (outlook == .rest(.exited) || outlook == .rest(.stopped))
            && !isPresent
    }

    var hasFailedForGood: Bool {
        guard !isPresent else { return false }
        return outlook == .rest(.fatal) || outlook == .rest(.exited) && !hasCompleted
            || outlook == .rest(.exited) && policy.kind == .service
    }

    func meets(_ condition: Dependency.Condition) -> Bool {
        if policy.kind != .service, hasCompleted { return true }
        guard case .up = run, halt == nil else {
            return condition == .completed && hasCompleted && outlook == .rest(.exited)
        }
        switch condition {
        case .started: return true
        case .ready: return isReady
        case .healthy: return isHealthy
        case .completed: return false
        }
    }

    /// When and how often it is asked.
    func probing(_ role: ProbeRole) -> ProbePolicy? {
        switch (role, policy.readiness, policy.health?.check) {
        case (.ready, .probed(let policy), _), (.health, _, .probe(let policy)?): policy
        case (.ready, _, _), (.health, _, _): nil
        }
    }
}
