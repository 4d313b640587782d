internal import ControlProtocol
internal import LinuxSystem
internal import Supervision
internal import SystemTypes

/// Runs and their ends in the words of the interface.
extension LastExit {
    init(_ end: RunRecord.End) {
        self.init(
            cause: end.cause.keyword,
            at: WallTime(end.at).rfc3339,
            message: end.cause.description,
            detail: Detail(end.cause)
        )
        switch end.status {
        case .exited(let code): self.code = Int(code)
        case .signaled(let signal, _): self.signal = signal.description
        case nil: break
        }
        if case .stopped(let requester) = end.cause { by = requester.description }
    }
}

extension LastExit.Detail {
    fileprivate init?(_ cause: Cause) {
        self.init()
        switch cause {
        case .signal(_, let coreDumped): self.coreDumped = coreDumped
        case .outOfMemory(let limit, let peak):
            (limitBytes, peakBytes) = (Int(clamping: limit), Int(clamping: peak))
        case .probe(let role, _): probe = role.rawValue
        case .spawnFailed(let failure): (step, errno) = (failure.step, Int(failure.errno))
        case .dependency(let name): program = name
        case .stopped(let requester) where requester != .keepd:
            self.requester = Control.Requester(requester)
        case .exit, .startTimeout, .watchdog, .stopped, .unknown: return nil
        }
    }
}

extension Control.Run {
    init(_ record: RunRecord, of name: String) {
        self.init(name: name, started: WallTime(record.startedAt).rfc3339)
        ready = record.readyAt.map { WallTime($0).rfc3339 }
        ended = record.end.map { WallTime($0.at).rfc3339 }
        pid = record.process.map { Int($0.rawValue) }
        if record.startedBy != .keepd { by = record.startedBy.description }
        requester = Control.Requester(record.startedBy)
        exit = record.end.map(LastExit.init)
        takenOver = record.takenOverAt.map { WallTime($0).rfc3339 }
        leftBehind = record.leftBehind.map {
            Survivor(pid: Int($0.process.rawValue), command: $0.command)
        }
        memoryPeakBytes = record.usage?.residentBytesMax
        processorTime = record.usage.map {
            Seconds(rawValue: ($0.userTime + $0.systemTime).inSeconds)
        }
    }
}

extension Control.Requester {
    /// - Returns: `nil` for keepd itself.
    init?(_ requester: Supervision.Requester) {
        guard case .peer(let user, let uid, let process, let command) = requester else {
            return nil
        }
        self.init(
            user: user,
            uid: Int(uid),
            pid: process.map { Int($0.rawValue) },
            command: command
        )
    }
}
