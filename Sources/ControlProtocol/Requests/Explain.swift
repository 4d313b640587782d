extension Control {
    public struct Explain: Request {
        public static let method = Method.explain

        /// Patterns.
        public var names: [String]

        public init(names: [String]) {
            self.names = names
        }

        public enum CodingKeys: CodingKey, CaseIterable {
            case names
        }

        public struct Answer: Codable, Equatable, Sendable {
            /// Sorted by name.
            public var explanations: [Explanation]

            public init(explanations: [Explanation]) {
                self.explanations = explanations
            }
        }
    }
}
