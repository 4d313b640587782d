extension Control {
    public struct Scale: Request {
        public typealias Answer = Outcomes

        public static let method = Method.scale
        /// How many instances a program can have.
        public static let countRange: ClosedRange<UInt> = 1...1_024

        /// How many instances each program shall have, until the configuration says otherwise.
        public var instances: [String: UInt]
        /// Whether to answer only when it is done; `nil` means yes.
        public var wait: Bool?
        /// The longest time to wait, in milliseconds; `nil` for as long as it takes.
        public var timeoutMilliseconds: UInt?

        public init(
            instances: [String: UInt],
            wait: Bool? = nil,
            timeoutMilliseconds: UInt? = nil
        ) {
            self.instances = instances
            self.wait = wait
            self.timeoutMilliseconds = timeoutMilliseconds
        }

        public init(from decoder: any Decoder) throws {
            let fields = try decoder.container(keyedBy: CodingKeys.self)
            instances = try fields.decodeCounts(forKey: .instances)
            wait = try fields.decodeIfPresent(Bool.self, forKey: .wait)
            timeoutMilliseconds = try fields.decodeCountIfPresent(forKey: .timeoutMilliseconds)
        }

        public enum CodingKeys: String, CodingKey, CaseIterable {
            case instances, wait
            case timeoutMilliseconds = "timeout_ms"
        }
    }
}
