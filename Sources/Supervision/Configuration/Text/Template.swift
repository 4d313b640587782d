/// A string of the configuration in which only `${instance}` is still open.
///
/// All other `${NAME}` are known when the file is read, and an undefined one is an error there.
/// One template serves all instances of a program.
public struct Template: Hashable, Sendable, Codable {
    /// The pieces between the occurrences of `${instance}`; never empty.
    private let pieces: [String]

    public init(pieces: [String]) {
        precondition(!pieces.isEmpty)
        self.pieces = pieces
    }

    public func text(instance: Int) -> String {
        pieces.count == 1 ? pieces[0] : pieces.joined(separator: String(instance))
    }

    /// The text, if it is the same for all instances.
    var fixedText: String? { pieces.count == 1 ? pieces[0] : nil }

    var isEmpty: Bool { fixedText?.isEmpty ?? false }

    func contains(_ character: Character) -> Bool {
        pieces.contains { $0.contains(character) }
    }

    func prefixed(_ prefix: String) -> Template {
        Template(pieces: [prefix + pieces[0]] + pieces.dropFirst())
    }

    /// What follows after `prefix`; `nil` if it does not begin so.
    func dropping(_ prefix: String) -> Template? {
        guard pieces[0].hasPrefix(prefix) else { return nil }
        let first = String(pieces[0].dropFirst(prefix.count))
        return Template(pieces: [first] + pieces.dropFirst())
    }

    /// This path, seen from `directory`; an absolute one stays as it is.
    func path(from directory: String) -> Template {
        if let fixedText { return Template(pieces: [fixedText.path(from: directory)]) }
        guard !pieces[0].hasPrefix("/") else { return self }
        // Not as above, for the first piece is no path: it may even be empty.
        return Template(pieces: [directory.slashed + pieces[0]] + pieces.dropFirst())
    }
}

extension Template: JSONRepresentable {
    var jsonText: String {
        pieces.map { $0.replacing("${", with: "$${") }.joined(separator: "${instance}").jsonText
    }
}

extension Template: ExpressibleByStringLiteral {
    public init(stringLiteral text: String) {
        self.init(pieces: [text])
    }
}
