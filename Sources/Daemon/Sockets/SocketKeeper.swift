internal import LinuxSystem
internal import Supervision
internal import SystemPackage

/// The sockets that programs listen on, bound before their first run and kept over all others: who
/// connects while a program is restarted has to wait, and is not refused.
final class SocketKeeper {
    private struct Key: Hashable {
        let program: String
        let socket: String
        /// `nil` for a socket that all instances share.
        let instance: Int?

        var name: DescriptorName { .socket(program: program, instance: instance, name: socket) }
    }

    private let store: (any DescriptorStore)?
    private var sockets: [Key: (BoundSocket, configured: ListeningSocket)] = [:]

    init(store: (any DescriptorStore)? = nil) {
        self.store = store
    }

    /// The first of the descriptors that are passed.
    ///
    /// Source: sd_listen_fds(3).
    static let firstDescriptor: CInt = 3

    /// Adds to a request the sockets of a program, bound if they are not yet.
    func pass(
        _ program: ProgramConfiguration,
        instance: Int,
        to request: inout SpawnRequest
    ) throws(SpawnFailure) {
        guard !program.sockets.isEmpty else { return }
        var names: [String] = []
        for configured in program.sockets {
            let socket = try socket(configured, of: program.name, instance)
            // Whoever had it before may have changed that; another instance may have it now.
            if program.instances == 1 { socket.makeBlocking() }
            let number = SocketKeeper.firstDescriptor + CInt(names.count)
            request.descriptors[number] = socket.descriptor.raw
            names.append(socket.name)
        }
        request.environment += [
            "LISTEN_FDS=\(names.count)", "LISTEN_FDNAMES=\(names.joined(separator: ":"))",
        ]
        // Only the child itself knows it, and whoever reads the variables compares.
        request.pidVariables.append("LISTEN_PID")
    }

    private func socket(
        _ configured: ListeningSocket,
        of program: String,
        _ instance: Int
    ) throws(SpawnFailure) -> BoundSocket {
        let key = Key(
            program: program,
            socket: configured.name,
            instance: configured.reusePort ? instance : nil
        )
        if let (socket, old) = sockets[key] {
            if old == configured { return socket }
            // Closed first, for the new one may want a part of its address.
            sockets.removeValue(forKey: key)?.0.close()
        }
        let socket = try BoundSocket(configured)
        sockets[key] = (socket, configured)
        store?.keep(socket.descriptor.raw, as: key.name)
        return socket
    }

    // MARK: - Another daemon

    func state(_ luggage: Luggage) -> [SocketState] {
        sockets.map { key, socket in
            SocketState(
                program: key.program,
                instance: key.instance,
                configured: socket.configured,
                descriptor: luggage.pack(socket.0.descriptor.raw)
            )
        }
    }

    func restore(_ states: [SocketState], _ luggage: Luggage) throws(Errno) {
        for state in states {
            let configured = state.configured
            let key = Key(
                program: state.program,
                socket: configured.name,
                instance: state.instance
            )
            let socket = BoundSocket(configured, try luggage.unpack(state.descriptor))
            sockets[key] = (socket, configured)
        }
    }

    // MARK: - The end

    /// Closes the sockets of a program: who connects from now on is refused.
    func release(_ program: String) {
        release { $0.program == program }
    }

    /// Closes those that an instance has for itself, for the kernel would go on to give it its share
    /// of the connections.
    func release(_ instance: InstanceID) {
        release { $0.program == instance.program && $0.instance == instance.number }
    }

    func releaseAll() {
        release { _ in true }
    }

    private func release(where isMeant: (Key) -> Bool) {
        for (key, (socket, _)) in sockets where isMeant(key) {
            socket.close()
            sockets[key] = nil
            store?.forget(key.name)
        }
    }
}
