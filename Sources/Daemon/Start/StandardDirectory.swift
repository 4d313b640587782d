internal import LinuxSystem

/// Where things go if the configuration does not say it; see docs/configuration.md, `daemon`.
enum StandardDirectory {
    static var logs: String {
        if let path = given("LOGS_DIRECTORY") { return path }
        return Accounts.effectiveUser == 0 ? "/var/log/keepd" : "\(own)/log"
    }

    /// Where keepd remembers what it was told.
    static var state: String {
        if let path = given("STATE_DIRECTORY") { return path }
        return Accounts.effectiveUser == 0 ? "/var/lib/keepd" : "\(own)/state"
    }

    /// The first of the directories that a service manager has made for this service.
    ///
    /// Source: systemd.exec(5), `StateDirectory=`.
    private static func given(_ variable: String) -> String? {
        ProcessEnvironment.variables[variable]?.split(separator: ":").first.map(String.init)
    }

    private static var own: String {
        let environment = ProcessEnvironment.variables
        let home = environment["HOME"] ?? "/"
        let directory = environment["XDG_STATE_HOME"].flatMap { $0.isEmpty ? nil : $0 }
        return "\(directory ?? "\(home)/.local/state")/keepd"
    }
}
