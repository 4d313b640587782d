import ControlProtocol
import Foundation
import LinuxSystem
import SystemTypes
import Testing

/// The configurations that come with keepd, with real servers in them.
@Suite(.wholeProgram, .timeLimit(.minutes(10))) struct SiteTests {
    @Test func `a site of nginx, redis and a worker comes back after every kill`() throws {
        for name in ["nginx", "redis-server", "redis-cli"] { _ = try Installed.path(name) }
        let scratch = try Scratch()
        let ports = try FreePorts(2)
        let daemon = try RunningDaemon(
            configuration: Places.file("config/site.json"),
            socketPath: scratch.path("keepd.sock"),
            scratch: scratch,
            environment: [
                "SITE_DIRECTORY": scratch.path, "SITE_HTTP_PORT": ports[0],
                "SITE_REDIS_PORT": ports[1],
            ]
        )
        try daemon.start("all")
        #expect(try daemon.status("site").map(\.name) == ["nginx", "redis", "worker"])

        func expectService(besides old: [String: Int] = [:]) throws -> [String: Int] {
            let page = try Server(ports[0]).answer("GET / HTTP/1.0\r\n\r\n", until: "keepd")
            #expect(page.hasPrefix("HTTP/1.1 200 OK") && page.contains("Hello from nginx"))
            let pong = try Server(ports[1]).answer("PING\r\n", until: "\r\n")
            #expect(pong == "+PONG\r\n")
            let seen = scratch.lines(of: "log/worker.log").count
            _ = try eventually("a job done") {
                let lines = scratch.lines(of: "log/worker.log").dropFirst(seen)
                return lines.contains { $0.hasPrefix("jobs done: ") && $0.last?.isNumber == true }
                    ? true : nil
            }
            let programs = try daemon.status("site")
            #expect(programs.allSatisfy { $0.state == .running })
            let pids = Dictionary(uniqueKeysWithValues: programs.map { ($0.name, $0.pid ?? 0) })
            for (name, pid) in pids { #expect(pid != old[name]) }
            return pids
        }

        let first = try expectService()
        var next = 0
        for name in ["nginx", "redis", "worker"] {
            _ = try daemon.call(Control.Signal(names: [name], signal: "KILL"))
            next = try daemon.waitForLog("\(name): ended: signal KILL; starting again", from: next)
                .next
        }
        _ = try expectService(besides: first)
        try daemon.stop("site:*")
        #expect(daemon.survivors.isEmpty)
        #expect(throws: NeverHappened.self) { _ = try Server(ports[0], isPatient: false) }
        #expect(try daemon.end() == .exited(0))
        #expect(daemon.survivors.isEmpty)
    }

    @Test func `the demonstration that make run starts works`() throws {
        let scratch = try Scratch()
        let ports = try FreePorts(1)
        let text = try String(contentsOfFile: Places.file("config/demo.json"), encoding: .utf8)
            .replacing("../.build/release/demo", with: Places.product("demo"))
            .replacing("../.build/demo", with: scratch.path)
        try scratch.write(text, to: "demo.json")
        let daemon = try RunningDaemon(
            configuration: scratch.path("demo.json"),
            socketPath: scratch.path("keepd.sock"),
            scratch: scratch,
            environment: ["DEMO_PORT": ports[0]]
        )
        let page = try Server(ports[0]).answer("GET / HTTP/1.0\r\n\r\n", until: "come back.\n")
        #expect(page.contains("Hello from a program that keepd keeps alive."))
        for number in 0...1 {
            _ = try eventually("a parcel") {
                scratch.text(of: "log/worker-\(number).log").contains("parcels") ? true : nil
            }
        }
        try daemon.start("once")
        try daemon.process.output.waitForLine("of once") {
            $0.hasPrefix("once | I am once, started by hand in ")
        }
        #expect(try daemon.status(of: "once").state == .exited)
        try daemon.process.output.waitForLine("of the slow one") { $0.hasPrefix("slow | up;") }
        try daemon.stop("web", "worker", "flaky")
        try daemon.process.send(.terminate)
        try daemon.process.output.waitForLine("of the slow one") { $0 == "slow | stopped" }
        #expect(try daemon.waitForEnd() == .exited(0))
        #expect(daemon.survivors.isEmpty)
    }
}
