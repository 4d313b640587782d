public import SystemTypes

/// The rules by which one program is kept.
public struct Policy: Equatable, Sendable {
    /// A program that has been up this long counts as ready, and its run as steady.
    public var settle: Duration = .seconds(1)
    public var restart = RestartPolicy()
    public var stop = StopPolicy()

    public init() {}
}

/// When a program that ended is started again, and after which pause.
public struct RestartPolicy: Equatable, Sendable {
    public enum When: String, CaseIterable, Sendable {
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

    public func isSuccess(_ status: ExitStatus) -> Bool {
        switch status {
        case .exited(let code): successExitCodes.contains(code)
        case .signaled: false
        }
    }

    public func restarts(after status: ExitStatus) -> Bool {
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
public struct Backoff: Equatable, Sendable {
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
public struct StopPolicy: Equatable, Sendable {
    public var signal = Signal.terminate
    public var scope = SignalScope.group
    /// Patience after the signal; then SIGKILL to everything that the program started.
    public var timeout: Duration = .seconds(10)

    public init() {}
}

/// Whom a signal is for.
public enum SignalScope: String, CaseIterable, Sendable {
    case process, group
}
