extension Control {
    public struct Metrics: Request {
        public static let method = Method.metrics

        public init() {}

        public enum CodingKeys: CodingKey, CaseIterable {}

        public struct Answer: Codable, Equatable, Sendable {
            /// In the text format of OpenMetrics.
            public var text: String

            public init(text: String) {
                self.text = text
            }
        }
    }
}
