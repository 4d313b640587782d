extension Control {
    public struct DaemonLog: Request {
        public static let method = Method.daemonLog
        /// How many lines are meant where no number is given.
        public static let linesDefault: UInt = 10

        public var lines: UInt?
        /// Whether to go on with what it will log; only in a call with `more`.
        public var follow: Bool?

        public init(lines: UInt? = nil, follow: Bool? = nil) {
            self.lines = lines
            self.follow = follow
        }

        public init(from decoder: any Decoder) throws {
            let fields = try decoder.container(keyedBy: CodingKeys.self)
            lines = try fields.decodeCountIfPresent(forKey: .lines)
            follow = try fields.decodeIfPresent(Bool.self, forKey: .follow)
        }

        public enum CodingKeys: CodingKey, CaseIterable {
            case lines, follow
        }

        /// A line that keepd has logged.
        public struct Line: Codable, Equatable, Sendable {
            /// RFC 3339, UTC, with milliseconds.
            public var at: String
            /// A word such as `info`.
            public var level: String
            public var message: String

            public init(at: String, level: String, message: String) {
                self.at = at
                self.level = level
                self.message = message
            }
        }

        public struct Answer: Codable, Equatable, Sendable {
            /// The oldest first.
            public var lines: [Line]
            /// How many lines before these are missing, for the follower was too slow.
            @OrNull public var gap: Int?

            public init(lines: [Line], gap: Int? = nil) {
                self.lines = lines
                self.gap = gap
            }
        }
    }
}
