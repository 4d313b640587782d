import Testing

@testable import Supervision

/// The example with which the configuration was agreed upon.
@Suite struct ContractTests {
    @Test func `the example has nothing wrong`() throws {
        let log = try Disk(ContractTests.example).load().programs.first { $0.name == "web" }?
            .stdoutLog
        var expected = LogPolicy()
        (expected.maxSize, expected.keep, expected.compress) = (50_000_000, 10, true)
        expected.journal = false
        #expect(log == expected)
    }

    private static let example = #"""
        {
          "daemon": {
            "socket": {"path": "/run/keepd/keepd.sock", "mode": "0660", "owner": "root", "group": "keepd"},
            "access": [{"role": "operate", "users": ["deploy"], "groups": [], "programs": ["web*"]},
                       {"role": "observe", "groups": ["adm"]}],
            "logDirectory": "/var/log/keepd",
            "stateDirectory": "/var/lib/keepd",
            "logLevel": "info",
            "shutdownTimeout": "90s",
            "exitWhen": "never"
          },
          "include": ["conf.d/*.json"],
          "defaults": {"stop": {"timeout": "5s"}},
          "programs": {
            "web": {
              "command": ["nginx", "-g", "daemon off;"],
              "description": "front end",
              "autostart": true,
              "directory": "/srv/web",
              "environment": {"PORT": "8080"},
              "environmentFile": "/etc/web.env",
              "clearEnvironment": false,
              "user": "www-data", "group": "www-data", "umask": "022",
              "instances": 1,
              "dependsOn": {"db": "ready", "migrate": "completed"},
              "type": "service",
              "start":   {"settle": "1s", "timeout": "60s"},
              "ready":   {"notify": true},
              "health":  {"http": "http://127.0.0.1:8080/healthz", "interval": "10s", "timeout": "2s", "failures": 3, "successes": 1, "delay": "0s", "onFailure": "restart"},
              "restart": {"when": "always", "backoff": {"initial": "100ms", "max": "30s", "factor": 2, "jitter": 0.1}, "retries": null, "successExitCodes": [0]},
              "stop":    {"signal": "TERM", "scope": "group", "timeout": "10s", "before": ["nginx", "-s", "quit"]},
              "reloadSignal": "HUP",
              "stdin": "null",
              "stdout": {"file": "web.log", "maxSize": "50MB", "keep": 10, "compress": true, "timestamps": false, "journal": false, "onFull": "block"},
              "stderr": "stdout",
              "limits": {"openFiles": 65536, "core": 0, "memory": "512MB", "cpu": 1.5, "tasks": 256, "nice": 0, "oomScoreAdjust": 0, "ioWeight": 100, "cpuAffinity": [0, 1]},
              "security": {"noNewPrivileges": true, "capabilities": ["CAP_NET_BIND_SERVICE"], "chroot": null},
              "sockets": {"http": {"listen": "0.0.0.0:80"}},
              "schedule": null,
              "watch": [],
              "hooks": {"fatal": ["/usr/local/bin/page-me"]}
            },
            "db": {"command": "postgres"},
            "migrate": {"command": "migrate", "type": "oneshot"},
            "worker": {"command": "worker"}
          },
          "groups": {"site": ["web", "worker"]}
        }
        """#
}
