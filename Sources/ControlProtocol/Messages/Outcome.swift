/// What came of an order to one instance.
public struct Outcome: Codable, Equatable, Sendable {
    public struct Failure: Codable, Equatable, Sendable {
        /// A word, as in ``LastExit/cause``.
        public var cause: String
        /// `exit code 1`.
        public var message: String
        /// The last lines that the program printed.
        public var tail: [String]

        public init(cause: String, message: String, tail: [String]) {
            self.cause = cause
            self.message = message
            self.tail = tail
        }
    }

    public var name: String
    public var state: State
    @OrNull public var pid: Int?
    /// `nil` where the order was carried out.
    @OrNull public var failed: Failure?

    public init(name: String, state: State, pid: Int? = nil, failed: Failure? = nil) {
        self.name = name
        self.state = state
        self.pid = pid
        self.failed = failed
    }
}
