import Foundation
import Testing

/// Taste that a machine can hold: the repository keeps to its own rules.
@Suite struct TidyTests {
    private static let repository = Result { try Repository() }
    /// The made-up bad examples of ``RuleTests`` are no concern of the rules.
    private static let examples = "Tests/TidyTests/"

    private let repository: Repository
    private let manifest: Manifest

    init() throws {
        repository = try TidyTests.repository.get()
        let file = try #require(repository.files.first { $0.path == "Package.swift" })
        manifest = Manifest(file)
    }

    private func expectNone(_ rule: (SourceFile) -> [Complaint]) {
        for complaint in complaints(of: rule) { Issue.record("\(complaint)") }
    }

    private func complaints(of rule: (SourceFile) -> [Complaint]) -> [Complaint] {
        repository.files.filter { !$0.path.hasPrefix(TidyTests.examples) }.flatMap(rule)
    }

    @Test func `the files are there to be judged`() {
        #expect(repository.files.contains { $0.isSwiftSource })
        #expect(repository.files.contains { $0.path == "README.md" })
        #expect(manifest.targets.contains { $0.name == "Supervision" && !$0.dependencies.isEmpty })
    }

    @Test func `no banned word is used`() {
        expectNone(WordRules.banned)
    }

    @Test func `nothing is left to do`() {
        expectNone(WordRules.unfinished)
    }

    @Test func `no file knows where this checkout is`() {
        expectNone { WordRules.checkoutPath(in: $0, root: repository.root) }
    }

    @Test func `Foundation and Glibc stay where they belong`() {
        expectNone(ImportRules.reserved)
    }

    @Test func `what is imported is declared`() {
        expectNone { ImportRules.undeclared(in: $0, manifest) }
    }

    @Test func `dependencies go down the levels`() {
        for complaint in Levels.dependencies(of: manifest) { Issue.record("\(complaint)") }
    }

    @Test func `types are called what they are`() {
        expectNone(NameRules.vagueTypes)
    }

    @Test func `a state machine decides every case`() {
        expectNone(NameRules.undecided)
    }

    @Test func `functions can be read in one go`() {
        expectNone(SizeRules.longFunctions)
    }

    @Test func `each page has one title`() {
        expectNone(MarkdownRules.title)
    }

    @Test func `each link leads somewhere`() {
        let paths = repository.paths
        expectNone { MarkdownRules.brokenLinks(in: $0, paths: paths) }
    }

    /// For `make tidy`.
    @Test(.enabled(if: ProcessInfo.processInfo.environment["KEEPD_TIDY_REPORT"] != nil))
    func `what has grown long is listed`() {
        let rules = [
            SizeRules.longFile, SizeRules.longFunctions, SizeRules.markedFunctions,
        ]
        for rule in rules { complaints(of: rule).forEach { print($0) } }
    }
}
