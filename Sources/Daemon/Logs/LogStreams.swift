internal import LinuxSystem
internal import Logging
internal import Reactor
internal import Supervision
internal import SystemPackage

/// All streams and files of one log loop.
final class LogStreams {
    private let surroundings: LogSurroundings
    private var streams: [StreamID: LogStream] = [:]
    /// By path: streams that write to one file share it.
    private var files: [String: LogFile] = [:]

    init(_ surroundings: LogSurroundings) {
        self.surroundings = surroundings
    }

    func open(
        _ id: StreamID,
        reading descriptor: consuming OwnedFD,
        into output: any LogOutput,
        policy: LogPolicy,
        counters: StreamCounters,
        backlog: Backlog
    ) {
        do {
            streams[id] = try LogStream(
                descriptor,
                output: output,
                policy: policy,
                counters: counters,
                backlog: backlog,
                surroundings
            )
        } catch {
            surroundings.report(
                .error,
                "cannot read what \(id.instance) writes: \(error.reason)"
            )
        }
    }

    func file(at path: String, _ policy: LogPolicy, _ counters: StreamCounters) -> LogFile {
        let file = files[path] ?? LogFile(path: path, policy: policy, surroundings)
        files[path] = file
        file.adopt(policy)
        file.attach(counters)
        file.onUnused = { [unowned self, unowned file] in
            files[path] = nil
            // Holds on to it until then.
            file.close { _ = file }
        }
        return file
    }

    subscript(id: StreamID) -> LogStream? { streams[id] }

    /// Lets go of a stream into which nobody will write any more.
    func forget(_ id: StreamID) {
        streams.removeValue(forKey: id)?.close()
    }

    /// Calls back when all that those streams hold at this moment is where it belongs.
    func drain(_ ids: [StreamID], then done: @escaping () -> Void) {
        let countdown = Countdown(then: done)
        for id in ids {
            countdown.begin()
            streams[id]?.drain(then: countdown.end) ?? countdown.end()
        }
        countdown.seal()
    }

    func reopen() {
        for file in files.values { file.reopen() }
    }

    func rotate() {
        for file in files.values { file.rotate() }
    }

    func close(then done: @escaping () -> Void) {
        let countdown = Countdown(then: done)
        for stream in streams.values {
            countdown.begin()
            stream.close(then: countdown.end)
        }
        for file in files.values {
            countdown.begin()
            file.close(then: countdown.end)
        }
        countdown.seal()
    }
}

/// Calls back when all has ended that was begun.
final class Countdown {
    private var remaining = 1
    private let done: () -> Void

    init(then done: @escaping () -> Void) {
        self.done = done
    }

    func begin() {
        remaining += 1
    }

    func end() {
        remaining -= 1
        if remaining == 0 { done() }
    }

    /// Nothing more is begun.
    func seal() {
        end()
    }
}
