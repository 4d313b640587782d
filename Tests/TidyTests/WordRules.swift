/// Words that must not stand in the code, each with what to write in their place.
enum WordRules {
    private struct Word {
        let text: String
        let instead: String
        var programsMay = false
        /// The library that makes the tasks.
        var reactorMay = false
    }

    private static let bannedWords = [
        Word(text: "DispatchQueue", instead: "the event loop"),
        Word(text: "Task {", instead: "the event loop"),
        Word(text: "Task(", instead: "the event loop", reactorMay: true),
        Word(text: "Task.detached", instead: "the event loop"),
        Word(text: "Task.sleep", instead: "a deadline of the state"),
        Word(text: "Date()", instead: "Instant, from the host"),
        Word(text: "print(", instead: "the log", programsMay: true),
        Word(text: "fatalError(", instead: "preconditionFailure"),
        Word(text: "try!", instead: "do and catch"),
        Word(text: "as!", instead: "as? and a guard"),
        Word(text: "#if os", instead: "nothing: keepd is for Linux"),
    ]

    static func banned(in file: SourceFile) -> [Complaint] {
        guard file.isSwiftSource, let target = file.target else { return [] }
        let words = bannedWords.filter {
            file.text.contains($0.text) && !($0.programsMay && Levels.programs.contains(target))
                && !($0.reactorMay && target == "Reactor")
        }
        guard !words.isEmpty else { return [] }
        return Code(file.text).lines.enumerated().flatMap { index, line in
            words.filter { hasWord($0.text, in: line) }.map {
                Complaint(
                    path: file.path,
                    line: index + 1,
                    reason: "`\($0.text)`: use \($0.instead)"
                )
            }
        }
    }

    /// Whether `word` stands in `line`, and not as the end of a longer one or of a member's name.
    private static func hasWord(_ word: String, in line: Substring) -> Bool {
        line.ranges(of: word).contains { range in
            guard let before = line[..<range.lowerBound].last else { return true }
            return !(before.isLetter || before.isNumber || before == "_" || before == ".")
        }
    }

    /// What is left to do belongs into an issue.
    static func unfinished(in file: SourceFile) -> [Complaint] {
        guard ["Sources/", "Tests/", "scripts/", "config/"].contains(where: file.path.hasPrefix)
        else { return [] }
        return file.lines.enumerated().compactMap { index, line in
            guard line.contains("TODO") || line.contains("FIXME") else { return nil }
            return Complaint(path: file.path, line: index + 1, reason: "unfinished: open an issue")
        }
    }

    /// `root` is where this checkout happens to be, which nobody else's will.
    static func checkoutPath(in file: SourceFile, root: String) -> [Complaint] {
        file.lines.enumerated().compactMap { index, line in
            guard line.contains(root) else { return nil }
            return Complaint(
                path: file.path,
                line: index + 1,
                reason: "the place of this checkout: use a relative path"
            )
        }
    }
}
