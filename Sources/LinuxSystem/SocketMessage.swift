internal import CLinux
public import SystemPackage
internal import SystemTypes

/// What one receipt brings, besides the bytes themselves.
///
/// Source: unix(7), SCM_RIGHTS and SCM_CREDENTIALS; recv(2).
public struct SocketMessage {
    /// How many bytes came; at the end of a stream 0, but a datagram may be empty too.
    public let byteCount: Int
    /// Whether a datagram was longer than the room for it; the rest is lost.
    public let isTruncated: Bool
    /// Whether descriptors came for which this process had no room; those are closed.
    public let hasLostDescriptors: Bool
    /// Who sent it, as the kernel says it; `nil` for a socket that does not ask.
    public let sender: UnixSocket.Peer?
    /// What came along.
    public let descriptors: ReceivedDescriptors

    init(_ byteCount: Int, _ received: clinux_received) {
        self.byteCount = byteCount
        isTruncated = received.is_truncated != 0
        hasLostDescriptors = received.lost_descriptors != 0
        sender =
            received.pid == 0
            ? nil
            : UnixSocket.Peer(
                process: ProcessID(rawValue: received.pid),
                user: received.uid,
                group: received.gid
            )
        let raws = withUnsafeBytes(of: received.descriptors) {
            Array($0.bindMemory(to: CInt.self).prefix(received.descriptor_count))
        }
        descriptors = ReceivedDescriptors(adopting: raws)
    }
}

extension OwnedFD {
    /// Receives once, with what comes along; never waits.
    ///
    /// Who reads a socket with ``read(into:)`` instead gets the bytes alone: the kernel closes the
    /// descriptors.
    ///
    /// - Returns: `nil` if there is nothing now.
    public func receive(
        into buffer: UnsafeMutableRawBufferPointer
    ) throws(Errno) -> SocketMessage? {
        let raw = raw
        return try unlessItWouldBlock { () throws(Errno) in
            var received = clinux_received()
            let count = try syscall {
                clinux_receive(raw, buffer.baseAddress, buffer.count, &received)
            }
            return SocketMessage(count, received)
        }
    }

    /// As ``send(_:)``, along with descriptors, which stay the caller's.
    ///
    /// They go with the first of the bytes, of which there has to be one for a stream.
    ///
    /// - Parameter descriptors: At most 253.
    public func send(
        _ bytes: UnsafeRawBufferPointer,
        passing descriptors: [CInt]
    ) throws(Errno) -> Int? {
        let raw = raw
        return try unlessItWouldBlock { () throws(Errno) in
            try syscall {
                clinux_send_descriptors(
                    raw,
                    bytes.baseAddress,
                    bytes.count,
                    descriptors,
                    descriptors.count
                )
            }
        }
    }
}
