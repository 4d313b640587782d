/// What a line that is being typed can go on with.
struct PromptCompletion {
    /// All that can stand at the beginning.
    let commands: [String]
    /// Asked only where a program can be meant.
    let names: () -> [String]
    let signals: [String]

    /// What to put in at the end of the line, and what there is to choose from where there is no
    /// more to put in.
    func answer(to line: String) -> (insertion: String, list: [String]) {
        let typed = TypedLine(line)
        let found = candidates(for: typed).filter { $0.hasPrefix(typed.last) }.sorted()
        guard let first = found.first else { return ("", []) }
        let common = found.dropFirst().reduce(first) { common, other in
            String(zip(common, other).prefix { $0 == $1 }.map(\.0))
        }
        let rest = String(common.dropFirst(typed.last.count))
        if found.count == 1 { return (rest + " ", []) }
        return rest.isEmpty ? ("", found) : (rest, [])
    }

    private func candidates(for typed: TypedLine) -> [String] {
        let before = typed.last.isEmpty ? typed.words : typed.words.dropLast()
        guard let command = before.first else { return commands }
        switch command {
        case "help": return commands
        case "signal" where before.count == 1: return signals
        case "version", "shutdown", "reexec", "reopen", "metrics", "diff", "reread", "avail",
            "maintail", "exit", "quit":
            return []
        default: return names()
        }
    }
}
