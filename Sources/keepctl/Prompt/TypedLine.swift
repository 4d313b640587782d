/// The words of a line that somebody types at the prompt.
struct TypedLine: Equatable {
    /// Without quotes.
    private(set) var words: [String] = []
    /// The word at the end, as far as it is typed; empty after a blank.
    private(set) var last = ""
    /// Whether a quote has no end.
    private(set) var isOpen = false

    /// Cuts it as a shell does: quotes of both kinds, and a backslash before any character.
    ///
    /// What begins with `#` is a comment, and has no words.
    init(_ text: String) {
        guard text.first(where: { !$0.isWhitespace }) != "#" else { return }
        var (quote, isWord, isEscaped): (Character?, Bool, Bool) = (nil, false, false)
        for character in text {
            if isEscaped {
                last.append(character)
                isEscaped = false
            } else if character == "\\", quote != "'" {
                (isEscaped, isWord) = (true, true)
            } else if character == quote {
                quote = nil
            } else if quote == nil, character == "'" || character == "\"" {
                (quote, isWord) = (character, true)
            } else if quote == nil, character.isWhitespace {
                if isWord { words.append(last) }
                (last, isWord) = ("", false)
            } else {
                last.append(character)
                isWord = true
            }
        }
        isOpen = quote != nil || isEscaped
        if isWord { words.append(last) }
    }
}
