internal import Supervision

/// What a kept descriptor is, in words that a store can keep with it.
///
/// As text it is a word such as `control`, or begins with the program and the number of its instance:
/// `web/0/process`, `web/0/stdin/writing`, `web/0/stdout/reading`, `web/0/stdout/backlog`, `web/0/terminal`; and for a socket
/// `web/0/socket/http`, or `web/-/socket/http` where all instances share it.
///
/// Source: sd_pid_notify_with_fds(3), `FDNAME=`: printable ASCII and no colon.
enum DescriptorName: Hashable, Sendable {
    enum PipeEnd: String, Sendable {
        case reading, writing
    }

    /// The listening socket of the daemon itself.
    case control
    /// What a daemon that is killed has no time to hand over.
    case ledger
    case state
    /// Where programs say how they are.
    case notify
    /// The pidfd of its main process.
    case process(InstanceID)
    /// The pipe on which it says that it is ready; the reading end.
    case ready(InstanceID)
    /// The pipe of its standard input.
    case input(InstanceID, PipeEnd)
    /// The pipe of one of its outputs.
    case output(StreamID, PipeEnd)
    /// What has been read of that pipe and not yet taken to its log; see ``Backlog``.
    case backlog(StreamID)
    /// The master of its terminal.
    case terminal(InstanceID)
    /// A listening socket; without an instance, if all have it together.
    case socket(program: String, instance: Int?, name: String)

    /// A longer one cannot be kept; only a socket with a very long name has it.
    static let bytesMax = 255

    /// Reads what ``description`` says; `nil` for anything else.
    init?(_ text: String) {
        // The name of a socket may have slashes in it, and no other part has.
        let slash: Character = "/"
        let parts = text.split(separator: slash, maxSplits: 3, omittingEmptySubsequences: false)
            .map(String.init)
        switch parts.count {
        case 1:
            guard let name = DescriptorName(word: parts[0]) else { return nil }
            self = name
        case 3, 4:
            guard let name = DescriptorName(parts) else { return nil }
            self = name
        default: return nil
        }
        // Numbers have more than one spelling, and a name has one.
        guard description == text else { return nil }
    }

    private init?(word: String) {
        switch word {
        case "control": self = .control
        case "ledger": self = .ledger
        case "state": self = .state
        case "notify": self = .notify
        default: return nil
        }
    }

    private init?(_ parts: [String]) {
        let (program, number, kind) = (parts[0], Int(parts[1]), parts[2])
        let last = parts.count == 4 ? parts[3] : nil
        if kind == "socket" {
            guard let last, number != nil || parts[1] == "-" else { return nil }
            self = .socket(program: program, instance: number, name: last)
            return
        }
        guard let number else { return nil }
        let id = InstanceID(program: program, number: number)
        switch (kind, StreamID.Channel(rawValue: kind), last, last.flatMap(PipeEnd.init)) {
        case ("process", _, nil, _): self = .process(id)
        case ("ready", _, nil, _): self = .ready(id)
        case ("terminal", _, nil, _): self = .terminal(id)
        case ("stdin", _, _, let end?): self = .input(id, end)
        case (_, let channel?, "backlog", _):
            self = .backlog(StreamID(instance: id, channel: channel))
        case (_, let channel?, _, let end?):
            self = .output(StreamID(instance: id, channel: channel), end)
        default: return nil
        }
    }
}

extension DescriptorName: CustomStringConvertible {
    var description: String {
        switch self {
        case .control: "control"
        case .ledger: "ledger"
        case .state: "state"
        case .notify: "notify"
        case .process(let id): "\(id.program)/\(id.number)/process"
        case .ready(let id): "\(id.program)/\(id.number)/ready"
        case .input(let id, let end): "\(id.program)/\(id.number)/stdin/\(end.rawValue)"
        case .output(let id, let end):
            "\(id.instance.program)/\(id.instance.number)/\(id.channel.rawValue)/\(end.rawValue)"
        case .backlog(let id):
            "\(id.instance.program)/\(id.instance.number)/\(id.channel.rawValue)/backlog"
        case .terminal(let id): "\(id.program)/\(id.number)/terminal"
        case .socket(let program, let instance, let name):
            "\(program)/\(instance.map(String.init) ?? "-")/socket/\(name)"
        }
    }
}
