extension Control {
    public struct Version: Request {
        public static let method = Method.version

        public init() {}

        public enum CodingKeys: CodingKey, CaseIterable {}
    }
}

extension Control.Version {
    public struct Answer: Equatable, Sendable {
        public var version: String
        /// The daemon's.
        public var pid: Int
        /// The absolute path of the configuration; `nil` where the daemon runs without one.
        public var config: String?

        public init(version: String, pid: Int, config: String?) {
            self.version = version
            self.pid = pid
            self.config = config
        }
    }
}

extension Control.Version.Answer: Codable {
    private enum CodingKeys: CodingKey {
        case version, pid, config
    }

    /// Writes `null` for what is absent, so that every key is always there.
    public func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: CodingKeys.self)
        try fields.encode(version, forKey: .version)
        try fields.encode(pid, forKey: .pid)
        try fields.encode(config, forKey: .config)
    }
}
