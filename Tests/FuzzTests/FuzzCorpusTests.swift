import Foundation
import FuzzTargets
import Testing

/// Inputs with which a fuzzer has once found a way that none had taken before, run again for ever.
@Suite struct FuzzCorpusTests {
    private static let directory = URL(filePath: #filePath)
        .deletingLastPathComponent().appending(path: "../Fuzz/corpus")

    private static func inputs(_ target: FuzzTarget) throws -> [URL] {
        try FileManager.default.contentsOfDirectory(
            at: directory.appending(path: target.rawValue),
            includingPropertiesForKeys: nil
        )
    }

    @Test(arguments: FuzzTarget.allCases)
    func `no input makes a parser break a promise`(target: FuzzTarget) throws {
        let inputs = try Self.inputs(target)
        #expect(inputs.count > 30)
        for input in inputs { target.run(Array(try Data(contentsOf: input))) }
    }
}
