/// How what a program prints is kept.
public struct LogPolicy: Equatable, Sendable, Codable {
    /// What becomes of output when the disk does not keep up.
    public enum OnFull: String, CaseIterable, Sendable, Codable {
        /// The program waits, and nothing is lost.
        case block
        /// It is lost, counted and reported.
        case drop
    }

    /// Bytes in a file before the next is begun; `nil` for no limit.
    public var maxSize: Int?
    /// Files that are kept beside the one that is written.
    public var keep = 10
    /// Bytes of all its files together, of which the oldest go first; `nil` for no limit.
    public var totalSize: Int?
    /// Those that are kept, with gzip.
    public var compress = false
    /// Before each line, as in RFC 3339, with microseconds.
    public var timestamps = false
    /// Into the journal as well; `nil` for whatever keepd runs under.
    public var journal: Bool?
    /// Permission bits of files that are made.
    public var mode: UInt32 = 0o640
    /// Of files that are made; `nil` for who runs keepd.
    public var owner: String?
    public var group: String?
    public var onFull = OnFull.block

    public init() {}
}
