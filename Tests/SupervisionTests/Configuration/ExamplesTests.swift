import FoundationEssentials
import Supervision
import SystemTypes
import Testing

/// The files in `config/`, from which people will copy.
@Suite struct ExamplesTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "config").path

    static let names =
        (try? FileManager.default.contentsOfDirectory(atPath: folder))?
        .filter { $0.hasSuffix(".json") && !$0.hasSuffix(".schema.json") }.sorted() ?? []

    static func bytes(of name: String) throws -> [UInt8] {
        try Array(Data(contentsOf: URL(filePath: "\(folder)/\(name)")))
    }

    private static func disk(with bytes: [UInt8]) -> Disk {
        Disk(String(decoding: bytes, as: UTF8.self))
    }

    @Test func `there are examples`() {
        #expect(ExamplesTests.names.contains("minimal.json"))
    }

    @Test(arguments: names)
    func `every example loads`(name: String) throws {
        let disk = ExamplesTests.disk(with: try ExamplesTests.bytes(of: name))
        #expect(disk.errors() == [])
    }

    @Test(arguments: names)
    func `a damaged example loads or has errors, but never traps the loader`(
        name: String
    ) throws {
        let bytes = try ExamplesTests.bytes(of: name)
        var random = SplitMix64(seed: 1)
        for _ in 0..<20 {
            let damaged = Mutation.of(bytes, using: &random)
            for error in ExamplesTests.disk(with: damaged).errors() {
                #expect(error.hasPrefix(Disk.main))
            }
        }
    }
}
