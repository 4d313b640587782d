internal import Glibc
public import SystemPackage

/// The descriptors that a process is born with, and never owns.
public enum StandardStream: CInt, Sendable {
    case input, output, error

    /// Writes all, and waits for as long as it takes, also where somebody made it non-blocking.
    public static func writeAll(_ bytes: [UInt8], to stream: StandardStream) throws(Errno) {
        var sent = 0
        while sent < bytes.count {
            let count = try unlessItWouldBlock { () throws(Errno) in
                try syscall {
                    bytes.withUnsafeBytes {
                        write(stream.rawValue, $0.baseAddress.map { $0 + sent }, $0.count - sent)
                    }
                }
            }
            if let count { sent += count } else { try stream.waitUntilWritable() }
        }
    }

    /// Reads once, and waits for it.
    ///
    /// - Returns: Nothing at the end.
    public func read(bytesMax: Int) throws(Errno) -> [UInt8] {
        let raw = rawValue
        var bytes = [UInt8](repeating: 0, count: bytesMax)
        let count = try syscall { Glibc.read(raw, &bytes, bytesMax) }
        return Array(bytes.prefix(count))
    }

    private func waitUntilWritable() throws(Errno) {
        var request = pollfd(fd: rawValue, events: Int16(POLLOUT), revents: 0)
        try syscall { poll(&request, 1, -1) }
    }
}
