import LinuxSystem
import SystemPackage
import SystemTypes

/// One host of several, and the keepctl that talks to it.
final class FleetMember {
    /// One of its two outputs.
    final class Stream {
        let reading: OwnedFD
        let prefix: String
        private(set) var isOpen = true
        private var rest: [UInt8] = []

        init(_ reading: consuming OwnedFD, prefix: String) {
            self.reading = reading
            self.prefix = prefix
        }

        /// Reads once, where there is something to read.
        ///
        /// - Returns: The lines that are complete by that.
        func read() throws -> [String] {
            var bytes = [UInt8](repeating: 0, count: 65_536)
            let count = try bytes.withUnsafeMutableBytes { try reading.read(into: $0) }
            rest += bytes.prefix(count ?? 0)
            isOpen = count != 0
            var lines = rest.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            rest = isOpen ? Array(lines.removeLast()) : []
            if !isOpen, lines.last?.isEmpty ?? false { lines.removeLast() }
            return lines.map { String(decoding: $0, as: UTF8.self) }
        }
    }

    let host: String
    let output: Stream
    let error: Stream
    private let pidfd: PidFD

    /// - Parameter arguments: For keepctl, after those that name the host.
    init(_ host: String, _ arguments: [String], prefix: String) throws {
        let null = try Files.openNull()
        let output = try Pipe()
        let error = try Pipe()
        // ssh asks for passwords on the terminal, which they share.
        let request = SpawnRequest.keepctl(["-H", host] + arguments)
        let child = try spawn(request, stdio: (null.raw, output.writing.raw, error.writing.raw))
        pidfd = child.takePidFD()
        self.host = host
        self.output = Stream(try .duplicate(output.reading.raw), prefix: prefix)
        self.error = Stream(try .duplicate(error.reading.raw), prefix: prefix)
    }

    /// Waits for its end.
    func status() throws(Errno) -> Int32 {
        _ = try Readiness.wait(for: [pidfd.raw])
        switch try pidfd.reap()?.status {
        case .exited(let code): return code
        // As a shell has it.
        case .signaled(let signal, _): return 128 + signal.rawValue
        case nil: return Verdict.refused.rawValue
        }
    }
}
