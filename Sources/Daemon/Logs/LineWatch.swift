internal import Supervision

/// Waits for a line that a program prints; belongs to the log loop.
struct LineWatch {
    private let pattern: Regex<AnyRegexOutput>
    private let found: @Sendable () -> Void
    private var framer: LineFramer

    /// - Parameters:
    ///   - pattern: Searched for in each line; one that can be compiled.
    ///   - rest: How the first line begins, which has been read by another.
    ///   - found: Called for the first line that has it, on the log loop.
    init?(pattern: String, rest: [UInt8] = [], found: @escaping @Sendable () -> Void) {
        guard let pattern = try? Regex(pattern) else { return nil }
        self.pattern = pattern
        self.found = found
        framer = LineFramer(rest: rest)
    }

    /// What it has seen of the line that has not ended.
    var rest: [UInt8] { framer.rest }

    /// - Returns: Whether the line has come; the watch is over then.
    mutating func read(_ bytes: RawSpan) -> Bool {
        var isFound = false
        let pattern = pattern
        framer.append(bytes) { line in
            guard !isFound else { return }
            // A line that is cut by the limit, or no text, is searched as far as it goes.
            isFound = String(decoding: line, as: UTF8.self).firstMatch(of: pattern) != nil
        }
        if isFound { found() }
        return isFound
    }
}
