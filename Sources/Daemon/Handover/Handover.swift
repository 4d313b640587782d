internal import Supervision
internal import SystemTypes

/// All that a daemon hands over to the one that comes after it in the same process.
///
/// A daemon one version older or newer reads it as well: a member may be added, with a default, and
/// one that is not known is passed over. What changes the meaning of one that is there is a new
/// ``version``, and ``readableFrom`` says who may still read it.
struct Handover: Codable, Sendable {
    static let version = 1

    var version = Handover.version
    /// The oldest version whose daemons understand it.
    var readableFrom = 1
    /// Whose children the programs are.
    var process: ProcessID
    /// `nil` where keepd runs a command.
    var configurationPath: String?
    /// The limit of open descriptors before keepd raised its own.
    var openFilesMax: UInt64
    /// What is in force, whatever the files say by now.
    var intent: Intent
    var supervisor: SupervisorState
    var host = HostState()
    var control: ControlState
    /// The names of what a store keeps.
    var stored: [String] = []
}

/// The control socket, and what is told on it.
struct ControlState: Codable, Sendable {
    var path: String
    /// Whether the file there is keepd's own.
    var isOwn = true
    var listener: CInt
    var connections: [ConnectionState] = []
    var events = EventLog()
    var lines = LogMemory.Lines()
}

/// A client that does not notice the handover.
struct ConnectionState: Codable, Sendable {
    var descriptor: CInt
    /// The beginning of a call.
    var received = Blob()
    /// What the client has not taken yet.
    var unsent = Blob()
    var call: PendingCall?
}

extension Handover: Templated {
    static let template = Handover(
        process: ProcessID(rawValue: 1),
        openFilesMax: 1_024,
        intent: .template,
        supervisor: .template,
        control: ControlState(path: "", listener: -1)
    )
}

extension ConnectionState: Templated {
    static let template = ConnectionState(descriptor: -1)
}
