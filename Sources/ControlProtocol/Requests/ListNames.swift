extension Control {
    /// Asks for all that the names in other requests may be, which is little to send.
    public struct ListNames: Request {
        public static let method = Method.listNames

        public typealias Answer = Names

        public init() {}

        public enum CodingKeys: CodingKey, CaseIterable {}
    }
}
