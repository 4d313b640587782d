import Testing

@testable import Supervision

@Suite struct JSONParserTests {
    private func parse(_ text: String) throws -> JSON {
        try JSONParser.parse(Array(text.utf8), file: "f")
    }

    private func complaint(_ bytes: [UInt8]) -> String? {
        do {
            _ = try JSONParser.parse(bytes, file: "f")
            return nil
        } catch {
            return "\(error.position.line):\(error.position.column): \(error.problem)"
        }
    }

    @Test func `every value and every key knows its line and its column in characters`() throws {
        let root = try parse("{\n  \"größe\": [1, \"😀\", true],\n\t\"b\" : {}\r\n}")

        guard case .object(let members) = root.content, members.count == 2 else {
            Issue.record("\(root)")
            return
        }
        #expect(root.position == SourcePosition(file: "f", line: 1, column: 1))
        #expect(members[0].position == SourcePosition(file: "f", line: 2, column: 3))
        #expect(members[0].value.position == SourcePosition(file: "f", line: 2, column: 12))
        #expect(members[1].position == SourcePosition(file: "f", line: 3, column: 2))
        #expect(members[1].value.position == SourcePosition(file: "f", line: 3, column: 8))
        guard case .array(let elements) = members[0].value.content else {
            Issue.record("\(members[0])")
            return
        }
        #expect(elements.map(\.position.column) == [13, 16, 21])
        #expect(elements.map(\.path.description) == ["größe[0]", "größe[1]", "größe[2]"])
    }

    @Test(arguments: [
        (#""""#, ""),
        (#""a\"\\\/\b\f\n\r\t""#, "a\"\\/\u{8}\u{c}\n\r\t"),
        (#""\u0041\u00e9\uD83D\ude00""#, "Aé😀"),
        (#""é😀 \u0000""#, "é😀 \0"),
        ("\"\u{7f}\u{2028}\"", "\u{7f}\u{2028}"),
    ])
    func `a string is what its escapes say`(text: String, content: String) throws {
        #expect(try parse(text).content == .string(content))
    }

    @Test(arguments: ["0", "-0", "10", "-1.5", "0.25", "1e3", "1E+3", "12.5e-3"])
    func `a number is kept as it is written`(text: String) throws {
        #expect(try parse(text).content == .number(text))
    }

    @Test(arguments: [
        "[1,2,]", "[1,2 , ]", "/* a */[1,// b\n2]//", "[1/**/,/***/2/* / * */]", " \t\r\n[1,2]\n",
        "[1,2]// the end",
    ])
    func `comments, trailing commas and blanks make no difference`(text: String) throws {
        guard case .array(let elements) = try parse(text).content else {
            Issue.record("not an array")
            return
        }
        #expect(elements.map(\.content) == [.number("1"), .number("2")])
    }

    @Test(arguments: [
        ("", #"1:1: expected a value, found the end of the file"#),
        ("\n // only\n", #"3:1: expected a value, found the end of the file"#),
        ("{} x", #"1:4: expected the end of the file, found "x""#),
        ("[1 2]", #"1:4: expected "," or "]", found "2""#),
        ("[,]", #"1:2: expected a value, found ",""#),
        ("[1,,2]", #"1:4: expected a value, found ",""#),
        ("{,}", #"1:2: expected a key in double quotes or "}", found ",""#),
        ("{a: 1}", #"1:2: expected a key in double quotes or "}", found "a""#),
        (#"{"a" 1}"#, #"1:6: expected ":", found "1""#),
        (#"{"a": 1"#, #"1:8: expected "," or "}", found the end of the file"#),
        (#"{"a": }"#, #"1:7: expected a value, found "}""#),
        ("[1}", #"1:3: expected "," or "]", found "}""#),
        ("[\n  yes]", #"2:3: expected a value, found "yes""#),
        ("nulll", #"1:1: expected a value, found "nulll""#),
        ("True", #"1:1: expected a value, found "True""#),
        ("+1", #"1:1: expected a value, found "+""#),
        ("'a'", #"1:1: expected a value, found "'""#),
        ("[1, /x]", #"1:5: expected a value or a comment, found "/""#),
        ("[1, /* x]", "1:5: a comment that does not end"),
        ("/*/", "1:1: a comment that does not end"),
        ("01", #"1:1: "01" is not a number"#),
        ("1.", #"1:1: "1." is not a number"#),
        ("-", #"1:1: "-" is not a number"#),
        ("[.5]", #"1:2: expected a value, found ".""#),
        ("1e", #"1:1: "1e" is not a number"#),
        ("0x10", #"1:1: "0x10" is not a number"#),
        ("--1", #"1:1: "--1" is not a number"#),
        ("-Infinity", #"1:1: "-Infinity" is not a number"#),
        (#"["abc"#, "1:2: a string that does not end"),
        ("[\"abc\n\"]", "1:2: a string that does not end"),
        (
            "\"a\tb\"",
            #"1:3: a control character in a string, to be written as \t"#
        ),
        (
            "\"\u{1}\"",
            #"1:2: a control character in a string, to be written as \u0001"#
        ),
        (
            #""\x""#,
            #"1:2: no such escape, expected \" \\ \/ \b \f \n \r \t or \u and four hexadecimal digits"#
        ),
        (
            #""ab\u12g4""#,
            #"1:4: no such escape, expected \" \\ \/ \b \f \n \r \t or \u and four hexadecimal digits"#
        ),
        (
            #""\u１２３４""#,
            #"1:2: no such escape, expected \" \\ \/ \b \f \n \r \t or \u and four hexadecimal digits"#
        ),
        (#""\ud83d""#, "1:2: half of a surrogate pair"),
        (#""\ud83d\n""#, "1:2: half of a surrogate pair"),
        (#""\ud83dA""#, "1:2: half of a surrogate pair"),
        (#""é\ude00""#, "1:3: half of a surrogate pair"),
        ("\u{feff}{}", "1:1: a byte order mark at the start, which UTF-8 does not need"),
        ("[\u{0}]", #"1:2: expected a value, found "\u{0}""#),
        ("[\u{a0}1]", "1:2: expected a value, found \"\u{a0}\""),
    ])
    func `a syntax error says what was expected and what was found`(text: String, error: String) {
        #expect(complaint(Array(text.utf8)) == error)
    }

    @Test(
        arguments: [
            [0xff], [0xc3], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80], [0x80],
        ] as [[UInt8]]
    )
    func `bytes that are no UTF-8 are found where they stand`(bytes: [UInt8]) {
        let text = Array("{\n  \"é\": \"".utf8) + bytes + Array("\"}".utf8)
        #expect(complaint(text) == "2:9: not UTF-8")
    }

    @Test func `values may be nested 64 deep`() throws {
        _ = try parse(String(repeating: "[", count: 64) + String(repeating: "]", count: 64))
        #expect(
            complaint(Array(String(repeating: "[", count: 65).utf8))
                == "1:65: nested deeper than 64"
        )
    }

    @Test(arguments: ["[", #"{"a":"#, #"[{"a":"#])
    func `a nesting bomb is refused and not followed`(layer: String) {
        let bomb = String(repeating: layer, count: 100_000)
        #expect(complaint(Array(bomb.utf8))?.hasSuffix("nested deeper than 64") == true)
    }
}
