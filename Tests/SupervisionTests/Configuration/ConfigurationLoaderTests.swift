import Supervision
import SystemTypes
import Testing

@Suite struct ConfigurationLoaderTests {
    private func program(_ keys: String, named name: String = "web") throws -> ProgramConfiguration
    {
        let disk = Disk(#"{"programs": {"\#(name)": {"command": ["x"], \#(keys)}}}"#)
        return try #require(try disk.load().programs.first)
    }

    @Test func `without any key there are the defaults`() throws {
        #expect(try Disk("{}").load() == Configuration())
        #expect(
            try program("") == ProgramConfiguration(name: "web", command: ["x"])
        )
    }

    @Test func `null is as good as no key`() throws {
        let keys = [
            "description", "directory", "environment", "clearEnvironment", "user", "group",
            "umask", "autostart", "instances", "type", "start", "restart", "stop", "stdin",
            "tty",
            "stdout", "stderr", "schedule", "health", "dependsOn", "ready", "environmentFile",
            "reloadSignal", "limits", "security", "sockets", "watch", "hooks",
        ]
        let nulls = keys.map { "\"\($0)\": null" }.joined(separator: ", ")
        #expect(try program(nulls) == ProgramConfiguration(name: "web", command: ["x"]))
        let disk = Disk(
            #"""
            {"daemon": {"socket": {"path": null}, "access": null}, "include": null,
             "defaults": null, "programs": {"a": null}, "groups": {"b": null}}
            """#
        )
        #expect(try disk.load() == Configuration())
    }

    @Test func `every key of a program is read`() throws {
        var expected = ProgramConfiguration(name: "web", command: ["x"])
        expected.description = "front end"
        expected.directory = "/srv/web"
        expected.environment = ["A": "1", "B": "8080"]
        expected.clearEnvironment = true
        expected.user = "www-data"
        expected.group = "root"
        expected.umask = 0o22
        expected.autostart = false
        expected.instances = 1024
        expected.policy.start.settle = .milliseconds(1500)
        expected.policy.restart.when = .onFailure
        expected.policy.restart.backoff.initial = .milliseconds(5)
        expected.policy.restart.backoff.max = .seconds(120)
        expected.policy.restart.backoff.factor = 1.5
        expected.policy.restart.backoff.jitter = 0
        expected.policy.restart.retries = 0
        expected.policy.restart.successExitCodes = [0, 255]
        expected.policy.stop.signal = .quit
        expected.policy.stop.scope = .process
        expected.policy.stop.timeout = .seconds(3600)
        expected.stdin = .pipe
        expected.stdout = .file("/var/log/keepd/web.log")
        expected.stderr = .sameAsStdout

        let actual = try program(
            #"""
            "description": "front end", "directory": "/srv/web", "type": "service",
            "environment": {"A": "1", "B": "${PORT}"}, "clearEnvironment": true,
            "user": "www-data", "group": "root", "umask": "022", "autostart": false,
            "instances": 1024, "start": {"settle": "1.5s"},
            "restart": {
                "when": "on-failure", "retries": 0, "successExitCodes": [0, 255],
                "backoff": {"initial": 0.005, "max": "2m", "factor": 1.5, "jitter": 0}
            },
            "stop": {"signal": "SIGQUIT", "scope": "process", "timeout": "1h"},
            "stdin": "pipe", "stdout": {"file": "web.log", "onFull": "block"}, "stderr": "stdout"
            """#
        )
        #expect(actual == expected)
    }

    @Test func `every key of the daemon is read`() throws {
        var expected = DaemonConfiguration()
        expected.socket.path = "/etc/run/keepd.sock"
        expected.socket.mode = 0o600
        expected.socket.owner = "root"
        expected.socket.group = "keepd"
        expected.logDirectory = "/logs"
        expected.logLevel = .debug
        expected.shutdownTimeout = .seconds(20)

        let disk = Disk(
            #"""
            {"daemon": {
                "socket": {"path": "run/keepd.sock", "mode": "0600", "owner": "root",
                           "group": "keepd"},
                "logDirectory": "/logs", "logLevel": "debug", "shutdownTimeout": 20,
                "exitWhen": "never"
            }}
            """#
        )
        #expect(try disk.load().daemon == expected)
    }

    @Test func `a string stands for the socket and for the restart`() throws {
        let disk = Disk(#"{"daemon": {"socket": "keepd.sock"}}"#)
        #expect(try disk.load().daemon.socket.path == "/etc/keepd.sock")
        #expect(try program(#""restart": "never""#).policy.restart.when == .never)
    }

    @Test(
        arguments: [
            (#""500ms""#, .milliseconds(500)), (#""1.5s""#, .milliseconds(1500)),
            (#""2m""#, .seconds(120)), (#""1h""#, .seconds(3600)), (#""0.25h""#, .seconds(900)),
            (#""1.1s""#, .milliseconds(1100)), ("0", .zero), ("0.1", .milliseconds(100)),
            (#""0s""#, .zero), ("90", .seconds(90)), (#""876000h""#, .seconds(3_153_600_000)),
            (#""${NO:-3}s""#, .seconds(3)),
        ] as [(String, Duration)]
    )
    func `a duration has a unit, or is a number of seconds`(text: String, value: Duration) throws {
        #expect(try program("\"start\": {\"settle\": \(text)}").policy.start.settle == value)
    }

    @Test(arguments: [
        "", "s", "5", "5 s", ".5s", "5.s", "1.2.3s", "-1s", "+1s", "1e3s", "5d", "٣s",
    ])
    func `nothing else is a duration`(text: String) {
        let disk = Disk(#"{"daemon": {"shutdownTimeout": "\#(text)"}}"#)
        #expect(disk.errors().count == 1)
    }

    @Test(
        arguments: [
            ("TERM", 15), ("SIGTERM", 15), ("sigkill", 9), ("1", 1), ("RTMIN+3", 37),
        ] as [(String, Int32)]
    )
    func `a signal has a name or a number`(name: String, number: Int32) throws {
        let signal = try program(#""stop": {"signal": "\#(name)"}"#).policy.stop.signal
        #expect(signal.rawValue == number)
    }

    @Test(
        arguments: [
            (#""null""#, .null), (#""inherit""#, .inherit), (#"{}"#, .console),
            (#""web.log""#, .file("/var/log/keepd/web.log")), (#""/w.log""#, .file("/w.log")),
            (#"{"file": "null"}"#, .file("/var/log/keepd/null")),
            (#""${NO:-inherit}""#, .inherit),
            (#""w-${instance}.log""#, .file(Template(pieces: ["/var/log/keepd/w-", ".log"]))),
        ] as [(String, ProgramConfiguration.Output)]
    )
    func `an output goes nowhere, to the daemon's own, or to a file`(
        text: String,
        output: ProgramConfiguration.Output
    ) throws {
        #expect(try program("\"stdout\": \(text)").stdout == output)
        #expect(try program("\"stderr\": \(text)").stderr == output)
    }

    @Test func `only stderr can go where stdout goes`() throws {
        #expect(try program(#""stderr": "stdout""#).stderr == .sameAsStdout)
        #expect(try program(#""stdout": "stdout""#).stdout == .file("/var/log/keepd/stdout"))
    }

    @Test func `log files are relative to the daemon's log directory`() throws {
        let disk = Disk(
            #"""
            {"programs": {"a": {"command": "x", "stdout": "a.log"}},
             "daemon": {"logDirectory": "log"}}
            """#
        )
        #expect(try disk.load().programs.first?.stdout == .file("/etc/log/a.log"))
    }

    @Test func `other paths are relative to the directory of the file that names them`() throws {
        let text = #"""
            {"programs": {
                "a": {"command": ["bin/a", "b/c"], "directory": "srv/${instance}"},
                "b": {"command": "./b x", "directory": "."},
                "c": {"command": "c", "directory": "${HOME}"}
            }}
            """#
        for (path, directory) in [
            ("/d/k.json", "/d"), ("/k.json", ""), ("k.json", "/home/ada"),
            ("./k.json", "/home/ada"), ("e/k.json", "/home/ada/e"),
        ] {
            let programs = try Disk([path: text]).load(path).programs
            #expect(
                programs[0].command == [
                    Template(pieces: ["\(directory)/bin/a"]), "b/c",
                ]
            )
            #expect(programs[0].directory?.text(instance: 3) == "\(directory)/srv/3")
            #expect(programs[1].command[0].text(instance: 0) == "\(directory)/b")
            #expect(
                programs[1].directory?.text(instance: 0) == (directory.isEmpty ? "/" : directory)
            )
            #expect(programs[2].command == ["c"])
            #expect(programs[2].directory == "/home/ada")
        }
    }

    @Test func `a command given as a string is split first and expanded then`() throws {
        let disk = Disk(
            #"{"programs": {"a": {"command": "x '${BLANKS}' ${BLANKS} ${NO:-d e} $${F} ${EMPTY}"}}}"#
        )
        #expect(
            try disk.load().programs.first?.command == ["x", "a b", "a b", "d e", "${F}", ""]
        )
    }

    @Test func `a program knows its name, its first group and its instance`() throws {
        let disk = Disk(
            #"""
            {"programs": {
                "a": {"command": ["x", "${program}.${group}.${instance}"]},
                "b": {"command": ["x", "${program}.${group}.${instance}"]},
             },
             "groups": {"g": ["a"], "h": ["a"]}}
            """#
        )
        let configuration = try disk.load()
        let words = configuration.programs.map { $0.command[1].text(instance: 4) }
        #expect(words == ["a.g.4", "b.b.4"])
        #expect(
            configuration.groups == [
                Configuration.Group(name: "g", programs: ["a"]),
                Configuration.Group(name: "h", programs: ["a"]),
            ]
        )
    }

    @Test func `programs come in the order of the file`() throws {
        let disk = Disk(
            #"{"programs": {"z": {"command": "x"}, "a": {"command": "x"}, "m": {"command": "x"}}}"#
        )
        #expect(try disk.load().programs.map(\.name) == ["z", "a", "m"])
    }
}
