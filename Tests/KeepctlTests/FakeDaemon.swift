import ControlProtocol
import LinuxSystem
import SystemPackage

/// Answers the calls of one connection as a test wants them answered, then hangs up.
struct FakeDaemon {
    let path: String

    /// - Parameter answers: The bytes to send for each message that comes.
    init(_ answers: (@Sendable ([UInt8]) -> [UInt8])...) throws {
        try self.init(answers)
    }

    init(_ answers: [@Sendable ([UInt8]) -> [UInt8]]) throws {
        let path = "/tmp/keepctl-test-\(UInt64.random(in: 0 ... .max))"
        let listener = try UnixSocket.listen(at: path, backlog: 1, mode: 0o600)
        try listener.setNonBlocking(false)
        let raw = listener.release()
        // Ends with the connection, or at the latest with the test's process.
        _ = try Thread(name: "fake daemon") {
            do {
                try FakeDaemon.converse(OwnedFD(adopting: raw), at: path, answers)
            } catch {
                preconditionFailure("cannot play the daemon: \(error)")
            }
        }
        self.path = path
    }

    func remove() {
        try? Files.remove(path)
    }

    private static func converse(
        _ listener: consuming OwnedFD,
        at path: String,
        _ answers: [@Sendable ([UInt8]) -> [UInt8]]
    ) throws {
        guard let connection = try listener.accept() else { return }
        // Now already, for a test may end its process.
        try? Files.remove(path)
        try connection.setNonBlocking(false)
        var splitter = FrameSplitter()
        for answer in answers {
            let message = try receive(from: connection, &splitter)
            var rest = answer(message)[...]
            while !rest.isEmpty {
                let sent = try rest.withUnsafeBytes { try connection.send($0) }
                rest = rest.dropFirst(sent ?? 0)
            }
        }
    }

    private static func receive(
        from connection: borrowing OwnedFD,
        _ splitter: inout FrameSplitter
    ) throws -> [UInt8] {
        let chunk = UnsafeMutableRawBufferPointer.allocate(byteCount: 4_096, alignment: 1)
        defer { chunk.deallocate() }
        while true {
            if let message = try splitter.next() { return message }
            let count = try connection.read(into: chunk) ?? 0
            precondition(count > 0, "the client is gone")
            splitter.append(UnsafeRawBufferPointer(rebasing: chunk[..<count]))
        }
    }
}
