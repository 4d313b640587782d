extension Control {
    public typealias Reload = Deed<Verbs.Reload>
    public typealias Enable = Deed<Verbs.Enable>
    public typealias Disable = Deed<Verbs.Disable>
    public typealias ClearLog = Deed<Verbs.ClearLog>
    public typealias RotateLogs = Deed<Verbs.RotateLogs>

    /// A request to do to programs what needs no waiting for.
    public struct Deed<Kind: Verb>: Request {
        public typealias Answer = Names

        public static var method: Method { Kind.method }

        /// Patterns.
        public var names: [String]

        public init(names: [String]) {
            self.names = names
        }

        public enum CodingKeys: CodingKey, CaseIterable {
            case names
        }
    }
}
