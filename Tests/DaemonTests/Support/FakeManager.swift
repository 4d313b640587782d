import Glibc
import LinuxSystem
import SystemTypes
import Testing

/// What systemd is to a service: a socket that records what it is told, and keeps descriptors for
/// the next process of that service.
final class FakeManager {
    /// What has come, a datagram each.
    private(set) var messages: [String] = []
    /// What is kept, the newest first, as systemd gives it back.
    private(set) var kept: [(name: String, descriptor: CInt)] = []
    /// Passed before what is kept, as the sockets of socket units are.
    var sockets: [(name: String, descriptor: CInt)] = []
    /// What the service is told besides.
    var environment: [String: String] = [:]
    private let path: String
    private let socket: OwnedFD

    init(_ scratch: Scratch) throws {
        path = scratch.path("notify")
        socket = try UnixSocket.receiveDatagrams(at: path, mode: 0o600)
    }

    deinit {
        for (_, descriptor) in sockets + kept { close(descriptor) }
    }

    /// Gives a service what it gets of its manager.
    func equip(_ request: inout SpawnRequest) {
        let passed = sockets + kept
        request.environment += ["NOTIFY_SOCKET=\(path)"]
        request.environment += environment.map { "\($0.key)=\($0.value)" }
        guard !passed.isEmpty else { return }
        let names = passed.map(\.name).joined(separator: ":")
        request.environment += ["LISTEN_FDS=\(passed.count)", "LISTEN_FDNAMES=\(names)"]
        request.pidVariables.append("LISTEN_PID")
        for (index, (_, descriptor)) in passed.enumerated() {
            request.descriptors[CInt(3 + index)] = descriptor
        }
    }

    // MARK: - Listening

    /// Sleeps until a message comes of which `isMeant` is true, among those after the last that was
    /// looked at.
    @discardableResult
    func wait(_ what: String, for isMeant: (String) -> Bool) throws -> String {
        let deadline = Instant.now + patience
        while true {
            while looked < messages.count {
                looked += 1
                if isMeant(messages[looked - 1]) { return messages[looked - 1] }
            }
            try waitUntilReadable(socket.raw, what, until: deadline)
            try receive()
        }
    }

    private var looked = 0

    @discardableResult
    func wait(for text: String) throws -> String {
        try wait("`\(text)`") { $0 == text }
    }

    /// Takes what has come by now.
    func receive() throws {
        var bytes = [UInt8](repeating: 0, count: 8_192)
        while let message = try bytes.withUnsafeMutableBytes({ try socket.receive(into: $0) }) {
            let text = String(decoding: bytes.prefix(message.byteCount), as: UTF8.self)
            messages.append(text)
            keep(text.split(separator: "\n").map(String.init), message.descriptors)
        }
    }

    private func keep(_ lines: [String], _ descriptors: ReceivedDescriptors) {
        let prefix = "FDNAME="
        let name = lines.first { $0.hasPrefix(prefix) }.map { String($0.dropFirst(prefix.count)) }
        if lines.contains("FDSTORE=1") {
            while let descriptor = descriptors.take() {
                kept.insert((name ?? "stored", descriptor.release()), at: 0)
            }
        }
        if lines.contains("FDSTOREREMOVE=1") {
            for (_, descriptor) in kept.filter({ $0.name == name }) { close(descriptor) }
            kept.removeAll { $0.name == name }
        }
    }
}
