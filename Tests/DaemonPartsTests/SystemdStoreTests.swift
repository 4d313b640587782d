import Glibc
import LinuxSystem
import Supervision
import SystemPackage
import Testing

@testable import Daemon

@Suite(.timeLimit(.minutes(5))) struct SystemdStoreTests {
    private static let web = InstanceID(program: "web", number: 0)

    /// A manager that only this process sees, and a store that is new to it.
    private static func withStore(
        _ body: (SystemdStore, _ pipe: CInt, _ next: () -> String) -> Void
    ) throws {
        let bench = try Bench()
        let path = bench.path("notify")
        let socket = try UnixSocket.receiveDatagrams(at: path, mode: 0o600)
        setenv("NOTIFY_SOCKET", path, 1)
        let channel = try #require(ServiceChannel())
        let pipe = try Pipe()
        body(SystemdStore(channel, keeping: [.ledger]), pipe.reading.raw) {
            channel.flush(within: .seconds(60))
            var bytes = [UInt8](repeating: 0, count: 4_096)
            let message = bytes.withUnsafeMutableBytes { try? socket.receive(into: $0) }
            guard let message else { return "" }
            let text = String(decoding: bytes.prefix(message.byteCount), as: UTF8.self)
            let kinds = (0..<message.descriptors.count).map { _ in
                (try? message.descriptors.take()?.status)?.kind == .fifo ? "pipe" : "other"
            }
            return ([text] + kinds).joined(separator: " +")
        }
        _ = consume pipe
    }

    @Test func `a descriptor is kept under its name, whatever its state`() async {
        await #expect(processExitsWith: .success) {
            try Self.withStore { store, pipe, next in
                store.keep(pipe, as: .process(Self.web))
                #expect(next() == "FDSTORE=1\nFDNAME=web/0/process\nFDPOLL=0 +pipe")
                store.forget(.process(Self.web))
                #expect(next() == "FDSTOREREMOVE=1\nFDNAME=web/0/process")
            }
        }
    }

    @Test func `another one under a name takes the place of the first`() async {
        await #expect(processExitsWith: .success) {
            try Self.withStore { store, pipe, next in
                store.keep(pipe, as: .control)
                _ = next()
                store.keep(pipe, as: .control)
                #expect(next() == "FDSTOREREMOVE=1\nFDNAME=control")
                #expect(next() == "FDSTORE=1\nFDNAME=control\nFDPOLL=0 +pipe")
                // Kept for an earlier daemon.
                store.keep(pipe, as: .ledger)
                #expect(next() == "FDSTOREREMOVE=1\nFDNAME=ledger")
            }
        }
    }

    @Test func `what is not kept costs nothing to forget, and what has too long a name to keep`()
        async
    {
        await #expect(processExitsWith: .success) {
            try Self.withStore { store, pipe, next in
                store.forget(.control)
                let name = String(repeating: "x", count: 250)
                store.keep(pipe, as: .socket(program: "web", instance: nil, name: name))
                #expect(next() == "")
            }
        }
    }
}
