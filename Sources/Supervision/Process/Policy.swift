public import SystemTypes

/// The rules by which one program is kept.
public struct Policy: Equatable, Sendable, Codable {
    public enum Kind: String, CaseIterable, Sendable, Codable {
        /// Runs for ever.
        case service
        /// Runs to completion, which is a success or a failure.
        case oneshot
        /// A oneshot that a schedule starts.
        case scheduled
    }

    public var kind = Kind.service
    public var start = StartPolicy()
    public var readiness = Readiness.settled
    /// `nil` where nothing is checked.
    public var health: HealthPolicy?
    public var restart = RestartPolicy()
    public var stop = StopPolicy()

    public init() {}

    /// Whether a run that ended of its own accord is followed by another.
    public func restarts(after status: ExitStatus?) -> Bool {
        // What has been completed is not done again, whatever `when` says.
        if kind != .service, restart.isSuccess(status) { return false }
        return restart.restarts(after: status)
    }
}

/// How long a start may take.
public struct StartPolicy: Equatable, Sendable, Codable {
    /// Without a check, a program that has been up this long counts as ready.
    public var settle: Duration = .seconds(1)
    /// With a check, a program that is not ready by then has failed to start.
    public var timeout: Duration = .seconds(60)

    public init() {}
}

/// How it is known that a program is ready.
public enum Readiness: Equatable, Sendable, Codable {
    /// By the time that it has been up.
    case settled
    /// It says so itself.
    case reported
    /// It is asked.
    case probed(ProbePolicy)
}

/// When a program is asked how it is, and what the answers mean.
public struct ProbePolicy: Equatable, Sendable, Codable {
    /// From the beginning of a question to that of the next, if it has been answered.
    public var interval: Duration = .seconds(10)
    /// No answer by then is a bad one.
    public var timeout: Duration = .seconds(2)
    /// How many bad answers in a row mean that it is not well.
    public var failures = 3
    /// How many good ones in a row mean that it is.
    public var successes = 1
    /// Until the first question.
    public var delay: Duration = .zero

    public init() {}
}

/// How a running program is watched, and what is done if it is not well.
public struct HealthPolicy: Equatable, Sendable, Codable {
    public enum Check: Equatable, Sendable, Codable {
        case probe(ProbePolicy)
        /// It has to give a sign of life within this time, again and again.
        case watchdog(Duration)
    }

    public enum OnFailure: String, CaseIterable, Sendable, Codable {
        case restart
        /// It is shown, and nothing else.
        case mark
    }

    public var check: Check
    public var onFailure = OnFailure.restart

    public init(check: Check) {
        self.check = check
    }
}

/// When a program that ended is started again, and after which pause.
public struct RestartPolicy: Equatable, Sendable, Codable {
    public enum When: String, CaseIterable, Sendable, Codable {
        case always
        case onFailure = "on-failure"
        case never
    }

    public var when = When.always
    public var backoff = Backoff()
    /// Failures in a row after which keepd gives up, at least one; `nil` for never.
    public var retries: Int?
    /// Exit codes that are no failure.
    public var successExitCodes: [Int32] = [0]

    public init() {}

    /// One that nobody can say is none, so that nothing is left down by mistake.
    public func isSuccess(_ status: ExitStatus?) -> Bool {
        switch status {
        case .exited(let code)?: successExitCodes.contains(code)
        case .signaled?, nil: false
        }
    }

    public func restarts(after status: ExitStatus?) -> Bool {
        switch when {
        case .always: true
        case .onFailure: !isSuccess(status)
        case .never: false
        }
    }

    public func givesUp(after failures: Int) -> Bool {
        retries.map { failures >= max(1, $0) } ?? false
    }
}

/// How long to wait after failures in a row: `initial · factor^(n-1)`, at most `max`, ± `jitter`.
public struct Backoff: Equatable, Sendable, Codable {
    public var initial: Duration = .milliseconds(100)
    public var max: Duration = .seconds(30)
    /// At least 1.
    public var factor = 2.0
    /// The share by which a pause is lengthened or shortened at random; 0...1.
    public var jitter = 0.1

    public init() {}

    /// - Parameters:
    ///   - failures: In a row; at least 1.
    ///   - chance: Where in the band of the jitter the pause shall lie; -1...1.
    public func delay(afterFailures failures: Int, chance: Double) -> Duration {
        precondition(failures >= 1 && (-1...1).contains(chance))
        guard initial > .zero else { return .zero }
        // The power may be infinite, which is more than `max` and so does no harm.
        let pause = min(initial.inSeconds * growth(failures - 1), max.inSeconds)
        return .seconds(pause * (1 + jitter * chance))
    }

    /// `factor` to the power of `exponent`, by squaring: a program may fail for years.
    private func growth(_ exponent: Int) -> Double {
        var (result, square, rest) = (1.0, factor, exponent)
        while rest > 0 {
            if rest % 2 == 1 { result *= square }
            square *= square
            rest /= 2
        }
        return result
    }
}

/// How a program is asked to end, and for how long.
public struct StopPolicy: Equatable, Sendable, Codable {
    public var signal = Signal.terminate
    public var scope = SignalScope.group
    /// Patience after the signal; then SIGKILL to everything that the program started.
    public var timeout: Duration = .seconds(10)
    /// A command is run before the signal is sent, for as long as `timeout` at most.
    public var hasCommand = false

    public init() {}
}

/// Whom a signal is for.
public enum SignalScope: String, CaseIterable, Sendable, Codable {
    case process, group
}
