import LinuxSystem
import SystemTypes
import Testing

/// What comes from other supervisors, or from a command line alone.
@Suite(.wholeProgram, .timeLimit(.minutes(10))) struct ImportTests {
    /// In the manner of supervisord's own sample.
    private static let supervisord = """
        [unix_http_server]
        file=/tmp/supervisor.sock   ; the path to the socket file

        [supervisord]
        logfile=/tmp/supervisord.log
        nodaemon=false
        environment=PLACE="here"
        childlogdir=%(here)s/log

        [rpcinterface:supervisor]
        supervisor.rpcinterface_factory = supervisor.rpcinterface:make_main_rpcinterface

        [program:web]
        command=/bin/sh -c 'echo "$PLACE" %(ENV_HOME)s %(program_name)s; exec sleep 1000'
        autorestart=true
        redirect_stderr=true
        stdout_logfile_maxbytes=1MB

        [program:worker]
        command=/bin/sh -c 'echo number %(process_num)02d; exec sleep 1000'
        process_name=%(program_name)s_%(process_num)02d
        numprocs=2
        numprocs_start=1

        [eventlistener:mail]
        command=/bin/cat
        events=PROCESS_STATE_EXITED
        """

    @Test func `a supervisord.conf is taken over, and runs`() throws {
        let scratch = try Scratch()
        try scratch.write(Self.supervisord, to: "supervisord.conf")
        let run = try runKeepd("import", scratch.path("supervisord.conf"))
        #expect(run.status == .exited(0))
        let warnings = run.error.split(separator: "\n")
        for subject in ["] file", "] logfile", "] nodaemon", "[eventlistener:mail]"] {
            #expect(warnings.count { $0.contains(subject) } == 1, "\(run.error)")
        }
        #expect(warnings.count == 4)
        try scratch.write(run.output, to: "keepd.json")
        let daemon = try RunningDaemon(
            configuration: scratch.path("keepd.json"),
            socketPath: scratch.path("keepd.sock"),
            scratch: scratch,
            arguments: ["--socket", scratch.path("keepd.sock")],
            environment: ["HOME": "/root", "XDG_STATE_HOME": scratch.path("state")]
        )
        for name in ["web", "worker_01", "worker_02"] {
            try daemon.waitForLog("\(name): running")
        }
        #expect(scratch.text(of: "log/web-stdout.log") == "here /root web\n")
        #expect(scratch.text(of: "log/worker_02-stdout.log") == "number 02\n")
    }

    @Test func `a Procfile is taken over`() throws {
        let scratch = try Scratch()
        try scratch.write("web: echo on $PORT\nclock: sleep 1000\n", to: "Procfile")
        let run = try runKeepd("import", scratch.path("Procfile"))
        #expect(run.status == .exited(0) && run.error == "")
        try scratch.write(run.output, to: "keepd.json")
        let check = try runKeepd("check", "--config", scratch.path("keepd.json"))
        #expect(check.output == "ok: 2 programs\n", "\(check.error)")
    }

    @Test(arguments: [
        ("[program:web]\nautostart=maybe\n", "web.conf:1: [program:web] has no command"),
        (nil, "cannot read"),
    ])
    func `what cannot be taken over is said`(text: String?, message: String) throws {
        let scratch = try Scratch()
        if let text { try scratch.write(text, to: "web.conf") }
        let run = try runKeepd("import", scratch.path("web.conf"))
        #expect(run.status == .exited(78) && run.output == "")
        #expect(run.error.contains(message), "\(run.error)")
    }

    @Test func `one command is kept without a configuration`() throws {
        let scratch = try Scratch()
        let process = try StartedProcess([
            Places.product("keepd"), "run", "--socket", scratch.path("keepd.sock"), "--",
            "/bin/sh", "-c", "echo up $0 '${HOME}'; exec sleep 1000", "it",
        ])
        try process.output.waitForLine("what it prints") { $0 == "sh | up it ${HOME}" }
        try process.send(.terminate)
        #expect(try process.waitForEnd() == .exited(0))
    }

    @Test func `a command and a configuration exclude each other`() throws {
        #expect(try runKeepd("run", "--config", "a", "--", "true").status == .exited(64))
        #expect(try runKeepd("run", "--").status == .exited(64))
    }

    @Test func `the schema is the one in config`() throws {
        let file = try Files.read(Places.file("config/keepd.schema.json"), bytesMax: 1 << 20)
        #expect(try runKeepd("schema").output == String(decoding: file, as: UTF8.self))
    }
}
