import Glibc

/// The socket at which the one who started this program wants to hear of it.
///
/// Source: sd_notify(3).
struct NotifySocket {
    private let descriptor: CInt

    /// `nil` if nobody wants to hear anything, or it cannot be reached.
    init?() {
        guard let name = getenv("NOTIFY_SOCKET") else { return nil }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let length = strlen(name)
        guard length < MemoryLayout.size(ofValue: address.sun_path) else { return nil }
        withUnsafeMutableBytes(of: &address.sun_path) { path in
            path.copyMemory(from: UnsafeRawBufferPointer(start: name, count: length))
            // An abstract name: unix(7).
            if path[0] == UInt8(ascii: "@") { path[0] = 0 }
        }
        descriptor = socket(AF_UNIX, CInt(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        let size = socklen_t(MemoryLayout<sa_family_t>.size + length)
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, size)
            }
        }
        guard result == 0 else { return nil }
    }

    /// - Parameter assignments: As `READY=1`.
    func send(_ assignments: String...) {
        let message = Array(assignments.joined(separator: "\n").utf8)
        guard Glibc.send(descriptor, message, message.count, 0) == message.count else {
            perror("announce: cannot send")
            exit(71)
        }
    }
}
