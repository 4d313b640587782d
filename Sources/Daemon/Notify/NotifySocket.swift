internal import LinuxSystem
internal import Reactor
internal import Supervision
internal import SystemPackage
internal import SystemTypes

/// Where programs tell keepd how they are; one socket for all of them.
///
/// Anybody may send to it. Who a datagram is from is said by the kernel, and it is heeded only if
/// that process belongs to a program.
///
/// Source: sd_notify(3); unix(7), `SCM_CREDENTIALS`.
final class NotifySocket {
    /// What `NOTIFY_SOCKET` has to hold: a path, or an abstract name after `@`.
    let address: String
    private let path: String?
    private let receiver: UnixDatagramReceiver

    /// - Parameters:
    ///   - control: The path of the control socket, which no two daemons share. It is beside that if
    ///     everybody can get there; else it has an abstract name.
    ///   - given: One that another daemon has bound.
    ///   - owner: Whose process that is, `nil` if nobody's. It may have ended meanwhile.
    ///   - report: Called for each thing that a program says.
    init(
        beside control: String,
        or given: (NotifyState, Luggage)? = nil,
        loop: EventLoop,
        owner: @escaping (ProcessID) -> InstanceID?,
        report: @escaping (InstanceID, ProgramMessage) -> Void
    ) throws(Errno) {
        let (socket, path, address) =
            if let (state, luggage) = given {
                (try luggage.unpack(state.descriptor).release(), state.path, state.address)
            } else {
                try NotifySocket.bind(beside: control)
            }
        self.path = path
        self.address = address
        receiver = try UnixDatagramReceiver(OwnedFD(adopting: socket), loop: loop) {
            bytes,
            message in
            // The descriptors that come along are closed when this returns, which is all that a
            // program asks for with BARRIER=1: what it has sent before has been read by then.
            guard !message.isTruncated, let process = message.sender?.process else { return }
            let messages = ProgramMessage.parse(bytes)
            guard !messages.isEmpty, let instance = owner(process) else { return }
            for message in messages { report(instance, message) }
        }
    }

    private static func bind(
        beside control: String
    ) throws(Errno) -> (socket: CInt, path: String?, address: String) {
        let path = "\(control).notify"
        if Files.isOpenToAll(FilePath(control).removingLastComponent().string) {
            do {
                if Files.isSocket(path) { try Files.remove(path) }
                let socket = try UnixSocket.receiveDatagrams(at: path, mode: 0o666)
                return (socket.release(), path, path)
            } catch .fileNameTooLong {
                // As below.
            }
        }
        let name = "keepd/\(ProcessTable.current)/notify"
        let socket = try UnixSocket.receiveDatagrams(at: "\0" + name, mode: 0o666)
        return (socket.release(), nil, "@" + name)
    }

    /// Lent; `nil` once it is closed.
    var descriptor: CInt? { receiver.descriptor }

    func state(_ luggage: Luggage) -> NotifyState? {
        descriptor.map {
            NotifyState(address: address, path: path, descriptor: luggage.pack($0))
        }
    }

    /// Reports what is there by now.
    func receive() {
        receiver.receive()
    }

    func close() {
        receiver.close()
        if let path { try? Files.remove(path) }
    }
}
