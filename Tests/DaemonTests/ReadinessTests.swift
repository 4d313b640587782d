import ControlProtocol
import LinuxSystem
import SystemTypes
import Testing

/// What a program has to do until it counts as running, and what it may ask for meanwhile.
@Suite(.wholeProgram, .timeLimit(.minutes(10))) struct ReadinessTests {
    private func python(_ script: String, settings: String) throws -> String {
        program(
            [try Installed.path("python3"), "-c", script],
            settings: settings + "," + inScratch
        )
    }

    /// A server that nobody can reach until there is a file `go`.
    private static let hesitant = """
        import os, socket, time
        kind, address = %
        server = socket.socket(kind)
        while not os.path.exists("go"): time.sleep(0.01)
        server.bind(address)
        server.listen()
        while True: server.accept()[0].close()
        """

    /// A server that sends everybody away until there is a file `go`.
    private static let busy = """
        import http.server, os
        class Page(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                is_open = os.path.exists("go")
                if not is_open: open("asked", "w").close()
                self.send_response(200 if is_open else 503)
                self.end_headers()
            def log_message(self, *arguments):
                pass
        http.server.HTTPServer(("127.0.0.1", %), Page).serve_forever()
        """

    private func expectReady(_ daemon: RunningDaemon, after sign: (Program) -> Bool) throws {
        let early = try eventually("that it has begun") {
            let web = try daemon.status(of: "web")
            return web.pid != nil && sign(web) ? web : nil
        }
        #expect(early.state == .starting && !early.isReady)
        try daemon.scratch.write("", to: "go")
        #expect(try daemon.order("wait", "web", "--for", "ready") != [])
        let late = try daemon.status(of: "web")
        #expect(late.state == .running && late.isReady)
        #expect(late.pid == early.pid && late.restarts == 0)
        #expect(try daemon.end() == .exited(0))
    }

    @Test(arguments: ["tcp", "unix"])
    func `a program is ready once it can be reached`(kind: String) throws {
        let scratch = try Scratch()
        let port = try FreePorts(1)[0]
        let (server, probe) =
            kind == "tcp"
            ? (#"(socket.AF_INET, ("127.0.0.1", \#(port)))"#, "127.0.0.1:\(port)")
            : (#"(socket.AF_UNIX, "web.sock")"#, scratch.path("web.sock"))
        let daemon = try RunningDaemon(
            [
                "web": try python(
                    Self.hesitant.replacing("%", with: server),
                    settings: """
                        "ready": {"\(kind)": \(json(probe)), "interval": "10ms"},
                        "start": {"timeout": "50m"}
                        """
                )
            ],
            scratch: scratch
        )
        try expectReady(daemon) { _ in true }
    }

    @Test func `a program is ready once it answers well, and not when it sends us away`() throws {
        let port = try FreePorts(1)[0]
        let daemon = try RunningDaemon([
            "web": try python(
                Self.busy.replacing("%", with: port),
                settings: """
                    "ready": {"http": "http://127.0.0.1:\(port)/", "interval": "10ms"},
                    "start": {"timeout": "50m"}
                    """
            )
        ])
        try expectReady(daemon) { _ in daemon.scratch.has("asked") }
    }

    /// Says what it needs, and then what it has been told to.
    private static let slow = """
        import os, signal, socket, time
        notify = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        notify.connect(os.environ["NOTIFY_SOCKET"].replace("@", "\\0", 1))
        def stop(*arguments):
            notify.send(b"STOPPING=1\\nEXTEND_TIMEOUT_USEC=3600000000")
            while not os.path.exists("end"): time.sleep(0.01)
            os._exit(7)
        signal.signal(signal.SIGTERM, stop)
        notify.send(b"EXTEND_TIMEOUT_USEC=3600000000")
        while not os.path.exists("go"): time.sleep(0.01)
        notify.send(b"READY=1")
        while True: time.sleep(1000)
        """

    /// So much longer than it may take that no delay of the machine explains it.
    private func outlives(_ limit: Double, _ web: Program) -> Bool {
        (web.uptime?.rawValue ?? 0) > 4 * limit
    }

    // Where it is too slow to ask in time it is started again, and asks again.
    @Test func `a program that asks for more time to start, and to stop, is given it`() throws {
        let daemon = try RunningDaemon([
            "web": try python(
                Self.slow,
                settings: """
                    "ready": {"notify": true}, "start": {"timeout": "500ms"},
                    "stop": {"timeout": "500ms"}, "restart": {"backoff": {"max": "100ms"}}
                    """
            )
        ])
        let slow = try eventually("that it takes longer than it may") {
            let web = try daemon.status(of: "web")
            return web.state == .starting && outlives(0.5, web) ? web : nil
        }
        try daemon.scratch.write("", to: "go")
        #expect(try daemon.order("wait", "web", "--for", "ready") != [])
        #expect(try daemon.status(of: "web").pid == slow.pid)

        let other = try daemon.connect()
        try other.send(Call.encode(Control.Stop(names: ["web"])))
        let begin = Instant.now
        _ = try eventually("that it takes longer than it may") {
            let web = try daemon.status(of: "web")
            return web.state == .stopping && Instant.now - begin > .seconds(2) ? true : nil
        }
        try daemon.scratch.write("", to: "end")
        _ = try eventually("its end") {
            try daemon.status(of: "web").state == .stopped ? true : nil
        }
        #expect(try daemon.status(of: "web").lastExit?.code == 7)
        #expect(try daemon.end() == .exited(0))
    }
}
