internal import LinuxSystem

/// Where things go if the configuration does not say it; see docs/configuration.md, `daemon`.
enum StandardDirectory {
    static var logs: String {
        Accounts.effectiveUser == 0 ? "/var/log/keepd" : "\(own)/log"
    }

    /// Where keepd remembers what it was told.
    static var state: String {
        Accounts.effectiveUser == 0 ? "/var/lib/keepd" : "\(own)/state"
    }

    private static var own: String {
        let environment = ProcessEnvironment.variables
        let home = environment["HOME"] ?? "/"
        let directory = environment["XDG_STATE_HOME"].flatMap { $0.isEmpty ? nil : $0 }
        return "\(directory ?? "\(home)/.local/state")/keepd"
    }
}
