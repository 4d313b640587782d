/// How the last run of a program ended, or why it never began.
public struct LastExit: Codable, Equatable, Sendable {
    @OrNull public var code: Int?
    /// Without `SIG`.
    @OrNull public var signal: String?
    /// A word such as `exit` or `spawn-failed`; the interface file lists them.
    public var cause: String
    /// RFC 3339, UTC, with milliseconds.
    public var at: String
    /// A sentence for people.
    @OrNull public var message: String?
    /// Who stopped it.
    @OrNull public var by: String?
    /// What else there is to know; left out of the message where that is nothing.
    public var detail: Detail?

    public init(
        code: Int? = nil,
        signal: String? = nil,
        cause: String,
        at: String,
        message: String? = nil,
        by: String? = nil,
        detail: Detail? = nil
    ) {
        self.code = code
        self.signal = signal
        self.cause = cause
        self.at = at
        self.message = message
        self.by = by
        self.detail = detail
    }

    /// Facts that belong to one cause each.
    public struct Detail: Codable, Equatable, Sendable {
        /// Of `signal`.
        public var coreDumped: Bool?
        /// Of `oom`.
        public var limitBytes: Int?
        /// Of `oom`.
        public var peakBytes: Int?
        /// Of `probe`: `ready` or `health`.
        public var probe: String?
        /// Of `spawn-failed`: the call, as `chdir`.
        public var step: String?
        /// Of `spawn-failed`.
        public var errno: Int?
        /// Of `dependency`.
        public var program: String?
        /// Of `stopped`, where it was not keepd itself.
        public var requester: Control.Requester?

        public init() {}

        private enum CodingKeys: String, CodingKey {
            case coreDumped = "core_dumped"
            case limitBytes = "limit_bytes"
            case peakBytes = "peak_bytes"
            case probe, step, errno, program, requester
        }
    }
}
