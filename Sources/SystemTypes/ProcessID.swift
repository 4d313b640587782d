/// The kernel's number of a process; greater than zero.
///
/// A number is no identity: it is given to somebody else once its process has been reaped. To act
/// on a process, hold its pidfd; this type is for showing and for comparing.
public struct ProcessID: RawRepresentable, Hashable, Comparable, Sendable, Codable,
    CustomStringConvertible
{
    public let rawValue: Int32

    public init(rawValue: Int32) {
        precondition(rawValue > 0, "not a process: \(rawValue)")
        self.rawValue = rawValue
    }

    public static func < (left: ProcessID, right: ProcessID) -> Bool {
        left.rawValue < right.rawValue
    }

    public var description: String { String(rawValue) }
}
