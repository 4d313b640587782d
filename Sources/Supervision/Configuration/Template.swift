/// A string of the configuration in which only `${instance}` is still open.
///
/// All other `${NAME}` are known when the file is read, and an undefined one is an error there.
/// One template serves all instances of a program.
public struct Template: Hashable, Sendable {
    /// The pieces between the occurrences of `${instance}`; never empty.
    private let pieces: [String]

    public init(pieces: [String]) {
        precondition(!pieces.isEmpty)
        self.pieces = pieces
    }

    public func text(instance: Int) -> String {
        pieces.count == 1 ? pieces[0] : pieces.joined(separator: String(instance))
    }
}

extension Template: ExpressibleByStringLiteral {
    public init(stringLiteral text: String) {
        self.init(pieces: [text])
    }
}
