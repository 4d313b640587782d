import ControlProtocol
import LinuxSystem
import SystemTypes
import Testing

/// What else goes on over a crash of keepd, beside the processes.
@Suite(.wholeProgram, .timeLimit(.minutes(10))) struct CrashTests {
    private func start(_ programs: KeyValuePairs<String, String>) throws -> RunningDaemon {
        try RunningDaemon(programs, arguments: ["--holder"])
    }

    @Test func `who listens on a socket of keepd goes on to, and the next run as well`() throws {
        let port = try FreePorts(1)[0]
        let daemon = try start([
            "web": shell(
                "exec python3 -c \"$SCRIPT\"",
                settings: #"""
                    "sockets": {"http": "127.0.0.1:\#(port)"},
                    "environment": {"SCRIPT": \#(json(Server.upper))}
                    """#
            )
        ])
        try daemon.start("web")
        var server: Server?
        try daemon.withoutKeepd {
            #expect(try Server(port).answer("a\n", until: "\n") == "A\n")
            server = try Server(port)
        }
        #expect(try server?.answer("b\n", until: "\n") == "B\n")
        try daemon.order("restart", "web")
        #expect(try Server(port).answer("c\n", until: "\n") == "C\n")
        #expect(try daemon.end() == .exited(0))
    }

    @Test func `what a program notifies of while there is no keepd is heard by the next`() throws {
        let daemon = try start([
            "web": program(
                ["python3", "-c", CrashTests.notifying],
                settings: #""ready": {"notify": true}, "# + inScratch
            )
        ])
        #expect(try Run(["mkfifo", daemon.scratch.path("go")]).status == .exited(0))
        try daemon.start("web")
        let process = try daemon.status(of: "web").pid
        try daemon.withoutKeepd {
            let go = try Run(["sh", "-c", "echo > \(daemon.scratch.path("go"))"])
            #expect(go.status == .exited(0))
            _ = try eventually("the word is sent") { daemon.scratch.has("sent") ? true : nil }
        }
        let web = try eventually("the late word") {
            let web = try daemon.connect().call(Control.Status(names: ["web"])).programs[0]
            return web.statusText == "late" ? web : nil
        }
        #expect(web.pid == process && web.isReady && web.state == .running)
        #expect(try daemon.end() == .exited(0))
    }

    private static let notifying = """
        import os, signal, socket, time
        keepd = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        keepd.connect(os.environ["NOTIFY_SOCKET"])
        while not os.path.exists("go"):
            time.sleep(0.01)
        keepd.send(b"READY=1")
        open("go").read()
        keepd.send(b"STATUS=late")
        open("sent", "w")
        signal.pause()
        """

    @Test func `a line that has begun when keepd is killed is stamped once`() throws {
        let log = #""stdout": {"file": "web.log", "timestamps": true}, "stdin": "pipe""#
        let daemon = try start([
            "web": shell("echo first; printf hal; read x; echo lo; exec sleep 1000", settings: log)
        ])
        try daemon.start("web")
        _ = try eventually("half a line") {
            daemon.scratch.text(of: "log/web.log").hasSuffix(" hal") ? true : nil
        }
        try daemon.withoutKeepd {}
        let input = Control.WriteStdin(name: "web", bytes: Array("go\n".utf8))
        _ = try daemon.connect().call(input)
        _ = try eventually("the other half") {
            daemon.scratch.text(of: "log/web.log").hasSuffix("lo\n") ? true : nil
        }
        let lines = daemon.scratch.lines(of: "log/web.log").map { $0.dropFirst(28) }
        #expect(lines == ["first", "hallo"])
        #expect(try daemon.end() == .exited(0))
    }

    @Test func `events go on by their numbers, and what is forgotten of them is a gap`() throws {
        let daemon = try start(["web": misbehave("--pause")])
        try daemon.start("web")
        for _ in 0..<5 { try daemon.order("restart", "web") }
        let before = try daemon.call(Control.Events(since: 0))
        try daemon.withoutKeepd {}
        let client = try daemon.connect()
        let after = try client.call(Control.Events(since: UInt(before.number - 1)))
        #expect(after.number >= before.number)
        #expect(after.gap ?? 0 >= 1)
        let next = try client.call(Control.Events(since: UInt(before.number)))
        #expect(next.events.map(\.number).allSatisfy { $0 > before.number })
        #expect(try daemon.end() == .exited(0))
    }

    @Test func `a stop whose command went with keepd goes on with the signal`() throws {
        let before = #"["sh", "-c", "echo $$ > before; exec sleep 1000"]"#
        let daemon = try start([
            "web": misbehave(
                "--pause",
                settings: "\"stop\": {\"before\": \(before), \"timeout\": \"100s\"}, " + inScratch
            )
        ])
        try daemon.start("web")
        _ = try daemon.call(Control.Stop(names: ["web"], wait: false))
        _ = try eventually("the command") {
            daemon.scratch.lines(of: "before").first == nil ? nil : true
        }
        try daemon.withoutKeepd {}
        try daemon.waitForLog("web: stopped")
        // That of the command as well.
        #expect(daemon.survivors.isEmpty)
        #expect(try daemon.end() == .exited(0))
    }

    @Test func `a crash after a re-exec loses nothing either`() throws {
        let daemon = try start(["web": misbehave("--pause"), "off": misbehave("--pause")])
        try daemon.start("all")
        let process = try daemon.status(of: "web").pid
        try daemon.order("stop", "off")
        for _ in 0..<3 {
            _ = try daemon.connect().call(Control.Reexec())
            try daemon.withoutKeepd {}
            let programs = try daemon.connect().call(Control.Status()).programs
            #expect(programs.map(\.state) == [.stopped, .running])
            #expect(programs.last?.pid == process && programs.last?.restarts == 0)
        }
        #expect(try daemon.end() == .exited(0))
        #expect(daemon.survivors.isEmpty)
    }
}
