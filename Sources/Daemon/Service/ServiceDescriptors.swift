internal import LinuxSystem
internal import Systemd

/// What systemd has given to this process: the socket of a socket unit, and what it has kept for an
/// earlier daemon of the same service.
struct ServiceDescriptors: ~Copyable {
    /// A listening socket under the name of its unit, which is what it has without
    /// `FileDescriptorName=`; `nil` where no unit has one.
    private var socket: OwnedFD?
    let kept: KeptDescriptors

    /// To be called once, as early as possible, for the numbers are those of open descriptors.
    init() {
        self.init(PassedDescriptors.take())
    }

    /// - Returns: The socket, once.
    mutating func takeSocket() -> OwnedFD? { socket.take() }

    init(_ passed: [(name: String, descriptor: CInt)]) {
        let isSocket = passed.map { $0.name.hasSuffix(".socket") && !$0.name.contains("/") }
        let first = isSocket.firstIndex(of: true)
        socket = first.map { OwnedFD(adopting: passed[$0].descriptor) }
        let others = passed.indices.filter { $0 != first }
        kept = KeptDescriptors(
            adopting: others.map { (DescriptorName(passed[$0].name), passed[$0].descriptor) }
        )
    }
}
