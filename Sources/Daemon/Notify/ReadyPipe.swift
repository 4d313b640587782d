internal import LinuxSystem
internal import Reactor
internal import SystemPackage

/// The descriptor into which a program writes a newline once it is ready.
///
/// Source: s6, "Service startup notifications": what comes before the newline is not heeded.
final class ReadyPipe {
    /// For the program; to be closed here once it has been started.
    private var writing: OwnedFD?
    private let reading: OwnedFD
    private var registration: Registration?

    /// - Parameter ready: Called once at most.
    convenience init(on loop: EventLoop, ready: @escaping () -> Void) throws(Errno) {
        let pipe = try Pipe()
        try self.init(.duplicate(pipe.reading.raw), on: loop, ready: ready)
        writing = try .duplicate(pipe.writing.raw)
    }

    /// Reads an end of which the program has the other.
    init(
        _ reading: consuming OwnedFD,
        on loop: EventLoop,
        ready: @escaping () -> Void
    ) throws(Errno) {
        let raw = reading.raw
        self.reading = reading
        try self.reading.setNonBlocking(true)
        registration = try loop.register(raw, for: .read) { [weak self] _ in
            if self?.receive() == true { ready() }
        }
    }

    deinit {
        close()
    }

    /// The reading end: lent; `nil` once nothing more is read.
    var readingDescriptor: CInt? { registration == nil ? nil : reading.raw }

    /// What the program is given; `nil` after ``closeWriting()``.
    var descriptor: CInt? {
        switch writing {
        case .some(let writing): writing.raw
        case nil: nil
        }
    }

    /// Leaves the program alone with its end, so that its closing it shows.
    func closeWriting() {
        writing = nil
    }

    /// Whether the newline has come; after it, and after the end, nothing more is read.
    private func receive() -> Bool {
        withUnsafeTemporaryAllocation(byteCount: 1_024, alignment: 1) { buffer in
            guard let count = try? reading.read(into: buffer) else { return false }
            let isReady = buffer[..<count].contains(UInt8(ascii: "\n"))
            if isReady || count == 0 { close() }
            return isReady
        }
    }

    func close() {
        registration?.cancel()
        registration = nil
        writing = nil
    }
}
