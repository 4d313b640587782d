public import SystemTypes

/// What is remembered of one run, or of an attempt at one.
public struct RunRecord: Equatable, Sendable, Codable {
    public let startedAt: Instant
    /// keepd itself for what its policies start.
    public let startedBy: Requester
    /// `nil` if there never was one.
    public var process: ProcessID?
    /// `nil` if it has not been ready.
    public var readyAt: Instant?
    /// `nil` while it is under way.
    public var end: End?
    /// What outlived the main process, and had to be ended.
    public var leftBehind: [Survivor] = []
    public var usage: ResourceUsage?
    /// When a daemon has gone on with it after a crash of the one before; `nil` if none has.
    public var takenOverAt: Instant?

    public init(startedAt: Instant, by requester: Requester) {
        self.startedAt = startedAt
        startedBy = requester
    }

    public struct End: Equatable, Sendable, Codable {
        public let at: Instant
        /// Who asked for it is told here.
        public let cause: Cause
        /// `nil` if no process was there to end.
        public let status: ExitStatus?

        public init(at instant: Instant, cause: Cause, status: ExitStatus?) {
            at = instant
            self.cause = cause
            self.status = status
        }
    }
}
