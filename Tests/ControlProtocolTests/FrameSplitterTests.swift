import ControlProtocol
import Testing

@Suite struct FrameSplitterTests {
    @Test(arguments: 1...12)
    func `messages come out whole, however the stream is cut up`(length: Int) throws {
        let stream = Array("{}\u{0}{\"a\":1}\u{0}\u{0}rest".utf8)
        var splitter = FrameSplitter()
        var messages: [String] = []
        for start in stride(from: 0, to: stream.count, by: length) {
            splitter.append(stream[start..<min(start + length, stream.count)])
            while let message = try splitter.next() {
                messages.append(String(decoding: message, as: UTF8.self))
            }
        }
        #expect(messages == ["{}", "{\"a\":1}", ""])
        #expect(splitter.isWithinMessage)
    }

    @Test func `nothing has begun after a complete message`() throws {
        var splitter = FrameSplitter()
        splitter.append([0x7b, 0x7d, 0])
        #expect(try splitter.next() == [0x7b, 0x7d])
        #expect(try splitter.next() == nil)
        #expect(!splitter.isWithinMessage)
    }

    @Test func `a message of 1 MiB is taken`() throws {
        var splitter = FrameSplitter()
        splitter.append([UInt8](repeating: 0x20, count: 1 << 20))
        #expect(try splitter.next() == nil)
        splitter.append([0])
        #expect(try splitter.next()?.count == 1 << 20)
    }

    @Test func `one byte more than 1 MiB is refused before the message has ended`() throws {
        var splitter = FrameSplitter()
        splitter.append([UInt8](repeating: 0x20, count: 1 << 20))
        #expect(try splitter.next() == nil)
        splitter.append([0x20])
        #expect(throws: ProtocolViolation.tooLong(bytesMax: 1 << 20)) { try splitter.next() }
    }

    @Test func `a message that is too long is refused also if its end has come`() {
        var splitter = FrameSplitter(bytesMax: 3)
        splitter.append([1, 2, 3, 4, 0])
        #expect(throws: ProtocolViolation.tooLong(bytesMax: 3)) { try splitter.next() }
    }

    @Test func `the limit is one of a message, not of the stream`() throws {
        var splitter = FrameSplitter(bytesMax: 3)
        for _ in 0..<1_000 {
            splitter.append([1, 2, 3, 0, 1, 2])
            #expect(try splitter.next() == [1, 2, 3])
            splitter.append([3, 0])
            #expect(try splitter.next() == [1, 2, 3])
            #expect(try splitter.next() == nil)
        }
    }

    @Test(.timeLimit(.minutes(10)))
    func `a message that comes byte by byte takes time in proportion to its length`() throws {
        var splitter = FrameSplitter()
        // Searching from the start at each byte would be 5 * 10^11 steps.
        for _ in 0..<(1 << 20) {
            splitter.append([0x20])
            try #require(try splitter.next() == nil)
        }
        splitter.append([0])
        #expect(try splitter.next()?.count == 1 << 20)
    }
}

extension FrameSplitter {
    fileprivate mutating func append(_ bytes: some Collection<UInt8>) {
        Array(bytes).withUnsafeBytes { append($0) }
    }
}
