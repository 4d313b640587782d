internal import ControlProtocol
internal import LinuxSystem
internal import Supervision
internal import SystemTypes

/// What a hook is told: as JSON on its standard input, and in short in its environment.
struct HookNotice: Encodable {
    let event: String
    let name: String
    let program: String
    let instance: Int
    let state: String
    @OrNull var pid: Int32?
    @OrNull var cause: LastExit?
    /// RFC 3339, UTC.
    let at: String

    init(
        _ event: HookEvent,
        _ instance: Instance,
        at time: WallTime
    ) {
        self.event = event.rawValue
        name = instance.name
        program = instance.id.program
        self.instance = instance.id.number
        state = instance.machine.phase.rawValue
        pid = instance.machine.process?.rawValue
        cause = instance.lastEnd.map(LastExit.init)
        at = time.rfc3339
    }

    /// As JSON.
    var bytes: [UInt8] {
        JSON.encode(self)
    }

    /// `KEEPD_PROGRAM` and `KEEPD_INSTANCE` are there besides, as for the program itself.
    var variables: [String: String] {
        var variables = [
            "KEEPD_EVENT": event,
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
