extension Control {
    public typealias Start = Order<Verbs.Start>
    public typealias Stop = Order<Verbs.Stop>
    public typealias Restart = Order<Verbs.Restart>

    /// A request to bring programs into a state: to start, to stop or to restart them.
    public struct Order<Kind: Verb>: Request {
        public typealias Answer = Outcomes

        public static var method: Method { Kind.method }

        /// Patterns.
        public var names: [String]
        /// Whether to answer only when it is done; `nil` means yes.
        public var wait: Bool?
        /// The longest time to wait, in milliseconds; `nil` for as long as it takes.
        public var timeoutMilliseconds: UInt?
        /// Whether to take one instance after the other, each when the one before it is ready; `nil`
        /// means no, and so it is in all orders but ``Control/Restart``.
        public var rolling: Bool?

        public init(
            names: [String],
            wait: Bool? = nil,
            timeoutMilliseconds: UInt? = nil,
            rolling: Bool? = nil
        ) {
            self.names = names
            self.wait = wait
            self.timeoutMilliseconds = timeoutMilliseconds
            self.rolling = rolling
        }

        public init(from decoder: any Decoder) throws {
            let fields = try decoder.container(keyedBy: CodingKeys.self)
            names = try fields.decode([String].self, forKey: .names)
            wait = try fields.decodeIfPresent(Bool.self, forKey: .wait)
            timeoutMilliseconds = try fields.decodeCountIfPresent(forKey: .timeoutMilliseconds)
            rolling = try fields.decodeIfPresent(Bool.self, forKey: .rolling)
        }

        public enum CodingKeys: String, CodingKey, CaseIterable {
            case names, wait
            case timeoutMilliseconds = "timeout_ms"
            case rolling

            public static var allCases: [CodingKeys] {
                let all: [CodingKeys] = [.names, .wait, .timeoutMilliseconds]
                return Kind.method == .restart ? all + [.rolling] : all
            }
        }
    }
}
