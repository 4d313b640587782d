import Testing

@testable import Supervision

@Suite struct ShellWordsTests {
    @Test(
        arguments: [
            ("", []),
            ("  \t\n", []),
            ("nginx -g  'daemon off;'", ["nginx", "-g", "daemon off;"]),
            (" a\tb\nc ", ["a", "b", "c"]),
            (#"a\ b \'c \\ \d"#, ["a b", "'c", #"\"#, "d"]),
            (#"'a\b' '"' ''"#, [#"a\b"#, "\"", ""]),
            (#""a\"b\\c\$d\`e\n'f'""#, [#"a"b\c$d`e\n'f'"#]),
            (#"a"b c"'d e'f"#, ["ab cd ef"]),
            ("\"\" x", ["", "x"]),
            ("a\\\nb 'c\\\nd' \"e\\\nf\"", ["ab", "c\\\nd", "ef"]),
            ("a\\\n b", ["a", "b"]),
            (#"a\"#, [#"a\"#]),
            ("a | b; c > d & # e * $f", ["a", "|", "b;", "c", ">", "d", "&", "#", "e", "*", "$f"]),
            ("${A:-b c} \"${D:-\"e f\"}\" $${G h}", ["${A:-b c}", "${D:-\"e f\"}", "$${G h}"]),
            ("${A:-${B:-c d} e} f", ["${A:-${B:-c d} e}", "f"]),
            ("${A b", ["${A", "b"]),
        ] as [(String, [String])]
    )
    func `a command is split as a POSIX shell splits words`(command: String, words: [String]) throws
    {
        #expect(try ShellWords.split(command) == words)
    }

    @Test(
        arguments: [
            ("it's", "'"), ("a 'b\"", "'"), ("\"a", "\""), (#""a\""#, "\""), ("'", "'"),
        ] as [(String, Character)]
    )
    func `a quote must be closed`(command: String, quote: Character) {
        do {
            let words = try ShellWords.split(command)
            Issue.record("\(words)")
        } catch {
            #expect(error.reason == .unclosedQuote(quote))
        }
    }
}
