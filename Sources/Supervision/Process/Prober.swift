public import SystemTypes

/// One series of questions to one run: when to ask, and what the answers mean.
///
/// There is never more than one question open. One that is not answered in time counts as answered
/// badly; its answer, should it come later, is known by its number and belongs to nobody.
public struct Prober: Equatable, Sendable, Codable {
    public enum Event: Equatable, Sendable {
        /// `failure`: what was wrong, for a person to read; `nil` if all is well.
        case answered(attempt: Int, failure: String?)
        /// Nobody looks for the answer to the open question any more.
        case lost
        /// The clock has reached ``Prober/deadline``.
        case deadlineReached
    }

    public enum Effect: Equatable, Sendable {
        case ask(attempt: Int)
        /// The question is not to be pursued any further.
        case abandon(attempt: Int)
        /// As many good answers in a row as the policy asks for; once, until they are bad again.
        case passed
        /// As many bad ones; the last of them is why.
        case failed(String)
    }

    private enum Step: Equatable, Codable {
        case resting(until: Instant)
        case asking(since: Instant)
    }

    private var policy = ProbePolicy()
    private var step: Step
    /// Of the last question; 1 for the first.
    private var attempt = 0
    private var goodInARow = 0
    private var badInARow = 0
    /// Whether all is well; `nil` until the answers say something.
    public private(set) var verdict: Bool?
    /// What was wrong when the last answer was bad; `nil` if it was good.
    public private(set) var lastFailure: String?

    /// Of a state: without the policy, which is that of the program.
    private enum CodingKeys: CodingKey {
        case step, attempt, goodInARow, badInARow, verdict, lastFailure
    }

    /// The first question is due after the delay of the policy.
    public init(policy: ProbePolicy, at now: Instant) {
        self.policy = policy
        step = .resting(until: now + policy.delay)
    }

    /// Of a state that has been read.
    mutating func restore(_ policy: ProbePolicy) {
        self.policy = policy
    }

    /// When the prober wants ``Event/deadlineReached``.
    public var deadline: Instant {
        switch step {
        case .resting(let until): until
        case .asking(let since): since + policy.timeout
        }
    }

    /// The question that is to be abandoned if the run ends now.
    public var openAttempt: Int? {
        switch step {
        case .resting: nil
        case .asking: attempt
        }
    }

    /// - Returns: Effects, to be carried out in this order before the next event.
    public mutating func handle(_ event: Event, at now: Instant) -> [Effect] {
        switch (step, event) {
        case (.resting(let until), .deadlineReached):
            precondition(now >= until)
            attempt += 1
            step = .asking(since: now)
            return [.ask(attempt: attempt)]
        case (.asking(let since), .deadlineReached):
            precondition(now >= since + policy.timeout)
            let question = attempt
            let failure = "no answer within \(policy.timeout)"
            return [.abandon(attempt: question)] + conclude(failure, askedAt: since, at: now)
        case (.asking(let since), .answered(let question, let failure)) where question == attempt:
            return conclude(failure, askedAt: since, at: now)
        case (.asking, .lost):
            step = .asking(since: now)
            return [.ask(attempt: attempt)]
        case (.asking, .answered), (.resting, .answered), (.resting, .lost):
            return []  // To a question that was given up.
        }
    }

    private mutating func conclude(
        _ failure: String?,
        askedAt: Instant,
        at now: Instant
    ) -> [Effect] {
        // After a slow answer the next question is due at once, but never two for the time lost.
        step = .resting(until: max(now, askedAt + policy.interval))
        lastFailure = failure
        goodInARow = failure == nil ? goodInARow + 1 : 0
        badInARow = failure == nil ? 0 : badInARow + 1
        if let failure {
            guard verdict != false, badInARow >= policy.failures else { return [] }
            verdict = false
            return [.failed(failure)]
        }
        guard verdict != true, goodInARow >= policy.successes else { return [] }
        verdict = true
        return [.passed]
    }
}
