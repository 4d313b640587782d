/// Splits a command into words as a POSIX shell does, and does nothing else that a shell does.
///
/// `${…}` is one piece wherever it stands, whatever is inside: it is replaced later, in the words,
/// so that a value with blanks does not fall apart.
///
/// Source: POSIX.1-2017, Shell Command Language, 2.2 Quoting.
struct ShellWords {
    private let text: [Character]
    private var index = 0
    private var words: [String] = []
    /// `nil` between words, for an empty word is one too: `''`.
    private var word: String?

    static func split(_ text: String) throws(Objection) -> [String] {
        var splitting = ShellWords(text: Array(text))
        try splitting.run()
        return splitting.words
    }

    private init(text: [Character]) {
        self.text = text
    }

    private mutating func run() throws(Objection) {
        while index < text.count {
            switch text[index] {
            case " ", "\t", "\n": endWord()
            case "'": try takeSingleQuoted()
            case "\"": try takeDoubleQuoted()
            case "\\": takeEscaped()
            default: takePiece()
            }
        }
        if let word { words.append(word) }
    }

    private mutating func endWord() {
        index += 1
        if let word { words.append(word) }
        word = nil
    }

    private mutating func append<Text: Sequence<Character>>(_ piece: Text) {
        word = (word ?? "") + piece
    }

    /// One character, or a whole `${…}`.
    private mutating func takePiece() {
        let end = Expansion.endOfReference(in: text, at: index) ?? index + 1
        append(text[index..<end])
        index = end
    }

    private mutating func takeSingleQuoted() throws(Objection) {
        guard let end = text[(index + 1)...].firstIndex(of: "'") else {
            throw Objection(.unclosedQuote("'"))
        }
        append(text[(index + 1)..<end])
        index = end + 1
    }

    private mutating func takeDoubleQuoted() throws(Objection) {
        index += 1
        append("")
        while index < text.count {
            switch text[index] {
            case "\"":
                index += 1
                return
            case "\\" where index + 1 < text.count && "$`\"\\\n".contains(text[index + 1]):
                takeEscaped()
            default:
                takePiece()
            }
        }
        throw Objection(.unclosedQuote("\""))
    }

    /// What follows a backslash stands for itself; an escaped end of line for nothing.
    private mutating func takeEscaped() {
        index += 1
        guard index < text.count else { return append("\\") }
        if text[index] != "\n" { append(CollectionOfOne(text[index])) }
        index += 1
    }
}
