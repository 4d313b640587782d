import LinuxSystem
import Reactor
import Supervision
import SystemPackage
import SystemTypes
import Testing

@testable import Daemon

@Suite(.timeLimit(.minutes(5))) struct ProbeTests {
    private let bench: Bench
    private let runner: ProbeRunner

    init() throws {
        bench = try Bench()
        runner = ProbeRunner(loop: bench.loop)
    }

    /// Asks one question, and waits for the answer.
    private func failure(of probe: Probe) -> String? {
        var failure: String?
        ask(probe) { failure = $0 }
        bench.run()
        return failure
    }

    /// Asks until the answer is a bad one.
    ///
    /// A child that another test is about to start has all descriptors until it executes.
    private func lastingFailure(of probe: Probe) -> String {
        while true {
            if let failure = failure(of: probe) { return failure }
        }
    }

    private func ask(_ probe: Probe, _ answer: @escaping (String?) -> Void) {
        let bench = bench
        runner.ask(
            probe,
            of: .web,
            request: { words in
                SpawnRequest(candidates: [words[0]], arguments: words, environment: [])
            },
            answer: {
                answer($0)
                bench.done()
            }
        )
    }

    private func shell(_ script: String) -> Probe {
        .exec(["/bin/sh", "-c", script])
    }

    // MARK: - Commands

    @Test(
        arguments: [
            ("exit 0", nil), ("exit 3", "exit code 3"), ("kill -9 $$", "signal KILL"),
        ] as [(String, String?)]
    )
    func `a command is good if it ends with 0`(script: String, failure: String?) {
        #expect(self.failure(of: shell(script)) == failure)
    }

    @Test func `a command that cannot be run is a bad answer that says why`() {
        #expect(
            failure(of: .exec(["/no/such"])) == "cannot execute /no/such: no such file or directory"
        )
    }

    @Test func `a question that is abandoned is not answered, and its processes are killed`() {
        let pids = bench.path("pids")
        let script = "setsid sleep 1000 & echo $! $$ >\(pids).new; mv \(pids).new \(pids); wait"
        ask(shell(script)) { _ in Issue.record("answered") }
        bench.run { bench.text("pids") != "" }
        let processes = bench.text("pids").split { $0 == " " || $0 == "\n" }
            .compactMap { Int32($0) }.map(ProcessID.init(rawValue:))
        #expect(processes.count == 2)
        // No signal to the group reaches it any more.
        bench.run { ProcessTable.entry(of: processes[0])?.session == processes[0].rawValue }
        runner.abandon(.web)
        bench.run {
            processes.allSatisfy { ProcessTable.entry(of: $0)?.hasEnded ?? true }
        }
    }

    @Test func `after an answer, and after it was abandoned, the same run can be asked again`() {
        #expect(failure(of: shell("exit 1")) == "exit code 1")
        ask(shell("exit 2")) { _ in Issue.record("answered") }
        runner.abandon(.web)
        #expect(failure(of: shell("exit 3")) == "exit code 3")
    }

    // MARK: - Connections

    @Test func `a port is good if somebody listens at it`() throws {
        let (port, raw) = try bench.listen(at: "127.0.0.1")
        let probe = Probe.tcp(Endpoint(host: "127.0.0.1", port: port))
        do {
            let listener = OwnedFD(adopting: raw)
            #expect(failure(of: probe) == nil)
            withExtendedLifetime(listener.raw) {}
        }
        let refusal = "cannot connect to 127.0.0.1:\(port): connection refused"
        #expect(lastingFailure(of: probe) == refusal)
    }

    @Test(arguments: ["127.0.0.1", "::1"])
    func `localhost is this machine, by whichever protocol`(host: String) throws {
        let (port, raw) = try bench.listen(at: host)
        let listener = OwnedFD(adopting: raw)
        #expect(failure(of: .tcp(Endpoint(host: "localhost", port: port))) == nil)
        withExtendedLifetime(listener.raw) {}
    }

    @Test func `a socket of a path is good if somebody listens at it`() throws {
        let path = bench.path("sock")
        let missing = "cannot connect to \(path): no such file or directory"
        #expect(failure(of: .unix(path)) == missing)
        do {
            let listener = try UnixSocket.listen(at: path, backlog: 4, mode: 0o600)
            #expect(failure(of: .unix(path)) == nil)
            withExtendedLifetime(listener.raw) {}
        }
        #expect(lastingFailure(of: .unix(path)) == "cannot connect to \(path): connection refused")
    }

    // MARK: - HTTP

    /// Answers the first connection with these bytes, in pieces.
    private final class Server {
        private let loop: EventLoop
        private let listener: OwnedFD
        private let answer: [String]
        private var connection: OwnedFD?
        private var watches: [Registration] = []
        var asked = ""

        init(_ listener: CInt, answer: [String], loop: EventLoop) throws {
            self.listener = OwnedFD(adopting: listener)
            self.answer = answer
            self.loop = loop
            watches.append(
                try loop.register(listener, for: .read) { [unowned self] _ in try? accept() }
            )
        }

        private func accept() throws {
            connection = try listener.accept()
            guard let raw = connection?.raw else { return }
            watches.append(
                try loop.register(raw, for: .read) { [unowned self] _ in try? receive() }
            )
        }

        private func receive() throws {
            var bytes = [UInt8](repeating: 0, count: 4_096)
            let count = try bytes.withUnsafeMutableBytes { try connection?.read(into: $0) ?? nil }
            asked += String(decoding: bytes[..<(count ?? 0)], as: UTF8.self)
            guard asked.hasSuffix("\r\n\r\n") else { return }
            for piece in answer {
                _ = try Array(piece.utf8).withUnsafeBytes { try connection?.send($0) ?? nil }
            }
            close()
        }

        func close() {
            for watch in watches { watch.cancel() }
            connection = nil
        }
    }

    /// Asks for a page of a server that gives this answer.
    private func serve(_ answer: [String], _ target: String) throws -> (String?, asked: String) {
        let (port, raw) = try bench.listen(at: "127.0.0.1")
        let server = try Server(raw, answer: answer, loop: bench.loop)
        defer { server.close() }
        let endpoint = Endpoint(host: "127.0.0.1", port: port)
        let failure = failure(of: .http(endpoint, target: target))
        let name = String(port)
        return (
            failure?.replacing(name, with: "PORT"), server.asked.replacing(name, with: "PORT")
        )
    }

    @Test(arguments: [200, 204, 301, 399])
    func `a page is good if its status is one of success, or leads elsewhere`(status: Int) throws {
        let (failure, asked) = try serve(["HTTP/1.1 \(status) Fine\r\n\r\n"], "/healthz?full=1")
        #expect(failure == nil)
        #expect(
            asked
                == "GET /healthz?full=1 HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\nUser-Agent: keepd\r\n"
                + "Connection: close\r\n\r\n"
        )
    }

    @Test(arguments: [100, 199, 400, 404, 503])
    func `any other status is what is wrong`(status: Int) throws {
        let (failure, _) = try serve(["HTTP/1.1 \(status)\r\n\r\n"], "/")
        #expect(failure == "http://127.0.0.1:PORT/: status \(status)")
    }

    @Test(arguments: [
        [], [""], ["SSH-2.0-OpenSSH_9.2\r\n"], ["HTTP/1.1 OK\r\n"], ["HTTP/1.1 2000 OK\r\n"],
        ["HTTP/1.1 200 OK"], [String(repeating: "x", count: 100_000)], ["\r\n"],
    ])
    func `what is no answer of HTTP is a bad one`(answer: [String]) throws {
        #expect(try serve(answer, "/").0 == "no answer of HTTP from 127.0.0.1:PORT")
    }

    @Test func `an answer may come in pieces`() throws {
        #expect(try serve(["HTTP", "/1.0 2", "00 OK\r", "\nServer: x\r\n"], "/").0 == nil)
    }
}
