extension Control {
    public struct WriteStdin: Request {
        public typealias Answer = Done

        public static let method = Method.writeStdin

        /// One instance: a program that has one, or `program:instance`.
        public var name: String
        private var text: String?
        public private(set) var base64: String?

        public init(name: String, bytes: [UInt8]) {
            self.name = name
            (text, base64) = Bytes.encode(bytes)
        }

        /// What the program shall read; `nil` where the call holds no such thing, or two of it.
        public var bytes: [UInt8]? {
            text == nil || base64 == nil ? Bytes.decode(text: text, base64: base64) : nil
        }

        public enum CodingKeys: CodingKey, CaseIterable {
            case name, text, base64
        }
    }
}
