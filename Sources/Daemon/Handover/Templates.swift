internal import Supervision
internal import SystemTypes

// All that a handover is made of, and that may have more members in a later version.

extension ControlState: Templated {
    static let template = ControlState(path: "", listener: -1)
}

extension RunState: Templated {
    static let template = RunState(
        incarnation: Incarnation(instance: .nobody, serial: 0),
        first: ProcessState.template.process,
        mains: [],
        stage: .alive
    )
}

extension ProcessState: Templated {
    static let template = ProcessState(process: ProcessID(rawValue: 1), descriptor: -1)
}

extension ErrandState: Templated {
    static let template = ErrandState(process: .template)
}

extension OutputsState: Templated {
    static let template = OutputsState(wiring: .template, stdin: -1, stdout: .template)
}

extension OutputState: Templated {
    static let template = OutputState(descriptor: -1)
}

extension InputState: Templated {
    static let template = InputState(descriptor: -1)
}

extension CgroupHomeState: Templated {
    static let template = CgroupHomeState(base: "")
}

extension CgroupTreeState: Templated {
    static let template = CgroupTreeState(instance: .nobody)
}

extension PendingOrder: Templated {
    static let template = PendingOrder(targets: [], answer: .outcomes)
}

extension InstanceID {
    fileprivate static let nobody = InstanceID(program: "", number: 0)
}
