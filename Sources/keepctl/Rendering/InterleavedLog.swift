import ControlProtocol
import LinuxSystem

/// The output of several programs on one screen, each line whole and behind its program's name.
///
/// Any thread may write.
final class InterleavedLog: Sendable {
    private let prefixes: [String: String]
    private let isFiltered: Bool
    private let asJSON: Bool
    /// Held while lines go out, so that those of two threads do not mix.
    private let output = Monitor(())

    /// - Parameters:
    ///   - names: In the order in which they get their colours.
    ///   - isFiltered: Whether control characters are shown, and not obeyed.
    ///   - asJSON: An object for each line in place of text.
    init(names: [String], paint: Paint, isFiltered: Bool, asJSON: Bool) {
        self.isFiltered = isFiltered
        self.asJSON = asJSON
        let width = names.map(\.count).max() ?? 0
        var prefixes: [String: String] = [:]
        for name in names where prefixes[name] == nil {
            let text = "\(name.printable.padded(to: width)) |"
            prefixes[name] = paint.label(text, number: prefixes.count) + " "
        }
        self.prefixes = prefixes
    }

    func writer(for stream: Control.Tail) -> Writer {
        Writer(log: self, name: stream.name, stream: stream.stream ?? .stdout)
    }

    /// Puts together the lines of one stream.
    struct Writer {
        /// A longer line is cut, as keepd cuts it on its console.
        private static let lengthMax = 16_384

        fileprivate let log: InterleavedLog
        fileprivate let name: String
        fileprivate let stream: Control.Tail.Stream
        /// What has no end yet.
        private var rest: [UInt8] = []

        fileprivate init(log: InterleavedLog, name: String, stream: Control.Tail.Stream) {
            self.log = log
            self.name = name
            self.stream = stream
        }

        mutating func write(_ piece: Control.Tail.Answer) {
            if let gap = piece.gap {
                finish()
                Console.complain("\(name): \(gap) bytes are missing here")
            }
            var lines: [[UInt8]] = []
            for byte in piece.bytes {
                let isEnd = byte == UInt8(ascii: "\n")
                if !isEnd { rest.append(byte) }
                if isEnd || rest.count == Writer.lengthMax {
                    lines.append(rest)
                    rest = []
                }
            }
            log.write(lines, of: self)
            if piece.ended == true { finish() }
        }

        /// Writes also what has no end.
        mutating func finish() {
            guard !rest.isEmpty else { return }
            log.write([rest], of: self)
            rest = []
        }
    }

    private struct Line: Encodable {
        let name: String
        let stream: Control.Tail.Stream
        let text: String
    }

    private func write(_ lines: [[UInt8]], of writer: Writer) {
        var bytes: [UInt8] = []
        for line in lines {
            if asJSON {
                let text = String(decoding: line, as: UTF8.self)
                bytes += JSON.encode(Line(name: writer.name, stream: writer.stream, text: text))
            } else {
                var filter = TerminalFilter()
                bytes += Array(prefixes[writer.name, default: ""].utf8)
                bytes += isFiltered ? filter.filter(line) : line
            }
            bytes.append(UInt8(ascii: "\n"))
        }
        output.withLock { _ in Console.write(bytes) }
    }
}
