import Supervision
import SystemTypes
import Testing

/// What a program is, what it needs, and what else is done for it.
@Suite struct KindKeysTests {
    private func program(_ keys: String) throws -> ProgramConfiguration {
        let disk = Disk(
            #"""
            {"programs": {"web": {"command": ["x"], \#(keys)},
                          "db": {"command": "x"}, "job": {"command": "x", "type": "oneshot"}}}
            """#
        )
        return try #require(try disk.load().programs.first)
    }

    private func errors(_ keys: String) -> [String] {
        Disk(
            #"""
            {"programs": {"db": {"command": "x"}, "job": {"command": "x", "type": "oneshot"},
            "web": {"command": ["x"], \#(keys)}}}
            """#
        ).errors().map { $0.replacing("/etc/keepd.json:2:", with: "") }
    }

    @Test func `a oneshot that failed is tried again, unless it is told otherwise`() throws {
        let oneshot = try program(#""type": "oneshot""#)
        #expect(oneshot.policy.kind == .oneshot)
        #expect(oneshot.policy.restart.when == .onFailure)
        #expect(
            try program(#""type": "oneshot", "restart": "never""#).policy.restart.when == .never
        )
        #expect(try program(#""type": "service""#).policy.restart.when == .always)
    }

    @Test func `a name alone means that the other has started`() throws {
        #expect(
            try program(#""dependsOn": ["job", "${NO:-db}"]"#).dependsOn == [
                Dependency(program: "job", condition: .started),
                Dependency(program: "db", condition: .started),
            ]
        )
    }

    @Test func `else it is said what is needed of each`() throws {
        #expect(
            try program(#""dependsOn": {"job": "completed", "db": "healthy"}"#).dependsOn == [
                Dependency(program: "job", condition: .completed),
                Dependency(program: "db", condition: .healthy),
            ]
        )
        for condition in Dependency.Condition.allCases where condition != .completed {
            let text = #""dependsOn": {"db": "\#(condition.rawValue)"}"#
            #expect(try program(text).dependsOn == [.init(program: "db", condition: condition)])
        }
    }

    @Test(arguments: [
        (
            #""dependsOn": "db""#,
            #"40: programs.web.dependsOn: cannot use "db": expected an array of names, or an object"#
        ),
        (
            #""dependsOn": ["bd", "x y z", "db", "db"]"#,
            #"41: programs.web.dependsOn[0]: cannot use "bd": no such program (did you mean "db"?)"#
        ),
        (
            #""dependsOn": {"dbs": "ready"}"#,
            #"41: programs.web.dependsOn.dbs: cannot use this name: no such program (did you mean "db"?)"#
        ),
        (
            #""dependsOn": {"db": "redy"}"#,
            #"47: programs.web.dependsOn.db: cannot use "redy": expected "started" or "ready" or "healthy" or "completed" (did you mean "ready"?)"#
        ),
        (
            #""hooks": {"fatl": ["x"]}"#,
            #"37: programs.web.hooks.fatl: cannot use this key: no such key (did you mean "fatal"?)"#
        ),
        (
            #""hooks": {"fatal": []}"#,
            "46: programs.web.hooks.fatal: cannot use this array: it is empty"
        ),
        (#""watch": "x""#, #"36: programs.web.watch: cannot use "x": expected an array"#),
        (#""watch": [""]"#, #"37: programs.web.watch[0]: cannot use "": it is empty"#),
        (
            #""reloadSignal": "HPU""#,
            #"43: programs.web.reloadSignal: cannot use "HPU": no such signal (did you mean "HUP"?)"#
        ),
        (
            #""environmentFile": """#,
            #"46: programs.web.environmentFile: cannot use "": it is empty"#
        ),
        (
            #""environmentFile": "-""#,
            #"46: programs.web.environmentFile: cannot use "-": it is empty"#
        ),
        (
            #""start": {"timeout": 0}"#,
            "48: programs.web.start.timeout: cannot use 0: expected 1ms to 876000h"
        ),
        (#""stop": {"before": ""}"#, #"46: programs.web.stop.before: cannot use "": it is empty"#),
    ])
    func `each value is checked`(keys: String, error: String) {
        #expect(errors(keys).first == error)
    }

    @Test func `the rest is read`() throws {
        let program = try program(
            #"""
            "environmentFile": "web.env", "start": {"timeout": "2m"}, "reloadSignal": "USR1",
            "stop": {"before": "bin/quit -${instance}"}, "watch": ["*.conf", "/etc/x"],
            "hooks": {"fatal": ["page", "me"], "ready": "bin/y"}
            """#
        )
        #expect(program.environmentFile == "/etc/web.env")
        let optional = try self.program(#""environmentFile": "-web.env""#)
        #expect(optional.environmentFile == "-/etc/web.env")
        #expect(program.policy.start.timeout == .seconds(120))
        #expect(program.reloadSignal == .user1)
        #expect(program.stopCommand == ["/etc/bin/quit", Template(pieces: ["-", ""])])
        #expect(program.policy.stop.hasCommand)
        #expect(program.watch == ["/etc/*.conf", "/etc/x"])
        #expect(program.hooks == [.fatal: ["page", "me"], .ready: ["/etc/bin/y"]])
    }

    @Test func `the daemon's own settings are read`() throws {
        var expected = DaemonConfiguration()
        expected.stateDirectory = "/etc/state"
        expected.exitWhen = .allExited
        expected.cgroups = .off
        expected.starts.burst = 5
        expected.starts.perSecond = 7
        var first = AccessRule(role: .operate)
        first.users = ["deploy"]
        first.programs = ["web*"]
        var second = AccessRule(role: .admin)
        second.groups = ["adm"]
        expected.access = [first, second]
        let disk = Disk(
            #"""
            {"daemon": {"stateDirectory": "state", "exitWhen": "all-exited", "cgroups": "off",
                "starts": {"burst": 5, "perSecond": 7},
                "access": [{"role": "operate", "users": ["deploy"], "programs": ["web*"]},
                           {"role": "admin", "groups": ["adm"]}]}}
            """#
        )
        #expect(try disk.load().daemon == expected)
    }

    @Test(arguments: [
        (#""access": {}"#, "daemon.access: cannot use this object: expected an array"),
        (#""access": [{}]"#, #"daemon.access[0]: cannot use this object: no key "role""#),
        (
            #""access": [{"role": "root"}]"#,
            #"daemon.access[0].role: cannot use "root": expected "observe" or "operate" or "admin""#
        ),
        (
            #""access": [{"role": "admin", "users": ["bob"]}]"#,
            #"daemon.access[0].users[0]: cannot use "bob": no such user"#
        ),
        (
            #""access": [{"role": "admin", "programs": [""]}]"#,
            #"daemon.access[0].programs[0]: cannot use "": it is empty"#
        ),
        (#""starts": {"burst": 0}"#, "daemon.starts.burst: cannot use 0: expected 1 to 100000"),
        (
            #""starts": {"perSecond": 0}"#,
            "daemon.starts.perSecond: cannot use 0: expected 1 to 1000000"
        ),
    ])
    func `and checked`(keys: String, error: String) {
        let errors = Disk("{\"daemon\": {\(keys)}}").errors()
        #expect(errors.map { $0.split(separator: " ", maxSplits: 1).last } == [error[...]])
    }
}
