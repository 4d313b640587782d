public import SystemTypes

/// One entry of `programs`: what to run, and how it is kept.
public struct ProgramConfiguration: Equatable, Sendable, Codable {
    public enum Input: Equatable, Sendable, Codable {
        case null
        /// Held open by the daemon.
        case pipe
    }

    public enum Output: Equatable, Sendable, Codable {
        case null
        /// The daemon's own descriptor of the same number.
        case inherit
        case console
        /// Absolute, once filled in.
        case file(Template)
        /// For `stderr` only: wherever `stdout` goes, through the same pipe.
        case sameAsStdout
    }

    public static let instancesMax = 1024

    public var name: String
    public var description: String?
    /// Never empty.
    public var command: [Template]
    /// Absolute, once filled in; `nil` for the daemon's own.
    public var directory: Template?
    /// What the file adds to the daemon's environment, or with `clearEnvironment` all there is.
    public var environment: [String: Template] = [:]
    /// Absolute; a hyphen before it says that the file may be missing.
    public var environmentFile: Template?
    public var clearEnvironment = false
    public var user: String?
    public var group: String?
    /// Permission bits to withhold.
    public var umask: UInt32?
    public var autostart = true
    /// How many at once; 1...``instancesMax``.
    public var instances = 1
    /// In the order of the file; each of another program.
    public var dependsOn: [Dependency] = []
    public var policy = Policy()
    /// `nil` where `policy.readiness` is `settled`.
    public var ready: ReadyCheck?
    /// What is asked where `policy.health` probes.
    public var health: ProbeTemplate?
    /// Of a program whose `policy.kind` is `scheduled`, and of no other.
    public var schedule: Schedule?
    /// What is run before `policy.stop.signal`.
    public var stopCommand: [Template]?
    public var reloadSignal = Signal.hangUp
    /// Whether its three standard streams are a pseudo-terminal, which is what ``stdout`` gets.
    public var hasTerminal = false
    public var stdin = Input.null
    public var stdout = Output.console
    public var stderr = Output.console
    public var stdoutLog = LogPolicy()
    public var stderrLog = LogPolicy()
    public var limits = Limits()
    public var security = Security()
    /// In the order of the file, which is that of their descriptors.
    public var sockets: [ListeningSocket] = []
    /// Patterns of paths, absolute, whose change restarts the program.
    public var watch: [Template] = []
    /// Commands.
    public var hooks: [HookEvent: [Template]] = [:]

    public init(name: String, command: [Template]) {
        precondition(!command.isEmpty)
        self.name = name
        self.command = command
    }

    /// `web`, or `web:3` where there are several.
    public func displayName(of instance: Int) -> String {
        instances == 1 ? name : "\(name):\(instance)"
    }
}
