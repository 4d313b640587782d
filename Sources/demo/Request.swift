import Glibc

/// The first line of an HTTP request; the rest is read and not looked at.
struct Request {
    private static let bytesMax = 8192

    let method: String
    let path: String

    /// `nil` if the visitor is silent, too talkative, or does not speak HTTP.
    init?(readingFrom connection: CInt) {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1024)
        var head = ""
        while !head.contains("\r\n\r\n") {
            let count = recv(connection, &chunk, chunk.count, 0)
            guard count > 0, bytes.count + count <= Request.bytesMax else { return nil }
            bytes += chunk[..<count]
            head = String(decoding: bytes, as: UTF8.self)
        }
        let words = head.prefix { $0 != "\r\n" }.split(separator: " ")
        guard words.count == 3, words[2].hasPrefix("HTTP/1.") else { return nil }
        method = String(words[0])
        path = String(words[1].prefix { $0 != "?" })
    }
}
