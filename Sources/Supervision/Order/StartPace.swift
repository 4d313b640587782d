public import SystemTypes

/// Gives out permissions to start, no faster than the configuration allows.
///
/// A bucket of tokens, written down as the one instant at which it will be full: each token that is
/// taken moves it on by the time that one takes to grow again. Nothing has to be filled up, and
/// nothing accumulates an error.
///
/// Source: the generic cell rate algorithm, ITU-T I.371.
public struct StartPace: Equatable, Sendable, Codable {
    /// In which one token grows.
    private let period: Duration
    /// How long before the bucket is full there is one token in it.
    private let reserve: Duration
    private var fullAt = Instant(nanoseconds: .min)

    /// - Precondition: One at once at least, and one in a second at least.
    public init(_ starts: DaemonConfiguration.Starts) {
        precondition(starts.burst >= 1 && starts.perSecond >= 1)
        period = .seconds(1) / starts.perSecond
        reserve = period * (starts.burst - 1)
    }

    /// When the next token is there; in the past if one is there now.
    public var nextAt: Instant { fullAt + (.zero - reserve) }

    /// Takes a token, if there is one.
    public mutating func take(at now: Instant) -> Bool {
        guard now >= nextAt else { return false }
        fullAt = max(fullAt, now) + period
        return true
    }
}
