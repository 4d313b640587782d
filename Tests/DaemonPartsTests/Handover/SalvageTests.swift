import LinuxSystem
import OrderedCollections
import Supervision
import SystemTypes
import Testing

@testable import Daemon

/// Whose process it is that a killed daemon has left, and how it ended.
@Suite struct SalvageTests {
    private static let web = InstanceID(program: "web", number: 0)
    private static let startedAt = Instant.zero + .seconds(2)
    /// Of the run that the ledger speaks of.
    private let process = ProcessTable.current

    /// What is made of a run of which a store has `pidfd`, and knows of ends.
    private func run(
        _ pidfd: borrowing PidFD,
        exits: [HolderLink.Exit] = []
    ) throws -> RunState {
        let program = ProgramConfiguration(name: "web", command: ["web"])
        let configuration = Configuration(daemon: DaemonConfiguration(), programs: [program])
        var supervisor = Supervisor(configuration, seed: 7, at: .zero)
        _ = supervisor.handle(.begin, at: .zero + .seconds(1))
        let run = Incarnation(instance: Self.web, serial: 1)
        _ = supervisor.handle(.spawned(run, process), at: Self.startedAt)
        let handover = Handover(
            process: ProcessID(rawValue: 4_000),
            configurationPath: "keepd.json",
            openFilesMax: 1_024,
            intent: Intent(configuration),
            supervisor: supervisor.state,
            control: ControlState(path: "/run/keepd.sock", listener: 5)
        )
        let state = try MemoryFile.make("state", sealed: handover.text)
        let ledger = try Ledger()
        try ledger.note(LedgerEntry(try #require(supervisor.instances[Self.web])))
        let kept = KeptDescriptors(adopting: [
            (.control, try OwnedFD.duplicate(2).release()),
            (.state, state.release()),
            (.process(Self.web), try OwnedFD.duplicate(pidfd.raw).release()),
        ])
        let parcel = try #require(Salvage.parcel(from: kept, ledger, exits: exits))
        return try #require(parcel.handover.host.runs.first)
    }

    @Test func `a process is known by its pidfd`() throws {
        let run = try run(PidFD(opening: process))
        #expect(run.stage == .alive && run.appointed?.process == process)
    }

    @Test func `another process with the number of an earlier one is nobody's`() throws {
        let run = try run(PidFD(opening: ProcessID(rawValue: 1)))
        #expect(run.stage == .ended(nil) && run.appointed == nil)
    }

    @Test func `an end counts if it is not that of an earlier process with the number`() throws {
        func exit(after seconds: Int) -> HolderLink.Exit {
            let at = Self.startedAt + .seconds(seconds)
            return HolderLink.Exit(process: process, status: .exited(3), at: at)
        }
        let pidfd = try PidFD(opening: process)
        #expect(try run(pidfd, exits: [exit(after: -1)]).stage == .alive)
        #expect(
            try run(pidfd, exits: [exit(after: -1), exit(after: 1)]).stage == .ended(.exited(3))
        )
    }
}
