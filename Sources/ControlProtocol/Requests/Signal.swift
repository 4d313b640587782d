extension Control {
    public struct Signal: Request {
        public typealias Answer = Names

        public static let method = Method.signal

        /// Patterns.
        public var names: [String]
        /// `HUP`, `SIGHUP` or `1`.
        public var signal: String

        public init(names: [String], signal: String) {
            self.names = names
            self.signal = signal
        }

        public enum CodingKeys: CodingKey, CaseIterable {
            case names, signal
        }
    }
}
