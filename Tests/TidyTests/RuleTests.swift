import Testing

/// Each rule complains of what it is there for, and of nothing else.
@Suite struct RuleTests {
    private func source(_ text: String, in path: String = "Sources/Daemon/File.swift")
        -> SourceFile
    {
        SourceFile(path: path, text: text)
    }

    private func manifest(_ targets: String) -> Manifest {
        Manifest(SourceFile(path: "Package.swift", text: targets))
    }

    @Test(arguments: [
        "DispatchQueue.main", "Task { }", "Task(name: x)", "let t = Task.detached", "Task.sleep",
        "(Date())", "print(1)", "{fatalError()}", "try! x", "x as! Int", "#if os(macOS)",
    ])
    func `a banned word is found in code`(word: String) {
        let complaints = WordRules.banned(in: source("let a = 1\n\(word)\n"))
        #expect(complaints.map(\.line) == [2])
    }

    @Test(arguments: [
        "// Task { }", "/// print(1)", "let a = \"print(1)\"", "/*\ntry! a\n*/", "blueprint(1)",
        "_print(1)",
        "out.print(1)", "let a = #\"as! \"#", "let a = \"\"\"\n    Task { }\n    \"\"\"",
        "let a = \"\\\"print(\"",
    ])
    func `a banned word is not found elsewhere`(text: String) {
        #expect(WordRules.banned(in: source(text)) == [])
    }

    @Test func `code after comments and strings is seen`() {
        let text = "/* a\nb */ print(1)\nlet a = \"\"\"\n  x\n  \"\"\"; print(2)\n\"a\"; print(3)"
        #expect(WordRules.banned(in: source(text)).map(\.line) == [2, 5, 6])
    }

    @Test func `programs and tests may print`() {
        #expect(WordRules.banned(in: source("print(1)", in: "Sources/demo/A.swift")) == [])
        #expect(WordRules.banned(in: source("print(1)", in: "Tests/ATests/A.swift")) == [])
        #expect(WordRules.banned(in: source("try! a", in: "Sources/demo/A.swift")) != [])
    }

    @Test(arguments: ["// TODO: more", "# FIXME"])
    func `unfinished work is found`(line: String) {
        #expect(WordRules.unfinished(in: source("\(line)")).map(\.line) == [1])
        #expect(WordRules.unfinished(in: source(line, in: "scripts/a")) != [])
        #expect(WordRules.unfinished(in: source(line, in: "docs/a.md")) == [])
    }

    @Test func `the place of the checkout is found`() {
        let page = source("see\n/home/me/keepd/README.md", in: "docs/a.md")
        #expect(WordRules.checkoutPath(in: page, root: "/home/me/keepd").map(\.line) == [2])
        #expect(WordRules.checkoutPath(in: page, root: "/home/you/keepd") == [])
    }

    @Test(arguments: [
        ("import Foundation", "Sources/ControlProtocol/A.swift", true),
        ("public import Foundation", "Sources/demo/A.swift", true),
        ("import FoundationEssentials", "Sources/Daemon/A.swift", true),
        ("import FoundationEssentials", "Sources/ControlProtocol/A.swift", false),
        ("import Glibc", "Sources/Supervision/A.swift", true),
        ("private import struct Glibc.timespec", "Sources/Reactor/A.swift", true),
        ("import Glibc", "Sources/LinuxSystem/A.swift", false),
        ("import Glibc", "Sources/demo/A.swift", false),
        ("// import Glibc", "Sources/Supervision/A.swift", false),
        ("import Foundation", "Tests/ATests/A.swift", false),
    ])
    func `a reserved module is found`(line: String, path: String, isWrong: Bool) {
        #expect(ImportRules.reserved(in: source(line, in: path)).isEmpty != isWrong)
    }

    @Test(arguments: [
        ("import Reactor", false), ("public import SystemTypes", false), ("import Logging", false),
        ("import LinuxSystem", true), ("@testable import Supervision", true),
    ])
    func `an undeclared import is found`(line: String, isWrong: Bool) {
        let manifest = manifest(
            """
            .target(name: "SystemTypes"),
            .target(name: "LinuxSystem"),
            .target(name: "Supervision"),
            .target(name: "Reactor"),
            .target(
                name: "Daemon",
                dependencies: [
                    "Reactor", "SystemTypes", logging,
                ],
            ),
            """
        )
        #expect(ImportRules.undeclared(in: source(line), manifest).isEmpty != isWrong)
    }

