extension Control {
    public struct Shutdown: Request {
        public typealias Answer = Done

        public static let method = Method.shutdown

        public init() {}

        public enum CodingKeys: CodingKey, CaseIterable {}
    }
}
