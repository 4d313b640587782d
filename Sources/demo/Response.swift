import Glibc

/// One page, or the reason why there is none.
struct Response {
    let status: Int
    let reason: String
    let body: String

    func send(to connection: CInt, withBody: Bool) {
        let head = """
            HTTP/1.1 \(status) \(reason)\r
            Content-Type: text/plain; charset=utf-8\r
            Content-Length: \(body.utf8.count)\r
            Connection: close\r
            \r

            """
        let bytes = Array((withBody ? head + body : head).utf8)
        // Into an empty socket buffer: all at once, or the visitor is gone.
        _ = Glibc.send(connection, bytes, bytes.count, CInt(MSG_NOSIGNAL))
    }
}
