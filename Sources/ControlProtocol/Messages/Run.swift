extension Control {
    /// One run of an instance, or an attempt at one.
    public struct Run: Codable, Equatable, Sendable {
        /// A process that the main one had started, and left behind when it ended.
        public struct Survivor: Codable, Equatable, Sendable {
            public var pid: Int
            /// Its command line.
            public var command: String

            public init(pid: Int, command: String) {
                self.pid = pid
                self.command = command
            }
        }

        /// The instance's.
        public var name: String
        /// RFC 3339, UTC, with milliseconds; as the other times.
        public var started: String
        /// `nil` where it never came to that.
        @OrNull public var ready: String?
        /// `nil` while it runs.
        @OrNull public var ended: String?
        /// `nil` where there never was a process.
        @OrNull public var pid: Int?
        /// Who asked for the start; `nil` where its policy did.
        @OrNull public var by: String?
        /// `nil` while it runs.
        @OrNull public var exit: LastExit?
        public var leftBehind: [Survivor]
        @OrNull public var memoryPeakBytes: Int?
        @OrNull public var processorTime: Seconds?
        /// Who asked for the start, in parts; left out where its policy did.
        public var requester: Requester?
        /// When keepd has gone on with it after a crash; left out where it has not.
        public var takenOver: String?

        /// One that has just begun; set what is different.
        public init(name: String, started: String) {
            self.name = name
            self.started = started
            leftBehind = []
        }

        private enum CodingKeys: String, CodingKey {
            case name, started, ready, ended, pid, by, exit
            case leftBehind = "left_behind"
            case memoryPeakBytes = "memory_peak_bytes"
            case processorTime = "cpu_seconds"
            case requester
            case takenOver = "taken_over"
        }
    }
}
