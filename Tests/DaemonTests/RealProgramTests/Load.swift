import SystemTypes
import Testing

/// Requests to a web server of this machine, eight at a time, until they are ended.
///
/// Each has a connection of its own. A server that ends may close one that is kept between two
/// requests at the very moment that the next is sent, and no supervisor can help that.
struct Load {
    private let wrk: StartedProcess

    init(on port: String) throws {
        wrk = try StartedProcess([
            try Installed.path("wrk"), "--threads", "2", "--connections", "8", "--duration", "1h",
            "--timeout", "30s", "--header", "Connection: close", "http://127.0.0.1:\(port)/",
        ])
    }

    /// Ends it, and looks whether each request got its answer.
    func end(at location: SourceLocation = #_sourceLocation) throws {
        try wrk.send(.interrupt)
        #expect(try wrk.waitForEnd() == .exited(0), sourceLocation: location)
        try wrk.output.waitForEnd()
        let report = wrk.output.text
        // These two lines come only where there is something to tell.
        for complaint in ["Socket errors", "Non-2xx or 3xx responses"] {
            #expect(!report.contains(complaint), "\(report)", sourceLocation: location)
        }
        let words = report.split(separator: " ")
        let count = words.firstIndex(of: "requests").flatMap { Int(words[$0 - 1]) }
        #expect(count.map { $0 > 0 } == true, "\(report)", sourceLocation: location)
    }
}
