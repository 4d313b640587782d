extension Control {
    public struct Events: Request {
        public static let method = Method.events

        /// Patterns; `nil` for all programs, also those that there will be.
        public var names: [String]?
        /// The number of the last event that is known already; `nil` to begin with a snapshot.
        public var since: UInt?
        /// Whether to go on with what will happen; only in a call with `more`.
        public var follow: Bool?

        public init(names: [String]? = nil, since: UInt? = nil, follow: Bool? = nil) {
            self.names = names
            self.since = since
            self.follow = follow
        }

        public init(from decoder: any Decoder) throws {
            let fields = try decoder.container(keyedBy: CodingKeys.self)
            names = try fields.decodeIfPresent([String].self, forKey: .names)
            since = try fields.decodeCountIfPresent(forKey: .since)
            follow = try fields.decodeIfPresent(Bool.self, forKey: .follow)
        }

        public enum CodingKeys: CodingKey, CaseIterable {
            case names, since, follow
        }

        public struct Answer: Codable, Equatable, Sendable {
            /// Of the last event that this reply takes into account.
            public var number: Int
            /// In the first reply: how it is at this number.
            @OrNull public var snapshot: [Program]?
            /// In order.
            public var events: [Event]
            /// How many events before these are forgotten, of whatever program they were.
            @OrNull public var gap: Int?

            public init(
                number: Int,
                snapshot: [Program]? = nil,
                events: [Event] = [],
                gap: Int? = nil
            ) {
                self.number = number
                self.snapshot = snapshot
                self.events = events
                self.gap = gap
            }
        }
    }
}