    @Test(arguments: [
        (#".target(name: "LinuxSystem", dependencies: ["CLinux", "SystemTypes"])"#, false),
        (#".target(name: "LinuxSystem", dependencies: ["Reactor"])"#, true),
        (#".target(name: "Reactor", dependencies: ["Systemd"])"#, true),
        (#".target(name: "Supervision", dependencies: ["SystemTypes", collections])"#, false),
        (#".target(name: "Supervision", dependencies: ["CLinux"])"#, true),
        (#".target(name: "ControlProtocol", dependencies: ["LinuxSystem"])"#, true),
        (#".target(name: "Newcomer")"#, true),
        (#".testTarget(name: "ATests", dependencies: ["Daemon"])"#, false),
        (#".executableTarget(name: "misbehave", path: "Tests/Misbehave")"#, false),
    ])
    func `a dependency that goes up is found`(target: String, isWrong: Bool) {
        #expect(Levels.dependencies(of: manifest(target)).isEmpty != isWrong)
    }

    @Test(arguments: [
        ("struct ProgramInfo: Sendable {", true), ("  final class LogManager {", true),
        ("enum Data {", true), ("public protocol EventHandler: AnyObject {", true),
        ("extension Data {", false), ("struct Informant {", false), ("// a class Helper", false),
    ])
    func `a vague name of a type is found`(line: String, isWrong: Bool) {
        #expect(NameRules.vagueTypes(in: source(line)).isEmpty != isWrong)
    }

    @Test func `an undecided case of a machine is found`() {
        let text = "switch a {\ncase .b: 1\ndefault: 2\n}"
        let machine = source(text, in: "Sources/Supervision/ProcessMachine.swift")
        #expect(NameRules.undecided(in: machine).map(\.line) == [3])
        #expect(NameRules.undecided(in: source(text)) == [])
    }

    @Test func `a long function is found`() {
        let body = String(repeating: "    if a { b() }\n", count: 59)
        let head = "struct A {\nfunc f(\n    g: () -> Void = {}\n) {"
        let text = "\(head)\n\(body)}\nfunc g()\nvar h: Int { 1 }\n}\n"
        #expect(SizeRules.longFunctions(in: source(text)).map(\.line) == [2])
        #expect(SizeRules.markedFunctions(in: source(text)) == [])

        let marked = "\(head)  // tidy: long (a table)\n\(body)}\n}\n"
        #expect(SizeRules.longFunctions(in: source(marked)) == [])
        #expect(SizeRules.markedFunctions(in: source(marked)).map(\.line) == [2])

        let initializer = "init?(a: Int) {\n\(body)}\n"
        #expect(SizeRules.longFunctions(in: source(initializer)).map(\.line) == [1])
        let requirement = "protocol A {\n    func f()\n}\nstruct B {\n\(body)}\n"
        #expect(SizeRules.longFunctions(in: source(requirement)) == [])
        let short = "func f() {\n\(body.dropFirst(17))}\n"
        #expect(SizeRules.longFunctions(in: source(short)) == [])
    }

    @Test func `a long file is found`() {
        let text = String(repeating: "\n", count: 500)
        #expect(SizeRules.longFile(source(text)) == [])
        #expect(SizeRules.longFile(source(text + "\n")).map(\.line) == [501])
    }

    @Test(arguments: [
        ("# One\n## Two\n```\n# no title\n```\n", nil), ("# One\n\n# Two\n", 3), ("text\n", 1),
    ])
    func `a page without one title is found`(text: String, line: Int?) {
        #expect(MarkdownRules.title(of: source(text, in: "docs/a.md")).first?.line == line)
    }

    @Test(arguments: [
        ("[a](b.md)", false), ("[a](./b.md#part)", false), ("[a](../README.md)", false),
        ("[a](#part)", false), ("[a](https://varlink.org)", false), ("[a](decisions)", false),
        ("`[a](gone.md)`", false), ("```\n[a](gone.md)\n```", false),
        ("[a](gone.md)", true), ("![a](gone.png \"title\")", true), ("[a](../../b.md)", true),
    ])
    func `a broken link is found`(text: String, isWrong: Bool) {
        let paths: Set = ["docs/b.md", "docs/decisions/0001.md", "README.md"]
        let page = source(text, in: "docs/a.md")
        #expect(MarkdownRules.brokenLinks(in: page, paths: paths).isEmpty != isWrong)
    }
}
