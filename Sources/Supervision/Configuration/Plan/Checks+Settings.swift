extension ProgramConfiguration {
    /// `ready` and `health`.
    var checks: [Setting] {
        let way = ready?.setting
        let asking: ProbePolicy? =
            if case .probed(let probing) = policy.readiness { probing } else { nil }
        return ["notify", "fd", "log", "exec", "tcp", "unix", "http"].map { key in
            // The first two are said to the program when it is started.
            let `class`: ChangeClass = key == "notify" || key == "fd" ? .restart : .live
            return Setting("ready.\(key)", `class`, way?.key == key ? way?.value : nil)
        } + Setting.probing(asking, under: "ready") + healthSettings
    }

    private var healthSettings: [Setting] {
        let way = health?.setting
        var (asking, watchdog): (ProbePolicy?, Duration?)
        switch policy.health?.check {
        case .probe(let probing)?: asking = probing
        case .watchdog(let limit)?: watchdog = limit
        case nil: break
        }
        return ProbeTemplate.keys.map { key in
            Setting("health.\(key)", .live, way?.key == key ? way?.value : nil)
        }
            + [Setting("health.watchdog", .restart, watchdog)]
            + Setting.probing(asking, under: "health")
            + [
                Setting("health.failures", .live, asking?.failures),
                Setting("health.onFailure", .live, policy.health?.onFailure),
            ]
    }
}

extension Setting {
    fileprivate static func probing(_ policy: ProbePolicy?, under key: String) -> [Setting] {
        [
            Setting("\(key).interval", .live, policy?.interval),
            Setting("\(key).timeout", .live, policy?.timeout),
            Setting("\(key).successes", .live, policy?.successes),
            Setting("\(key).delay", .live, policy?.delay),
        ]
    }
}

extension ReadyCheck {
    fileprivate var setting: (key: String, value: any JSONRepresentable) {
        switch self {
        case .notify: ("notify", true)
        case .descriptor(let number): ("fd", number)
        case .log(let pattern): ("log", pattern)
        case .probe(let probe): probe.setting
        }
    }
}

extension ProbeTemplate {
    fileprivate var setting: (key: String, value: any JSONRepresentable) {
        switch self {
        case .exec(let words): ("exec", words)
        case .tcp(let endpoint): ("tcp", endpoint)
        case .unix(let path): ("unix", path)
        case .http(let url): ("http", url)
        }
    }
}
