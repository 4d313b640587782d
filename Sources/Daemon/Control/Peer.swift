internal import LinuxSystem
internal import Supervision

/// Who is at the other end of a control connection.
struct Peer {
    private let peer: UnixSocket.Peer
    /// What it calls itself; looked at once, for it may be gone when it matters.
    private let command: String

    init(_ peer: UnixSocket.Peer) {
        self.peer = peer
        command = peer.process.flatMap(ProcessTable.entry(of:))?.command ?? "?"
    }

    /// Root and the daemon's own user may do everything, and others nothing.
    var isAdmin: Bool { peer.user == 0 || peer.user == Accounts.effectiveUser }

    var requester: Requester {
        .peer(
            user: Accounts.user(id: peer.user)?.name ?? String(peer.user),
            uid: peer.user,
            process: peer.process,
            command: command
        )
    }
}
