import LinuxSystem
import Testing

/// What went over the wire once, a client of today must still understand: these files may be joined
/// by others, and never change.
@Suite struct GoldenTests {
    @Test(arguments: Samples.all)
    func `a message has the same bytes as ever`(sample: Sample) throws {
        let golden = try GoldenTests.golden(sample.name)
        let text = String(decoding: sample.bytes, as: UTF8.self)
        #expect(sample.bytes == golden + [0], "\(text)")
    }

    @Test(arguments: Samples.all)
    func `the bytes of old still mean what they meant`(sample: Sample) throws {
        #expect(try sample.isMeant(GoldenTests.golden(sample.name)))
    }

    /// A file holds the message and, for the sake of editors, a newline where the NUL byte would be.
    private static func golden(_ name: String) throws -> [UInt8] {
        let directory = #filePath.split(separator: "/").dropLast().joined(separator: "/")
        let path = "/\(directory)/golden/v1/\(name).json"
        return try Array(Files.read(path, bytesMax: 1 << 20).dropLast())
    }
}
