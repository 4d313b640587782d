public import ControlProtocol

extension Call {
    /// Reads the parameters, as the daemon would; throws what it would answer.
    public func understand() throws {
        switch try Method(named: method) {
        case .getInfo: _ = try parameters(as: Service.Introduction.self)
        case .getInterfaceDescription:
            _ = try parameters(as: Service.InterfaceDescription.self)
        case .status: _ = try parameters(as: Control.Status.self)
        case .start: _ = try parameters(as: Control.Start.self)
        case .stop: _ = try parameters(as: Control.Stop.self)
        case .restart: _ = try parameters(as: Control.Restart.self)
        case .reload: _ = try parameters(as: Control.Reload.self)
        case .wait: _ = try parameters(as: Control.Wait.self)
        case .scale: _ = try parameters(as: Control.Scale.self)
        case .enable: _ = try parameters(as: Control.Enable.self)
        case .disable: _ = try parameters(as: Control.Disable.self)
        case .diff: _ = try parameters(as: Control.Diff.self)
        case .apply: _ = try parameters(as: Control.Apply.self)
        case .events: _ = try parameters(as: Control.Events.self)
        case .history: _ = try parameters(as: Control.History.self)
        case .explain: _ = try parameters(as: Control.Explain.self)
        case .listNames: _ = try parameters(as: Control.ListNames.self)
        case .metrics: _ = try parameters(as: Control.Metrics.self)
        case .writeStdin: _ = try parameters(as: Control.WriteStdin.self).bytes
        case .signal: _ = try parameters(as: Control.Signal.self)
        case .tail: _ = try parameters(as: Control.Tail.self)
        case .clearLog: _ = try parameters(as: Control.ClearLog.self)
        case .rotateLogs: _ = try parameters(as: Control.RotateLogs.self)
        case .reopenLogs: _ = try parameters(as: Control.ReopenLogs.self)
        case .daemonLog: _ = try parameters(as: Control.DaemonLog.self)
        case .reexec: _ = try parameters(as: Control.Reexec.self)
        case .resizeTerminal: _ = try parameters(as: Control.ResizeTerminal.self)
        case .version: _ = try parameters(as: Control.Version.self)
        case .shutdown: _ = try parameters(as: Control.Shutdown.self)
        }
    }
}
