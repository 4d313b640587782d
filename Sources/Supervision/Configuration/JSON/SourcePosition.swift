/// Where something stands in a file, counted as editors do.
public struct SourcePosition: Hashable, Sendable {
    public let file: String
    /// From 1.
    public let line: Int
    /// From 1, in Unicode scalars.
    public let column: Int

    public init(file: String, line: Int, column: Int) {
        self.file = file
        self.line = line
        self.column = column
    }
}

extension SourcePosition: CustomStringConvertible {
    public var description: String { "\(file):\(line):\(column)" }
}
