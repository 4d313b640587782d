import ArgumentParser
import SystemTypes

/// The command of a command line, where there is none of that name.
struct UnknownCommand: Equatable {
    private static let optionsWithValue = [
        "-s", "--socket", "-H", "--host", "--color", "--generate-completion-script",
    ]

    let name: String

    /// - Returns: `nil` where there is such a command, or none is named.
    init?(_ arguments: [String]) {
        var words = arguments[...]
        while let word = words.popFirst() {
            if UnknownCommand.optionsWithValue.contains(word) {
                _ = words.popFirst()
            } else if !word.hasPrefix("-"), word != "help" {
                guard !Keepctl.allCommandNames.contains(word) else { return nil }
                name = word
                return
            }
        }
        return nil
    }

    var complaint: ValidationError {
        let meant = Spelling.closest(to: name, among: Keepctl.commandNames)
        let hint = meant.map { " Did you mean '\($0)'?" } ?? ""
        return ValidationError("There is no command '\(name.printable)'.\(hint)")
    }
}
