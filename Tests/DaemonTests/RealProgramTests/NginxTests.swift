import ControlProtocol
import LinuxSystem
import SystemTypes
import Testing

/// nginx, which reloads by signal and takes over sockets.
@Suite(.wholeProgram, .timeLimit(.minutes(10))) struct NginxTests {
    /// Writes a configuration of nginx in which everything stays below the directory of the test.
    private func write(_ name: String, page: String, port: String, to scratch: Scratch) throws {
        try scratch.write(
            """
            daemon off;
            worker_processes 1;
            pid \(name).pid;
            error_log stderr notice;
            events {}
            http {
                access_log \(name).access;
                client_body_temp_path \(name).body;
                proxy_temp_path \(name).proxy;
                fastcgi_temp_path \(name).fastcgi;
                scgi_temp_path \(name).scgi;
                uwsgi_temp_path \(name).uwsgi;
                server {
                    listen 127.0.0.1:\(port);
                    location / { return 200 "\(page)\\n"; }
                }
            }
            """,
            to: "\(name).conf"
        )
    }

    private func nginx(_ name: String, _ scratch: Scratch, _ settings: String) throws -> String {
        program(
            [
                try Installed.path("nginx"), "-e", "stderr", "-p", scratch.path, "-c",
                "\(name).conf",
            ],
            settings: #""stop": {"signal": "QUIT", "scope": "process"}, "# + settings
        )
    }

    private func page(_ port: String) throws -> String {
        let answer = try Server(port, isPatient: false)
            .answer("GET / HTTP/1.0\r\n\r\n", until: "no end")
        return answer.split(separator: "\r\n").last.map(String.init) ?? ""
    }

    @Test(arguments: [#""tcp": "127.0.0.1:"#, #""http": "http://127.0.0.1:"#])
    func `it answers once it is ready, and takes another configuration by a reload`(
        probe: String
    ) throws {
        let (scratch, port) = (try Scratch(), try FreePorts(1)[0])
        try write("web", page: "first", port: port, to: scratch)
        let daemon = try RunningDaemon(
            ["web": try nginx("web", scratch, "\"ready\": {\(probe)\(port)\"}")],
            scratch: scratch
        )
        try daemon.order("start", "web")
        #expect(try page(port) == "first\n")
        let before = try daemon.status(of: "web")

        func expectChange(to text: String, by order: String...) throws {
            try write("web", page: text, port: port, to: scratch)
            try daemon.order(order)
            _ = try eventually("the \(text) page") { try page(port) == text + "\n" ? true : nil }
        }
        try expectChange(to: "second", by: "reload", "web")
        try expectChange(to: "third", by: "signal", "HUP", "web")
        let after = try daemon.status(of: "web")
        #expect(after.pid == before.pid && after.restarts == 0 && after.state == .running)

        try daemon.order("stop", "web")
        #expect(daemon.survivors.isEmpty)
        #expect(throws: NeverHappened.self) { try page(port) }
        #expect(try daemon.status(of: "web").lastExit?.code == 0)
        #expect(try daemon.end() == .exited(0))
    }

    @Test(arguments: [true, false])
    func `a rolling restart of two that share a port costs no request`(reusesPort: Bool) throws {
        let (scratch, port) = (try Scratch(), try FreePorts(1)[0])
        for number in 0..<2 {
            try write("web-\(number)", page: "page", port: port, to: scratch)
        }
        let daemon = try RunningDaemon(
            [
                // How a new nginx inherits the sockets of an old one when it is upgraded.
                "web": try nginx(
                    "web-${instance}",
                    scratch,
                    """
                    "environment": {"NGINX": "3;"}, "instances": 2,
                    "sockets": {"http": {"listen": "127.0.0.1:\(port)", "reusePort": \(reusesPort)}},
                    "ready": {"log": "start worker process \\\\d"}
                    """
                )
            ],
            scratch: scratch
        )
        try daemon.order("start", "web")
        let load = try Load(on: port)
        func waitForRequests(of number: Int) throws {
            let before = scratch.size(of: "web-\(number).access")
            _ = try eventually("requests to web:\(number)") {
                scratch.size(of: "web-\(number).access") > before ? true : nil
            }
        }
        try waitForRequests(of: 0)
        try waitForRequests(of: 1)
        let before = try daemon.status("web").map(\.pid)
        for _ in 0..<3 {
            #expect(
                try daemon.order("restart", "--rolling", "web")
                    == ["web:0: restarted", "web:1: restarted"]
            )
        }
        try waitForRequests(of: 0)
        try waitForRequests(of: 1)
        #expect(Set(try daemon.status("web").map(\.pid)).isDisjoint(with: before))
        try load.end()
        #expect(try daemon.end() == .exited(0))
    }
}
