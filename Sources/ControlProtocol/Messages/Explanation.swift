extension Control {
    /// Why an instance is in its state, and what would have to happen for it to leave it.
    public struct Explanation: Codable, Equatable, Sendable {
        public enum Goal: String, CaseIterable, Codable, Sendable {
            case up, down
        }

        /// A program that has to come first.
        public struct Need: Codable, Equatable, Sendable {
            public enum Condition: String, CaseIterable, Codable, Sendable {
                case started, ready, healthy, completed
            }

            public var program: String
            public var condition: Condition
            public var isMet: Bool

            public init(program: String, condition: Condition, isMet: Bool) {
                self.program = program
                self.condition = condition
                self.isMet = isMet
            }

            private enum CodingKeys: String, CodingKey {
                case program, condition
                case isMet = "met"
            }
        }

        public var program: Program
        /// What was asked for last, by whoever it was.
        public var goal: Goal
        /// Whether it starts with the daemon: as somebody said by `Enable` or `Disable`, or else
        /// as the configuration says.
        public var isEnabled: Bool
        public var needs: [Need]
        /// Programs that need it.
        public var neededBy: [String]
        /// The last ones, the oldest first.
        public var runs: [Run]

        public init(
            program: Program,
            goal: Goal,
            isEnabled: Bool,
            needs: [Need] = [],
            neededBy: [String] = [],
            runs: [Run] = []
        ) {
            self.program = program
            self.goal = goal
            self.isEnabled = isEnabled
            self.needs = needs
            self.neededBy = neededBy
            self.runs = runs
        }

        private enum CodingKeys: String, CodingKey {
            case program, goal
            case isEnabled = "enabled"
            case needs
            case neededBy = "needed_by"
            case runs
        }
    }
}
