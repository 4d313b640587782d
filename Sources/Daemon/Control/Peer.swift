internal import LinuxSystem
internal import Supervision
internal import SystemPackage
internal import SystemTypes

/// Who is at the other end of a control connection, as the kernel says it.
struct Peer {
    private let peer: UnixSocket.Peer
    private let groups: Set<UInt32>
    /// What it calls itself; looked at once, for it may be gone when it matters.
    private let command: String
    let rights: Rights

    /// - Parameter access: What the rights follow from, for as long as the connection lasts.
    init(of connection: borrowing OwnedFD, _ access: Access) throws(Errno) {
        peer = try UnixSocket.peer(of: connection)
        groups = Set(try UnixSocket.groups(ofPeerAt: connection) + [peer.group])
        command = peer.process.flatMap(ProcessTable.entry(of:))?.command ?? "?"
        rights = access.rights(user: peer.user, groups: groups)
    }

    /// Whether it would have the same rights if it came now.
    func hasSameRights(under access: Access) -> Bool {
        access.rights(user: peer.user, groups: groups) == rights
    }

    var requester: Requester {
        .peer(
            user: Accounts.user(id: peer.user)?.name ?? String(peer.user),
            uid: peer.user,
            process: peer.process,
            command: command
        )
    }
}

extension Access {
    /// Of a configuration, by the accounts of this machine.
    init(_ settings: DaemonConfiguration) {
        self.init(
            settings.access,
            owner: Accounts.effectiveUser,
            user: { Accounts.user($0)?.id },
            group: Accounts.group
        )
    }
}
