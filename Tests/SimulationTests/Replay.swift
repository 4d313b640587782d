import OrderedCollections
import Supervision
import Synchronization
import SystemTypes

/// The history of a world, lived through once more by a supervisor alone.
///
/// It shows that supervision decides by nothing but what it is told, and finds which event has met
/// which state.
struct Replay {
    /// A state and an event, as in the tables of docs/state-machine.md.
    struct Meeting: Hashable, CustomStringConvertible {
        let state: String
        let event: String

        var description: String { "\(state) × \(event)" }
    }

    private(set) var effects: [Supervisor.Effect] = []
    let meetings: Meetings

    init(of world: World, meetings: Meetings = Meetings()) {
        self.meetings = meetings
        var supervisor = Supervisor(world.configuration, seed: world.supervisorSeed, at: .zero)
        supervisor.onMeeting = { meetings.note($0, $1) }
        for (at, event) in world.told { effects += supervisor.handle(event, at: at) }
    }
}

/// What has met, and what could have met in the states that there were.
final class Meetings: Sendable {
    private struct Found {
        var met: Set<Replay.Meeting> = []
        var possible: Set<Replay.Meeting> = []
        var states: Set<String> = []
    }

    private let found = Mutex(Found())

    var met: Set<Replay.Meeting> { found.withLock { $0.met } }
    var possible: Set<Replay.Meeting> { found.withLock { $0.possible } }

    var missed: [String] {
        found.withLock { $0.possible.subtracting($0.met) }.map(\.description).sorted()
    }

    func note(_ machine: ProcessMachine, _ event: ProcessMachine.Event) {
        let state = Meetings.word(machine.state)
        found.withLock { found in
            found.met.insert(Replay.Meeting(state: state, event: Meetings.word(event)))
            guard found.states.insert(state).inserted else { return }
            for event in ProcessMachine.Event.examples where machine.canHappen(event) {
                found.possible.insert(Replay.Meeting(state: state, event: Meetings.word(event)))
            }
        }
    }

    private static func word(_ value: some Any) -> String {
        String(String(describing: value).prefix { $0 != "(" })
    }
}

extension ProcessMachine.Event {
    /// One of each kind.
    fileprivate static let examples: [ProcessMachine.Event] = [
        .start, .stop, .kill, .leave, .hold, .release, .makeWay, .free, .dependencyFailed,
        .withdrawn, .spawned(ProcessID(rawValue: 2)), .spawnFailed, .ready,
        .mainProcess(ProcessID(rawValue: 2)), .unhealthy, .extended(.zero), .stopCommandEnded,
        .exited(.exited(0), survivors: 0), .treeGone, .deadlineReached,
    ]
}
