internal import LinuxSystem
internal import Supervision
internal import Synchronization
internal import SystemTypes
internal import Systemd

/// A program's output in the journal, line by line.
///
/// The call into the journal waits while that is busy, so this has a loop of its own.
final class JournalOutput: LogOutput {
    static let socketPath = "/run/systemd/journal/socket"

    private let name: JournalName
    private let counters: StreamCounters
    private var policy: LogPolicy
    private var framer = LineFramer()

    init(_ name: JournalName, _ policy: LogPolicy, _ counters: StreamCounters) {
        self.name = name
        self.policy = policy
        self.counters = counters
    }

    func append(_ bytes: RawSpan) -> Int {
        framer.append(bytes) { send($0) }
        return bytes.byteCount
    }

    func whenReady(_ body: @escaping () -> Void) {
        preconditionFailure("the journal takes everything")
    }

    func endOfRun() {
        framer.finish { send($0) }
    }

    func adopt(_ policy: LogPolicy) {
        self.policy = policy
    }

    func remember(then done: @escaping (OutputMemory) -> Void) {
        done(OutputMemory(unfinished: Blob(framer.rest)))
    }

    func recall(_ memory: OutputMemory) {
        framer = LineFramer(rest: memory.unfinished.bytes)
    }

    private func send(_ line: ArraySlice<UInt8>) {
        // The journal has a time of its own.
        let isStamped = policy.timestamps && LineStamp.time(of: line) != nil
        let (priority, text) = JournalEntry.priority(
            of: isStamped ? line.dropFirst(LineStamp.length) : line
        )
        var entry = JournalEntry()
        entry.add("MESSAGE", text)
        entry.add("PRIORITY", "\(priority)".utf8)
        entry.add("SYSLOG_IDENTIFIER", name.identifier.utf8)
        entry.add("KEEPD_PROGRAM", name.id.instance.program.utf8)
        entry.add("KEEPD_INSTANCE", "\(name.id.instance.number)".utf8)
        entry.add("KEEPD_STREAM", name.id.channel.rawValue.utf8)
        let process = counters.process.load(ordering: .relaxed)
        if process > 0 { entry.add("OBJECT_PID", "\(process)".utf8) }
        entry.send()
    }
}

/// What the lines of a stream are known by in the journal.
struct JournalName: Sendable {
    let id: StreamID
    /// `web`, or `web:3`.
    let identifier: String
}
