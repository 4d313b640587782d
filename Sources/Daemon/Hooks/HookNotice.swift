internal import ControlProtocol
internal import LinuxSystem
internal import Supervision
internal import SystemTypes

/// What a hook is told: as JSON on its standard input, and in short in its environment.
struct HookNotice: Encodable {
    /// The variable by which the processes of a hook are told from those of its program.
    static let eventVariable = "KEEPD_EVENT"

    let event: HookEvent
    let name: String
    let program: String
    let instance: Int
    let state: String
    let pid: Int32?
    let cause: LastExit?
    /// RFC 3339, UTC.
    let at: String

    init(
        _ event: HookEvent,
        _ instance: Instance,
        at time: WallTime
    ) {
        self.event = event
        name = instance.name
        program = instance.id.program
        self.instance = instance.id.number
        state = instance.machine.phase.rawValue
        pid = instance.machine.process?.rawValue
        cause = instance.lastEnd.map(LastExit.init)
        at = time.rfc3339
    }

    private enum CodingKeys: CodingKey {
        case event, name, program, instance, state, pid, cause, at
    }

    /// Writes `null` for what is absent, so that every key is always there.
    func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: CodingKeys.self)
        try fields.encode(event.rawValue, forKey: .event)
        try fields.encode(name, forKey: .name)
        try fields.encode(program, forKey: .program)
        try fields.encode(instance, forKey: .instance)
        try fields.encode(state, forKey: .state)
        try fields.encode(pid, forKey: .pid)
        try fields.encode(cause, forKey: .cause)
        try fields.encode(at, forKey: .at)
    }

    /// As JSON.
    var bytes: [UInt8] {
        JSON.encode(self)
    }

    /// `KEEPD_PROGRAM` and `KEEPD_INSTANCE` are there besides, as for the program itself.
    var variables: [String: String] {
        var variables = [
            HookNotice.eventVariable: event.rawValue,
            "KEEPD_NAME": name,
            "KEEPD_STATE": state,
        ]
        if let pid { variables["KEEPD_PID"] = String(pid) }
        if let cause {
            variables["KEEPD_CAUSE"] = cause.cause
            if let code = cause.code { variables["KEEPD_EXIT_CODE"] = String(code) }
            if let signal = cause.signal { variables["KEEPD_SIGNAL"] = signal }
        }
        return variables
    }
}
