extension Control {
    public struct ResizeTerminal: Request {
        public typealias Answer = Done

        public static let method = Method.resizeTerminal
        /// As the kernel keeps them.
        public static let sizeMax: UInt = 65_535

        /// One instance: a program that has one, or `program:instance`.
        public var name: String
        /// 1 to ``sizeMax``.
        public var rows: UInt
        /// 1 to ``sizeMax``.
        public var columns: UInt

        public init(name: String, rows: UInt, columns: UInt) {
            self.name = name
            self.rows = rows
            self.columns = columns
        }

        public init(from decoder: any Decoder) throws {
            let fields = try decoder.container(keyedBy: CodingKeys.self)
            name = try fields.decode(String.self, forKey: .name)
            rows = try fields.decodeCount(forKey: .rows)
            columns = try fields.decodeCount(forKey: .columns)
        }

        public enum CodingKeys: CodingKey, CaseIterable {
            case name, rows, columns
        }
    }
}
