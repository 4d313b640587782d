import Supervision
import Testing

/// Whom a pattern stands for.
@Suite struct SelectionTests {
    private func names(_ patterns: String...) throws -> [String] {
        let programs = [("web", 2), ("web-admin", 1), ("db", 1), ("[a]", 1)]
        let instances = programs.flatMap { name, count in
            (0..<count).map { InstanceID(program: name, number: $0) }
        }
        let groups = [
            Configuration.Group(name: "site", programs: ["web", "db"]),
            Configuration.Group(name: "none", programs: []),
        ]
        return try Selection(of: instances, groups: groups).instances(matching: patterns)
            .map { "\($0.program):\($0.number)" }
    }

    @Test(arguments: [
        ("web", ["web:0", "web:1"]), ("web:1", ["web:1"]), ("db:0", ["db:0"]),
        ("site", ["web:0", "web:1", "db:0"]), ("site:*", ["web:0", "web:1", "db:0"]),
        ("s*", ["web:0", "web:1", "db:0"]), ("?ite:*", ["web:0", "web:1", "db:0"]),
        ("web*", ["web:0", "web:1", "web-admin:0"]), ("web:*", ["web:0", "web:1"]),
        ("w?b:[0-9]", ["web:0", "web:1"]), ("[d-w]*:1", ["web:1"]), ("[!w]b", ["db:0"]),
        ("*[]b]", ["web:0", "web:1", "db:0", "[a]:0"]), ("*-*", ["web-admin:0"]),
        ("*[ab", []), ("[", []), ("web:[z-a]", []), ("", []), ("*e*b*x*", []),
    ])
    func `a pattern stands for those that it matches`(pattern: String, found: [String]) throws {
        if found.isEmpty {
            #expect(throws: Selection.NoSuchProgram.self) { try names(pattern) }
        } else {
            #expect(try names(pattern) == found)
        }
    }

    @Test func `all is all, each once and in order, and what matches nothing is an error`() throws {
        #expect(try names("all").count == 5)
        #expect(try names("db", "site", "web:1") == ["web:0", "web:1", "db:0"])
        #expect(throws: Selection.NoSuchProgram.self) { try names("web", "none") }
        #expect(throws: Selection.NoSuchProgram.self) {
            try names(String(repeating: "*", count: 300))
        }
    }
}
