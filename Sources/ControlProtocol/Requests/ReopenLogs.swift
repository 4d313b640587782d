extension Control {
    public struct ReopenLogs: Request {
        public typealias Answer = Done

        public static let method = Method.reopenLogs

        public init() {}

        public enum CodingKeys: CodingKey, CaseIterable {}
    }
}
