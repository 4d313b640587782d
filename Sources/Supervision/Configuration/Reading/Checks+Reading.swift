extension ProgramConfiguration {
    mutating func readChecks(_ keys: ObjectReader) {
        keys.object("ready") { readReady($0) }
        keys.object("health") { readHealth($0) }
    }

    private mutating func readReady(_ keys: ObjectReader) {
        let key = keys.oneOf(["notify", "fd", "log"] + ProbeTemplate.keys)
        switch key {
        case "notify"?:
            if keys.value("notify")?.value(as: .boolean) == true { ready = .notify }
        case "fd"?:
            ready = keys.value("fd")?.value(as: .integer(in: 3...1023)).map { .descriptor($0) }
        case "log"?:
            ready = keys.value("log")?.value(as: .pattern).map { .log(pattern: $0) }
        case let key?:
            ready = ProbeTemplate(key, of: keys, instances: instances).map { .probe($0) }
        case nil:
            break
        }
        var probing = ProbePolicy()
        // One does not want to wait long for what takes a moment.
        probing.interval = .milliseconds(250)
        probing.read(keys, isProbe: key.map(ProbeTemplate.keys.contains) ?? true)
        policy.readiness =
            switch ready {
            case nil: .settled
            case .notify, .descriptor, .log: .reported
            case .probe: .probed(probing)
            }
    }

    private mutating func readHealth(_ keys: ObjectReader) {
        let key = keys.oneOf(ProbeTemplate.keys + ["watchdog"])
        let isProbe = key != "watchdog"
        var probing = ProbePolicy()
        probing.read(keys, isProbe: isProbe)
        if isProbe {
            keys.read("failures", into: &probing.failures, as: .integer(in: 1...1000))
        } else {
            keys.refuse(["failures"], .onlyWithProbe)
        }
        var onFailure = HealthPolicy.OnFailure.restart
        keys.read("onFailure", into: &onFailure, as: .choice)
        let check: HealthPolicy.Check?
        if isProbe {
            health = key.flatMap { ProbeTemplate($0, of: keys, instances: instances) }
            check = health.map { _ in .probe(probing) }
        } else {
            let limit = keys.value("watchdog")?.value(as: .duration(atLeastMilliseconds: 1))
            check = limit.map { .watchdog($0) }
        }
        policy.health = check.map { HealthPolicy(check: $0) }
        policy.health?.onFailure = onFailure
    }
}

extension ProbeTemplate {
    /// Those that exclude each other.
    static let keys = ["exec", "tcp", "unix", "http"]

    /// - Parameter key: One of ``keys``.
    fileprivate init?(_ key: String, of keys: ObjectReader, instances: Int) {
        let value = keys.value(key)
        let probe: ProbeTemplate? =
            switch key {
            case "exec": value?.value(as: .command).map { .exec($0) }
            case "tcp": value?.value(as: .endpoint(instances: instances)).map { .tcp($0) }
            case "unix": value?.value(as: .path).map { .unix($0) }
            default: value?.value(as: .url(instances: instances)).map { .http($0) }
            }
        guard let probe else { return nil }
        self = probe
    }
}

extension ProbePolicy {
    /// Those that mean something only where keepd asks.
    static let keys = commonKeys + ["failures"]

    private static let commonKeys = ["interval", "timeout", "successes", "delay"]

    /// - Parameter isProbe: Whether keepd asks; if not, these keys mean nothing.
    fileprivate mutating func read(_ keys: ObjectReader, isProbe: Bool) {
        guard isProbe else {
            return keys.refuse(ProbePolicy.commonKeys, .onlyWithProbe)
        }
        // Less would keep the daemon busy with nothing else.
        keys.read("interval", into: &interval, as: .duration(atLeastMilliseconds: 10))
        keys.read("timeout", into: &timeout, as: .duration(atLeastMilliseconds: 1))
        keys.read("successes", into: &successes, as: .integer(in: 1...1000))
        keys.read("delay", into: &delay, as: .duration)
    }
}

extension ConfigurationError.Reason {
    fileprivate static var onlyWithProbe: Self { .onlyWith("exec, tcp, unix or http") }
}
