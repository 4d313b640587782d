extension Control {
    public struct Status: Request {
        public static let method = Method.status

        /// Patterns; `nil` for all programs.
        public var names: [String]?
        /// Whether memory and processor time are asked for; `nil` for yes.
        public var usage: Bool?

        public init(names: [String]? = nil, usage: Bool? = nil) {
            self.names = names
            self.usage = usage
        }

        public struct Answer: Codable, Equatable, Sendable {
            /// Sorted by name.
            public var programs: [Program]

            public init(programs: [Program]) {
                self.programs = programs
            }
        }

        public enum CodingKeys: CodingKey, CaseIterable {
            case names, usage
        }
    }
}
