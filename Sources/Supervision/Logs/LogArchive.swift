/// The older files of a log: `web.log.1` is the last one, `web.log.2` the one before, and so on.
///
/// Compressed they end in `.gz`.
public struct LogArchive: Equatable, Sendable {
    public struct File: Hashable, Sendable {
        /// From 1, the newest, on.
        public var number: Int
        public var isCompressed: Bool
        /// In bytes.
        public var size: Int

        public init(number: Int, isCompressed: Bool, size: Int) {
            self.number = number
            self.isCompressed = isCompressed
            self.size = size
        }
    }

    /// Of the log itself, without a directory.
    public let name: String
    /// From the newest to the oldest; of two with one number the compressed one comes first.
    public let files: [File]

    /// - Parameter entries: Names and sizes of all that is in the log's directory.
    public init(of name: String, in entries: [(name: String, size: Int)]) {
        self.name = name
        files = entries.compactMap { LogArchive.file($0.name, $0.size, of: name) }
            .sorted { ($0.number, $1.isCompressed ? 1 : 0) < ($1.number, $0.isCompressed ? 1 : 0) }
    }

    private static func file(_ text: String, _ size: Int, of name: String) -> File? {
        guard text.hasPrefix("\(name).") else { return nil }
        var digits = text.dropFirst(name.utf8.count + 1)
        let isCompressed = digits.hasSuffix(suffix)
        if isCompressed { digits = digits.dropLast(suffix.count) }
        // As they are made: no sign, no zero before.
        guard let number = Int(digits), (1...numberMax).contains(number), String(number) == digits
        else { return nil }
        return File(number: number, isCompressed: isCompressed, size: size)
    }

    private static let suffix = ".gz"
    /// More than `keep` can ask for; others are not ours.
    private static let numberMax = 1_000_000

    public func name(of file: File) -> String {
        "\(name).\(file.number)\(file.isCompressed ? LogArchive.suffix : "")"
    }

    /// What a compressed file is called until it is complete.
    public var draftName: String { "\(name)\(LogArchive.suffix).new" }

    /// Those that count: a plain file beside a compressed one of the same number is what was left
    /// when something ended keepd between the two steps of a compression.
    public var current: [File] {
        files.enumerated().filter { index, file in
            index == 0 || files[index - 1].number != file.number
        }.map(\.element)
    }

    /// What the compressed ones were made of.
    var remains: [File] {
        let current = Set(current)
        return files.filter { !current.contains($0) }
    }
}
