import Testing

@testable import Supervision

@Suite struct NameSpaceTests {
    private static let bad =
        "cannot use this name: expected a letter or digit, then at most 63 of letters, digits and . _ @ -"

    @Test(arguments: ["a", "0", "Web-1.api_v2@host", String(repeating: "a", count: 64)])
    func `a name may have letters, digits and a few signs`(name: String) {
        #expect(Disk(#"{"programs": {"\#(name)": {"command": "x"}}}"#).errors() == [])
        #expect(Disk(#"{"groups": {"\#(name)": []}}"#).errors() == [])
    }

    @Test(arguments: [
        "", "-a", ".a", "a b", "a:0", "a*", "é", "a/b", String(repeating: "a", count: 65),
    ])
    func `anything else is no name`(name: String) {
        let programs = Disk(#"{"programs": {"\#(name)": {"command": "x"}}}"#).errors()
        #expect(programs.count == 1)
        #expect(programs.first?.hasSuffix(NameSpaceTests.bad) == true)
        #expect(programs.first?.hasPrefix("/etc/keepd.json:1:15: programs.") == true)
        let groups = Disk(#"{"groups": {"\#(name)": []}}"#).errors()
        #expect(groups.first?.hasSuffix(NameSpaceTests.bad) == true)
    }

    @Test func `all is the name of all`() {
        #expect(
            Disk(#"{"groups": {"all": []}}"#).errors() == [
                "/etc/keepd.json:1:13: groups.all: cannot use this name: it stands for all programs"
            ]
        )
    }

    @Test func `programs and groups share one name space`() {
        let disk = Disk(#"{"programs": {"a": {"command": "x"}}, "groups": {"a": ["a"]}}"#)
        #expect(
            disk.errors() == [
                "/etc/keepd.json:1:50: groups.a: cannot use this name: it is taken (first at /etc/keepd.json:1:15)"
            ]
        )
    }

    @Test func `a group lists programs that exist, each once`() {
        let disk = Disk(
            #"{"programs": {"a": {"command": "x"}}, "groups": {"g": ["a", "b", "g", "a"], "h": "a"}}"#
        )
        #expect(
            disk.errors() == [
                #"/etc/keepd.json:1:61: groups.g[1]: cannot use "b": no such program (did you mean "a"?)"#,
                #"/etc/keepd.json:1:66: groups.g[2]: cannot use "g": no such program (did you mean "a"?)"#,
                #"/etc/keepd.json:1:71: groups.g[3]: cannot use "a": listed twice"#,
                #"/etc/keepd.json:1:82: groups.h: cannot use "a": expected an array"#,
            ]
        )
    }
}
