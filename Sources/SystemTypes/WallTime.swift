/// A date, which people read; deadlines are never made of it alone, for it can jump.
public struct WallTime: Hashable, Comparable, Sendable, Codable {
    /// Since 1970, UTC.
    public let nanoseconds: Int64

    public init(nanoseconds: Int64) {
        self.nanoseconds = nanoseconds
    }

    public static func < (left: WallTime, right: WallTime) -> Bool {
        left.nanoseconds < right.nanoseconds
    }
}
