extension Control {
    public struct History: Request {
        public static let method = Method.history
        /// How many runs are meant where no number is given.
        public static let countDefault: UInt = 10

        /// Patterns.
        public var names: [String]
        /// Of each instance at most so many.
        public var count: UInt?

        public init(names: [String], count: UInt? = nil) {
            self.names = names
            self.count = count
        }

        public init(from decoder: any Decoder) throws {
            let fields = try decoder.container(keyedBy: CodingKeys.self)
            names = try fields.decode([String].self, forKey: .names)
            count = try fields.decodeCountIfPresent(forKey: .count)
        }

        public enum CodingKeys: CodingKey, CaseIterable {
            case names, count
        }

        public struct Answer: Codable, Equatable, Sendable {
            /// The oldest first.
            public var runs: [Run]

            public init(runs: [Run]) {
                self.runs = runs
            }
        }
    }
}
