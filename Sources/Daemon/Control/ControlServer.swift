internal import ControlProtocol
internal import LinuxSystem
internal import Logging
internal import Reactor
internal import Supervision
internal import SystemPackage

/// Accepts control connections; belongs to the supervision loop.
final class ControlServer {
    /// More are closed as soon as they are accepted.
    private static let connectionsMax = 256

    private let loop: EventLoop
    private let service: ControlService
    private var access: Access
    private var listener: UnixListener?
    private var connections: [ObjectIdentifier: ControlConnection] = [:]
    private var isFrozen = false

    init(
        _ socket: consuming OwnedFD,
        loop: EventLoop,
        service: ControlService,
        access: Access
    ) throws(Errno) {
        self.loop = loop
        self.service = service
        self.access = access
        listener = try UnixListener(socket, loop: loop) { [weak self] connection in
            self?.accept(connection)
        }
    }

    private func accept(_ descriptor: consuming OwnedFD) {
        _ = connect(descriptor)
    }

    private func connect(_ descriptor: consuming OwnedFD) -> ControlConnection? {
        guard connections.count < ControlServer.connectionsMax else { return nil }
        // A peer that is gone already, or no memory: either way there is nobody to answer.
        guard let peer = try? Peer(of: descriptor, access),
            let connection = try? ControlConnection(
                descriptor,
                peer: peer,
                loop: loop,
                answer: { [service] in service.answer($0) }
            )
        else { return nil }
        let id = ObjectIdentifier(connection)
        connections[id] = connection
        connection.onClose = { [weak self] in self?.connections[id] = nil }
        if isFrozen { connection.freeze() }
        return connection
    }

    // MARK: - Another daemon

    /// Answers no further call; who calls waits.
    func freeze() {
        isFrozen = true
        for connection in connections.values { connection.freeze() }
    }

    func thaw() {
        isFrozen = false
        for connection in Array(connections.values) { connection.thaw() }
    }

    /// The clients that will not notice anything.
    func state(_ luggage: Luggage) -> [ConnectionState] {
        connections.values.compactMap { $0.state(luggage) }
    }

    func restore(_ states: [ConnectionState], _ luggage: Luggage) throws(Errno) {
        for state in states {
            // One that has gone meanwhile is missed by nobody.
            try connect(luggage.unpack(state.descriptor))?.restore(state)
        }
    }

    // MARK: - Access

    /// Has other rules hold from now on; shows out those who had other rights under the old ones.
    func change(_ access: Access) {
        self.access = access
        for connection in Array(connections.values)
        where !connection.peer.hasSameRights(under: access) {
            connection.end()
        }
    }
}
