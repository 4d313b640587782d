import ControlProtocol
import LinuxSystem
import SystemTypes
import Testing

/// Redis, which is asked how it is by its own client.
@Suite(.wholeProgram, .timeLimit(.minutes(10))) struct RedisTests {
    @Test func `one that no longer answers is killed and started again`() throws {
        let port = try FreePorts(1)[0]
        let redis = [
            try Installed.path("redis-server"), "--port", port, "--bind", "127.0.0.1", "--save", "",
            "--daemonize", "no",
        ]
        let ping = [try Installed.path("redis-cli"), "-p", port, "ping"]
        let daemon = try RunningDaemon([
            "redis": program(
                redis,
                settings: """
                    "ready": {"tcp": "127.0.0.1:\(port)"},
                    "health": {"exec": \(json(ping)), "interval": "100ms", "failures": 2},
                    "stop": {"timeout": "200ms"}
                    """
            )
        ])
        func pong() throws {
            let answer = try Server(port, isPatient: false).answer("PING\r\n", until: "\r\n")
            #expect(answer == "+PONG\r\n")
        }
        try daemon.order("start", "redis")
        try pong()
        try daemon.order("wait", "redis", "--for", "healthy")
        let before = try daemon.status(of: "redis")
        #expect(before.isReady && before.isHealthy == true && before.restarts == 0)

        try daemon.order("signal", "STOP", "redis")
        let after = try eventually("another redis") {
            let redis = try daemon.status(of: "redis")
            return redis.isReady && redis.pid != before.pid ? redis : nil
        }
        try pong()
        #expect(after.lastExit?.cause == "probe" && after.lastExit?.detail?.probe == "health")
        let old = try #require(before.pid)
        #expect(!Survivors.isAlive(ProcessID(rawValue: Int32(old))))
        #expect(try daemon.end() == .exited(0))
        #expect(daemon.survivors.isEmpty)
    }
}
