import Testing

@testable import Migration

@Suite struct IniParserTests {
    private func sections(_ text: String) throws -> [IniSection] {
        var parser = IniParser()
        try parser.read(text.lines, file: "a.conf")
        return parser.sections
    }

    private func value(_ text: String) throws -> String? {
        try sections("[a]\n\(text)").first?["x"]?.value
    }

    @Test(arguments: [
        ("x = 1", "1"),
        ("x: 1", "1"),
        ("X=1", "1"),
        ("x=a=b:c", "a=b:c"),
        ("x=", ""),
        ("x=1 ; so", "1"),
        ("x=1\t#so", "1"),
        ("x=a;b#c", "a;b#c"),
        ("x=one\n  two\n\tthree\ny=2", "one\ntwo\nthree"),
        ("x=one\n  ; so\n  two", "one\ntwo"),
        ("x=one\n\n  two\n\n", "one\n\ntwo"),
        ("x=1\nx=2", "2"),
        ("x=1\n[b]\nx=2\n[a]\nx=3", "3"),
    ])
    func `a value is what Python would make of it`(text: String, expected: String) throws {
        #expect(try value(text) == expected)
    }

    @Test func `a section keeps its place and that of each option`() throws {
        let section = try #require(try sections("; so\n\n[a]\nx=1\n  2\ny=3").first)
        #expect(section.place == Migration.Place(file: "a.conf", line: 3))
        #expect(section.options.map(\.place.line) == [4, 6])
    }

    @Test(arguments: [
        ("x=1", "a.conf:1: there is no section above this line"),
        ("[a]\nx=1\nnonsense", "a.conf:3: expected NAME = VALUE"),
    ])
    func `what is no such file says where`(text: String, message: String) {
        let failure = #expect(throws: Migration.Failure.self) { try sections(text) }
        #expect(failure?.description == message)
    }
}
