import ControlProtocol
import Glibc
import LinuxSystem
import SystemPackage
import SystemTypes

/// A connection to the control socket that sends whatever it is given, and waits for the answer.
final class Client {
    private let connection: OwnedFD
    private var splitter = FrameSplitter(bytesMax: 1 << 26)

    init(_ path: String) throws {
        connection = try UnixSocket.connect(to: path)
    }

    /// Sends one call and waits for the one reply.
    func call<R: Request>(_ request: R) throws -> R.Answer {
        try send(Call.encode(request))
        return try answer(R.self)
    }

    /// What the next reply carries; throws the ``ControlError`` that it is.
    func answer<R: Request>(_ type: R.Type) throws -> R.Answer {
        let reply = try Reply(decoding: try receive())
        if let error = reply.error { throw error }
        return try reply.answer(as: R.Answer.self)
    }

    /// - Throws: `.brokenPipe` or `.connectionReset` if the daemon has closed the connection.
    func send(_ bytes: [UInt8]) throws {
        var sent = 0
        while sent < bytes.count {
            sent +=
                try bytes.withUnsafeBytes {
                    try connection.send(UnsafeRawBufferPointer(rebasing: $0[sent...]))
                } ?? 0
        }
    }

    /// Sends as often as the daemon takes it, at most `times`; `between` is called when it does not.
    ///
    /// Ends when it has taken nothing a hundred times in a row.
    func flood(_ bytes: [UInt8], times: Int, between: () throws -> Void) throws {
        try connection.setNonBlocking(true)
        let all = Array(repeating: bytes, count: times).flatMap(\.self)
        var (sent, refusals) = (0, 0)
        while sent < all.count, refusals < 100 {
            let count = try all.withUnsafeBytes {
                try connection.send(UnsafeRawBufferPointer(rebasing: $0[sent...]))
            }
            sent += count ?? 0
            refusals = count == nil ? refusals + 1 : 0
            if count == nil { try between() }
        }
    }

    /// One message; throws if there is none before the end.
    func receive() throws -> [UInt8] {
        let deadline = Instant.now + patience
        while true {
            if let message = try splitter.next() { return message }
            guard try fill(until: deadline) else { throw Ended() }
        }
    }

    /// Whether the daemon closes the connection without another word.
    func hasEnded() throws -> Bool {
        do {
            return try !fill(until: .now + patience)
        } catch let error as Errno where error == .connectionReset {
            return true
        }
    }

    private func fill(until deadline: Instant) throws -> Bool {
        try waitUntilReadable(connection.raw, "an answer", until: deadline)
        return try withUnsafeTemporaryAllocation(byteCount: 65_536, alignment: 1) { buffer in
            let count = try connection.read(into: buffer) ?? 0
            splitter.append(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
            return count > 0
        }
    }

    /// The daemon closed the connection where an answer was due.
    struct Ended: Error {}
}
