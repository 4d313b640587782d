internal import SystemPackage

/// One pipe of a subprocess; tells its owner which of them it is.
final class SubprocessPipe: TransportDelegate {
    let transport: Transport
    private let fd: CInt
    private weak var owner: SubprocessTransport?

    init(_ fd: CInt, _ transport: Transport, of owner: SubprocessTransport) {
        self.fd = fd
        self.transport = transport
        self.owner = owner
        transport.delegate = self
    }

    func transport(_ transport: Transport, received bytes: RawSpan) {
        owner?.received(bytes, from: fd)
    }

    func transportFilled(_ transport: Transport) {
        owner?.filled(fd)
    }

    func transportDrained(_ transport: Transport) {
        owner?.drained(fd)
    }

    func transportClosed(_ transport: Transport, _ error: Errno?) {
        owner?.lost(fd, error)
    }
}
