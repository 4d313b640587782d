import OrderedCollections
import Supervision
import SystemTypes

/// The history of a world, lived through once more by a supervisor alone.
///
/// It shows that supervision decides by nothing but what it is told, and finds which event has met
/// which state.
struct Replay {
    /// A state and an event, as in the table of docs/state-machine.md.
    struct Meeting: Hashable, CustomStringConvertible {
        let state: String
        let event: String

        var description: String { "\(state) × \(event)" }
    }

    private(set) var meetings: Set<Meeting> = []
    /// What could have met, in the states that there were.
    private(set) var possible: Set<Meeting> = []
    private(set) var effects: [Supervisor.Effect] = []
    private var states: Set<String> = []
    private var supervisor: Supervisor
    private let configuration: Configuration

    init(of world: World) {
        configuration = world.configuration
        supervisor = Supervisor(configuration, seed: world.supervisorSeed, at: .zero)
        for (at, event) in world.told {
            note(event, at: at)
            effects += supervisor.handle(event, at: at)
        }
    }

    private mutating func note(_ event: Supervisor.Event, at now: Instant) {
        guard !supervisor.isShuttingDown || !event.isOrder else { return }
        switch event {
        case .begin:
            for program in configuration.programs where program.autostart {
                for number in 0..<program.instances {
                    note([.start], InstanceID(program: program.name, number: number), at: now)
                }
            }
        case .order(.start, let id, _): note([.start], id, at: now)
        case .order(.stop, let id, _): note([.stop], id, at: now)
        case .order(.restart, let id, _): note([.stop, .start], id, at: now)
        case .order(.signal, _, _): break
        case .spawned(let run, let process): note(.spawned(process), of: run, at: now)
        case .spawnFailed(let run, _): note(.spawnFailed, of: run, at: now)
        case .exited(let run, let status, let survivors):
            note(.exited(status, survivors: survivors), of: run, at: now)
        case .treeGone(let run): note(.treeGone, of: run, at: now)
        case .deadlineReached:
            for (id, instance) in supervisor.instances {
                guard let deadline = instance.machine.deadline, deadline <= now else { continue }
                note([.deadlineReached], id, at: now)
            }
        case .shutDown: for id in supervisor.instances.keys { note([.stop], id, at: now) }
        case .killAll: for id in supervisor.instances.keys { note([.kill], id, at: now) }
        }
    }

    /// A report of an earlier run does not reach the machine.
    private mutating func note(
        _ report: ProcessMachine.Event,
        of run: Incarnation,
        at now: Instant
    ) {
        guard supervisor.instances[run.instance]?.incarnation == run else { return }
        note([report], run.instance, at: now)
    }

    private mutating func note(
        _ events: [ProcessMachine.Event],
        _ id: InstanceID,
        at now: Instant
    ) {
        guard var machine = supervisor.instances[id]?.machine else { return }
        for event in events {
            let meeting = Meeting(machine, event)
            meetings.insert(meeting)
            notePossible(in: machine, meeting.state)
            _ = machine.handle(event, at: now)
        }
    }

    /// The state alone says what can happen, not what it carries.
    private mutating func notePossible(in machine: ProcessMachine, _ state: String) {
        guard states.insert(state).inserted else { return }
        for event in ProcessMachine.Event.examples where machine.canHappen(event) {
            possible.insert(Meeting(machine, event))
        }
    }
}

extension Replay.Meeting {
    fileprivate init(_ machine: ProcessMachine, _ event: ProcessMachine.Event) {
        state = String(String(describing: machine.state).prefix { $0 != "(" })
        self.event = String(String(describing: event).prefix { $0 != "(" })
    }
}

extension ProcessMachine.Event {
    /// One of each kind.
    fileprivate static let examples: [ProcessMachine.Event] = [
        .start, .stop, .kill, .spawned(ProcessID(rawValue: 2)), .spawnFailed,
        .exited(.exited(0), survivors: 0), .treeGone, .deadlineReached,
    ]
}

extension Supervisor.Event {
    /// Void once the daemon is about to end.
    fileprivate var isOrder: Bool {
        switch self {
        case .begin, .order, .shutDown: true
        case .spawned, .spawnFailed, .exited, .treeGone, .deadlineReached, .killAll: false
        }
    }
}
