internal import LinuxSystem
internal import Reactor
internal import Supervision
internal import SystemPackage

/// Asks for a page, and reads no more of the answer than its first line.
///
/// Source: RFC 9112, 3 and 4.
struct HTTPCheck {
    /// A first line is shorter, if it is one.
    private static let lineLengthMax = 1_024

    let loop: EventLoop
    let endpoint: Endpoint
    let target: String

    var request: [UInt8] {
        Array(
            """
            GET \(target) HTTP/1.1\r
            Host: \(endpoint)\r
            User-Agent: keepd\r
            Connection: close\r
            \r

            """.utf8
        )
    }

    /// - Returns: What is wrong, or `nil` if the answer is one of success, or leads elsewhere.
    func failure(over socket: borrowing OwnedFD) async throws -> String? {
        try await send(request, to: socket)
        guard let line = try await firstLine(from: socket) else {
            return "no answer of HTTP from \(endpoint)"
        }
        guard let status = HTTPCheck.status(in: line) else {
            return "no answer of HTTP from \(endpoint)"
        }
        return (200..<400).contains(status) ? nil : "http://\(endpoint)\(target): status \(status)"
    }

    private func send(_ bytes: [UInt8], to socket: borrowing OwnedFD) async throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            if let count = try rest.withUnsafeBytes({ try socket.send($0) }) {
                rest = rest.dropFirst(count)
            } else {
                try await loop.writable(socket.raw)
            }
        }
    }

    /// `nil` if there is none.
    private func firstLine(from socket: borrowing OwnedFD) async throws -> String? {
        var line: [UInt8] = []
        while line.count < HTTPCheck.lineLengthMax {
            let chunk = try withUnsafeTemporaryAllocation(
                byteCount: HTTPCheck.lineLengthMax,
                alignment: 1
            ) { buffer in
                try socket.read(into: buffer).map { Array(buffer[..<$0]) }
            }
            guard let chunk else {
                try await loop.readable(socket.raw)
                continue
            }
            line += chunk
            if let end = line.firstIndex(of: UInt8(ascii: "\n")) {
                return String(decoding: line[..<end], as: UTF8.self)
            }
            if chunk.isEmpty { return nil }
        }
        return nil
    }

    /// The number in `HTTP/1.1 200 OK`; `nil` if the line is another.
    static func status(in line: String) -> Int? {
        let words = line.split(separator: " ", maxSplits: 2)
        guard words.count >= 2, words[0].hasPrefix("HTTP/1.") else { return nil }
        let digits = words[1].prefix { !$0.isNewline }
        guard digits.utf8.count == 3, digits.utf8.allSatisfy({ (48...57).contains($0) }) else {
            return nil
        }
        return Int(digits)
    }
}
