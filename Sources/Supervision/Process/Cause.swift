public import SystemTypes

/// Why a run ended, or never began.
public enum Cause: Hashable, Sendable, Codable {
    case exit(code: Int32)
    case signal(Signal, coreDumped: Bool)
    /// Killed by the kernel, for its memory came to `limit` bytes.
    case outOfMemory(limit: UInt64, peak: UInt64)
    case startTimeout
    case probe(ProbeRole, message: String)
    case watchdog
    case spawnFailed(SpawnFailure)
    case stopped(by: Requester)
    /// The program on which it depends was stopped, or gave up.
    case dependency(String)
    case unknown

    public init(_ status: ExitStatus) {
        switch status {
        case .exited(let code): self = .exit(code: code)
        case .signaled(let signal, let coreDumped): self = .signal(signal, coreDumped: coreDumped)
        }
    }

    /// The word in `status --json`, in events and in hooks.
    public var keyword: String {
        switch self {
        case .exit: "exit"
        case .signal: "signal"
        case .outOfMemory: "oom"
        case .startTimeout: "start-timeout"
        case .probe: "probe"
        case .watchdog: "watchdog"
        case .spawnFailed: "spawn-failed"
        case .stopped: "stopped"
        case .dependency: "dependency"
        case .unknown: "unknown"
        }
    }
}

extension Cause: CustomStringConvertible {
    public var description: String {
        switch self {
        case .exit(let code): "exit code \(code)"
        case .signal(let signal, coreDumped: false): "signal \(signal)"
        case .signal(let signal, coreDumped: true): "signal \(signal), core dumped"
        case .outOfMemory(let limit, let peak): "out of memory: limit \(limit), peak \(peak) bytes"
        case .startTimeout: "not ready in time"
        case .probe(let role, let message): "\(role.rawValue) probe failed: \(message)"
        case .watchdog: "the watchdog has had no sign of life, or was triggered"
        case .spawnFailed(let failure): failure.description
        case .stopped(let requester): "stopped by \(requester)"
        case .dependency(let program): "it needs \(program), which has failed or was stopped"
        case .unknown: "unknown"
        }
    }
}

/// What is asked of a program.
public enum ProbeRole: String, Hashable, Sendable, Codable {
    case ready, health
}

/// What went wrong between the decision to run a program and its first instruction.
public struct SpawnFailure: Error, Hashable, Sendable, Codable {
    /// The call that failed, such as `chdir` or `execve`.
    public let step: String
    public let errno: Int32
    /// A sentence: `cannot chdir to /srv/app: no such file or directory`.
    public let message: String

    public init(step: String, errno: Int32, message: String) {
        self.step = step
        self.errno = errno
        self.message = message
    }
}

extension SpawnFailure: CustomStringConvertible {
    public var description: String { message }
}

/// Who asked for a change.
public enum Requester: Hashable, Sendable, Codable {
    /// keepd itself: at its start and at its end.
    case keepd
    case peer(user: String, uid: UInt32, process: ProcessID?, command: String)
}

extension Requester: CustomStringConvertible {
    public var description: String {
        switch self {
        case .keepd: "keepd"
        case .peer(let user, _, let process?, let command): "\(user) (\(command)[\(process)])"
        case .peer(let user, _, nil, _): user
        }
    }
}
