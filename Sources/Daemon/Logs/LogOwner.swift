internal import LinuxSystem
internal import Supervision
internal import SystemPackage

/// Whom the files of a log are given to when they are made.
struct LogOwner {
    enum Failure: Error, Equatable {
        case unknown
        case refused(Errno)
    }

    private let user: String?
    private let group: String?

    init(_ policy: LogPolicy) {
        (user, group) = (policy.owner, policy.group)
    }

    /// - Throws: Where it stays what it was.
    func take(_ file: borrowing OwnedFD) throws(Failure) {
        guard user != nil || group != nil else { return }
        let uid = user.flatMap { Accounts.user($0)?.id ?? UInt32($0) }
        let gid = group.flatMap(Accounts.group)
        guard (uid == nil) == (user == nil), (gid == nil) == (group == nil) else { throw .unknown }
        do {
            try file.setOwner(user: uid, group: gid)
        } catch {
            throw .refused(error)
        }
    }
}

extension LogOwner: CustomStringConvertible {
    /// As chown(1) takes it.
    var description: String { "\(user ?? "")\(group.map { ":\($0)" } ?? "")" }
}

extension LogOwner.Failure: CustomStringConvertible {
    var description: String {
        switch self {
        case .unknown: "there is no such user or group"
        case .refused(let error): error.reason
        }
    }
}
