internal import LinuxSystem
internal import Supervision
internal import SystemTypes

/// The service of systemd that keepd is, and what is left of it when keepd has ended.
///
/// systemd leaves the programs alone, so that a crash of keepd ends none of them. So it is keepd,
/// run by `ExecStopPost=`, that ends them where no other keepd comes to take them over.
///
/// Source: systemd.exec(5), "Environment Variables Set or Propagated by the Service Manager".
struct ServiceUnit {
    /// How long killed processes may take to be gone.
    private static let patience = Duration.seconds(10)
    /// Where commands such as that of `ExecStopPost=` run.
    private static let control = ".control"

    /// How the main process ended.
    let environment: [String: String]
    /// Whether a stop or a restart of the unit was asked for.
    let hasJob: Bool

    /// Whether this is the main process of a service.
    static var isMain: Bool {
        ProcessEnvironment.variables["SYSTEMD_EXEC_PID"] == "\(ProcessTable.current)"
    }

    /// Whether systemd may keep descriptors; older ones than 254 do not say so.
    ///
    /// Source: systemd.exec(5), `$FDSTORE`.
    static var hasStore: Bool { ProcessEnvironment.variables["FDSTORE"] != nil || isMain }

    /// Whether another daemon comes, for this one has crashed.
    var goesOn: Bool {
        guard !hasJob, let result = environment["SERVICE_RESULT"], result != "success" else {
            return false
        }
        guard environment["EXIT_CODE"] == "exited",
            let status = environment["EXIT_STATUS"].flatMap({ Int32($0) })
        else { return true }
        return !ExitCode.final.contains { $0.rawValue == status }
    }

    /// Ends what is left unless another daemon comes, and has the group of the unit take processes
    /// again.
    ///
    /// Of a group whose controllers are handed on systemd cannot make the new main process a member
    /// (it fails with 219/CGROUP), for nothing may be in it.
    ///
    /// - Parameter report: Told of each process that is killed, before that.
    func clearUp(_ report: (ProcessID) -> Void) {
        guard let own = Cgroup.own, own.name == ServiceUnit.control else { return }
        let unit = own.parent
        if !goesOn { end(unit, but: own, report) }
        unit.release()
    }

    private func end(_ unit: Cgroup, but own: Cgroup, _ report: (ProcessID) -> Void) {
        for process in (try? unit.members) ?? [] {
            guard let pidfd = try? PidFD(opening: process) else { continue }
            report(process)
            try? pidfd.send(.kill)
        }
        for group in unit.children where group != own {
            for process in (try? group.processes) ?? [] { report(process) }
            _ = try? group.kill()
            _ = try? group.waitUntilEmpty(patience: ServiceUnit.patience)
            try? group.remove()
        }
    }
}

extension Keepd {
    /// What `ExecStopPost=` is there for.
    ///
    /// - Parameter hasJob: Whether a stop or a restart of the unit was asked for.
    public static func clearUpAfterService(hasJob: Bool) {
        ServiceUnit(environment: ProcessEnvironment.variables, hasJob: hasJob).clearUp { process in
            report("killing process \(process): \(ProcessTable.commandLine(of: process))")
        }
    }
}
