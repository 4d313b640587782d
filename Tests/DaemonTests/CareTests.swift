import ControlProtocol
import SystemTypes
import Testing

/// What keepd is told by programs, asks them, and does for their sake.
@Suite(.wholeProgram, .timeLimit(.minutes(10))) struct CareTests {
    private func python(_ lines: String..., settings: String) -> String {
        program(
            ["/usr/bin/python3", "-c", lines.joined(separator: "\n")],
            settings: settings
        )
    }

    @Test func `a program is ready when it says so, and what it says of itself is shown`() throws {
        let daemon = try RunningDaemon([
            "web": python(
                "import os, signal, socket",
                "s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)",
                "a = os.environ['NOTIFY_SOCKET']",
                "s.connect('\\0' + a[1:] if a[0] == '@' else a)",
                "signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGHUP])",
                "s.send(b'STATUS=serving\\nREADY=1')",
                "for said in (b'RELOADING=1', b'STATUS=again', b'STOPPING=1'):",
                " signal.sigwait([signal.SIGHUP]); s.send(said)",
                "signal.pause()",
                settings: #""ready": {"notify": true}"#
            )
        ])
        #expect(try daemon.start("web").map(\.state) == [.running])
        #expect(try daemon.status(of: "web").statusText == "serving")
        for text in ["reloading", "again", "stopping"] {
            _ = try daemon.call(Control.Reload(names: ["web"]))
            _ = try eventually("that it says so") {
                try daemon.status(of: "web").statusText == text ? true : nil
            }
        }
        #expect(try daemon.end() == .exited(0))
    }

    @Test(arguments: [
        ("echo >&5; exec sleep 1000", #""ready": {"fd": 5}"#),
        ("echo now serving; exec sleep 1000", #""ready": {"log": "now s.*ing"}"#),
        ("exec sleep 1000", #""ready": {"exec": ["true"]}"#),
    ])
    func `a program is ready by other signs as well`(script: String, ready: String) throws {
        let daemon = try RunningDaemon([
            "web": shell(script, settings: ready + #", "start": {"timeout": "50s"}"#)
        ])
        #expect(try daemon.start("web").map(\.state) == [.running])
        #expect(try daemon.end() == .exited(0))
    }

    @Test func `a program that is not ready in time has failed`() throws {
        let daemon = try RunningDaemon([
            "web": shell(
                "exec sleep 1000",
                settings: """
                    "ready": {"exec": ["false"]}, "start": {"timeout": "100ms"},
                    "restart": {"retries": 1}
                    """
            )
        ])
        let failed = try eventually("that it gives up") {
            let web = try daemon.status(of: "web")
            return web.state == .fatal ? web : nil
        }
        #expect(failed.lastExit?.cause == "start-timeout")
    }

    @Test func `a program that is not well is started again`() throws {
        let daemon = try RunningDaemon([
            "web": shell(
                "exec sleep 1000",
                settings: inScratch + """
                    , "start": {"settle": "0s"}, "health": {"exec": ["test", "!", "-e", "ill"],
                    "interval": "20ms", "failures": 2}
                    """
            )
        ])
        let before = try eventually("that it is well") {
            let web = try daemon.status(of: "web")
            return web.isHealthy == true ? web : nil
        }
        try daemon.scratch.write("", to: "ill")
        let after = try eventually("that it is another") {
            let web = try daemon.status(of: "web")
            return web.pid.map { $0 != before.pid } == true ? web : nil
        }
        #expect(after.lastExit?.cause == "probe")
        #expect(try daemon.end() == .exited(0))
    }

    @Test func `a question that hangs ends with the program that is asked`() throws {
        let daemon = try RunningDaemon([
            "web": shell(
                "exec sleep 1000",
                settings: inScratch + """
                    , "start": {"settle": "0s"}, "health": {"timeout": "50m",
                    "exec": ["sh", "-c", "echo $$ >> asked; sleep 1000; true"]}
                    """
            )
        ])
        let asked = try eventually("a question") {
            daemon.scratch.lines(of: "asked").first.flatMap { Int32($0) }
        }
        #expect(Survivors.isAlive(ProcessID(rawValue: asked)))
        try daemon.stop("web")
        _ = try eventually("that nobody is left") { daemon.survivors.isEmpty ? true : nil }
        #expect(daemon.scratch.lines(of: "asked").count == 1)
    }

    @Test func `a command comes before the signal, and knows for whom`() throws {
        let daemon = try RunningDaemon([
            "web": shell(
                "exec sleep 1000",
                settings: inScratch
                    + #", "stop": {"before": ["sh", "-c", "echo $KEEPD_PID > before"]}"#
            )
        ])
        try daemon.start("web")
        let pid = try daemon.status(of: "web").pid
        #expect(try daemon.stop("web").map(\.state) == [.stopped])
        #expect(daemon.scratch.lines(of: "before") == [pid.map { "\($0)" } ?? ""])
    }

    @Test func `who is left when the command has ended the program gets the signal`() throws {
        let child = "trap 'echo told > told; exit' TERM; echo > up; while :; do sleep 0.01; done"
        let daemon = try RunningDaemon([
            "web": shell(
                "(\(child)) & while [ ! -e up ]; do sleep 0.01; done; echo ready; wait",
                settings: inScratch + """
                    , "ready": {"log": "ready"},
                    "stop": {"before": ["sh", "-c", "kill -KILL $KEEPD_PID"], "timeout": "50m"}
                    """
            )
        ])
        try daemon.start("web")
        #expect(try daemon.stop("web").map(\.state) == [.stopped])
        #expect(daemon.scratch.lines(of: "told") == ["told"])
    }

    @Test func `a hook is told of what it is for`() throws {
        let daemon = try RunningDaemon([
            "web": shell(
                "exit 3",
                settings: inScratch + """
                    , "restart": {"retries": 1}, "start": {"settle": "1s"},
                    "hooks": {"fatal": ["sh", "-c", "cat > told; echo $KEEPD_STATE > phase"]}
                    """
            )
        ])
        _ = try eventually("that the hook has run") {
            daemon.scratch.lines(of: "phase") == ["fatal"] ? true : nil
        }
        #expect(daemon.scratch.text(of: "told").contains(#""event":"fatal""#))
    }

    @Test func `a socket is passed, and the same one after a restart`() throws {
        let daemon = try RunningDaemon([
            "web": shell(
                """
                test $LISTEN_PID = $$ && readlink /proc/$$/fd/3 >> seen
                echo $LISTEN_FDS $LISTEN_FDNAMES >> seen; exec sleep 1000
                """,
                settings: inScratch
                    + #", "start": {"settle": "0s"}, "sockets": {"front": {"listen": "unix:web.sock"}}"#
            )
        ])
        func lines(_ count: Int) throws -> [String] {
            try eventually("that the program has written \(count) lines") {
                let lines = daemon.scratch.lines(of: "seen")
                return lines.count == count ? lines : nil
            }
        }
        let first = try lines(2)
        #expect(first[0].hasPrefix("socket:") && first[1] == "1 front")
        try daemon.restart("web")
        #expect(try lines(4) == first + first)
        #expect(try daemon.end() == .exited(0))
    }

    @Test func `a file that changes restarts the program`() throws {
        let daemon = try RunningDaemon([
            "web": shell(
                "exec sleep 1000",
                settings: inScratch + #", "start": {"settle": "0s"}, "watch": ["web.conf"]"#
            )
        ])
        try daemon.start("web")
        let before = try daemon.status(of: "web").pid
        try daemon.scratch.write("new", to: "web.conf")
        _ = try eventually("that another runs") {
            let pid = try daemon.status(of: "web").pid
            return pid != nil && pid != before ? true : nil
        }
    }
}
