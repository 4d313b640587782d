import Testing

@testable import Migration

@Suite struct TextTests {
    @Test(arguments: [
        ("a", "a"), ("100%%", "100%"), ("%(n)s", "7"), ("%(n)d", "7"), ("%(n)02d", "07"),
        ("%(n)3s|", "  7|"), ("%(n)-3s|", "7  |"), ("a%(n)sb%(n)sc", "a7b7c"),
    ])
    func `a format is filled as Python does it`(text: String, expected: String) throws {
        let format = try #require(PercentFormat(text))
        let filled = format.pieces.map { piece in
            switch piece {
            case .literal(let text): text
            case .reference(let reference): reference.pad("7")
            }
        }
        #expect(filled.joined() == expected)
    }

    @Test(arguments: ["100%", "%s", "%(n", "%(n)", "%(n)q", "50% off"])
    func `a format that Python refuses is refused`(text: String) {
        #expect(PercentFormat(text) == nil)
    }

    @Test(arguments: [
        ("", []),
        (#"A="1",B="2""#, ["A=1", "B=2"]),
        (#"A=1 , B='2 3',"#, ["A=1", "B=2 3"]),
        (#"A="x,y=z",B="#, ["A=x,y=z", "B="]),
        (#"A="say \"hi\"""#, [#"A=say "hi""#]),
        ("A=1,\nB=/usr/bin:/bin", ["A=1", "B=/usr/bin:/bin"]),
    ])
    func `pairs of an environment are told apart`(text: String, expected: [String]) throws {
        let list = try #require(EnvironmentList(text))
        #expect(list.pairs.map { "\($0.name)=\($0.value)" } == expected)
    }

    @Test(arguments: ["A", "A=1 B=2", "=1", #"A="1"#, ",A=1"])
    func `what are no pairs is refused`(text: String) {
        #expect(EnvironmentList(text) == nil)
    }

    @Test func `JSON is written for people to read on`() {
        let value = JSONValue.members([
            ("a", .members([("b", .array([.number(1), .null])), ("c", .boolean(true))])),
            ("d", .members([("e", .members([]))])),
            ("f", nil),
            ("g", .string("\"\\\n\t\u{1}ä")),
        ])
        #expect(
            value.text == """
                {
                  "a": {"b": [1, null], "c": true},
                  "d": {
                    "e": {}
                  },
                  "g": "\\"\\\\\\n\\t\\u0001ä"
                }
                """
        )
    }

    @Test func `names become such as keepd takes, each once`() {
        var names = ProgramNames()
        let taken = ["web", "web", "a b", "_x", "all", "über"].map { names.take($0) }
        #expect(taken == ["web", "web-2", "a-b", "p_x", "all-2", "p-ber"])
    }
}
