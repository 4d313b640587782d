import ControlProtocol
import LinuxSystem
import SystemPackage
import SystemTypes
import Testing

/// Whatever a client does costs nobody but itself.
@Suite(.wholeProgram, .timeLimit(.minutes(10))) struct HostileClientTests {
    private static let bytesMore = 32 << 20

    /// Lets a client loose on a daemon, and looks whether anybody has noticed.
    private func attack(
        _ programs: KeyValuePairs<String, String> = ["web": misbehave("--pause")],
        _ attack: (RunningDaemon) throws -> Void
    ) throws {
        let daemon = try RunningDaemon(programs)
        let before = try daemon.status()
        let bytes = residentBytes(daemon)
        try attack(daemon)
        #expect(try daemon.status().map(\.pid) == before.map(\.pid))
        #expect(try daemon.status().map(\.restarts) == before.map(\.restarts))
        #expect(residentBytes(daemon) < bytes + Self.bytesMore)
        #expect(try daemon.end() == .exited(0))
    }

    private func residentBytes(_ daemon: RunningDaemon) -> Int {
        ProcessTable.entry(of: daemon.process.process)?.residentBytes ?? .max
    }

    private static let nothingLikeIt: [[UInt8]] = [
        Array("hello\0".utf8), [0], [0xff, 0xfe, 0], Array("[]\0".utf8), Array("{}\0".utf8),
        Array("{\"method\": 7}\0".utf8), Array("GET / HTTP/1.1\r\n\r\n\0".utf8),
    ]

    @Test(arguments: nothingLikeIt)
    func `who does not speak Varlink is shown out`(bytes: [UInt8]) throws {
        try attack { daemon in
            let client = try daemon.connect()
            try client.send(bytes)
            #expect(try client.hasEnded())
        }
    }

    @Test func `half a message costs nothing but the wait for the other half`() throws {
        try attack { daemon in
            let whole = Call.encode(Control.Status())
            let clients = try (0..<100).map { _ in try daemon.connect() }
            for client in clients { try client.send(Array(whole.dropLast())) }
            #expect(try daemon.status().count == 1)
            try clients[0].send([0])
            #expect(try clients[0].answer(Control.Status.self).programs.count == 1)
        }
    }

    @Test func `who asks and asks and never listens is asked to wait`() throws {
        try attack { daemon in
            let bytes = residentBytes(daemon)
            let client = try daemon.connect()
            try client.flood(Call.encode(Control.Status()), times: 1 << 20) {
                _ = try daemon.status()
            }
            // While it is there: what was kept for it goes with it.
            #expect(residentBytes(daemon) < bytes + Self.bytesMore)
            try withExtendedLifetime(client) { _ = try daemon.status() }
        }
    }

    @Test func `a message of 1 MiB is read, and one byte more is too much`() throws {
        try attack { daemon in
            let empty = Call.encode(Control.Start(names: [""])).count - 1
            let name = String(repeating: "x", count: (1 << 20) - empty)
            #expect(throws: ControlError.noSuchProgram(name: name)) {
                try daemon.connect().call(Control.Start(names: [name]))
            }
            let client = try daemon.connect()
            // It may be shown out before it has said all.
            try? client.send(Call.encode(Control.Start(names: [name + "x"])))
            #expect(try client.hasEnded())
        }
    }

    @Test(arguments: ["[", "{\"a\":"])
    func `brackets without end do not bring the daemon down`(bracket: String) throws {
        try attack { daemon in
            let head = #"{"method":"org.keepd.Control.Status","parameters":{"names":"#
            let client = try daemon.connect()
            try client.send(Array((head + String(repeating: bracket, count: 100_000) + "\0").utf8))
            #expect(try client.hasEnded())
        }
    }

    @Test func `300 connections are too many, and do no harm`() throws {
        try attack { daemon in
            var clients = try (0..<300).map { _ in try daemon.connect() }
            var served = 0
            for client in clients {
                do {
                    try client.send(Call.encode(Control.Version()))
                    _ = try client.answer(Control.Version.self)
                    served += 1
                } catch is Errno {
                } catch is Client.Ended {
                }
            }
            // One is the test's own.
            #expect(served == 255)
            clients = []
            _ = try eventually("a place") { try? daemon.connect().call(Control.Version()) }
        }
    }

    @Test func `who asks without listening is not asked after`() throws {
        try attack { daemon in
            let client = try daemon.connect()
            let call = Call.encode(Control.Status())
            // Far more answers than anybody would keep, and all of them to be had in the end.
            let writer = try Thread(name: "writer") { [client = Unchecked(client)] in
                for _ in 0..<20_000 { try? client.value.send(call) }
            }
            _ = try daemon.status()
            for _ in 0..<20_000 { _ = try client.answer(Control.Status.self) }
            writer.join()
        }
    }

    @Test func `a follower that does not read neither slows a flood nor grows the daemon`() throws {
        let flood = misbehave(
            "--print",
            "300MB",
            "--exit-code",
            "0",
            settings: #""stdout": "/dev/null", "autostart": false, "restart": "never""#
        )
        try attack(["flood": flood, "web": misbehave("--pause")]) { daemon in
            let followers = try (0..<10).map { _ in try daemon.connect() }
            for follower in followers {
                try follower.send(
                    Call.encode(Control.Tail(name: "flood", follow: true), more: true)
                )
            }
            try daemon.start("flood")
            try daemon.waitForLog("flood: exited: exit code 0")
            #expect(try daemon.status(of: "flood").logBytes.stdout == 300_000_000)
            #expect(residentBytes(daemon) < 128 << 20)
        }
    }

    @Test func `who hangs up in the middle of a restart has restarted all the same`() throws {
        let daemon = try RunningDaemon([
            "slow": misbehave("--on-term", "200ms", "--line", "up")
        ])
        let first = try daemon.process.output.waitForLine("up") { $0 == "slow | up" }
        do {
            let client = try daemon.connect()
            try client.send(Call.encode(Control.Restart(names: ["slow"])))
        }
        try daemon.process.output.waitForLine("up", from: first.next) { $0 == "slow | up" }
        #expect(try daemon.status(of: "slow").state == .running)
    }
}

/// Says that the value is used by one thread at a time, or in a way that does not matter.
struct Unchecked<Value>: @unchecked Sendable {
    let value: Value

    init(_ value: Value) { self.value = value }
}
