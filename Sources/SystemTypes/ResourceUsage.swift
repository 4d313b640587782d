/// What a process has used by its end, with the children that it had waited for.
///
/// Source: getrusage(2).
public struct ResourceUsage: Equatable, Sendable, Codable {
    public let userTime: Duration
    public let systemTime: Duration
    /// The most memory that it, or one of those children, ever had at a time.
    public let residentBytesMax: Int

    public init(userTime: Duration, systemTime: Duration, residentBytesMax: Int) {
        self.userTime = userTime
        self.systemTime = systemTime
        self.residentBytesMax = residentBytesMax
    }
}
