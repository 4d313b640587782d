internal import LinuxSystem
internal import Logging
internal import Reactor
internal import SystemTypes

/// The daemon's own standard output and error, as a person looks at them.
///
/// Lines are collected and written once a turn; a terminal that is held up holds up the log loop
/// and nothing else.
final class Console {
    enum Channel: CaseIterable {
        case stdout, stderr
    }

    private let loop: EventLoop
    private let format: LogFormat
    private var buffers: [Channel: [UInt8]] = [:]
    private var isFlushDue = false

    init(loop: EventLoop, format: LogFormat) {
        self.loop = loop
        self.format = format
    }

    /// Writes a line of the daemon.
    func write(_ level: Logger.Level, _ message: String, at time: WallTime = .now) {
        append(format.line(level, message, at: time).utf8, to: .stderr)
    }

    /// Writes a line of a program behind its name.
    ///
    /// - Parameter line: Without a newline.
    func write(_ line: ArraySlice<UInt8>, of name: String) {
        append(Array(format.prefix(of: name).utf8) + line, to: .stdout)
    }

    private func append(_ line: some Sequence<UInt8>, to channel: Channel) {
        buffers[channel, default: []] += line
        buffers[channel, default: []].append(UInt8(ascii: "\n"))
        guard !isFlushDue else { return }
        isFlushDue = true
        loop.callSoon { [weak self] in self?.flush() }
    }

    func flush() {
        isFlushDue = false
        for channel in Channel.allCases {
            guard let bytes = buffers.removeValue(forKey: channel) else { continue }
            // Nobody reads: there is nobody to tell either.
            try? StandardStream.writeAll(bytes, to: channel == .stdout ? .output : .error)
        }
    }
}
