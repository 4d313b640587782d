internal import LinuxSystem
internal import OrderedCollections
internal import Supervision
internal import SystemPackage
internal import SystemTypes

/// Makes of what a daemon that crashed has left in a store the handover that it had no time for.
///
/// The state is what it was when the configuration last changed. The ledger says what has become of
/// each instance since, and the descriptors are known by their names. Of a process, its pidfd is the
/// identity, and nobody is known by a number alone. What the daemon before ran for its own ends, such
/// as probes, is not gone on with.
struct Salvage {
    let kept: KeptDescriptors
    private let ledger: [InstanceID: LedgerEntry]
    private let exits: [HolderLink.Exit]
    let supervisor: Supervisor

    /// - Parameter exits: Those of which the store knows.
    /// - Returns: `nil` if nothing was left that is of use in this boot of the machine.
    static func parcel(
        from kept: KeptDescriptors,
        _ ledger: Ledger,
        exits: [HolderLink.Exit]
    ) -> Parcel? {
        guard kept.names.contains(.control), let file = kept.take(.state),
            let text = try? MemoryFile.content(of: file),
            var handover = try? Handover(text: text)
        else { return nil }
        let entries = ledger.entries
        handover.supervisor.catchUp(with: entries, at: .now)
        handover.control.events.goOn(after: ledger.lastEvent)
        let salvage = Salvage(
            kept: kept,
            ledger: Dictionary(entries.map { ($0.instance, $0) }) { first, _ in first },
            exits: exits,
            supervisor: Supervisor(restoring: handover.supervisor, at: .now)
        )
        salvage.complete(&handover)
        return Parcel(handover)
    }

    private func complete(_ handover: inout Handover) {
        handover.process = ProcessTable.current
        handover.control.listener = take(.control) ?? -1
        handover.control.connections = []
        handover.host.runs = supervisor.instances.values.compactMap(run)
        handover.host.outputs = supervisor.instances.values.compactMap(outputs)
        handover.host.trees.spared = Set(handover.host.runs.map(\.incarnation.instance))
        for index in handover.host.trees.cgroups.indices {
            // It may have been killed since; then a new one takes its place before the next birth.
            handover.host.trees.cgroups[index].isSpent = true
        }
        handover.host.attendants = attendants(handover.host.attendants)
    }

    /// - Returns: Its number; it belongs to whoever reads it in the handover.
    func take(_ name: DescriptorName) -> CInt? { kept.take(name)?.release() }

    // MARK: - Processes

    private func run(_ instance: Instance) -> RunState? {
        switch instance.machine.state {
        case .starting, .running, .preparing, .stopping, .killing:
            return ledger[instance.id].flatMap { living(instance, $0) }
        case .outlived, .clearing:
            let process = ledger[instance.id]?.lastProcess ?? ProcessTable.current
            return state(instance, process, .outlived)
        case .stopped, .waiting, .spawning, .backoff, .exited, .fatal:
            return nil
        }
    }

    private func living(_ instance: Instance, _ entry: LedgerEntry) -> RunState? {
        guard let process = entry.process else { return nil }
        if let status = status(of: process, since: entry.startedAt) {
            return state(instance, process, .ended(status))
        }
        guard let hold = hold(on: process, entry) else {
            return state(instance, process, .ended(nil))
        }
        var run = state(instance, process, .alive)
        // How it ends is told as of a process that it has not started, for it has not.
        run.appointed = ProcessState(process: process, descriptor: hold)
        return run
    }

    private func state(
        _ instance: Instance,
        _ process: ProcessID,
        _ stage: RunState.Stage
    ) -> RunState {
        RunState(
            incarnation: instance.incarnation,
            first: process,
            mains: [process],
            stage: stage
        )
    }

    /// How the process ended, if the store knows: an earlier one may have had the same number.
    private func status(of process: ProcessID, since start: Instant?) -> ExitStatus? {
        exits.last { $0.process == process && $0.at >= start ?? .zero }?.status
    }

    /// - Returns: `nil` for another process than the ledger speaks of.
    private func hold(on process: ProcessID, _ entry: LedgerEntry) -> CInt? {
        guard let descriptor = kept.take(.process(entry.instance)) else { return nil }
        let found = PidFD.process(of: descriptor)
        // One that was reaped has no number any more.
        return found == process || found == nil ? descriptor.release() : nil
    }
}
