public import LinuxSystem
public import SystemPackage

/// Accepts connections, makes a transport of each, and knows them until they are over.
///
/// To be used on the loop's thread. It lives as long as somebody holds it, and its transports and
/// their delegates as long as they are connected.
public final class UnixServer: @unchecked Sendable {
    private final class Client {
        let transport: Transport
        let delegate: any TransportDelegate

        init(_ transport: Transport, _ delegate: any TransportDelegate) {
            self.transport = transport
            self.delegate = delegate
            transport.delegate = delegate
        }
    }

    private let loop: EventLoop
    private let makeDelegate: (Transport) -> any TransportDelegate
    private var listener: UnixListener?
    private var clients: [ObjectIdentifier: Client] = [:]
    private let end = AsyncEvent()
    /// As ``UnixListener/onFailure``; told also why a connection that was accepted could not be kept.
    public var onFailure: ((Errno) -> Void)?

    /// - Parameters:
    ///   - socket: Bound, listening and non-blocking, see `UnixSocket.listen(at:backlog:mode:)`.
    ///   - makeDelegate: Called for each connection; what it returns is told of it.
    public init(
        _ socket: consuming OwnedFD,
        loop: EventLoop,
        makeDelegate: @escaping (Transport) -> any TransportDelegate
    ) throws(Errno) {
        self.loop = loop
        self.makeDelegate = makeDelegate
        listener = try UnixListener(socket, loop: loop) { [weak self] in self?.connect($0) }
        listener?.onFailure = { [weak self] in self?.onFailure?($0) }
    }

    /// Whether it accepts connections.
    public var isServing: Bool { listener != nil }

    /// Those that are connected, whether it serves or not.
    public var clientCount: Int { clients.count }

    private func connect(_ socket: consuming OwnedFD) {
        do {
            let transport = try Transport(socket, kind: .socket, loop: loop)
            let id = ObjectIdentifier(transport)
            transport.onClosed = { [weak self] in self?.disconnected(id) }
            clients[id] = Client(transport, makeDelegate(transport))
        } catch {
            onFailure?(error)
        }
    }

    private func disconnected(_ id: ObjectIdentifier) {
        clients[id] = nil
        endIfOver()
    }

    private func endIfOver() {
        if !isServing, clients.isEmpty { end.set() }
    }

    /// Accepts no more; connections live on.
    public func close() {
        listener?.close()
        listener = nil
        endIfOver()
    }

    /// Closes each connection, once what is buffered for it has been sent.
    public func closeClients() {
        for client in clients.values { client.transport.close() }
    }

    /// Closes each connection at once; what is buffered is lost.
    public func abortClients() {
        for client in clients.values { client.transport.abort() }
    }

    /// Suspends the task until it is closed and the last connection is over.
    ///
    /// - Throws: `CancellationError`.
    public func waitClosed() async throws {
        try await end.wait()
    }
}
