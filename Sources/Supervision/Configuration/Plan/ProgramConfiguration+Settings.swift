import SystemTypes

extension ProgramConfiguration {
    /// Everything but the name, in the order of docs/configuration.md.
    var settings: [Setting] {
        identity + order + restartAndStop + checks + streams + surroundings
    }

    private var identity: [Setting] {
        [
            Setting("command", .restart, command),
            Setting("description", .none, description),
            Setting("directory", .restart, directory),
            Setting("clearEnvironment", .restart, clearEnvironment),
            Setting("environmentFile", .restart, environmentFile),
            Setting("user", .restart, user),
            Setting("group", .restart, group),
            Setting("umask", .restart, umask.map(Octal.init)),
            Setting("autostart", .none, autostart),
            // Those that stay are not touched.
            Setting("instances", .live, instances),
            Setting("type", .replace, policy.kind),
            Setting("schedule.cron", .live, schedule?.expression.text),
            Setting("schedule.timeZone", .live, schedule?.timeZone),
        ] + Setting.entries(of: environment, under: "environment", .restart)
    }

    private var order: [Setting] {
        let conditions = dependsOn.map { ($0.program, $0.condition as any JSONRepresentable) }
        return [
            Setting("dependsOn", .live, dependsOn.isEmpty ? nil : JSONObject(conditions)),
            Setting("start.settle", .live, policy.start.settle),
            Setting("start.timeout", .live, policy.start.timeout),
        ]
    }

    private var restartAndStop: [Setting] {
        let (restart, stop) = (policy.restart, policy.stop)
        return [
            Setting("restart.when", .live, restart.when),
            Setting("restart.successExitCodes", .live, restart.successExitCodes),
            Setting("restart.retries", .live, restart.retries),
            Setting("restart.backoff.initial", .live, restart.backoff.initial),
            Setting("restart.backoff.max", .live, restart.backoff.max),
            Setting("restart.backoff.factor", .live, restart.backoff.factor),
            Setting("restart.backoff.jitter", .live, restart.backoff.jitter),
            Setting("stop.before", .live, stopCommand),
            Setting("stop.signal", .live, stop.signal),
            Setting("stop.scope", .live, stop.scope),
            Setting("stop.timeout", .live, stop.timeout),
            Setting("reloadSignal", .live, reloadSignal),
        ]
    }

    private var surroundings: [Setting] {
        let sockets = sockets.map { ($0.name, $0.settings as any JSONRepresentable) }
        let commands = Dictionary(uniqueKeysWithValues: hooks.map { ($0.key.rawValue, $0.value) })
        return limits.settings + [
            Setting("security.noNewPrivileges", .restart, security.noNewPrivileges),
            Setting("security.capabilities", .restart, security.capabilities),
            Setting("security.chroot", .restart, security.chroot),
            Setting("sockets", .replace, sockets.isEmpty ? nil : JSONObject(sockets)),
            Setting("watch", .live, watch.isEmpty ? nil : watch),
        ] + Setting.entries(of: commands, under: "hooks", .live)
    }
}

extension Setting {
    /// The members of an object whose keys are the user's.
    fileprivate static func entries(
        of values: [String: some JSONRepresentable],
        under key: String,
        _ class: ChangeClass
    ) -> [Setting] {
        values.sorted { $0.key < $1.key }.map { entry in
            let path = JSONPath.member(of: .member(of: .root, key: key), key: entry.key)
            return Setting(path.description, `class`, entry.value)
        }
    }
}

extension ListeningSocket {
    fileprivate var settings: JSONObject {
        let text =
            switch address {
            case .internet(let endpoint): endpoint.description
            case .unix(let path): path
            }
        let isUnix = text.hasPrefix("/")
        return JSONObject([
            ("listen", text), ("type", kind), ("backlog", backlog),
            ("mode", isUnix ? Octal(bits: mode) : nil), ("owner", owner), ("group", group),
            ("reusePort", isUnix ? nil : reusePort),
        ])
    }
}
