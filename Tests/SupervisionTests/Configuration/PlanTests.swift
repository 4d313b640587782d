import Supervision
import Testing

@Suite struct PlanTests {
    private func plan(from old: String, to new: String) throws -> Plan {
        Plan(from: try Disk(old).load(), to: try Disk(new).load())
    }

    private func programs(_ keys: String) -> String {
        #"{"programs": {"web": {"command": ["x"], \#(keys)}, "db": {"command": "x"}}}"#
    }

    @Test func `the same configuration is an empty plan, however it is written`() throws {
        let plan = try plan(
            from: programs(#""restart": "always", "stop": {"timeout": "1m"}, "umask": "22""#),
            to: programs(#""stop": {"timeout": 60}, "umask": "022", "autostart": true"#)
        )
        #expect(plan.isEmpty)
        #expect(plan.description == "")
        #expect(plan.hash == "cbf29ce484222325")
    }

    @Test func `what changes is shown key by key, each with its class`() throws {
        let plan = try plan(
            from: programs(
                #""description": "a", "environment": {"A": "1", "B": "2"}, "stop": {"timeout": "2m"}"#
            ),
            to: programs(
                #""environment": {"B": "3", "C.D": "4"}, "stop": {"timeout": "1.5s"}, "type": "oneshot""#
            )
        )
        #expect(
            plan.description == #"""
                programs.web.description: "a" -> null (none)
                programs.web.type: "service" -> "oneshot" (replace)
                programs.web.environment.B: "2" -> "3" (restart)
                programs.web.environment."C.D": null -> "4" (restart)
                programs.web.restart.when: "always" -> "on-failure" (live)
                programs.web.stop.timeout: "2m" -> "1500ms" (live)
                programs.web.environment.A: "1" -> null (restart)
                """#
        )
        #expect(plan.programs.map(\.program) == ["web"])
        #expect(plan.programs[0].kind == .changed)
        #expect(plan.programs[0].class == .replace)
        let first = try #require(plan.programs[0].keys.first)
        #expect(first.key == "description" && first.class == .none)
        #expect(first.old == #""a""# && first.new == nil)
    }

    @Test func `programs come and go`() throws {
        let plan = try plan(
            from: #"{"programs": {"a": {"command": "x"}, "b": {"command": "x"}}}"#,
            to: #"{"programs": {"c.d": {"command": ["x", "y"]}, "b": {"command": "x"}}}"#
        )
        #expect(plan.programs.map(\.program) == ["a", "c.d"])
        #expect(plan.programs.map(\.kind) == [.removed, .added])
        #expect(
            plan.description.hasPrefix(
                #"""
                programs.a: removed
                programs."c.d": added
                programs."c.d".command: null -> ["x", "y"] (restart)
                """#
            )
        )
    }

    @Test func `keepd's own settings and the groups are compared too`() throws {
        let plan = try plan(
            from:
                #"{"daemon": {"logLevel": "info"}, "programs": {"a": {"command": "x"}}, "groups": {"g": ["a"], "h": []}}"#,
            to: #"""
                {"daemon": {"logLevel": "debug", "socket": {"mode": "600"}, "access": [
                    {"role": "admin", "users": ["ada"], "programs": ["w*"]}]},
                 "programs": {"a": {"command": "x"}}, "groups": {"g": []}}
                """#
        )
        #expect(
            plan.description == #"""
                daemon.socket.mode: "660" -> "600" (restart)
                daemon.access: null -> [{"role": "admin", "users": ["ada"], "groups": [], "programs": ["w*"]}] (live)
                daemon.logLevel: "info" -> "debug" (live)
                groups.g: ["a"] -> [] (live)
                groups.h: [] -> null (live)
                """#
        )
        #expect(plan.daemon.map(\.class) == [.restart, .live, .live])
    }

    @Test func `values are shown as the file could say them`() throws {
        let plan = try plan(
            from: programs(#""stdout": "inherit""#),
            to: programs(
                #"""
                "command": ["x", "$${HOME} ${instance}\n\u0001\"\\"], "stdout": "w-${instance}.log",
                "dependsOn": {"db": "ready"}, "instances": 3,
                "restart": {"backoff": {"factor": 1.5, "initial": 0.0000005}},
                "ready": {"tcp": "a:1"}, "hooks": {"fatal": ["x"]}, "stop": {"signal": "15"},
                "limits": {"memory": "512MB", "stack": {"soft": "8MiB", "hard": "unlimited"},
                           "cpuTime": 60, "openFiles": 5, "cpu": 2, "core": 0},
                "sockets": {"h": {"listen": "[::1]:80"}, "u": {"listen": "/u", "owner": "ada"}},
                "watch": ["a"]
                """#.replacing("\"command\": ", with: "\"description\": null, \"command\": ")
            ).replacing("\"command\": [\"x\"], ", with: "")
        )
        #expect(
            plan.description == #"""
                programs.web.command: ["x"] -> ["x", "$${HOME} ${instance}\n\u0001\"\\"] (restart)
                programs.web.instances: 1 -> 3 (live)
                programs.web.dependsOn: null -> {"db": "ready"} (live)
                programs.web.restart.backoff.initial: "100ms" -> "0.000000500s" (live)
                programs.web.restart.backoff.factor: 2 -> 1.5 (live)
                programs.web.ready.tcp: null -> "a:1" (live)
                programs.web.ready.interval: null -> "250ms" (live)
                programs.web.ready.timeout: null -> "2s" (live)
                programs.web.ready.successes: null -> 1 (live)
                programs.web.ready.delay: null -> "0s" (live)
                programs.web.stdout: "inherit" -> null (restart)
                programs.web.stdout.file: null -> "/var/log/keepd/w-${instance}.log" (restart)
                programs.web.limits.core: null -> 0 (restart)
                programs.web.limits.cpuTime: null -> "1m" (restart)
                programs.web.limits.openFiles: null -> 5 (restart)
                programs.web.limits.stack: null -> {"soft": "8MiB", "hard": "unlimited"} (restart)
                programs.web.limits.memory: null -> "512MB" (live)
                programs.web.limits.cpu: null -> 2 (live)
                programs.web.sockets: null -> {"h": {"listen": "[::1]:80", "type": "stream", "backlog": 4096, "reusePort": false}, "u": {"listen": "/u", "type": "stream", "backlog": 4096, "mode": "666", "owner": "ada"}} (replace)
                programs.web.watch: null -> ["/etc/a"] (live)
                programs.web.hooks.fatal: null -> ["x"] (live)
                """#
        )
    }

    @Test func `plans that show the same have the same hash, others have not`() throws {
        let (old, new) = (programs(#""umask": "022""#), programs(#""umask": "027""#))
        let first = try plan(from: old, to: new)
        #expect(first.hash == "8cbd83eaa8e278e7")
        #expect(try plan(from: old, to: new).hash == first.hash)
        #expect(try plan(from: new, to: old).hash != first.hash)
        #expect(try plan(from: old, to: programs("")).hash != first.hash)
    }
}
