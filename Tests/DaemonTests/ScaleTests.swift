import ControlProtocol
import LinuxSystem
import SystemTypes
import Testing

/// How many instances of a program there are.
@Suite(.wholeProgram, .timeLimit(.minutes(10))) struct ScaleTests {
    private func pids(_ daemon: RunningDaemon) throws -> [Int?] {
        try daemon.status("web").map(\.pid)
    }

    private func scale(_ daemon: RunningDaemon, _ count: UInt) throws -> [Outcome] {
        try daemon.call(Control.Scale(instances: ["web": count])).outcomes
    }

    @Test func `up and down again, those that stay are not touched`() throws {
        let daemon = try RunningDaemon(["web": misbehave("--pause"), "db": misbehave("--pause")])
        try daemon.start("all")
        let first = try pids(daemon)
        let grown = try scale(daemon, 3)
        #expect(grown.map(\.name).sorted() == ["web:1", "web:2"])
        #expect(grown.allSatisfy { $0.state == .running })
        let three = try daemon.status("web")
        #expect(three.map(\.name) == ["web:0", "web:1", "web:2"])
        #expect(three[0].pid == first[0])

        let shrunk = try scale(daemon, 2)
        #expect(shrunk.map(\.name) == ["web:2"] && shrunk.map(\.state) == [.stopped])
        #expect(try pids(daemon) == three[..<2].map(\.pid))
        #expect(try scale(daemon, 1).count == 1)
        #expect(try daemon.status("web").map(\.name) == ["web"])
        #expect(try pids(daemon) == first)
        #expect(try daemon.end() == .exited(0))
        #expect(daemon.survivors.isEmpty)
    }

    @Test func `nobody listens any more for an instance that has gone`() throws {
        let port = try FreePorts(1)[0]
        let socket = #""sockets": {"http": {"listen": "127.0.0.1:\#(port)", "reusePort": true}}"#
        let daemon = try RunningDaemon(["web": misbehave("--pause", settings: socket)])
        try daemon.start("web")
        let hex = String(UInt16(port) ?? 0, radix: 16, uppercase: true)
        let place = "0100007F:\(hex) 00000000:0000 0A"
        func listening() throws -> Int {
            let bytes = try Files.read("/proc/net/tcp", bytesMax: 1 << 24)
            return String(decoding: bytes, as: UTF8.self).split(separator: "\n")
                .count { $0.contains(place) }
        }
        _ = try scale(daemon, 3)
        #expect(try listening() == 3)
        _ = try scale(daemon, 1)
        _ = try eventually("one socket alone") { try listening() == 1 ? true : nil }
    }

    @Test func `a number that was asked for stays until the file has another`() throws {
        let daemon = try RunningDaemon(["web": misbehave("--pause")])
        try daemon.start("web")
        _ = try scale(daemon, 3)
        let before = try pids(daemon)
        try daemon.rewrite(["web": misbehave("--pause", settings: #""description": "x""#)])
        _ = try daemon.call(Control.Apply())
        #expect(try pids(daemon) == before)
        try daemon.rewrite(["web": misbehave("--pause", settings: #""instances": 2"#)])
        let plan = try #require(try daemon.call(Control.Apply()).plan)
        let key = plan.programs.first?.keys.first { $0.key == "instances" }
        #expect(key?.old == "3" && key?.new == "2")
        #expect(try pids(daemon) == Array(before[..<2]))
    }

    @Test func `a number that cannot be is refused, and nothing changes`() throws {
        let daemon = try RunningDaemon(["web": misbehave("--pause")])
        try daemon.start("web")
        for count in [UInt(0), 1_025] {
            #expect(throws: ControlError.invalidParameter(parameter: "instances")) {
                try scale(daemon, count)
            }
        }
        #expect(throws: ControlError.noSuchProgram(name: "wbe")) {
            try daemon.call(Control.Scale(instances: ["web": 3, "wbe": 2]))
        }
        #expect(try daemon.status("web").map(\.name) == ["web"])
    }

    @Test func `a rolling restart takes one after the other`() throws {
        let daemon = try RunningDaemon(
            ["web": misbehave("--pause", settings: #""instances": 3"#)],
            settle: "50ms"
        )
        try daemon.start("web")
        let before = try pids(daemon)
        let start = try (0..<3).map { try daemon.waitForLog("web:\($0): running").next }.max() ?? 0
        let order = Control.Restart(names: ["web"], rolling: true)
        #expect(try daemon.call(order).outcomes.map(\.state) == [.running, .running, .running])
        let after = try pids(daemon)
        #expect(Set(after).isDisjoint(with: before) && after.count == 3)
        try daemon.waitForLog("web:2: running", from: start)
        let story = daemon.log[start...].compactMap { line in
            [": stopping", ": running"].contains { line.hasSuffix($0) }
                ? line.split(separator: " ").suffix(2).joined(separator: " ") : nil
        }
        #expect(
            story == [
                "web:0: stopping", "web:0: running", "web:1: stopping", "web:1: running",
                "web:2: stopping", "web:2: running",
            ]
        )
    }

    @Test func `a rolling restart ends with the first that does not come up`() throws {
        let script = #"[ -e broken ] && exit 3; touch "up$KEEPD_INSTANCE"; exec sleep 1000"#
        let daemon = try RunningDaemon(
            ["web": shell(script, settings: #""instances": 2, "restart": "never","# + inScratch)],
            settle: "20ms"
        )
        try daemon.start("web")
        let before = try pids(daemon)
        try daemon.scratch.write("", to: "broken")
        let client = try daemon.connect()
        try client.send(
            Call.encode(Control.Restart(names: ["web"], rolling: true), more: true)
        )
        var outcomes: [Outcome] = []
        while outcomes.count < 2 { outcomes += try client.answer(Control.Restart.self).outcomes }
        #expect(outcomes.map(\.failed?.cause) == ["exit", "unknown"])
        #expect(try pids(daemon)[1] == before[1])
    }
}
