import Supervision
import SystemTypes

/// A machine with a clock of its own, which goes where the next event needs it.
struct Bench {
    var machine: ProcessMachine
    var now = Instant.zero
    /// Whether a start has to wait for nothing, and so is free at once.
    private let isFree: Bool

    init(policy: Policy = .test, isFree: Bool = true) {
        machine = ProcessMachine(policy: policy)
        self.isFree = isFree
    }

    /// Sends `events` one after the other, each `deadlineReached` at the deadline.
    init(
        policy: Policy = .test,
        isFree: Bool = true,
        after events: [ProcessMachine.Event]
    ) {
        self.init(policy: policy, isFree: isFree)
        for event in events { send(event) }
    }

    @discardableResult
    mutating func send(
        _ event: ProcessMachine.Event,
        after pause: Duration = .zero,
        chance: Double = 0
    ) -> [ProcessMachine.Effect] {
        now = now + pause
        if event == .deadlineReached, let deadline = machine.deadline { now = max(now, deadline) }
        let effects = machine.handle(event, at: now, chance: chance)
        guard isFree, machine.state == .waiting else { return effects }
        return effects + machine.handle(.free, at: now, chance: chance)
    }
}

extension Policy {
    /// Settles in 1 s, gives up after 3 failures, pauses 100 ms, 200 ms, ..., has 10 s of patience.
    static var test: Policy {
        var policy = Policy()
        policy.restart.retries = 3
        policy.restart.backoff.jitter = 0
        return policy
    }

    static func test(_ change: (inout Policy) -> Void) -> Policy {
        var policy = test
        change(&policy)
        return policy
    }
}

extension Instant {
    static func seconds(_ seconds: Double) -> Instant { .zero + .seconds(seconds) }
}

extension ProcessID {
    static let seven = ProcessID(rawValue: 7)
    static let eight = ProcessID(rawValue: 8)
}

extension ProcessMachine.Event {
    static func exited(code: Int32, survivors: Int = 0) -> ProcessMachine.Event {
        .exited(.exited(code), survivors: survivors)
    }

    static let killed = ProcessMachine.Event.exited(
        .signaled(.kill, coreDumped: false),
        survivors: 0
    )
}

extension [ProcessMachine.Event] {
    static let starting: Self = [.start, .spawned(.seven)]
    static let running: Self = starting + [.deadlineReached]
    /// For policies with a command that comes before the stop signal.
    static let preparing: Self = running + [.stop]
    static let stopping: Self = running + [.stop]
    static let killing: Self = stopping + [.deadlineReached]
    static let outlived: Self = stopping + [.exited(code: 0, survivors: 2)]
    static let clearing: Self = outlived + [.deadlineReached]
    static let backoff: Self = starting + [.exited(code: 1)]
    static let fatal: Self =
        backoff + [
            .deadlineReached, .spawned(.seven), .exited(code: 1),
            .deadlineReached, .spawned(.seven), .exited(code: 1),
        ]
}
