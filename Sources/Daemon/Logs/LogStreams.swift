internal import LinuxSystem
internal import Logging
internal import Reactor
internal import Supervision
internal import SystemPackage

/// All streams and files; belongs to the log loop.
final class LogStreams {
    let console: Console
    private let loop: EventLoop
    private var streams: [StreamID: LogStream] = [:]
    /// By path: streams that write to one file share it.
    private var files: [String: LogFile] = [:]

    init(loop: EventLoop, format: LogFormat) {
        self.loop = loop
        console = Console(loop: loop, format: format)
    }

    func open(
        _ id: StreamID,
        reading descriptor: consuming OwnedFD,
        into sink: Sink,
        counters: StreamCounters
    ) {
        let output: any LogOutput =
            switch sink {
            case .file(let path): file(at: path)
            case .console(let name): ConsoleOutput(console, name: name)
            }
        do {
            streams[id] = try LogStream(descriptor, output: output, counters: counters, loop: loop)
        } catch {
            console.write(.error, "cannot read what \(id.instance) writes: \(error.reason)")
        }
    }

    private func file(at path: String) -> LogFile {
        if let file = files[path] { return file }
        let file = LogFile(path: path, console: console, loop: loop)
        files[path] = file
        return file
    }

    func drain(_ id: StreamID) {
        streams[id]?.drain()
    }

    func watch(_ id: StreamID, _ watch: LineWatch?) {
        streams[id]?.watch = watch
    }

    func tail(_ id: StreamID, _ amount: TailAmount) -> [UInt8] {
        streams[id]?.tail(amount) ?? []
    }

    func follow(_ id: StreamID, _ amount: TailAmount, _ follower: Follower) {
        streams[id]?.follow(amount, follower)
    }

    func acknowledge(_ count: Int, _ id: StreamID, by follower: FollowerID) {
        streams[id]?.followers[follower]?.acknowledge(count)
    }

    func unfollow(_ id: StreamID, _ follower: FollowerID) {
        streams[id]?.followers[follower] = nil
    }

    func forget(_ id: StreamID) {
        streams[id]?.close()
        streams[id] = nil
    }

    func clear(_ id: StreamID) {
        streams[id]?.clear()
    }

    func reopen() {
        for file in files.values { file.reopen() }
    }

    func close() {
        for stream in streams.values { stream.drain() }
        console.flush()
    }
}
