extension Control {
    public struct Status: Request {
        public static let method = Method.status

        /// Patterns; `nil` for all programs.
        public var names: [String]?

        public init(names: [String]? = nil) {
            self.names = names
        }

        public struct Answer: Codable, Equatable, Sendable {
            /// Sorted by name.
            public var programs: [Program]

            public init(programs: [Program]) {
                self.programs = programs
            }
        }

        public enum CodingKeys: CodingKey, CaseIterable {
            case names
        }
    }
}
