internal import Glibc
public import SystemPackage

extension OwnedFD {
    /// As ``write(_:)``, of several pieces one after the other.
    ///
    /// - Parameter pieces: At most 1,024.
    ///
    /// Source: writev(2).
    public func write(_ pieces: [UnsafeRawBufferPointer]) throws(Errno) -> Int? {
        let raw = raw
        let vectors = pieces.map(iovec.init)
        return try unlessItWouldBlock { () throws(Errno) in
            try syscall { writev(raw, vectors, CInt(vectors.count)) }
        }
    }

    /// As ``send(_:)``, of several pieces one after the other.
    ///
    /// - Parameter pieces: At most 1,024.
    ///
    /// Source: sendmsg(2).
    public func send(_ pieces: [UnsafeRawBufferPointer]) throws(Errno) -> Int? {
        let raw = raw
        var vectors = pieces.map(iovec.init)
        return try unlessItWouldBlock { () throws(Errno) in
            try syscall {
                vectors.withUnsafeMutableBufferPointer { vectors in
                    var message = msghdr()
                    message.msg_iov = vectors.baseAddress
                    message.msg_iovlen = vectors.count
                    return sendmsg(raw, &message, CInt(MSG_NOSIGNAL))
                }
            }
        }
    }
}

extension iovec {
    /// The kernel only reads what is to be written.
    fileprivate init(_ bytes: UnsafeRawBufferPointer) {
        self.init(
            iov_base: UnsafeMutableRawPointer(mutating: bytes.baseAddress),
            iov_len: bytes.count
        )
    }
}
