extension Control {
    public struct Wait: Request {
        public typealias Answer = Outcomes

        /// What to wait for.
        public enum Aim: String, CaseIterable, Codable, Sendable {
            case ready
            /// At rest, whatever put it there.
            case stopped
            /// And ready where nothing checks the health.
            case healthy
        }

        public static let method = Method.wait

        /// Patterns.
        public var names: [String]
        public var aim: Aim
        /// The longest time to wait, in milliseconds; `nil` for as long as it takes.
        public var timeoutMilliseconds: UInt?

        public init(names: [String], for aim: Aim, timeoutMilliseconds: UInt? = nil) {
            self.names = names
            self.aim = aim
            self.timeoutMilliseconds = timeoutMilliseconds
        }

        public init(from decoder: any Decoder) throws {
            let fields = try decoder.container(keyedBy: CodingKeys.self)
            names = try fields.decode([String].self, forKey: .names)
            aim = try fields.decode(Aim.self, forKey: .aim)
            timeoutMilliseconds = try fields.decodeCountIfPresent(forKey: .timeoutMilliseconds)
        }

        public enum CodingKeys: String, CodingKey, CaseIterable {
            case names
            case aim = "until"
            case timeoutMilliseconds = "timeout_ms"
        }
    }
}
