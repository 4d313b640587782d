import ControlProtocol
import LinuxSystem
import SystemTypes
import Testing

/// Servers in Python: the one that everybody has, and one that takes over a socket.
@Suite(.wholeProgram, .timeLimit(.minutes(10))) struct PythonTests {
    @Test func `a server of files answers whenever a start or a restart is done`() throws {
        let (scratch, port) = (try Scratch(), try FreePorts(1)[0])
        try scratch.write("a page", to: "page.html")
        let server = [
            try Installed.path("python3"), "-m", "http.server", "--bind", "127.0.0.1", port,
        ]
        let daemon = try RunningDaemon(
            [
                "files": program(
                    server,
                    settings: """
                        "ready": {"http": "http://127.0.0.1:\(port)/page.html", "interval": "50ms"},
                        \(inScratch)
                        """
                )
            ],
            scratch: scratch
        )
        func expectPage() throws {
            let answer = try Server(port, isPatient: false)
                .answer("GET /page.html HTTP/1.0\r\n\r\n", until: "no end")
            #expect(answer.hasPrefix("HTTP/1.0 200 OK") && answer.hasSuffix("\r\n\r\na page"))
        }
        try daemon.order("start", "files")
        try expectPage()
        var pids = Set([try daemon.status(of: "files").pid])
        for _ in 0..<3 {
            #expect(try daemon.order("restart", "files") == ["files: restarted"])
            try expectPage()
            pids.insert(try daemon.status(of: "files").pid)
        }
        #expect(pids.count == 4)
        try daemon.process.output.waitForLine("of a request") {
            $0.contains(#""GET /page.html HTTP/1.0" 200"#)
        }
        #expect(try daemon.end() == .exited(0))
        #expect(daemon.survivors.isEmpty)
    }

    /// Answers what waits at descriptor 3, one after the other, and ends between two answers.
    private static let server = """
        import http.server, os, signal, socket, socketserver

        class Page(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(200)
                self.send_header("Content-Length", "4")
                self.end_headers()
                self.wfile.write(b"page")

            def log_message(self, *arguments):
                pass

        def stop(*arguments):
            global is_running
            is_running = False

        assert os.environ["LISTEN_FDS"] == "1" and os.environ["LISTEN_PID"] == str(os.getpid())
        is_running = True
        signal.signal(signal.SIGTERM, stop)
        server = socketserver.TCPServer(("", 0), Page, bind_and_activate=False)
        server.socket = socket.socket(fileno=3)
        # All instances wait for the same clients, and only one of them gets each.
        server.socket.setblocking(False)
        server.timeout = 0.05
        print("serving", flush=True)
        while is_running:
            server.handle_request()
        """

    @Test(arguments: [[], ["--rolling"]])
    func `a restart of a server whose socket is kept costs no request`(options: [String]) throws {
        let port = try FreePorts(1)[0]
        let daemon = try RunningDaemon([
            "web": program(
                [try Installed.path("python3"), "-c", Self.server],
                settings: """
                    "instances": 2, "sockets": {"http": {"listen": "127.0.0.1:\(port)"}},
                    "ready": {"log": "^serving$"}
                    """
            )
        ])
        try daemon.order("start", "web")
        let load = try Load(on: port)
        let before = try daemon.status("web").map(\.pid)
        for _ in 0..<2 { try daemon.order(["restart"] + options + ["web"]) }
        #expect(Set(try daemon.status("web").map(\.pid)).isDisjoint(with: before))
        try load.end()
        #expect(try daemon.end() == .exited(0))
    }
}
