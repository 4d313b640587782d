import Supervision
import SystemTypes
import Testing

/// `ready` and `health`.
@Suite struct CheckKeysTests {
    private func program(_ keys: String) throws -> ProgramConfiguration {
        let disk = Disk(#"{"programs": {"web": {"command": ["x"], \#(keys)}}}"#)
        return try #require(try disk.load().programs.first)
    }

    @Test(
        arguments: [
            (#"{"notify": true}"#, .notify),
            (#"{"fd": 3}"#, .descriptor(3)),
            (#"{"log": "^ready( to .*)?$"}"#, .log(pattern: "^ready( to .*)?$")),
            (#"{"exec": "bin/check -v"}"#, .probe(.exec(["/etc/bin/check", "-v"]))),
            (#"{"exec": ["check", ""]}"#, .probe(.exec(["check", ""]))),
            (#"{"tcp": "db.example:5432"}"#, .probe(.tcp("db.example:5432"))),
            (#"{"unix": "run/${instance}"}"#, .probe(.unix(Template(pieces: ["/etc/run/", ""])))),
            (#"{"http": "http://localhost/ok?x"}"#, .probe(.http("http://localhost/ok?x"))),
        ] as [(String, ReadyCheck)]
    )
    func `ready has one of seven ways`(text: String, check: ReadyCheck) throws {
        let program = try program("\"ready\": \(text)")
        #expect(program.ready == check)
        if case .probe = check {
            var probing = ProbePolicy()
            probing.interval = .milliseconds(250)
            #expect(program.policy.readiness == .probed(probing))
        } else {
            #expect(program.policy.readiness == .reported)
        }
    }

    @Test func `without a way a program is ready when it has settled`() throws {
        for keys in [#""ready": null"#, #""ready": {"notify": false}"#] {
            let program = try program(keys)
            #expect(program.ready == nil)
            #expect(program.policy.readiness == .settled)
        }
    }

    @Test func `how often it is asked can be said`() throws {
        let keys = #""tcp": "a:1", "interval": "1s", "timeout": "3s", "successes": 4, "delay": 5"#
        var probing = ProbePolicy()
        probing.interval = .seconds(1)
        probing.timeout = .seconds(3)
        probing.successes = 4
        probing.delay = .seconds(5)
        #expect(try program("\"ready\": {\(keys)}").policy.readiness == .probed(probing))
        probing.failures = 7
        let watched = try program("\"health\": {\(keys), \"failures\": 7, \"onFailure\": \"mark\"}")
        var health = HealthPolicy(check: .probe(probing))
        health.onFailure = .mark
        #expect(watched.policy.health == health)
        #expect(watched.health == .tcp("a:1"))
    }

    @Test func `health is asked every ten seconds, or there is a watchdog`() throws {
        let asked = try program(#""health": {"unix": "/run/x"}"#)
        #expect(asked.policy.health == HealthPolicy(check: .probe(ProbePolicy())))
        let watched = try program(#""health": {"watchdog": "30s"}"#)
        #expect(watched.policy.health == HealthPolicy(check: .watchdog(.seconds(30))))
        #expect(watched.health == nil)
    }

    @Test func `a program may choose another way than the default, and keep the rest`() throws {
        let disk = Disk(
            #"""
            {"defaults": {"ready": {"notify": true}, "health": {"tcp": "a:1", "interval": "3s"}},
             "programs": {"a": {"command": "x", "ready": {"fd": 4}, "health": {"unix": "/x"}},
                          "b": {"command": "x", "ready": {"notify": null, "log": "up"}}}}
            """#
        )
        let programs = try disk.load().programs
        #expect(programs[0].ready == .descriptor(4))
        #expect(programs[1].ready == .log(pattern: "up"))
        var probing = ProbePolicy()
        probing.interval = .seconds(3)
        #expect(programs[0].health == .unix("/x"))
        #expect(
            programs.map(\.policy.health) == [
                .init(check: .probe(probing)), .init(check: .probe(probing)),
            ]
        )
    }

    @Test func `the defaults may leave the way to the programs`() throws {
        let disk = Disk(
            #"""
            {"defaults": {"health": {"onFailure": "mark"}, "ready": {"interval": "1s"}},
             "programs": {"a": {"command": "x"}, "b": {"command": "x", "health": {"tcp": "a:1"}}}}
            """#
        )
        let programs = try disk.load().programs
        #expect(programs[0].policy.health == nil)
        #expect(programs[1].policy.health?.onFailure == .mark)
        #expect(programs.map(\.policy.readiness) == [.settled, .settled])
    }

    @Test func `where nothing is asked the defaults of asking mean nothing`() throws {
        let disk = Disk(
            #"""
            {"defaults": {"health": {"interval": "3s", "failures": 2, "onFailure": "mark"}},
             "programs": {"a": {"command": "x", "health": {"watchdog": "1m"}}}}
            """#
        )
        var health = HealthPolicy(check: .watchdog(.seconds(60)))
        health.onFailure = .mark
        #expect(try disk.load().programs.first?.policy.health == health)
    }

    @Test func `each instance may be asked at a place of its own`() throws {
        let keys =
            #""instances": 2, "ready": {"http": "http://[::1]:808${instance}"},"#
            + #""health": {"exec": ["x", "${instance}"]}"#
        let program = try program(keys)
        guard case .probe(let ready) = program.ready else {
            Issue.record("no probe")
            return
        }
        #expect(ready.probe(instance: 1) == .http(Endpoint(host: "::1", port: 8081), target: "/"))
        #expect(ready.probe(instance: 9999) == nil)
        #expect(program.health?.probe(instance: 1) == .exec(["x", "1"]))
    }

    @Test(arguments: [
        (
            "{}",
            #": cannot use this object: expected one of the keys "notify", "fd", "log", "exec", "tcp", "unix", "http""#
        ),
        (
            #"{"interval": "1s"}"#,
            #": cannot use this object: expected one of the keys "notify", "fd", "log", "exec", "tcp", "unix", "http""#
        ),
        (#"{"tcp": "a:1", "fd": 3}"#, #".tcp: cannot use this key: "fd" is given as well"#),
        (#"{"notify": 1}"#, ".notify: cannot use 1: expected true or false"),
        (
            #"{"notfy": true, "fd": 3}"#,
            #".notfy: cannot use this key: no such key (did you mean "notify"?)"#
        ),
        (#"{"fd": 2}"#, ".fd: cannot use 2: expected 3 to 1023"),
        (
            #"{"fd": 3, "delay": 1}"#,
            ".delay: cannot use this key: it has a meaning with exec, tcp, unix or http only"
        ),
        (#"{"tcp": "a:1", "failures": 1}"#, ".failures: cannot use this key: no such key"),
        (#"{"tcp": "a:1", "interval": 0}"#, ".interval: cannot use 0: expected 10ms to 876000h"),
        (
            #"{"tcp": "a:1", "timeout": "0s"}"#,
            #".timeout: cannot use "0s": expected 1ms to 876000h"#
        ),
        (#"{"log": ""}"#, #".log: cannot use "": it is empty"#),
        (#"{"exec": []}"#, ".exec: cannot use this array: it is empty"),
        (#"{"unix": ""}"#, #".unix: cannot use "": it is empty"#),
        (
            #"{"http": "https://a/"}"#,
            #".http: cannot use "https://a/": keepd cannot speak TLS, only http"#
        ),
        (
            #"{"http": "localhost:80"}"#,
            #".http: cannot use "localhost:80": expected an address, such as "http://127.0.0.1:80/path""#
        ),
    ])
    func `each value is checked`(text: String, error: String) {
        let disk = Disk("{\"programs\": {\"a\": {\"command\": \"x\", \"ready\": \(text)}}}")
        let errors = disk.errors().map {
            $0.split(separator: "programs.a.ready").last.map(String.init)
        }
        #expect(errors == [error])
    }

    @Test func `a pattern that is none is an error with the reason`() {
        let errors = Disk(#"{"programs": {"a": {"command": "x", "ready": {"log": "a("}}}}"#)
            .errors()
        #expect(errors.count == 1)
        #expect(errors[0].contains(#"ready.log: cannot use "a(": not a regular expression: "#))
    }

    @Test func `what an instance would be asked is checked for each instance`() {
        let disk = Disk(
            #"{"programs": {"a": {"command": "x", "instances": 7, "health": {"tcp": "a:6553${instance}"}}}}"#
        )
        #expect(
            disk.errors() == [
                #"/etc/keepd.json:1:71: programs.a.health.tcp: cannot use "a:65536": expected a host and a port, such as "127.0.0.1:80" or "[::1]:80""#
            ]
        )
    }

    @Test func `a descriptor cannot be that of a socket`() {
        let disk = Disk(
            #"""
            {"programs": {"a": {"command": "x", "ready": {"fd": 4},
                "sockets": {"h": "0.0.0.0:80", "s": "0.0.0.0:443"}}}}
            """#
        )
        #expect(
            disk.errors() == [
                #"/etc/keepd.json:1:53: programs.a.ready.fd: cannot use 4: a socket of "sockets" has this descriptor"#
            ]
        )
    }

    @Test func `with a watchdog nothing is asked`() {
        let disk = Disk(
            #"{"programs": {"a": {"command": "x", "health": {"watchdog": 0, "failures": 2}}}}"#
        )
        #expect(
            disk.errors().map { $0.split(separator: "health").last } == [
                ".watchdog: cannot use 0: expected 1ms to 876000h",
                ".failures: cannot use this key: it has a meaning with exec, tcp, unix or http only",
            ]
        )
    }
}
