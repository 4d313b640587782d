extension Control {
    public struct Apply: Request {
        public static let method = Method.apply

        /// Patterns, over the programs of both configurations; `nil` for all that has changed.
        public var names: [String]?
        /// The hash that the plan has to have.
        public var ifPlan: String?
        /// Whether to answer only when it is done; `nil` means yes.
        public var wait: Bool?
        /// The longest time to wait, in milliseconds; `nil` for as long as it takes.
        public var timeoutMilliseconds: UInt?

        public init(
            names: [String]? = nil,
            ifPlan: String? = nil,
            wait: Bool? = nil,
            timeoutMilliseconds: UInt? = nil
        ) {
            self.names = names
            self.ifPlan = ifPlan
            self.wait = wait
            self.timeoutMilliseconds = timeoutMilliseconds
        }

        public init(from decoder: any Decoder) throws {
            let fields = try decoder.container(keyedBy: CodingKeys.self)
            names = try fields.decodeIfPresent([String].self, forKey: .names)
            ifPlan = try fields.decodeIfPresent(String.self, forKey: .ifPlan)
            wait = try fields.decodeIfPresent(Bool.self, forKey: .wait)
            timeoutMilliseconds = try fields.decodeCountIfPresent(forKey: .timeoutMilliseconds)
        }

        public enum CodingKeys: String, CodingKey, CaseIterable {
            case names
            case ifPlan = "if_plan"
            case wait
            case timeoutMilliseconds = "timeout_ms"
        }

        public struct Answer: Codable, Equatable, Sendable {
            /// In the first reply: what is being done.
            @OrNull public var plan: Plan?
            public var outcomes: [Outcome]

            public init(plan: Plan?, outcomes: [Outcome]) {
                self.plan = plan
                self.outcomes = outcomes
            }
        }
    }
}
