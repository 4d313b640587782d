/// What can be called, by the full names on the wire.
public enum Method: String, CaseIterable, Sendable {
    case getInfo = "org.varlink.service.GetInfo"
    case getInterfaceDescription = "org.varlink.service.GetInterfaceDescription"

    case status = "org.keepd.Control.Status"
    case listNames = "org.keepd.Control.ListNames"
    case start = "org.keepd.Control.Start"
    case stop = "org.keepd.Control.Stop"
    case restart = "org.keepd.Control.Restart"
    case signal = "org.keepd.Control.Signal"
    case reload = "org.keepd.Control.Reload"
    case wait = "org.keepd.Control.Wait"
    case scale = "org.keepd.Control.Scale"
    case enable = "org.keepd.Control.Enable"
    case disable = "org.keepd.Control.Disable"
    case diff = "org.keepd.Control.Diff"
    case apply = "org.keepd.Control.Apply"
    case events = "org.keepd.Control.Events"
    case history = "org.keepd.Control.History"
    case explain = "org.keepd.Control.Explain"
    case metrics = "org.keepd.Control.Metrics"
    case writeStdin = "org.keepd.Control.WriteStdin"
    case resizeTerminal = "org.keepd.Control.ResizeTerminal"
    case tail = "org.keepd.Control.Tail"
    case clearLog = "org.keepd.Control.ClearLog"
    case rotateLogs = "org.keepd.Control.RotateLogs"
    case reopenLogs = "org.keepd.Control.ReopenLogs"
    case daemonLog = "org.keepd.Control.DaemonLog"
    case version = "org.keepd.Control.Version"
    case reexec = "org.keepd.Control.Reexec"
    case shutdown = "org.keepd.Control.Shutdown"

    /// Finds the method by the name in a call.
    ///
    /// - Throws: `.interfaceNotFound` or `.methodNotFound`, ready to be sent.
    public init(named name: String) throws(ControlError) {
        if let method = Method(rawValue: name) {
            self = method
            return
        }
        let interface = name.lastIndex(of: ".").map { String(name[..<$0]) } ?? name
        guard Interface(rawValue: interface) != nil else {
            throw .interfaceNotFound(interface: interface)
        }
        throw .methodNotFound(method: name)
    }
}
