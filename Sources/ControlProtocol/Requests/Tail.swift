extension Control {
    public struct Tail: Request {
        public enum Stream: String, Codable, Sendable {
            case stdout, stderr
        }

        public static let method = Method.tail
        /// How many lines are meant where neither lines nor bytes are given.
        public static let linesDefault: UInt = 10

        /// One instance: a program that has one, or `program:instance`.
        public var name: String
        /// `nil` means stdout.
        public var stream: Stream?
        public var lines: UInt?
        public var bytes: UInt?
        /// RFC 3339, in UTC; what was printed from then on.
        public var since: String?
        /// Whether to go on with what it will print; only in a call with `more`.
        public var follow: Bool?
        /// Whether to follow no further than the end of the run, if there is one.
        public var untilExit: Bool?

        public init(
            name: String,
            stream: Stream? = nil,
            lines: UInt? = nil,
            bytes: UInt? = nil,
            since: String? = nil,
            follow: Bool? = nil,
            untilExit: Bool? = nil
        ) {
            self.name = name
            self.stream = stream
            self.lines = lines
            self.bytes = bytes
            self.since = since
            self.follow = follow
            self.untilExit = untilExit
        }

        public init(from decoder: any Decoder) throws {
            let fields = try decoder.container(keyedBy: CodingKeys.self)
            name = try fields.decode(String.self, forKey: .name)
            stream = try fields.decodeIfPresent(Stream.self, forKey: .stream)
            lines = try fields.decodeCountIfPresent(forKey: .lines)
            bytes = try fields.decodeCountIfPresent(forKey: .bytes)
            since = try fields.decodeIfPresent(String.self, forKey: .since)
            follow = try fields.decodeIfPresent(Bool.self, forKey: .follow)
            untilExit = try fields.decodeIfPresent(Bool.self, forKey: .untilExit)
        }

        public enum CodingKeys: CodingKey, CaseIterable {
            case name, stream, lines, bytes, since, follow, untilExit
        }
    }
}

extension Control.Tail {
    /// A piece of what a program printed.
    public struct Answer: Codable, Equatable, Sendable {
        private var text: String?
        private var base64: String?
        /// How many bytes before this piece are missing, for the follower was too slow.
        public var gap: Int?
        /// Whether a run has ended behind this piece, within a line.
        public var ended: Bool?

        public init(bytes: [UInt8], gap: Int? = nil, ended: Bool? = nil) {
            (text, base64) = Bytes.encode(bytes)
            self.gap = gap
            self.ended = ended
        }

        /// What the program printed, byte for byte; empty if the piece is no such thing.
        public var bytes: [UInt8] { Bytes.decode(text: text, base64: base64) ?? [] }
    }
}
