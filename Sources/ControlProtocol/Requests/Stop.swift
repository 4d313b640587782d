extension Control {
    public struct Stop: Order {
        public typealias Answer = Outcomes
        public typealias CodingKeys = OrderKeys

        public static let method = Method.stop

        public var names: [String]
        public var wait: Bool?
        public var timeoutMilliseconds: UInt?

        public init(names: [String], wait: Bool? = nil, timeoutMilliseconds: UInt? = nil) {
            self.names = names
            self.wait = wait
            self.timeoutMilliseconds = timeoutMilliseconds
        }
    }
}
