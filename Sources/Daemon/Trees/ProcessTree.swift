internal import LinuxSystem
internal import Reactor
internal import Supervision

/// All that an instance has started, in whichever way keepd knows it.
///
/// Which way that is, is decided when the instance is first started, and nobody else asks. A tree
/// outlives the runs of its instance, and belongs to the supervision loop.
protocol ProcessTree: AnyObject {
    /// Called when there may be fewer processes in it than before; `nil` if nobody waits for that.
    var onChange: (() -> Void)? { get set }

    /// Has the next process be born in it, and sets the limits that all in it have together.
    ///
    /// - Throws: Which limit cannot be set, and why; or who is in it that should not be.
    func admit(_ request: inout SpawnRequest, _ limits: Limits) throws(SpawnFailure)

    /// Sets the limits anew, as far as that is possible.
    ///
    /// - Throws: As above, for the first that cannot be set.
    func adopt(_ limits: Limits) throws(SpawnFailure)

    /// The process was born: the first of all, and the main one unless the program names another.
    func began(with first: Child)

    /// Goes on with what another daemon has started.
    ///
    /// - Parameter first: `nil` once it has been reaped.
    func resumed(with first: Child?)

    /// Kills all that is in it by now.
    ///
    /// To be called again after a change, for those who forked meanwhile.
    func kill()

    /// What is in it, once its main process has ended.
    var survivors: [Descendants.Found] { get }

    /// What killed in it since the last birth, if it was the limit of memory.
    var outOfMemory: OutOfMemory? { get }

    /// What it has used since the last birth; `nil` where nobody counts for all of it.
    var usage: TreeUsage? { get }

    /// The main process and all the others are gone.
    func ended()

    /// There will be no process in it any more, and there is none.
    func remove()
}

/// A limit of memory that took effect; bytes.
struct OutOfMemory: Equatable {
    let limit: UInt64
    let peak: UInt64
}

/// What all processes of a tree have used together.
struct TreeUsage: Equatable {
    let processorTime: Duration
    /// Also for files that they have read and written; `nil` without the controller.
    let memoryBytes: Int?
}
