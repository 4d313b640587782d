internal import LinuxSystem
internal import Reactor
internal import Supervision
internal import SystemTypes

/// One incarnation, from its spawn until its tree is gone.
final class Run {
    /// What is still to be waited for.
    enum Stage {
        case alive
        /// The main process has ended; what it wrote is on its way to the log.
        case draining(ExitStatus?)
        case drained(ExitStatus?)
        /// Its exit has been reported; these were there when last looked for.
        case outlived([Descendants.Found])
    }

    let incarnation: Incarnation
    /// The process that keepd has started.
    private let first: ProcessID
    /// The hold on it; `nil` where a daemon before has reaped it.
    private let child: Child?
    /// The one that the program has named as its main process instead.
    private(set) var appointed: AppointedProcess?
    /// All that have ever been the main one.
    private(set) var mains: [ProcessID]
    let tree: any ProcessTree
    var stage = Stage.alive
    /// Everything that is left, and that still comes, is to be killed.
    var isDoomed = false
    /// Ends the wait for the log loop.
    var patience: TimerHandle?
    /// The group to which the stop signal was sent.
    private var signalled: Int32?

    init(_ incarnation: Incarnation, _ child: Child, _ tree: any ProcessTree) {
        self.incarnation = incarnation
        self.child = child
        self.tree = tree
        first = child.process
        mains = [first]
    }

    /// Goes on with one that another daemon has begun.
    init(
        _ state: RunState,
        _ child: Child?,
        appointed: AppointedProcess?,
        _ tree: any ProcessTree
    ) {
        incarnation = state.incarnation
        first = state.first
        mains = state.mains
        signalled = state.signalled
        self.child = child
        self.appointed = appointed
        self.tree = tree
    }

    func state(_ luggage: Luggage) -> RunState {
        let stage: RunState.Stage =
            switch stage {
            case .alive: .alive
            case .draining(let status), .drained(let status): .ended(status)
            case .outlived: .outlived
            }
        return RunState(
            incarnation: incarnation,
            first: first,
            child: child.flatMap { $0.status == nil ? luggage.pack($0.descriptor) : nil },
            appointed: appointed?.state(luggage),
            mains: mains,
            stage: stage,
            signalled: signalled
        )
    }

    /// The main process.
    var main: ProcessID { appointed?.process ?? first }

    func appoint(_ process: AppointedProcess) {
        appointed = process
        mains.append(process.process)
    }

    func send(_ signal: Signal) {
        // It may have ended without us knowing yet: then there is nobody left to tell.
        if let appointed { try? appointed.send(signal) } else { try? child?.send(signal) }
    }

    func sendToGroup(_ signal: Signal) {
        guard let appointed else {
            // If it has been reaped meanwhile, those who are left have not got it.
            if let child, (try? child.sendToGroup(signal)) != nil { signalled = first.rawValue }
            return
        }
        signalled = appointed.group
        // The number of its group says nothing, unless each of them is looked at.
        for process in tree.survivors where process.group == signalled { process.send(signal) }
    }

    /// To those that no signal to the group has reached.
    func sendToOthers(_ signal: Signal, among survivors: [Descendants.Found]) {
        for process in survivors where process.group != signalled { process.send(signal) }
    }
}
