extension Control {
    public typealias ReopenLogs = Command<Verbs.ReopenLogs>
    public typealias Reexec = Command<Verbs.Reexec>
    public typealias Shutdown = Command<Verbs.Shutdown>

    /// A request to the daemon itself, which there is nothing more to say about.
    public struct Command<Kind: Verb>: Request {
        public typealias Answer = Done

        public static var method: Method { Kind.method }

        public init() {}

        public enum CodingKeys: CodingKey, CaseIterable {}
    }
}
