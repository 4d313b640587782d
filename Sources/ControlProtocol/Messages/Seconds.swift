/// A stretch of time in seconds, without the digits that nobody has measured.
public struct Seconds: RawRepresentable, Codable, Equatable, Sendable {
    /// A whole number of milliseconds.
    public let rawValue: Double

    /// - Precondition: The number is finite, for JSON has no other.
    public init(rawValue: Double) {
        precondition(rawValue.isFinite)
        self.rawValue = (rawValue * 1_000).rounded() / 1_000
    }
}
