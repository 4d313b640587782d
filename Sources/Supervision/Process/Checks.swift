public import SystemTypes

/// What is watched of a run besides its process: one thing at a time, and nothing when it ends.
public struct Checks: Equatable, Sendable, Codable {
    enum Check: Equatable, Codable {
        case readiness(Prober)
        case health(Prober)
        case watchdog(Watchdog)
    }

    var check: Check?
    /// What was last wrong with a run that is not ready.
    public internal(set) var failure: String?

    /// When patience with a question or a sign of life ends, or the next question is due.
    public var deadline: Instant? {
        switch check {
        case .readiness(let prober)?, .health(let prober)?: prober.deadline
        case .watchdog(let watchdog)?: watchdog.deadline
        case nil: nil
        }
    }

    /// Whether a question is open.
    var isAsking: Bool {
        switch check {
        case .readiness(let prober)?, .health(let prober)?: prober.openAttempt != nil
        case .watchdog?, nil: false
        }
    }

    /// What a state calls for, without regard for how far it has got.
    enum Need: Equatable {
        case nothing
        case readiness(ProbePolicy)
        case health(HealthPolicy.Check)

        init(of machine: ProcessMachine) {
            switch machine.state {
            case .starting:
                if case .probed(let policy) = machine.policy.readiness {
                    self = .readiness(policy)
                } else {
                    self = .nothing
                }
            case .running:
                self = machine.policy.health.map { .health($0.check) } ?? .nothing
            case .stopped, .waiting, .spawning, .preparing, .stopping, .killing, .outlived,
                .clearing, .backoff, .exited, .fatal:
                self = .nothing
            }
        }
    }

    private(set) var need = Need.nothing

    /// Of a state: what is needed is seen by the machine.
    private enum CodingKeys: CodingKey {
        case check, failure
    }

    /// Of a state that has been read.
    mutating func restore(_ need: Need) {
        self.need = need
        switch (check, need) {
        case (.readiness(var prober)?, .readiness(let policy)):
            prober.restore(policy)
            check = .readiness(prober)
        case (.health(var prober)?, .health(.probe(let policy))):
            prober.restore(policy)
            check = .health(prober)
        case (.readiness?, _), (.health?, _), (.watchdog?, _), (nil, _): break
        }
    }

    mutating func end() {
        (need, check) = (.nothing, nil)
    }

    mutating func begin(_ need: Need, at now: Instant) {
        self.need = need
        switch need {
        case .nothing: check = nil
        case .readiness(let policy):
            failure = nil
            check = .readiness(Prober(policy: policy, at: now))
        case .health(.probe(let policy)): check = .health(Prober(policy: policy, at: now))
        case .health(.watchdog(let timeout)):
            check = .watchdog(Watchdog(timeout: timeout, at: now))
        }
    }
}
