extension Form where Value == [ListeningSocket] {
    /// Sockets by name, without those that cannot be used, which are reported.
    static var sockets: Form {
        Form { value throws(Objection) in
            var sockets: [ListeningSocket] = []
            value.object { keys in
                for member in keys.entries() {
                    if !ListeningSocket.isName(member.key) {
                        value.scope.problems.report(key: member, .expected(.printable))
                    }
                    let reader = value.reader(of: member.value)
                    if let socket = ListeningSocket(name: member.key, reader) {
                        sockets.append(socket)
                    }
                }
            }
            return sockets
        }
    }
}

extension ListeningSocket {
    /// Whether it may be one of `LISTEN_FDNAMES`.
    ///
    /// Source: sd_listen_fds_with_names(3).
    fileprivate static func isName(_ text: String) -> Bool {
        let scalars = text.unicodeScalars
        return (1...255).contains(scalars.count)
            && scalars.allSatisfy { (" "..."~").contains($0) && $0 != ":" }
    }

    fileprivate init?(name: String, _ value: ValueReader) {
        var socket: ListeningSocket?
        value.object(
            { keys in
                keys.require("listen")
                let address = keys.value("listen")?.value(as: .listen)
                // Without an address the loading fails in the end; the other keys are checked.
                var draft = ListeningSocket(name: name, address: address ?? .unix(""))
                draft.read(keys, hasAddress: address != nil)
                socket = draft
            },
            orString: { value in
                guard let address = value.value(as: .listen) else { return }
                socket = ListeningSocket(name: name, address: address)
            }
        )
        guard let socket else { return nil }
        self = socket
    }

    private mutating func read(_ keys: ObjectReader, hasAddress: Bool) {
        keys.read("type", into: &kind, as: .choice)
        keys.read("backlog", into: &backlog, as: .integer(in: 1...65535))
        keys.read("mode", into: &mode, as: .permissions)
        keys.read("owner", into: &owner, as: .user)
        keys.read("group", into: &group, as: .group)
        keys.read("reusePort", into: &reusePort, as: .boolean)
        switch address {
        case _ where !hasAddress: break
        case .internet: keys.refuse(["mode", "owner", "group"], .onlyWith("a path to listen on"))
        case .unix: keys.refuse(["reusePort"], .onlyWith("a port to listen on"))
        }
    }
}
