/// Where the control socket is if nobody says otherwise.
public enum SocketPath {
    /// The daemon's default.
    ///
    /// Without `XDG_RUNTIME_DIR`, it is where systemd-logind would have put that.
    public static func standard(user: UInt32, environment: [String: String]) -> String {
        if user == 0 { return "/run/keepd/keepd.sock" }
        let directory = environment["XDG_RUNTIME_DIR"].flatMap { $0.isEmpty ? nil : $0 }
        return "\(directory ?? "/run/user/\(user)")/keepd/keepd.sock"
    }

    /// Where a client looks: at `$KEEPD_SOCKET`, which the daemon gives its programs, or else where
    /// a daemon of the same user is by default.
    public static func forClient(user: UInt32, environment: [String: String]) -> String {
        let path = environment["KEEPD_SOCKET"].flatMap { $0.isEmpty ? nil : $0 }
        return path ?? standard(user: user, environment: environment)
    }
}
