import SystemPackage
import Testing

@testable import Reactor

@Suite struct PiecesTests {
    private func lent(by pieces: Pieces) throws -> [[UInt8]] {
        try pieces.withBuffers { buffers in buffers.map { Array($0) } }
    }

    @Test func `what has gone is not lent again, whatever part of a piece it was`() throws {
        var pieces = Pieces([[1, 2, 3], [], [4, 5], [6]])
        #expect(try lent(by: pieces) == [[1, 2, 3], [4, 5], [6]])
        pieces.removeFirst(1)
        #expect(try lent(by: pieces) == [[2, 3], [4, 5], [6]])
        pieces.removeFirst(3)
        #expect(try lent(by: pieces) == [[5], [6]])
        var rest: [UInt8] = []
        pieces.forEach { rest += $0 }
        #expect(rest == [5, 6])
        pieces.removeFirst(2)
        #expect(pieces.isEmpty)
        #expect(try lent(by: pieces) == [])
    }

    @Test func `of many pieces the first bytes are cut off exactly`() throws {
        let pieces = Pieces([[1, 2, 3], [4, 5], [6]])
        for count in 0...6 {
            let bytes = try pieces.withBuffers { $0.prefix(bytes: count).flatMap(Array.init) }
            #expect(bytes == Array([1, 2, 3, 4, 5, 6].prefix(count)))
        }
    }
}
