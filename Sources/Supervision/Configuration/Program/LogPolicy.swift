/// How what a program prints is kept.
public struct LogPolicy: Equatable, Sendable {
    /// What becomes of output when the disk does not keep up.
    public enum OnFull: String, CaseIterable, Sendable {
        /// The program waits, and nothing is lost.
        case block
        /// It is lost, counted and reported.
        case drop
    }

    /// Bytes in a file before the next is begun; `nil` for no limit.
    public var maxSize: Int?
    /// Files that are kept beside the one that is written.
    public var keep = 10
    public var compress = false
    public var timestamps = false
    /// Into the journal as well.
    public var journal = false
    public var onFull = OnFull.block

    public init() {}
}
