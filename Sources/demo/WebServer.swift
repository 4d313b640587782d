import Glibc

/// A web server of one page on 127.0.0.1, for one visitor at a time.
struct WebServer {
    private let listener: Listener
    private let startedAt = WebServer.now
    private var hits = 0

    init(port: UInt16) throws(ListenError) {
        listener = try Listener(port: port)
        say("listening on http://127.0.0.1:\(port)/")
    }

    /// SIGTERM ends it on the spot: there is nothing here to lose.
    mutating func run() -> Never {
        while true {
            guard let connection = listener.accept() else { continue }
            serve(connection)
            close(connection)
        }
    }

    private mutating func serve(_ connection: CInt) {
        guard let request = Request(readingFrom: connection) else { return }
        let response = answer(request)
        response.send(to: connection, withBody: request.method != "HEAD")
        say("\(request.method) \(request.path) \(response.status)")
    }

    private mutating func answer(_ request: Request) -> Response {
        guard request.method == "GET" || request.method == "HEAD" else {
            return Response(status: 405, reason: "Method Not Allowed", body: "only GET and HEAD\n")
        }
        guard request.path == "/" else {
            return Response(status: 404, reason: "Not Found", body: "no such page\n")
        }
        hits += 1
        return Response(status: 200, reason: "OK", body: page)
    }

    private var page: String {
        """
        Hello from a program that keepd keeps alive.

        pid      \(getpid())
        up for   \(WebServer.now - startedAt) s
        visits   \(hits)

        Kill it (kill -9 \(getpid())) and come back.

        """
    }

    /// Seconds on the clock that never jumps.
    private static var now: Int {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return time.tv_sec
    }
}
