internal import Reactor
internal import Supervision
internal import SystemTypes

/// One incarnation, from its spawn until its tree is gone.
final class Run {
    /// What is still to be waited for.
    enum Stage {
        case alive
        /// The process has ended; what it wrote is on its way to the log.
        case draining(ExitStatus)
        case drained(ExitStatus)
        /// Its exit has been reported; these were there when last looked for.
        case outlived([Descendants.Found])
    }

    let incarnation: Incarnation
    let child: Child
    let tree: any ProcessTree
    var stage = Stage.alive
    /// Everything that is left, and that still comes, is to be killed.
    var isDoomed = false
    /// Ends the wait for the log loop.
    var patience: TimerHandle?

    init(_ incarnation: Incarnation, _ child: Child, _ tree: any ProcessTree) {
        self.incarnation = incarnation
        self.child = child
        self.tree = tree
    }
}
