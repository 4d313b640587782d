import ControlProtocol
import Foundation
import FuzzTargets
import Testing

/// Streams of bytes that somebody once thought of or that a fuzzer has found, read again for ever.
///
/// What comes of one is the first word of its name.
@Suite struct CorpusTests {
    /// What the reader of a stream does with it in the end.
    enum Verdict: String {
        /// Every call, to the last parameter.
        case understood
        /// The last call is answered with an error.
        case refused
        /// The connection is closed.
        case violation
        /// The end of a message is waited for.
        case unfinished
    }

    private static let bytesMax = 1_500
    private static let directory = URL(filePath: #filePath)
        .deletingLastPathComponent().appending(path: "corpus")

    private static let names =
        (try? FileManager.default.contentsOfDirectory(atPath: directory.path()))?.sorted() ?? []

    @Test(arguments: names)
    func `a stream ends as it always has, however it is cut up on its way`(name: String) throws {
        let stream = try Array(Data(contentsOf: Self.directory.appending(path: name)))
        let expected = try #require(Verdict(rawValue: String(name.prefix { $0 != "-" })))
        for size in [stream.count + 1, 1, 7] {
            #expect(verdict(on: stream, inPiecesOf: size) == expected)
        }
    }

    @Test func `there are streams of each kind`() {
        #expect(Self.names.count > 40)
    }

    private func verdict(on stream: [UInt8], inPiecesOf size: Int) -> Verdict {
        var splitter = FrameSplitter(bytesMax: Self.bytesMax)
        var verdict = Verdict.unfinished
        for start in stride(from: 0, to: stream.count, by: size) {
            let piece = stream[start..<min(start + size, stream.count)]
            piece.withUnsafeBytes { splitter.append($0) }
            do {
                while let message = try splitter.next() {
                    try Call(decoding: message).understand()
                    verdict = .understood
                }
            } catch is ControlError {
                verdict = .refused
            } catch {
                return .violation
            }
        }
        return splitter.isWithinMessage ? .unfinished : verdict
    }
}
