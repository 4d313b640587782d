extension Control {
    public struct Diff: Request {
        public static let method = Method.diff

        /// Whether to tell also of programs that stay as they are; `nil` means no.
        public var unchanged: Bool?

        public init(unchanged: Bool? = nil) {
            self.unchanged = unchanged
        }

        public enum CodingKeys: CodingKey, CaseIterable {
            case unchanged
        }

        public struct Answer: Codable, Equatable, Sendable {
            public var plan: Plan

            public init(plan: Plan) {
                self.plan = plan
            }
        }
    }
}
