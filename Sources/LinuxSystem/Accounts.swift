internal import Glibc

/// The users and groups of this machine, from whichever source nsswitch.conf(5) names.
///
/// A look-up can take long where that source is on the network.
public enum Accounts {
    /// An entry of passwd(5).
    public struct User: Equatable, Sendable {
        public let name: String
        public let id: UInt32
        public let group: UInt32
        public let home: String
        public let shell: String
    }

    public static var effectiveUser: UInt32 { geteuid() }
    public static var effectiveGroup: UInt32 { getegid() }

    /// - Parameter name: A name, or a number.
    public static func user(_ name: String) -> User? {
        let found = find(passwd(), User.init) { getpwnam_r(name, $0, $1, $2, $3) }
        return found ?? UInt32(name).flatMap(user(id:))
    }

    public static func user(id: UInt32) -> User? {
        find(passwd(), User.init) { getpwuid_r(id, $0, $1, $2, $3) }
    }

    /// The number of a group, by its name or number.
    public static func group(_ name: String) -> UInt32? {
        find(Glibc.group(), \.gr_gid) { getgrnam_r(name, $0, $1, $2, $3) } ?? UInt32(name)
    }

    /// The groups that list `user` as a member, and `group`.
    ///
    /// Source: getgrouplist(3).
    public static func groups(of user: User, with group: UInt32) -> [UInt32] {
        var count: CInt = 32
        while true {
            var groups = [gid_t](repeating: 0, count: Int(count))
            let capacity = count
            if getgrouplist(user.name, group, &groups, &count) >= 0 {
                return Array(groups.prefix(Int(count)))
            }
            count = max(count, capacity * 2)
        }
    }

    /// Repeats a look-up with a larger buffer for as long as it says ERANGE.
    private static func find<Entry, Result>(
        _ blank: Entry,
        _ read: (Entry) -> Result,
        _ lookUp: (
            UnsafeMutablePointer<Entry>, UnsafeMutablePointer<CChar>, Int,
            UnsafeMutablePointer<UnsafeMutablePointer<Entry>?>
        ) -> CInt
    ) -> Result? {
        var (size, entry) = (1_024, blank)
        while true {
            let buffer = UnsafeMutablePointer<CChar>.allocate(capacity: size)
            defer { buffer.deallocate() }
            var found: UnsafeMutablePointer<Entry>?
            let error = lookUp(&entry, buffer, size, &found)
            // Read before the buffer goes, for the entry points into it.
            guard error == ERANGE, size < 1 << 20 else { return found.map { read($0.pointee) } }
            size *= 4
        }
    }
}

extension Accounts.User {
    fileprivate init(_ entry: passwd) {
        name = String(cString: entry.pw_name)
        id = entry.pw_uid
        group = entry.pw_gid
        home = String(cString: entry.pw_dir)
        shell = String(cString: entry.pw_shell)
    }
}
