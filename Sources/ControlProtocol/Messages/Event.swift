extension Control {
    /// Something that happened to an instance.
    public struct Event: Codable, Equatable, Sendable {
        /// Counts all events of the daemon, also those that the client did not ask for.
        public var number: Int
        /// RFC 3339, UTC, with milliseconds.
        public var at: String
        /// A word such as `state`; the interface file lists them.
        public var kind: String
        /// The instance's.
        public var name: String
        /// `nil` unless the state has changed.
        @OrNull public var from: State?
        public var state: State
        @OrNull public var pid: Int?
        /// Where it follows from the end of a run.
        @OrNull public var exit: LastExit?
        /// RFC 3339, UTC, with milliseconds.
        @OrNull public var nextAttempt: String?
        /// As in the log: `started, pid 4242`.
        public var message: String
        /// Who has asked for it; left out where nobody has.
        public var requester: Requester?

        public init(
            number: Int,
            at: String,
            kind: String,
            name: String,
            state: State,
            message: String
        ) {
            self.number = number
            self.at = at
            self.kind = kind
            self.name = name
            self.state = state
            self.message = message
        }

        private enum CodingKeys: String, CodingKey {
            case number, at, kind, name, from, state, pid, exit
            case nextAttempt = "next_attempt"
            case message, requester
        }
    }
}
