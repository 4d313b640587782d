extension Control {
    public struct ClearLog: Request {
        public typealias Answer = Names

        public static let method = Method.clearLog

        /// Patterns.
        public var names: [String]

        public init(names: [String]) {
            self.names = names
        }

        public enum CodingKeys: CodingKey, CaseIterable {
            case names
        }
    }
}
