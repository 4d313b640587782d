import Glibc
import LinuxSystem
import Reactor
import SystemPackage
import SystemTypes
import Testing

private func name(_ test: String, _ kind: LoopKind) -> String {
    "\0keepd-datagrams-\(ProcessTable.current)-\(test)-\(kind)"
}

private func send(_ bytes: [UInt8], to socket: borrowing OwnedFD) throws {
    #expect(try bytes.withUnsafeBytes { try socket.send($0) } == bytes.count)
}

@Suite struct DatagramTests {
    @Test(arguments: LoopKind.allCases)
    func `each datagram comes whole, in order, and with who sent it`(kind: LoopKind) throws {
        let loop = try kind.makeLoop()
        defer { loop.close() }
        let name = name("order", kind)
        var received: [[UInt8]] = []
        let receiver = try UnixDatagramReceiver(
            UnixSocket.receiveDatagrams(at: name, mode: 0),
            loop: loop
        ) { bytes, message in
            received.append(bytes.withUnsafeBytes { Array($0) })
            #expect(message.sender?.process == ProcessTable.current)
            #expect(message.sender?.user == geteuid())
            #expect(message.sender?.group == getegid())
            #expect(!message.isTruncated && !message.hasLostDescriptors)
            if received.count == 3 { loop.stop() }
        }
        let sender = try UnixSocket.sendDatagrams(to: name)
        try send([1, 2], to: sender)
        try send([], to: sender)
        try send([UInt8](repeating: 3, count: 8_192), to: sender)
        loop.run()
        #expect(received == [[1, 2], [], [UInt8](repeating: 3, count: 8_192)])
        receiver.close()
        #expect(throws: Errno.connectionRefused) { try send([1], to: sender) }
    }

    @Test(arguments: LoopKind.allCases)
    func `a datagram that is too long is cut off, and says so`(kind: LoopKind) throws {
        let loop = try kind.makeLoop()
        defer { loop.close() }
        let name = name("long", kind)
        var count: Int?
        let receiver = try UnixDatagramReceiver(
            UnixSocket.receiveDatagrams(at: name, mode: 0),
            loop: loop
        ) { bytes, message in
            count = bytes.byteCount
            #expect(message.isTruncated)
            loop.stop()
        }
        try send([UInt8](repeating: 3, count: 8_193), to: try UnixSocket.sendDatagrams(to: name))
        loop.run()
        #expect(count == UnixDatagramReceiver.bytesMax)
        receiver.close()
    }

    @Test(arguments: LoopKind.allCases)
    func `descriptors that come along are handed over, or closed`(kind: LoopKind) throws {
        let loop = try kind.makeLoop()
        defer { loop.close() }
        let name = name("descriptors", kind)
        let pipe = try Pipe()
        var counts: [Int] = []
        let receiver = try UnixDatagramReceiver(
            UnixSocket.receiveDatagrams(at: name, mode: 0),
            loop: loop
        ) { _, message in
            counts.append(openings(of: pipe.reading.raw))
            #expect(message.descriptors.count == 1)
            if counts.count == 2 { loop.stop() }
        }
        let sender = try UnixSocket.sendDatagrams(to: name)
        for _ in 0..<2 {
            let sent = try [UInt8(1)].withUnsafeBytes {
                try sender.send($0, passing: [pipe.writing.raw])
            }
            #expect(sent == 1)
        }
        loop.run()
        #expect(counts == [3, 3], "the first was not closed after its call")
        #expect(openings(of: pipe.reading.raw) == 2)
        receiver.close()
    }

    @Test(arguments: LoopKind.punctual)
    func `a flood of datagrams leaves others their turn`(kind: LoopKind) throws {
        let loop = try kind.makeLoop()
        defer { loop.close() }
        let name = name("flood", kind)
        let socket = try UnixSocket.receiveDatagrams(at: name, mode: 0)
        let sender = try UnixSocket.sendDatagrams(to: name)
        var count = 0
        let receiver = try UnixDatagramReceiver(socket, loop: loop) { _, _ in
            count += 1
            // As fast as they are taken, others come.
            _ = try? [UInt8(1)].withUnsafeBytes { try sender.send($0) }
            if count == 10_000 { loop.stop() }
        }
        try send([1], to: sender)
        loop.callSoon { loop.stop() }
        loop.run()
        #expect((1...100).contains(count))
        receiver.close()
    }
}
