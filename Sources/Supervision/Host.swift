public import SystemTypes

/// What supervision needs from the world around it; the only seam between the two.
///
/// Two things implement this: the daemon, over Linux, and the simulator, over a random number
/// generator. Nothing here answers: what comes of a request is reported later, as an event, to
/// ``Conductor/handle(_:)``, which may also be called from within these methods.
public protocol Host: AnyObject {
    var now: Instant { get }
    /// To be answered by `spawned` or `spawnFailed`; and after the former, once, by `exited`.
    func spawn(_ run: Incarnation)
    /// Asks the program how it is; to be answered by `probeAnswered`, with the same attempt.
    ///
    /// There is no open question to this run.
    func probe(_ run: Incarnation, _ role: ProbeRole, attempt: Int)
    /// The open question is not to be pursued any further; an answer that comes all the same is
    /// ignored.
    func endProbe(_ run: Incarnation)
    /// Runs the command that comes before the stop signal; to be answered by `stopCommandEnded`.
    ///
    /// The process has not been reported as exited.
    func runStopCommand(_ run: Incarnation)
    /// From now on it must not be answered; a command that still runs is killed.
    func endStopCommand(_ run: Incarnation)
    /// The process has not been reported as exited.
    func signal(_ run: Incarnation, _ signal: Signal, scope: SignalScope)
    /// To those that no signal of the scope `group` has reached.
    ///
    /// `exited` was reported with survivors, `treeGone` was not.
    func signalSurvivors(of run: Incarnation, _ signal: Signal)
    /// SIGKILL to the process, to all it started, and to what those start meanwhile; until the
    /// exit is reported with no survivors, or `treeGone` is.
    func killTree(_ run: Incarnation)
    /// The program has another configuration now, in what is not a rule of supervision, and goes on.
    ///
    /// `limitsRefused` says which limits cannot be had; it keeps those that it has then. The process
    /// has not been reported as exited.
    func adopt(_ run: Incarnation)
    /// Asks for `deadlineReached` at `deadline`, in place of what was asked before; `nil` for none.
    ///
    /// Asked once for each event, before what follows from it. One that has passed is due at once.
    func setDeadline(_ deadline: Instant?)
    func announce(_ change: Change)
    /// A scheduled run of the program was due, and the one before it has not ended.
    func skip(_ program: String)
    /// The instance is not there any more, and no more will be asked of it.
    func forget(_ instance: InstanceID)
    /// All has been stopped; this is the last call.
    ///
    /// - Parameter status: With what keepd shall exit.
    func finish(status: Int32)
}
