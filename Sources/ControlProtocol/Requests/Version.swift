extension Control {
    public struct Version: Request {
        public static let method = Method.version

        public init() {}

        public enum CodingKeys: CodingKey, CaseIterable {}
    }
}

extension Control.Version {
    public struct Answer: Codable, Equatable, Sendable {
        public var version: String
        /// The daemon's.
        public var pid: Int
        /// The absolute path of the configuration; `nil` where the daemon runs without one.
        @OrNull public var config: String?

        public init(version: String, pid: Int, config: String?) {
            self.version = version
            self.pid = pid
            self.config = config
        }
    }
}
