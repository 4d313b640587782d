import SystemTypes

// All that a state is made of, and that may have more members in a later version.

extension Instance: Templated {
    public static var template: Instance {
        let id = InstanceID(program: "", number: 0)
        return Instance(id: id, name: "", policy: Policy(), after: 0, at: .zero)
    }
}

extension Membership: Templated {
    static var template: Membership { Membership(program: .template) }
}

extension History: Templated {
    public static var template: History { History() }
}

extension RunRecord: Templated {
    public static var template: RunRecord { RunRecord(startedAt: .zero, by: .keepd) }
}

extension ProcessMachine: Templated {
    public static var template: ProcessMachine { ProcessMachine(policy: Policy()) }
}

extension Checks: Templated {
    public static var template: Checks { Checks() }
}

extension Prober: Templated {
    public static var template: Prober { Prober(policy: ProbePolicy(), at: .zero) }
}

extension Configuration: Templated {
    public static var template: Configuration { Configuration() }
}

extension Intent: Templated {
    public static var template: Intent { Intent(Configuration()) }
}

extension DaemonConfiguration: Templated {
    public static var template: DaemonConfiguration { DaemonConfiguration() }
}

extension AccessRule: Templated {
    public static var template: AccessRule { AccessRule(role: .observe) }
}

extension ProgramConfiguration: Templated {
    public static var template: ProgramConfiguration {
        ProgramConfiguration(name: "", command: [""])
    }
}

extension HealthPolicy: Templated {
    public static var template: HealthPolicy { HealthPolicy(check: .watchdog(.zero)) }
}

extension ProbePolicy: Templated {
    public static var template: ProbePolicy { ProbePolicy() }
}

extension LogPolicy: Templated {
    public static var template: LogPolicy { LogPolicy() }
}

extension ListeningSocket: Templated {
    public static var template: ListeningSocket {
        ListeningSocket(name: "", address: .unix(""))
    }
}
