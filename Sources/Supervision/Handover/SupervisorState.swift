import SystemTypes

/// All of a supervisor that outlives its process.
///
/// Instants in it are those of CLOCK_MONOTONIC, so that it is worth something until the machine is
/// started anew, and no longer.
public struct SupervisorState: Sendable, Codable {
    /// In their order; who needs whom is found out anew.
    var programs: [Membership] = []
    /// In their order.
    var instances: [Instance] = []
    var shutdownTimeout: Duration = .zero
    var exitWhen = DaemonConfiguration.ExitWhen.never
    var firstFailure: Int32?
    var mustEnd = false
    var exitStatus: Int32 = 0
    var hasBegun = false
    var offset: Duration = .zero
    var rolling: [RollingRestart] = []
    var retiring: [InstanceID] = []
    /// The last runs of instances that are forgotten.
    var lastRuns: [Incarnation] = []
    var stage = Supervisor.Stage.serving
    var pace = StartPace(DaemonConfiguration.Starts())
    var queue: [InstanceID] = []
    var random = SplitMix64(seed: 0)
}

extension SupervisorState: Templated {
    public static let template = SupervisorState()
}
