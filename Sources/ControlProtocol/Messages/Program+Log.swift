extension Program {
    /// What has become of what it printed.
    public struct Log: Codable, Equatable, Sendable {
        public var stdout: Stream
        public var stderr: Stream

        public init(stdout: Stream, stderr: Stream) {
            self.stdout = stdout
            self.stderr = stderr
        }
    }
}

extension Program.Log {
    public struct Stream: Codable, Equatable, Sendable {
        public var bytes = 0
        public var lines = 0
        /// With `onFull: drop`, what nobody will ever see.
        public var droppedBytes = 0
        public var droppedLines = 0
        /// Of its file.
        public var rotations = 0
        /// How long nothing was taken of what it printed, for the output took nothing.
        public var stalled = Seconds(rawValue: 0)

        public init() {}

        private enum CodingKeys: String, CodingKey {
            case bytes
            case droppedBytes = "dropped_bytes"
            case droppedLines = "dropped_lines"
            case lines, rotations
            case stalled = "stalled_seconds"
        }
    }
}
