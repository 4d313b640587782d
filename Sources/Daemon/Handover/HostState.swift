internal import Supervision
internal import SystemTypes

/// What a host knows of the processes that run, as one daemon hands it to the next.
struct HostState: Codable, Sendable {
    var runs: [RunState] = []
    var outputs: [OutputsState] = []
    var trees = TreesState()
    var attendants = AttendantsState()
}

/// A process, and the hold on it.
struct ProcessState: Codable, Sendable {
    var process: ProcessID
    /// Its pidfd.
    var descriptor: CInt
}

/// One incarnation.
struct RunState: Codable, Sendable {
    enum Stage: Equatable, Codable, Sendable {
        case alive
        /// The main process has ended, and that has not been reported.
        case ended(ExitStatus?)
        case outlived
    }

    var incarnation: Incarnation
    /// The process that keepd has started.
    var first: ProcessID
    /// The hold on it; `nil` once it has been reaped.
    var child: CInt?
    /// Its main process, if that is another.
    var appointed: ProcessState?
    /// All that have ever been the main one.
    var mains: [ProcessID]
    var stage: Stage
    /// The group to which the stop signal was sent.
    var signalled: Int32?
}

/// A command that keepd runs for its own ends.
struct ErrandState: Codable, Sendable {
    var process: ProcessState
    /// When its time is over.
    var deadline: Instant?
    var isTimedOut = false
}

/// What goes with the runs of programs.
struct AttendantsState: Codable, Sendable {
    var sockets: [SocketState] = []
    var notify: NotifyState?
    var readyPipes: [ReadyPipeState] = []
    var stopCommands: [StopCommandState] = []
    var hooks: [HookState] = []
    var watches: [WatchState] = []
}

/// What sees the files change for whose sake a program is to be restarted.
struct WatchState: Codable, Sendable {
    var program: String
    var descriptor: CInt
}

/// A socket that a program listens on.
struct SocketState: Codable, Sendable {
    var program: String
    /// `nil` where all instances share it.
    var instance: Int?
    var configured: ListeningSocket
    var descriptor: CInt
}

/// The socket on which programs tell how they are.
struct NotifyState: Codable, Sendable {
    var address: String
    /// `nil` where it is no file.
    var path: String?
    var descriptor: CInt
}

/// The pipe on which a run tells that it is ready.
struct ReadyPipeState: Codable, Sendable {
    var instance: InstanceID
    var descriptor: CInt
}

/// The command before a stop.
struct StopCommandState: Codable, Sendable {
    var incarnation: Incarnation
    var errand: ErrandState
}

/// A hook that runs.
struct HookState: Codable, Sendable {
    var title: String
    /// `nil` from a daemon that did not say it, as with the next.
    var program: String?
    var errand: ErrandState
    /// The end of the pipe from which its output is read.
    var output: CInt?
}

extension HostState: Templated {
    static let template = HostState()
}

extension AttendantsState: Templated {
    static let template = AttendantsState()
}
